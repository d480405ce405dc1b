/** Policies as versioned data. */
import type { VaspPolicy } from '../../domain/policy.ts'
import type { AuditEntry, IdempotencyKey } from './transfers.ts'

export type PolicyState = 'proposed' | 'published' | 'withdrawn'

export interface PolicyVersion {
  readonly vaspId: string
  /** From 1; 0 is the policy of the VASPs file. */
  readonly version: number
  /** SHA-256 (base64url) of the canonical JSON. */
  readonly hash: string
  /** JSON text, as it was proposed. */
  readonly text: string
  /** What was in force when it was proposed. */
  readonly baseHash: string
  readonly state: PolicyState
  readonly author: string
  readonly authorPerson: string
  readonly proposedAt: Date
  readonly ended?: {
    readonly at: Date
    readonly approver?: { readonly subject: string; readonly person: string }
  }
}

export interface PolicyCommit {
  readonly next: PolicyVersion
  readonly idempotency: IdempotencyKey
  readonly audit: readonly AuditEntry[]
}

export interface PolicyStore {
  /** Newest first. */
  list(vaspId: string): Promise<readonly PolicyVersion[]>
  /** The version in force of each VASP that has published one. */
  inForce(): Promise<readonly PolicyVersion[]>
  /** A new version, or the end of one that is proposed. Throws Refusal SECOND_PERSON_REQUIRED. */
  save(commit: PolicyCommit): Promise<'committed' | 'conflict' | 'request-known'>
}

export interface PolicyReader {
  /** The policy that a JSON text says of a VASP, with defaults put in. Throws Refusal POLICY_INVALID with the fields that are wrong. */
  read(vaspId: string, text: string): VaspPolicy
  /** What a policy may say, as JSON Schema 2020-12. */
  schema(): object
}
