/** Registers and directories: what others say about a counterparty, and when they are asked again. */
import type { Perimeter, ProofKind } from '../../domain/counterparty/counterparty.ts'

/** What a source is asked about. */
export interface DirectorySubject {
  readonly vaspId: string
  readonly legalName: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly lei?: string
}

/**
 * - proven: the source says so, until `expiresAt`.
 * - refuted: the source says the contrary, as of a licence that ended. The proof is gone at once.
 * - absent: it says nothing about this VASP. Nothing changes.
 * - unclear: a person must look, as at a name that is spelt differently. Nothing changes.
 */
export type DirectoryAnswer =
  | {
      readonly outcome: 'proven'
      readonly reference: string
      readonly expiresAt: Date
      readonly domains?: readonly string[]
      readonly perimeter?: Perimeter
    }
  | { readonly outcome: 'refuted'; readonly code: string; readonly reference: string }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'unclear'; readonly code: string; readonly reference: string }

export interface DirectorySource {
  /** [a-z0-9-]{1,32}; stands in proofs as their source. */
  readonly name: string
  readonly proves: ProofKind
  /** Throws SourceUnavailable, or anything else, when it cannot be asked: that neither proves nor refutes. */
  check(subject: DirectorySubject, now: Date, signal: AbortSignal): Promise<DirectoryAnswer>
}

/** The source cannot be asked, or what it gave cannot be believed; `code` says why. */
export class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable'
  readonly code: string

  constructor(code: string, options?: ErrorOptions) {
    super(`the source cannot be used: ${code}`, options)
    this.code = code
  }
}

export const CHECK_OUTCOMES = ['proven', 'refuted', 'absent', 'unclear', 'failed'] as const
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number]

export interface DueCheck {
  readonly vaspId: string
  readonly counterpartyId: string
  readonly source: string
  readonly failures: number
}

/** What a source said last, and when it is asked again. */
export interface DirectoryCheck {
  readonly source: string
  readonly nextAt: Date
  readonly failures: number
  readonly outcome?: CheckOutcome
  readonly code?: string
  readonly reference?: string
  readonly checkedAt?: Date
}

export interface CheckResult {
  readonly outcome: CheckOutcome
  readonly code?: string
  readonly reference?: string
  readonly failures: number
  readonly nextAt: Date
}

export interface DirectoryChecks {
  /** Makes new counterparties due, once for each source. */
  schedule(vaspId: string, sources: readonly string[], now: Date): Promise<void>
  /** Takes due checks for this replica alone, for as long as the lease. */
  claim(
    sources: readonly string[],
    now: Date,
    leaseSeconds: number,
    limit: number,
  ): Promise<readonly DueCheck[]>
  done(due: DueCheck, result: CheckResult, now: Date): Promise<void>
  /** Makes all checks of one counterparty due. */
  hasten(vaspId: string, counterpartyId: string, now: Date): Promise<void>
  of(vaspId: string, counterpartyId: string): Promise<readonly DirectoryCheck[]>
}
