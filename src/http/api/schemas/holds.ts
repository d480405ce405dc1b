/** Queues and holds. */
import { z } from 'zod'
import { HOLD_QUEUES, HOLD_SORTS, TRANSFER_QUEUES } from '../../../app/console/reads.ts'
import { DEADLINE_OUTCOMES, HOLD_STATES } from '../../../domain/hold/hold.ts'
import {
  Action,
  Amount,
  CounterpartyRef,
  Decision,
  Direction,
  ExchangeState,
  Fiat,
  flag,
  Hash,
  HoldLevel,
  HoldReason,
  many,
  NoteText,
  Paging,
  Person,
  pageOf,
  ReasonCode,
  ShownReason,
  Subject,
  Time,
  Uuid,
  VaspId,
} from './common.ts'

export const Queues = z
  .object({
    asOf: Time,
    items: z.array(
      z
        .object({
          id: z.enum([...HOLD_QUEUES, ...TRANSFER_QUEUES]),
          of: z.enum(['holds', 'transfers']),
          count: z.int(),
          /** The first deadline in the queue; null when none runs. */
          nextDeadline: Time.nullable(),
        })
        .meta({ id: 'Queue' }),
    ),
  })
  .meta({ id: 'Queues' })

const Finding = z
  .object({ check: z.string(), code: z.string(), path: z.string().nullable(), message: z.string() })
  .meta({ id: 'Finding' })

/** The transfer that a hold is about, in short. */
export const TransferBrief = z
  .object({
    id: Uuid,
    direction: Direction,
    counterparty: CounterpartyRef.nullable(),
    asset: z.string(),
    amount: Amount,
    fiat: Fiat.nullable(),
    state: ExchangeState,
    reference: z.string().nullable(),
    version: z.int(),
  })
  .meta({ id: 'TransferBrief' })

const holdFields = {
  id: Uuid,
  reason: ShownReason,
  finding: Finding,
  state: z.enum(HOLD_STATES).meta({ id: 'HoldState' }),
  openedAt: Time,
  deadline: Time,
  /** What happens at the deadline if nobody acts. Never a release. */
  outcomeAtDeadline: z.enum(DEADLINE_OUTCOMES).meta({ id: 'DeadlineOutcome' }),
  overdue: z.boolean(),
  level: HoldLevel,
  assignee: Person.nullable(),
  approvalsRequired: z.int(),
  endedAt: Time.nullable(),
  endedBy: z.string().nullable(),
  endReason: z.string().nullable(),
}

const HoldItem = z
  .object({
    ...holdFields,
    transfer: TransferBrief,
    /** Who proposed a release that waits for a second person; null when none does. */
    proposedBy: Person.nullable(),
    proposalExpiresAt: Time.nullable(),
    /** It is this person's turn: assigned, to be approved, or escalated to this MLRO. */
    needsMe: z.boolean(),
  })
  .meta({ id: 'HoldItem' })

export const HoldQuery = z.object({
  queue: z.enum(HOLD_QUEUES).optional(),
  reason: many(HoldReason),
  state: many(z.enum(HOLD_STATES)),
  /** A subject, `me`, or `nobody`. */
  assignee: Subject.optional(),
  level: HoldLevel.optional(),
  proposed: flag.optional(),
  counterparty: VaspId.optional(),
  direction: Direction.optional(),
  /** Deadline before this time. */
  dueBefore: z.iso.datetime().optional(),
  overdue: flag.optional(),
  /** Reference, transaction id, address, id, counterparty, or a name of a party. */
  q: z.string().trim().min(1).max(200).optional(),
  sort: z.enum(HOLD_SORTS).default('deadline'),
  ...Paging,
})

export const HoldPage = pageOf('HoldPage', HoldItem)

const HoldNote = z.object({ id: Uuid, person: Person, text: z.string(), at: Time }).meta({ id: 'HoldNote' })

const Proposal = z
  .object({
    id: Uuid,
    proposer: Person,
    reason: ReasonCode,
    note: z.string(),
    proposedAt: Time,
    expiresAt: Time,
    /** What the proposer saw; the proposal is void once it is another. */
    seenHash: Hash,
  })
  .meta({ id: 'Proposal' })

export const Hold = z
  .object({
    ...holdFields,
    transferId: Uuid,
    /** The ETag of this hold, without its quotes: send it as If-Match with a decision. */
    seenHash: Hash,
    notes: z.array(HoldNote),
    proposal: Proposal.nullable(),
    needsMe: z.boolean(),
    actions: z.array(Action),
  })
  .meta({ id: 'Hold' })

export const HoldDetail = z
  .object({ hold: Hold, transfer: TransferBrief, decision: Decision })
  .meta({ id: 'HoldDetail' })

export const Comment = z.strictObject({ text: NoteText }).meta({ id: 'Comment' })
/** Null gives it back to nobody. */
export const Assign = z.strictObject({ assignee: Subject.nullable() }).meta({ id: 'Assign' })
export const Note = z.strictObject({ note: NoteText }).meta({ id: 'Note' })
export const Decide = z.strictObject({ reason: ReasonCode, note: NoteText }).meta({ id: 'Decide' })
export const Nothing = z.strictObject({}).meta({ id: 'Nothing' })
