/**
 * The use cases as the front doors (gRPC, and later HTTP) call them. Each works on behalf of one local VASP, the caller's, and sees
 * nothing of another. Throws Refusal for what it declines; anything else thrown is a fault.
 */
import type { AttributionEvidence, Confidence } from '../domain/counterparty/attribution.ts'
import type { Counterparty, Perimeter, VerdictOn } from '../domain/counterparty/counterparty.ts'
import type { Limits, RiskLevel, RiskRating } from '../domain/counterparty/diligence.ts'
import type { CounterpartyTask, Deciding } from '../domain/counterparty/task.ts'
import type { Finding, Hold } from '../domain/hold/hold.ts'
import type { Decision, Fiat, FieldCorrection, RuleCitation, Transfer } from '../domain/transfer/transfer.ts'
import type { ChallengeMethod, SeenTransfer, Wallet, WalletChallenge } from '../domain/wallet/wallet.ts'
import type { WebhookEndpoint, WebhookType } from '../domain/webhook/webhook.ts'
import type { PlacedEntry } from './audit-log.ts'
import type { PeopleUseCases } from './people-use-cases.ts'
import type { PolicyUseCases } from './policy-use-cases.ts'
import type {
  DirectoryCheck,
  HoldFilter,
  HoldNote,
  KeyRecord,
  Page,
  RecordedEvent,
  RecordedStep,
  SignedInPerson,
  TaskFilter,
  TransferFilter,
  WalletFilter,
} from './ports.ts'
import type { RetentionUseCases } from './retention-use-cases.ts'

export const CALLER_ROLES = ['integrator', 'custody', 'console', 'auditor', 'admin'] as const
export type CallerRole = (typeof CALLER_ROLES)[number]

/** From the client certificate's URI SAN, `spiffe://<trust-domain>/vasp/<vasp-id>/role/<role>`. */
export interface Caller {
  readonly vaspId: string
  readonly role: CallerRole
  /** Who acts, where the gateway has authenticated the person. */
  readonly person?: SignedInPerson
}

/** A call that may be repeated. `fingerprint` is the SHA-256 (hex) of the canonical request without request_id and wait. */
export interface Request {
  readonly caller: Caller
  readonly method: string
  readonly requestId: string
  readonly fingerprint: string
}

/** `replayed`: an earlier call with the same request_id did it. */
export interface Outcome<T> {
  readonly value: T
  readonly replayed: boolean
}

/** What is known of the other VASP; what is set must lead to one. */
export interface CounterpartyHint {
  readonly vaspId?: string
  readonly lei?: string
  /** DNS name, lower case. */
  readonly domain?: string
  readonly travelAddress?: string
  readonly account?: OnChainAccount
}

/** Where an asset goes. */
export interface OnChainAccount {
  /** CAIP-19. */
  readonly asset: string
  /** CAIP-10. */
  readonly destination: string
  readonly tag?: string
}

/** What the caller says of the other side, where it is no VASP that takes part. */
export type OtherSideInput =
  | {
      readonly kind: 'self-hosted'
      readonly owner: 'own-customer' | 'third-party'
      /** The caller's reference of the customer for whom control is proven. */
      readonly customer: string
    }
  | { readonly kind: 'sunrise'; readonly country: string }

export interface ChallengeInput {
  readonly account: string
  readonly customer: string
  readonly method: ChallengeMethod
  readonly micro?: { readonly asset: string; readonly base: string; readonly to: string }
}

export interface ProofInput {
  readonly signature?: string
  readonly seen?: SeenTransfer
}

export interface WalletUseCases {
  issue(request: Request, input: ChallengeInput): Promise<Outcome<WalletChallenge>>
  submit(request: Request, challengeId: string, proof: ProofInput): Promise<Outcome<Wallet>>
  /** An officer's word. */
  allow(
    request: Request,
    by: {
      readonly account: string
      readonly customer: string
      readonly expiresAt: Date
      readonly person: string
    },
  ): Promise<Outcome<Wallet>>
  revoke(
    request: Request,
    id: string,
    by: { readonly person: string; readonly reason: string },
  ): Promise<Outcome<Wallet>>
  list(caller: Caller, filter: WalletFilter): Promise<Page<Wallet>>
}

export interface AssessInput {
  readonly asset: string
  readonly amount: string
  readonly fiat?: Fiat
  readonly counterparty: CounterpartyHint
  readonly otherSide?: OtherSideInput
  readonly destination?: string
  readonly identity?: string
}

export interface Assessment {
  readonly verdict: 'NOT_REQUIRED' | 'SEND' | 'HOLD' | 'REFUSE'
  readonly findings: readonly Finding[]
  readonly rule: RuleCitation | undefined
  readonly counterpartyId: string | undefined
}

