/** Transfers: the list, and the page of one. Personal data is masked here; `revealed.ts` has the way to see it. */
import { z } from 'zod'
import { MATCHED_BY, TRANSFER_QUEUES } from '../../../app/console/reads.ts'
import { SHARED_BY } from '../../../app/console/related.ts'
import {
  Action,
  Decision,
  Direction,
  ExchangeState,
  many,
  NoteText,
  Paging,
  Person,
  pageOf,
  ReasonCode,
  ShownReason,
  Time,
  Uuid,
  VaspId,
} from './common.ts'
import { Comparison } from './comparison.ts'
import { CounterpartyCard } from './counterparties.ts'
import { Hold, TransferBrief } from './holds.ts'
import { TimelineEntry } from './timeline.ts'

const Delivery = z.enum(['none', 'unreceipted', 'receipted', 'refused', 'expired']).meta({ id: 'Delivery' })
/** By what a search found it. */
const MatchedBy = z.enum(MATCHED_BY).meta({ id: 'MatchedBy' })

const TransferItem = z
  .object({
    ...TransferBrief.shape,
    decision: Decision,
    delivery: Delivery,
    openHolds: z.array(ShownReason),
    /** When its next clock rings. */
    nextClockAt: Time.nullable(),
    createdAt: Time,
    updatedAt: Time,
    matchedBy: MatchedBy.nullable(),
  })
  .meta({ id: 'TransferItem' })

export const TransferQuery = z.object({
  queue: z.enum(TRANSFER_QUEUES).optional(),
  state: many(ExchangeState),
  direction: Direction.optional(),
  counterparty: VaspId.optional(),
  /** Created at or after, and before. */
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  /** Reference, transaction id, address, id, counterparty, or a name of a party. */
  q: z.string().trim().min(1).max(200).optional(),
  ...Paging,
})
export const TransferPage = pageOf('TransferPage', TransferItem)

const Waits = z
  .object({
    /** Whose turn it is; null when nobody's. */
    on: z.enum(['counterparty', 'back-office', 'person', 'signer', 'chain']).nullable(),
    /** Which clock runs, and what it does when it rings. */
    clock: z.enum(['exchange', 'review', 'permit', 'settlement', 'hold', 'proposal']).nullable(),
    until: Time.nullable(),
    outcome: z.string().nullable(),
  })
  .meta({ id: 'Waits' })

const Tracks = z
  .object({
    exchange: z.object({ state: ExchangeState, since: Time, waits: Waits, delivery: Delivery }),
    decision: z.object({
      decision: Decision,
      permit: z
        .object({ jti: z.string(), issuedAt: Time, expiresAt: Time, redeemedAt: Time.nullable() })
        .nullable(),
      rejection: z.object({ code: z.string(), by: z.enum(['local', 'counterparty']) }).nullable(),
    }),
    case: z.object({
      state: z.enum(['none', 'open', 'second-eye', 'escalated', 'ended']),
      openHolds: z.int(),
      waits: Waits,
    }),
  })
  .meta({ id: 'Tracks' })

/** The rule that binds, with its clause; how it was judged in `facts`. */
const BindingRule = z
  .object({
    pack: z.string(),
    version: z.string(),
    clause: z.string(),
    decision: z.string().nullable(),
    packs: z.array(z.object({ rule: z.string(), version: z.string(), hash: z.string() })),
  })
  .meta({ id: 'BindingRule' })

const Repair = z.object({ path: z.string(), code: z.string(), message: z.string() }).meta({ id: 'Repair' })

export const TransferDetail = z
  .object({
    transfer: TransferItem,
    /** Masked: the last characters only. */
    destination: z.string(),
    hasTag: z.boolean(),
    txId: z.string().nullable(),
    settledAt: Time.nullable(),
    fiatPricedAt: Time.nullable(),
    exempt: z.boolean(),
    tracks: Tracks,
    rule: BindingRule.nullable(),
    repairs: z.array(Repair),
    counterparty: CounterpartyCard.nullable(),
    /** Open ones first, then those that have ended, newest first. */
    holds: z.array(Hold),
    comparison: Comparison,
    timeline: z.array(TimelineEntry),
    actions: z.array(Action),
  })
  .meta({ id: 'TransferDetail' })

export const HoldTransfer = z
  .strictObject({ reason: ReasonCode, note: NoteText })
  .meta({ id: 'HoldTransfer' })

const RelatedTransfer = z
  .object({ ...TransferItem.shape, sharedBy: z.enum(SHARED_BY) })
  .meta({ id: 'RelatedTransfer' })

export const Related = z.object({ items: z.array(RelatedTransfer) }).meta({ id: 'Related' })

export const TransferParams = z.object({ id: Uuid })

/** Others who have the transfer open now. */
export const Presence = z.object({ others: z.array(Person) }).meta({ id: 'Presence' })
