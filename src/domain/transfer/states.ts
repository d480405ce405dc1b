/**
 * Where the exchange between the two VASPs of one transfer is, and how each of them may move it.
 *
 * - started: known here. Originating: not sent, being checked or held. Beneficiary: a deposit arrived before its data.
 * - pending: the beneficiary VASP has the data and has not answered. Ends by its answer, a cancellation or the exchange deadline.
 * - review: a person at the beneficiary VASP must decide. Ends likewise.
 * - repair: the beneficiary VASP asked for corrected fields. Ends by a resubmission, a cancellation or the exchange deadline.
 * - accepted: the beneficiary VASP agreed; the asset may move once no hold is open. Ends by the settlement, a cancellation, or the
 *   permit's expiry.
 * - completed, rejected, cancelled, expired: final.
 *
 * The names are TRISA's TransferState (trisa.api.v1beta1), plus cancelled and expired. The tables are exported: property tests range
 * over them, and docs/architecture.md draws them.
 */
export const EXCHANGE_STATES = [
  'started',
  'pending',
  'review',
  'repair',
  'accepted',
  'completed',
  'rejected',
  'cancelled',
  'expired',
] as const
export type ExchangeState = (typeof EXCHANGE_STATES)[number]

export const ROLES = ['originator', 'beneficiary'] as const
/** Which VASP of the transfer the local one is. */
export type Role = (typeof ROLES)[number]

/** A `peer…` move comes from the counterparty's envelope; the others from the local side. */
export type OriginatorMove =
  | 'send'
  | 'exempt'
  | 'resubmit'
  | 'settle'
  | 'cancel'
  | 'reject'
  | 'expire'
  | 'peerReview'
  | 'peerAccept'
  | 'peerRepair'
  | 'peerReject'

export type BeneficiaryMove =
  | 'receive'
  | 'review'
  | 'accept'
  | 'askRepair'
  | 'reject'
  | 'join'
  | 'expire'
  | 'peerResubmit'
  | 'peerSettle'
  | 'peerCancel'
  | 'peerExpire'

export type Move = OriginatorMove | BeneficiaryMove

type Table<M extends string> = { readonly [S in ExchangeState]: { readonly [K in M]?: ExchangeState } }

const ANSWERS = {
  peerReview: 'review',
  peerAccept: 'accepted',
  peerRepair: 'repair',
  peerReject: 'rejected',
} as const
const ORIGINATOR_ENDS = { cancel: 'cancelled', reject: 'rejected', expire: 'expired' } as const
const BENEFICIARY_ENDS = {
  reject: 'rejected',
  expire: 'expired',
  peerCancel: 'cancelled',
  peerExpire: 'expired',
} as const
const FINAL = { completed: {}, rejected: {}, cancelled: {}, expired: {} } as const

export const ORIGINATOR_TRANSITIONS: Table<OriginatorMove> = {
  started: { send: 'pending', exempt: 'accepted', ...ORIGINATOR_ENDS },
  pending: { ...ANSWERS, ...ORIGINATOR_ENDS },
  review: { ...ANSWERS, ...ORIGINATOR_ENDS },
  repair: { resubmit: 'pending', peerReject: 'rejected', ...ORIGINATOR_ENDS },
  accepted: { settle: 'completed', ...ORIGINATOR_ENDS },
  ...FINAL,
}

export const BENEFICIARY_TRANSITIONS: Table<BeneficiaryMove> = {
  started: {
    receive: 'pending',
    accept: 'accepted',
    reject: 'rejected',
    join: 'cancelled',
    expire: 'expired',
  },
  pending: { review: 'review', accept: 'accepted', askRepair: 'repair', ...BENEFICIARY_ENDS },
  review: { accept: 'accepted', askRepair: 'repair', ...BENEFICIARY_ENDS },
  repair: { peerResubmit: 'pending', ...BENEFICIARY_ENDS },
  accepted: { peerSettle: 'completed', peerCancel: 'cancelled', peerExpire: 'expired' },
  ...FINAL,
}

/** The state after a move, or undefined where the role's table has none. */
export function nextState(role: Role, state: ExchangeState, move: Move): ExchangeState | undefined {
  const row: { readonly [M in Move]?: ExchangeState } =
    role === 'originator' ? ORIGINATOR_TRANSITIONS[state] : BENEFICIARY_TRANSITIONS[state]
  return row[move]
}

export function isFinal(state: ExchangeState): boolean {
  return Object.keys(ORIGINATOR_TRANSITIONS[state]).length === 0
}