export interface AuthorizeInput {
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag?: string
  readonly fiat?: Fiat
  readonly counterparty: CounterpartyHint
  readonly otherSide?: OtherSideInput
  readonly identity: string
  readonly clientReference?: string
}

export interface DepositInput {
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag?: string
  readonly txId: string
  readonly fiat?: Fiat
  /** When it was seen on chain; absent: now. */
  readonly seenAt?: Date
  /** CAIP-10. */
  readonly sources?: readonly string[]
  /** Whom it presumably comes from. */
  readonly presumed?: CounterpartyHint
}

export interface RedeemInput {
  readonly permit: string
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tag?: string
}

/** A transfer as it is shown: the decision depends on the time. */
export interface TransferView {
  readonly transfer: Transfer
  readonly decision: Decision
  readonly approvalsRequired: (hold: Hold) => number
}

export interface HoldView {
  readonly hold: Hold
  readonly transfer: TransferView
  readonly notes: readonly HoldNote[]
  /** SHA-256 (base64url) of what bears on the decision. */
  readonly seenHash: string
}

export interface PersonDecision {
  readonly holdId: string
  readonly person: string
  readonly reason: string
  readonly note: string
  readonly seenHash: string
}

export interface RevealRequest {
  readonly transferId: string
  readonly person: string
  /** Stable code; it stands in the audit log. */
  readonly purpose: string
  /** JSON pointers into the identity payload. */
  readonly paths: readonly string[]
}

export interface Revealed {
  /** IVMS101 text, masked but for what was revealed. */
  readonly identity: string
  readonly revealed: readonly string[]
}

/** A second person's consent to a proposed release. */
export type PersonApproval = Omit<PersonDecision, 'reason'>

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
  /** Throws Refusal QUESTIONNAIRE_INVALID. */
  recordQuestionnaire(
    request: Request,
    id: string,
    by: {
      readonly form: string
      readonly answers: { readonly [id: string]: unknown }
      readonly person: string
    },
  ): Promise<Outcome<CounterpartyView>>
  /**
   * What is left out is taken back. `seen`, here and below: the tag of the counterparty that the person saw, where the door knows it; throws
   * Refusal HOLD_CHANGED when it is another.
   */
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

export interface WatchedEvent {
  readonly recorded: RecordedEvent
  readonly transfer: TransferView
}

/** A withdrawal to several destinations: `decision` is the most restrictive of theirs. */
export interface BatchView {
  readonly batchId: string
  readonly decision: Decision
  readonly transfers: readonly TransferView[]
}

export interface TransferUseCases {
  assess(caller: Caller, input: AssessInput): Promise<Assessment>
  authorize(request: Request, input: AuthorizeInput): Promise<Outcome<TransferView>>
  authorizeBatch(request: Request, inputs: readonly AuthorizeInput[]): Promise<Outcome<BatchView>>
  getBatch(caller: Caller, batchId: string): Promise<BatchView>
  get(caller: Caller, transferId: string): Promise<TransferView>
  list(caller: Caller, filter: TransferFilter): Promise<Page<TransferView>>
  /** Resolves when the decision is no longer WAIT for the counterparty's sake, or at `until`, with the transfer as it is then. */
  waitForDecision(caller: Caller, transferId: string, until: Date, signal: AbortSignal): Promise<TransferView>
  /** Every event after `cursor` ('' from the beginning, 'now' from here on), until `signal` aborts. */
  watch(caller: Caller, cursor: string, signal: AbortSignal): AsyncIterable<WatchedEvent>
  repair(request: Request, transferId: string, identity: string): Promise<Outcome<TransferView>>
  cancel(request: Request, transferId: string, reason: string): Promise<Outcome<TransferView>>
  reportSettlement(request: Request, transferId: string, txId: string): Promise<Outcome<TransferView>>
  reportDeposit(
    request: Request,
    input: DepositInput,
  ): Promise<Outcome<TransferView> & { readonly matched: boolean }>
  /** Asks a counterparty for the data of a deposit that came without. */
  inquireDeposit(request: Request, transferId: string, counterpartyId: string): Promise<Outcome<TransferView>>
  reportReturn(request: Request, transferId: string, txId: string): Promise<Outcome<TransferView>>
  redeemPermit(request: Request, input: RedeemInput): Promise<Outcome<TransferView>>
}

export interface InboundUseCases {
  /** `held`: the customer whom the back office holds, as IVMS101 text; compared with the beneficiary that was sent. */
  accept(request: Request, transferId: string, held?: string): Promise<Outcome<TransferView>>
  reject(request: Request, transferId: string, code: string): Promise<Outcome<TransferView>>
  requestRepair(
    request: Request,
    transferId: string,
    fields: readonly FieldCorrection[],
  ): Promise<Outcome<TransferView>>
}

