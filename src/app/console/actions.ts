/**
 * What this person may do to a transfer and its holds now, what follows from it, or why not. It only foretells what the use cases would
 * say: they judge again, by the same rules, when the person acts. Consequences are keys of texts; docs/console.md lists them.
 */
import { type Hold, isOpen, NOT_RELEASABLE } from '../../domain/hold/hold.ts'
import { isProposer } from '../../domain/hold/proposal.ts'
import type { PersonAction } from '../../domain/people.ts'
import type { RefusalCode } from '../../domain/refusal.ts'
import { isFinal } from '../../domain/transfer/states.ts'
import type { Transfer } from '../../domain/transfer/transfer.ts'
import type { HoldView, TransferView } from '../gateway.ts'
import { localVasp, type Parts } from '../parts.ts'
import { denial, type Viewer } from './viewer.ts'

/** What the console offers; each is judged by an act of WHO_MAY. */
export const OFFERED = [
  'comment',
  'assign',
  'escalate',
  'release',
  'propose',
  'approve',
  'withdraw',
  'reject',
  'break-glass',
  'hold',
  'reveal',
  'export',
  'suspend',
  'reinstate',
  'ping',
  'propose-policy',
  'approve-policy',
  'withdraw-policy',
  'set-terms',
  'record-questionnaire',
  'attest',
  'decide-task',
  'approve-task',
] as const

export interface ActionOffer {
  readonly action: (typeof OFFERED)[number]
  readonly why: RefusalCode | undefined
  /** For `approve`, as for `release`. */
  readonly consequence: Consequence
  readonly values: Readonly<Record<string, string>>
}

/** Keys of the texts that say what follows. */
export const CONSEQUENCES = {
  'release.stillHeld': 'another hold is open, so the transfer goes on waiting',
  'release.closesCase': 'the transfer has ended already; only the case is closed',
  'release.sendsRequest': 'the request is sent to the counterparty',
  'release.issuesPermit': 'a permit is issued: the asset may move',
  'release.goesOn': 'the permit or the acceptance that was given counts again',
  'release.waitsForAnswer': 'the counterparty has been asked; its answer is waited for',
  'release.credits': 'the deposit may be credited to the customer',
  'release.asksBackOffice': 'the back office is asked, or was: its word counts',
  'release.accepts': 'the counterparty is told that the transfer is accepted',
  propose: 'a second person is asked to approve the release',
  'propose.replaces': 'the same, in place of the proposal that is open',
  withdraw: 'the proposal is taken back; nothing is told to anybody outside',
  'reject.closesCase': 'the transfer has ended already; only the case is closed',
  'reject.neverSent': 'the transfer ends; the counterparty never learns of it',
  'reject.tellsCounterparty': 'the transfer ends for good, and the counterparty is told',
  'reject.returnsDeposit': 'the transfer ends; the coins must go back by hand',
  assign: 'the person sees it among their own',
  escalate: 'from now on only the MLRO or a deputy decides',
  comment: 'the note stays with the case',
  'comment.voidsProposal': 'the note stays with the case, and the proposed release is void',
  'hold.waits': 'the transfer waits until a person ends the hold',
  'hold.permitStops': 'the permit that was given does not count while the hold is open',
  'hold.mayBeMoving': 'the permit was redeemed: the asset may be moving in spite of the hold',
  reveal: 'you see personal data for a minute; who, why and what is written down',
  export: 'you get a file; that you did is written down',
  suspend: 'every open transfer with it is held at once',
  reinstate: 'transfers that were held for the suspension go on',
  ping: 'it is asked for a signed answer, which proves that it can be reached',
  'set-terms': 'transfers are judged by these limits and this risk from now on',
  'record-questionnaire': 'the risk is judged by these answers from now on; they prove nothing by themselves',
  attest: 'the proof counts until it lapses, and a ping is sent; transfers that waited for it go on',
  'task.keys':
    'a second person is asked to approve the new keys; or they are refused, and it stays suspended',
  'task.failure': 'the holds for its failure end, unless it is restricted',
  'task.approve': 'the new keys are pinned, all others are revoked, and transfers that waited for it go on',
  'policy.propose': 'nothing changes yet; another natural person must approve',
  'policy.approve': 'it is in force at once, everywhere; transfers under way keep their deadlines',
  'policy.withdraw': 'the proposal ends; what is in force stays',
} as const
export type Consequence = keyof typeof CONSEQUENCES | `approve.${Follows}`

export type OfferParts = Pick<Parts, 'vasps' | 'clock'>

