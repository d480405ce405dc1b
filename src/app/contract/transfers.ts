/** What exchanges and custody platforms ask for, and the back office that receives. */
import type { Finding, Hold } from '../../domain/hold/hold.ts'
import type {
  Decision,
  Fiat,
  FieldCorrection,
  RuleCitation,
  Transfer,
} from '../../domain/transfer/transfer.ts'
import type { Page, RecordedEvent, TransferFilter } from '../ports.ts'
import type { Caller, Outcome, Request } from './caller.ts'

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
