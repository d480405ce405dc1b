/** Who the other VASPs are, and what is known of them. */
import type { AttributionEvidence, Confidence } from '../../domain/counterparty/attribution.ts'
import type { Counterparty, Perimeter, VerdictOn } from '../../domain/counterparty/counterparty.ts'
import type { Limits, RiskLevel, RiskRating } from '../../domain/counterparty/diligence.ts'
import type { CounterpartyTask, Deciding } from '../../domain/counterparty/task.ts'
import type { DirectoryCheck, KeyRecord, Page, RecordedStep, TaskFilter } from '../ports.ts'
import type { Caller, Outcome, Request } from './caller.ts'
import type { CounterpartyHint } from './transfers.ts'

export interface CounterpartyView {
  readonly counterparty: Counterparty
  readonly verdict: VerdictOn
  readonly keys: readonly KeyRecord[]
  /** What registers and directories said last; left out of lists. */
  readonly checks: readonly DirectoryCheck[]
  readonly risk: RiskRating
  readonly limits: Limits | undefined
  /** Those that are not done; left out of lists. */
  readonly tasks: readonly CounterpartyTask[]
}

export interface Terms {
  readonly limits?: Limits
  readonly riskFloor?: RiskLevel
  readonly restricted: boolean
  readonly reason: string
  readonly person: string
}

export interface ReportFigure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly definition: string
}

export interface CounterpartyReport extends CounterpartyView {
  /** Which rules ask for it. */
  readonly basis: readonly string[]
  readonly reporter: {
    readonly vaspId: string
    readonly legalName: string
    readonly country: string
    readonly lei: string | undefined
  }
  readonly from: Date
  readonly to: Date
  readonly madeAt: Date
  readonly figures: readonly ReportFigure[]
  readonly steps: readonly RecordedStep[]
  /** When repeated failure was found in the period. */
  readonly foundAt: Date | undefined
  readonly reportBy: Date | undefined
}

export interface DiligenceUseCases {
  /**
   * `seen`, here and below: the tag of the counterparty that the person saw, where the door knows it; throws Refusal HOLD_CHANGED when it is
   * another. Throws Refusal QUESTIONNAIRE_INVALID.
   */
  recordQuestionnaire(
    request: Request,
    id: string,
    by: {
      readonly form: string
      readonly answers: { readonly [id: string]: unknown }
      readonly person: string
    },
    seen?: string,
  ): Promise<Outcome<CounterpartyView>>
  /** What is left out is taken back. */
  setTerms(request: Request, id: string, terms: Terms, seen?: string): Promise<Outcome<CounterpartyView>>
  listTasks(caller: Caller, filter: TaskFilter): Promise<Page<CounterpartyTask>>
  /** Accepting changed keys is only proposed by it. */
  decideTask(
    request: Request,
    taskId: string,
    deciding: Deciding,
    seen?: string,
  ): Promise<Outcome<CounterpartyView>>
  /** Another natural person's consent to changed keys. */
  approveTask(
    request: Request,
    taskId: string,
    person: string,
    seen?: string,
  ): Promise<Outcome<CounterpartyView>>
  report(caller: Caller, id: string, from: Date, to: Date): Promise<CounterpartyReport>
}

/** A counterparty that was found, and why it is the one. */
export interface LookupView extends CounterpartyView {
  readonly confidence: Confidence
  readonly evidence: readonly AttributionEvidence[]
}

export interface Attestation {
  readonly kind: 'licence' | 'due_diligence'
  readonly reference: string
  readonly expiresAt: Date
  /** SHA-256 (hex) of the document that was seen. */
  readonly documentSha256?: string
  readonly perimeter?: Perimeter
}

export interface CounterpartyUseCases extends DiligenceUseCases {
  /** Throws Refusal COUNTERPARTY_NOT_FOUND or COUNTERPARTY_AMBIGUOUS. */
  lookup(caller: Caller, hint: CounterpartyHint): Promise<LookupView>
  get(caller: Caller, id: string): Promise<CounterpartyView>
  list(caller: Caller, pageSize: number, pageToken?: string): Promise<Page<CounterpartyView>>
  importCard(request: Request, card: string, person: string): Promise<Outcome<CounterpartyView>>
  /** What an officer attests, at most two years ahead; and a ping. Throws Refusal REQUEST_INVALID. */
  verify(
    request: Request,
    id: string,
    attestations: readonly Attestation[],
    person: string,
    seen?: string,
  ): Promise<Outcome<CounterpartyView>>
  suspend(
    request: Request,
    id: string,
    reason: string,
    person: string,
    seen?: string,
  ): Promise<Outcome<CounterpartyView> & { readonly transfersHeld: number }>
  reinstate(request: Request, id: string, person: string, seen?: string): Promise<Outcome<CounterpartyView>>
}
