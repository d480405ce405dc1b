/** The policy of the selected VASP, its versions, and what another one would have done. */
import { z } from 'zod'
import { Action, Hash, HoldReason, Person, Time, Uuid } from './common.ts'

const POLICY_BYTES_MAX = 49_152
/** JSON text: the members of docs/operations.md. It travels within a body of 64 KiB, quotes escaped. */
const PolicyText = z
  .string()
  .min(1, 'is required')
  .refine((text) => Buffer.byteLength(text) <= POLICY_BYTES_MAX, 'must have at most 48 KiB')

const PolicyInForce = z
  .object({
    /** 0: of the VASPs file. */
    version: z.int(),
    hash: Hash,
    /** JSON, with defaults put in. */
    text: z.string(),
  })
  .meta({ id: 'PolicyInForce' })

const PolicyVersion = z
  .object({
    version: z.int(),
    /** Of the text as it was proposed. */
    hash: Hash,
    /** JSON, with defaults put in. */
    text: z.string(),
    /** The hash of what was in force when it was proposed. */
    baseHash: Hash,
    state: z.enum(['proposed', 'published', 'withdrawn']),
    author: Person,
    proposedAt: Time,
    /** Null until it is published. */
    approver: Person.nullable(),
    /** When it was published or withdrawn. */
    endedAt: Time.nullable(),
  })
  .meta({ id: 'PolicyVersion' })

export const PolicyPage = z
  .object({
    /** The ETag, without its quotes. */
    etag: Hash,
    inForce: PolicyInForce,
    proposed: PolicyVersion.nullable(),
    /** Newest first. */
    versions: z.array(PolicyVersion),
    actions: z.array(Action),
  })
  .meta({ id: 'PolicyPage' })

/** A JSON Schema; `default` says what holds where a member is left out. */
export const PolicySchema = z.record(z.string(), z.unknown()).meta({ id: 'PolicySchema' })

export const PolicyParams = z.object({ version: z.coerce.number().int().min(1).max(1_000_000) })
export const ProposePolicy = z.strictObject({ text: PolicyText }).meta({ id: 'ProposePolicy' })
/** `transfers`: how many of the newest are judged. */
export const TryPolicy = z
  .strictObject({ text: PolicyText, transfers: z.int().min(1).max(2_000).default(500) })
  .meta({ id: 'TryPolicy' })

const Example = z
  .object({ transferId: Uuid, reference: z.string().nullable(), reasons: z.array(HoldReason) })
  .meta({ id: 'DryRunExample' })

export const DryRun = z
  .object({
    transfers: z.int(),
    /** Those whose data are gone, so that nothing can be said of them. */
    unknown: z.int(),
    heldNow: z.int(),
    heldThen: z.int(),
    /** Would be held and are not now; `moreExamples` are some of them, with the reasons. */
    more: z.int(),
    /** Are held now and would not be; `fewerExamples` are some of them, with the reasons that hold them. */
    fewer: z.int(),
    twoPersonsNow: z.int(),
    twoPersonsThen: z.int(),
    moreExamples: z.array(Example),
    fewerExamples: z.array(Example),
  })
  .meta({ id: 'DryRun' })
