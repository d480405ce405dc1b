/** Where counterparties are kept, with their keys and proofs. */
import type { Counterparty } from '../../domain/counterparty/counterparty.ts'
import type { Questionnaire } from '../../domain/counterparty/diligence.ts'
import type { CounterpartyTask } from '../../domain/counterparty/task.ts'
import type { InboxEntry, OutboxEntry } from './messages.ts'
import type { AuditEntry, IdempotencyKey, Page } from './transfers.ts'

export interface KeyRecord {
  /** RFC 7638 thumbprint. */
  readonly kid: string
  /** Whose key it is. */
  readonly vaspId: string
  readonly use: 'sig' | 'enc'
  readonly notBefore: Date
  readonly notAfter: Date
  readonly revokedAt?: Date
}

/** How old what `recent` answers may be. */
export const RECENT_MILLISECONDS_MAX = 1_000

export interface CounterpartyStore {
  /** As `find`, up to RECENT_MILLISECONDS_MAX old: for judging at the rate of transfers. */
  recent(vaspId: string, id: string): Promise<Counterparty | undefined>
  find(vaspId: string, id: string): Promise<Counterparty | undefined>
  findByLei(vaspId: string, lei: string): Promise<readonly Counterparty[]>
  /** Who claims, or is said to have, one of these domains. */
  findByDomains(vaspId: string, domains: readonly string[]): Promise<readonly DomainClaim[]>
  list(vaspId: string, pageSize: number, pageToken?: string): Promise<Page<Counterparty>>
  /** Writes the counterparty with its keys, proofs, and what follows, in one transaction; `previousVersion` 0 creates. */
  save(change: CounterpartyCommit): Promise<'committed' | 'conflict' | 'request-known' | 'envelope-known'>
  /** All pinned keys of a counterparty, oldest first. */
  keys(vaspId: string, id: string): Promise<readonly PinnedKey[]>
  key(vaspId: string, kid: string): Promise<PinnedKey | undefined>
}

/** That a domain belongs to a VASP, by somebody's word. */
export interface DomainClaim {
  readonly domain: string
  readonly counterpartyId: string
  /** `card`, or the name of a register or directory. */
  readonly source: string
  readonly reference: string
  readonly seenAt: Date
}

export interface CounterpartyCommit {
  readonly vaspId: string
  readonly previousVersion: number
  readonly next: Counterparty
  /** New keys to pin, as the JWKs of the card. */
  readonly keys?: readonly PinnedKey[]
  /** Takes the place of what this source said before. */
  readonly domains?: {
    readonly source: string
    readonly reference: string
    readonly names: readonly string[]
  }
  /** All pinned keys but those of `keys` are revoked. */
  readonly revokesOthers?: boolean
  readonly questionnaire?: Questionnaire
  /** Tasks that this opens or carries on. */
  readonly tasks?: readonly CounterpartyTask[]
  /** No transfer may come into being unseen: it either sees this change, or is seen after it. */
  readonly fences?: boolean
  readonly outbox: readonly OutboxEntry[]
  readonly inbox?: InboxEntry
  readonly idempotency?: IdempotencyKey
  readonly audit: readonly AuditEntry[]
}

export interface PinnedKey extends KeyRecord {
  readonly alg: string
  readonly jwk: { readonly [member: string]: string }
}