export function holdOffers(
  parts: OfferParts,
  viewer: Viewer,
  { hold, transfer: view }: Pick<HoldView, 'hold' | 'transfer'>,
): readonly ActionOffer[] {
  const { transfer } = view
  const { policy } = localVasp(parts, viewer.vaspId)
  const may = (action: PersonAction) => denial(viewer, action, hold)
  const values = valuesOf(transfer, hold)
  const offer = (
    action: ActionOffer['action'],
    why: RefusalCode | undefined,
    consequence: Consequence,
  ): ActionOffer => ({
    action,
    why,
    consequence,
    values,
  })
  const comment = offer(
    'comment',
    may('comment'),
    hold.proposal === undefined ? 'comment' : 'comment.voidsProposal',
  )
  if (!isOpen(hold)) return [comment]

  const { proposal } = hold
  const isAlone = view.approvalsRequired(hold) === 1
  const stuck = NOT_RELEASABLE.has(hold.reason) ? 'HOLD_NOT_RELEASABLE' : undefined
  const follows = releaseFollows(transfer, policy.inbound)
  const release = isAlone
    ? offer('release', stuck ?? may('release'), `release.${follows}`)
    : offer('propose', stuck ?? may('propose'), proposal === undefined ? 'propose' : 'propose.replaces')
  const isMine = proposal !== undefined && isProposer(proposal, viewer.person.subject, viewer.people)
  const second = isMine
    ? 'SECOND_PERSON_REQUIRED'
    : proposal !== undefined && proposal.expiresAt <= parts.clock.now()
      ? 'PROPOSAL_EXPIRED'
      : may('approve')
  const isEscalated = hold.level === 'mlro'
  const glass = stuck ?? may('break-glass')
  // Whoever may release alone needs no glass to break.
  const needsGlass = glass === undefined && !(isAlone && may('release') === undefined)
  return [
    ...(proposal === undefined ? [] : [offer('approve', second, `approve.${follows}`)]),
    ...(isMine ? [offer('withdraw', may('propose'), 'withdraw')] : []),
    release,
    offer('reject', rejectable(transfer) ?? may('reject'), `reject.${rejectFollows(transfer)}`),
    ...(needsGlass ? [offer('break-glass', undefined, `release.${follows}`)] : []),
    offer('assign', may('assign'), 'assign'),
    ...(isEscalated
      ? []
      : [
          offer('escalate', (policy.mlros ?? []).length === 0 ? 'MLRO_UNKNOWN' : may('escalate'), 'escalate'),
        ]),
    comment,
  ]
}

export function transferOffers(viewer: Viewer, view: TransferView): readonly ActionOffer[] {
  const { transfer } = view
  const ended = isFinal(transfer.state) ? 'TRANSFER_STATE' : undefined
  const values = valuesOf(transfer)
  return [
    {
      action: 'hold',
      why: ended ?? denial(viewer, 'hold'),
      consequence: `hold.${holdFollows(transfer)}`,
      values,
    },
    { action: 'reveal', why: denial(viewer, 'reveal'), consequence: 'reveal', values },
    { action: 'export', why: denial(viewer, 'export'), consequence: 'export', values },
  ]
}

type Follows =
  | 'stillHeld'
  | 'closesCase'
  | 'sendsRequest'
  | 'issuesPermit'
  | 'goesOn'
  | 'waitsForAnswer'
  | 'credits'
  | 'asksBackOffice'
  | 'accepts'

function releaseFollows({ role, state, holds, exempt, permit }: Transfer, inbound: string): Follows {
  if (holds.filter(isOpen).length > 1) return 'stillHeld'
  if (isFinal(state)) return 'closesCase'
  if (role === 'originator') {
    if (state === 'started') return exempt ? 'issuesPermit' : 'sendsRequest'
    if (state === 'accepted') return permit === undefined ? 'issuesPermit' : 'goesOn'
    return 'waitsForAnswer'
  }
  if (state === 'started') return 'credits'
  if (state === 'accepted') return 'goesOn'
  return inbound === 'ask' ? 'asksBackOffice' : 'accepts'
}

/** A redeemed permit means that the asset may be moving; what the beneficiary VASP has accepted it cannot reject. */
function rejectable({ role, state, permit }: Transfer): RefusalCode | undefined {
  if (isFinal(state)) return undefined
  if (permit?.redeemedAt !== undefined) return 'TRANSFER_COMMITTED'
  return role === 'beneficiary' && state === 'accepted' ? 'TRANSFER_STATE' : undefined
}

function rejectFollows({
  role,
  state,
  ownSeq,
  peerSeq,
}: Transfer): 'closesCase' | 'neverSent' | 'tellsCounterparty' | 'returnsDeposit' {
  if (isFinal(state)) return 'closesCase'
  if (role === 'originator') return ownSeq === 0 ? 'neverSent' : 'tellsCounterparty'
  return peerSeq === 0 ? 'returnsDeposit' : 'tellsCounterparty'
}

function holdFollows({ permit, state }: Transfer): 'mayBeMoving' | 'permitStops' | 'waits' {
  if (permit?.redeemedAt !== undefined) return 'mayBeMoving'
  return state === 'accepted' ? 'permitStops' : 'waits'
}

function valuesOf({ counterpartyId, holds }: Transfer, hold?: Hold): Readonly<Record<string, string>> {
  const others = holds.filter((one) => isOpen(one) && one.id !== hold?.id).length
  return {
    ...(counterpartyId !== undefined && { counterparty: counterpartyId }),
    ...(hold !== undefined && { otherHolds: String(others), deadline: hold.deadline.toISOString() }),
    ...(hold?.proposal !== undefined && {
      proposer: hold.proposal.proposer,
      proposalExpiresAt: hold.proposal.expiresAt.toISOString(),
    }),
  }
}
