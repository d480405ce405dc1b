/**
 * What an envelope of the counterparty does to a transfer. Messages of one sender apply in the sender's order, whatever order they
 * arrive in: one that comes before its predecessor is put off (it is not receipted, so it comes again).
 */
import {
  conflictingSettlement,
  type InboundChecked,
  receiveCancel,
  receiveLateSettlement,
  receiveRepair,
  receiveSettlement,
} from './beneficiary.ts'
import { withReturn } from './deposit.ts'
import { answered } from './originator.ts'
import { isFinal, type Move, nextState, type Role } from './states.ts'
import { after, begin, type Context, change, EXCHANGE_GRACE_SECONDS, note } from './step.ts'
import type { MessageContent, Step, Transfer } from './transfer.ts'

/** Everything but the request, which creates the transfer. */
export type PeerMessage = Exclude<MessageContent, { type: 'transfer.request' }> & {
  readonly seq: number
  readonly jti: string
  readonly issuedAt: Date
}

export type Received =
  | { readonly outcome: 'applied' | 'late'; readonly step: Step }
  /** Its predecessor has not come yet. */
  | { readonly outcome: 'early' }
  /** Stored as refused: the sender may not say this now. The step only counts the message. */
  | {
      readonly outcome: 'refused'
      readonly reason: 'SEQUENCE_REUSED' | 'STATE' | 'ROLE'
      readonly step: Step | undefined
    }

const SAID_BY: { readonly [T in PeerMessage['type']]: Role } = {
  'transfer.answer': 'beneficiary',
  'transfer.repair': 'originator',
  'transfer.cancel': 'originator',
  'transfer.settled': 'originator',
  'transfer.returned': 'beneficiary',
}

/** `check` runs the beneficiary VASP's checks over a corrected identity payload. */
export function receive(
  transfer: Transfer,
  message: PeerMessage,
  check: (identity: string) => InboundChecked,
  ctx: Context,
): Received {
  if (message.seq <= transfer.peerSeq)
    return { outcome: 'refused', reason: 'SEQUENCE_REUSED', step: undefined }
  if (message.seq > transfer.peerSeq + 1 && !isLastWord(message, ctx.now)) return { outcome: 'early' }
  const step = change(begin(transfer, ctx), { peerSeq: message.seq, peerJti: message.jti })
  const refusing = (reason: 'STATE' | 'ROLE'): Received => ({
    outcome: 'refused',
    reason,
    step: note(step, 'message-refused', ctx, { type: message.type, reason }),
  })
  if (SAID_BY[message.type] === transfer.role) return refusing('ROLE')
  if (isFinal(transfer.state)) return { outcome: 'late', step: late(step, message, ctx) }
  if (message.type === 'transfer.returned') return refusing('STATE')
  if (nextState(transfer.role, transfer.state, moveOf(message)) === undefined) return refusing('STATE')
  return { outcome: 'applied', step: apply(step, message, check, ctx) }
}

/** A return comes after the end only. */
type InConversation = Exclude<PeerMessage, { type: 'transfer.returned' }>

/**
 * A request or resubmission expires with the exchange. So what is still missing a while after the sender's clock has ended the transfer
 * can never come: waiting for it would keep the end from ever being told.
 */
export function isLastWord(message: MessageContent & { readonly issuedAt: Date }, now: Date): boolean {
  return (
    message.type === 'transfer.cancel' &&
    message.content.expired &&
    now > after(message.issuedAt, EXCHANGE_GRACE_SECONDS)
  )
}

function moveOf(message: InConversation): Move {
  switch (message.type) {
    case 'transfer.answer':
      return ANSWER_MOVES[message.content.answer]
    case 'transfer.repair':
      return 'peerResubmit'
    case 'transfer.cancel':
      return message.content.expired ? 'peerExpire' : 'peerCancel'
    case 'transfer.settled':
      return 'peerSettle'
  }
}

const ANSWER_MOVES = {
  review: 'peerReview',
  accept: 'peerAccept',
  repair: 'peerRepair',
  reject: 'peerReject',
} as const

/** A late message is recorded and shown, and releases nothing; a late settlement needs a person, since the asset has moved. */
function late(step: Step, message: PeerMessage, ctx: Context): Step {
  if (message.type === 'transfer.settled' && step.next.settledAt === undefined)
    return receiveLateSettlement(step, message.content.tx_id, ctx)
  if (message.type === 'transfer.settled' && step.next.secret.txId !== message.content.tx_id)
    return conflictingSettlement(
      note(step, 'late-message', ctx, { type: message.type }),
      message.content.tx_id,
      ctx,
    )
  if (message.type === 'transfer.returned' && step.next.secret.returnTxId === undefined)
    return withReturn(step, message.content.tx_id, ctx)
  return note(step, 'late-message', ctx, { type: message.type })
}

function apply(
  step: Step,
  message: InConversation,
  check: (identity: string) => InboundChecked,
  ctx: Context,
): Step {
  switch (message.type) {
    case 'transfer.answer':
      return answered(step, message.content, ctx)
    case 'transfer.repair': {
      const { identity, answer_by: answerBy } = message.content
      return receiveRepair(step, identity, new Date(answerBy), check(identity), ctx)
    }
    case 'transfer.cancel':
      return receiveCancel(step, message.content.reason, message.content.expired, ctx)
    case 'transfer.settled':
      return receiveSettlement(step, message.content.tx_id, ctx)
  }
}
