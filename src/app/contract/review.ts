/** What people decide on holds. */
import type { Hold } from '../../domain/hold/hold.ts'
import type { HoldFilter, HoldNote, Page } from '../ports.ts'
import type { Caller, Outcome, Request } from './caller.ts'
import type { TransferView } from './transfers.ts'

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