export interface ReviewUseCases {
  list(
    caller: Caller,
    filter: HoldFilter,
  ): Promise<Page<{ hold: Hold; transferId: string; approvalsRequired: number }>>
  get(caller: Caller, holdId: string): Promise<HoldView>
  /** `seenHash`, here and below: what the person saw; anything that changed since refuses the act as HOLD_CHANGED. */
  comment(
    request: Request,
    holdId: string,
    person: string,
    text: string,
    seenHash?: string,
  ): Promise<Outcome<HoldNote>>
  /** A person puts an open transfer on hold. */
  hold(
    request: Request,
    transferId: string,
    by: {
      readonly person: string
      readonly reason: string
      readonly note: string
      /** The version that the person saw. */
      readonly seenVersion?: number
    },
  ): Promise<Outcome<HoldView>>
  /** Releases where one person suffices, else proposes it to a second one: the hold is then open and has a proposal. */
  release(request: Request, decision: PersonDecision): Promise<Outcome<HoldView>>
  /** Another natural person's consent to the release that the hold's proposal is about. */
  approve(request: Request, approval: PersonApproval): Promise<Outcome<HoldView>>
  withdraw(request: Request, holdId: string, person: string, seenHash?: string): Promise<Outcome<HoldView>>
  /** Without `assignee` nobody has it. */
  assign(
    request: Request,
    holdId: string,
    by: { readonly person: string; readonly assignee?: string; readonly seenHash?: string },
  ): Promise<Outcome<HoldView>>
  /** To the MLRO. */
  escalate(
    request: Request,
    holdId: string,
    by: { readonly person: string; readonly note: string; readonly seenHash?: string },
  ): Promise<Outcome<HoldView>>
  reject(request: Request, decision: PersonDecision): Promise<Outcome<HoldView>>
  /** One person alone ends a hold in an emergency; everybody is told. */
  breakGlass(request: Request, decision: PersonDecision): Promise<Outcome<HoldView>>
  /** Shows parts of the identity payload, once that stands in the audit log. */
  reveal(caller: Caller, request: RevealRequest): Promise<Revealed>
}

export interface CounterpartyUseCases extends DiligenceUseCases {
  /** Throws Refusal COUNTERPARTY_NOT_FOUND or COUNTERPARTY_AMBIGUOUS. */
  lookup(caller: Caller, hint: CounterpartyHint): Promise<LookupView>
  get(caller: Caller, id: string): Promise<CounterpartyView>
  list(caller: Caller, pageSize: number, pageToken?: string): Promise<Page<CounterpartyView>>
  importCard(request: Request, card: string, person: string): Promise<Outcome<CounterpartyView>>
  verify(
    request: Request,
    id: string,
    attestations: readonly Attestation[],
    person: string,
  ): Promise<Outcome<CounterpartyView>>
  suspend(
    request: Request,
    id: string,
    reason: string,
    person: string,
  ): Promise<Outcome<CounterpartyView> & { readonly transfersHeld: number }>
  reinstate(request: Request, id: string, person: string): Promise<Outcome<CounterpartyView>>
}

export interface EvidenceUseCases {
  /** The evidence bundle of a transfer, without personal data. */
  bundle(caller: Caller, transferId: string): Promise<string>
  /** The audit log in its order. */
  entries(caller: Caller, pageSize: number, pageToken?: string): Promise<Page<PlacedEntry>>
  /** A signed checkpoint over all of it, and the proof that the log over `consistentWith` entries is its beginning. */
  checkpoint(
    caller: Caller,
    consistentWith: number,
  ): Promise<{ readonly size: number; readonly note: string; readonly proof: readonly Uint8Array[] }>
}

/** `secret` is shown when it was made, and never again. */
export interface WebhookView {
  readonly endpoint: WebhookEndpoint
  readonly secret?: string
}

export interface WebhookUseCases {
  list(caller: Caller): Promise<readonly WebhookEndpoint[]>
  /** Without `types` it is told of everything, from now on. */
  add(request: Request, url: string, types?: readonly WebhookType[]): Promise<Outcome<WebhookView>>
  /** A new secret; the old one signs beside it for `overlapSeconds`. */
  rotate(request: Request, id: string, overlapSeconds: number): Promise<Outcome<WebhookView>>
  /** Sends again everything after a cursor, or from a time on. */
  replay(request: Request, id: string, from: string | Date): Promise<Outcome<WebhookView>>
  disable(request: Request, id: string): Promise<Outcome<WebhookView>>
  /** It goes on where it stood. */
  enable(request: Request, id: string): Promise<Outcome<WebhookView>>
}

export interface Gateway {
  readonly transfers: TransferUseCases
  readonly inbound: InboundUseCases
  readonly review: ReviewUseCases
  readonly counterparties: CounterpartyUseCases
  readonly evidence: EvidenceUseCases
  readonly wallets: WalletUseCases
  readonly webhooks: WebhookUseCases
  readonly people: PeopleUseCases
  readonly policies: PolicyUseCases
  readonly retention: RetentionUseCases
}
