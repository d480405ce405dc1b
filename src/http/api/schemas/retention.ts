/** How long personal data is kept, what is due, what went, and legal holds. */
import { z } from 'zod'
import { Paging, Person, Time, Uuid } from './common.ts'

const RetentionRegime = z
  .object({
    /** As `tamga rules list` names it. */
    rule: z.string(),
    name: z.string(),
    version: z.string(),
    years: z.int(),
    clause: z.string(),
    /** H: primary text read; M: secondary or partial; L: verify before relying on it. */
    confidence: z.enum(['H', 'M', 'L']),
    sources: z.array(z.object({ title: z.string(), where: z.string() })),
  })
  .meta({ id: 'RetentionRegime' })

export const LegalHold = z
  .object({
    id: Uuid,
    transferId: Uuid,
    reason: z.string(),
    setBy: Person,
    setAt: Time,
    lifted: z.object({ by: Person, at: Time, reason: z.string() }).nullable(),
  })
  .meta({ id: 'LegalHold' })

const DueTransfer = z
  .object({
    transferId: Uuid,
    endedAt: Time,
    keptUntil: Time,
    years: z.int(),
    /** Whose figure it is: rules, or `policy`. */
    rules: z.array(z.string()),
    /** A legal hold keeps it beyond its time. */
    held: z.boolean(),
  })
  .meta({ id: 'DueTransfer' })

export const Retention = z
  .object({
    /** Of the policy: the least that is kept. */
    floorYears: z.int(),
    /** What each regime that binds this VASP asks for today. */
    regimes: z.array(RetentionRegime),
    /** Those that are set, oldest first. */
    legalHolds: z.array(LegalHold),
    may: z.object({ setLegalHold: z.boolean(), liftLegalHold: z.boolean() }),
  })
  .meta({ id: 'Retention' })

export const DueQuery = z.object({
  /** Those whose time will have come in so many days. */
  days: z.coerce.number().int().min(0).max(3_660).default(90),
})
export const DueTransfers = z
  .object({
    before: Time,
    /** Soonest first; of these at most 200. */
    items: z.array(DueTransfer),
    total: z.int(),
    /** False where more have ended than were looked at: those that ended first were. */
    isAll: z.boolean(),
  })
  .meta({ id: 'DueTransfers' })

export const ShreddedQuery = z.object({ ...Paging })
export const ShreddedPage = z
  .object({
    items: z.array(
      z
        .object({
          transferId: Uuid,
          shreddedAt: Time,
          /** `clock` when its time had come, else who decided. */
          by: z.string(),
          /** Why before its time; null when it had come. */
          early: z.string().nullable(),
          years: z.int(),
          rules: z.array(z.string()),
          keptUntil: Time,
        })
        .meta({ id: 'ShreddedTransfer' }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ShreddedPage' })

export const TransferRetention = z
  .object({
    /** Null before it has ended, and after it was shredded. */
    kept: z.object({ until: Time, years: z.int(), rules: z.array(z.string()) }).nullable(),
    shreddedAt: Time.nullable(),
    /** The lifted ones too, oldest first. */
    legalHolds: z.array(LegalHold),
    may: z.object({ setLegalHold: z.boolean(), liftLegalHold: z.boolean() }),
  })
  .meta({ id: 'TransferRetention' })

/** A code or a case number: it stays in the audit log for ever, and must name nobody. */
export const LegalReason = z
  .strictObject({
    reason: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/, 'must be a code or a case number'),
  })
  .meta({ id: 'LegalReason' })
export const LegalHoldParams = z.object({ id: Uuid })
