/** Who screens: a list of our own, a vendor. Each provider of the deployment has a name by which policies call it. */
import type {
  ScreeningFailure,
  ScreeningHit,
  ScreeningList,
  ScreeningSubject,
} from '../../domain/screening/screening.ts'
import type { Fiat } from '../../domain/transfer/transfer.ts'

export interface ScreeningRequest {
  /** No personal data: the transfer's id. */
  readonly caseId: string
  readonly direction: 'outbound' | 'inbound'
  readonly asset: string
  readonly amount: string
  readonly fiat?: Fiat
  readonly subjects: readonly ScreeningSubject[]
}

export interface ScreeningAnswer {
  /** Which lists, in which version, gave the answer. */
  readonly lists: readonly ScreeningList[]
  readonly hits: readonly ScreeningHit[]
}

export interface ScreeningProvider {
  /**
   * Answers for every subject, or throws: an answer that leaves a subject out is none. Throws ScreeningUnavailable with why; anything
   * else thrown counts as SCREENING_ERROR. Ends when `signal` aborts.
   */
  screen(request: ScreeningRequest, signal: AbortSignal, now: Date): Promise<ScreeningAnswer>
}

export class ScreeningUnavailable extends Error {
  override readonly name = 'ScreeningUnavailable'
  readonly failure: ScreeningFailure

  constructor(failure: ScreeningFailure, detail: string, options?: ErrorOptions) {
    super(detail, options)
    this.failure = failure
  }
}
