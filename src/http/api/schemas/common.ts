/** What the other schemas are made of. JSON is camelCase; a field that has no value is null, never left out. */
import { z } from 'zod'
import { OFFERED } from '../../../app/console/actions.ts'
import { HOLD_LEVELS, HOLD_REASONS, UNKNOWN_REASON } from '../../../domain/hold/hold.ts'
import { PERSON_ROLES, SUBJECT } from '../../../domain/people.ts'
import { EXCHANGE_STATES } from '../../../domain/transfer/states.ts'

export const Uuid = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/, 'must be a UUID')
export const VaspId = z.string().regex(/^[a-z0-9_]{1,32}$/, 'must be a VASP id')
export const Subject = z.string().regex(SUBJECT, 'must match [A-Za-z0-9@._:|-]{1,128}')
/** RFC 3339, UTC. */
export const Time = z.iso.datetime({ precision: 3 })
/** A decimal string: never a JSON number. */
export const Amount = z.string().regex(/^\d+(\.\d+)?$/)
export const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const ReasonCode = z.string().regex(/^[A-Z0-9_]{1,64}$/, 'must match [A-Z0-9_]{1,64}')
/** Lines are allowed: people write these. */
export const NoteText = z
  .string()
  .trim()
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\r\t]){1,4000}$/u, 'must have 1 to 4000 characters')

export const Direction = z.enum(['outbound', 'inbound']).meta({ id: 'Direction' })
export const ExchangeState = z.enum(EXCHANGE_STATES).meta({ id: 'ExchangeState' })
export const Decision = z.enum(['PROCEED', 'WAIT', 'STOP']).meta({ id: 'Decision' })
export const HoldReason = z.enum(HOLD_REASONS).meta({ id: 'HoldReason' })
/** As a hold has it: UNKNOWN until this replica is as new as the one that opened it. */
export const ShownReason = z.enum([...HOLD_REASONS, UNKNOWN_REASON]).meta({ id: 'ShownReason' })
export const HoldLevel = z.enum(HOLD_LEVELS).meta({ id: 'HoldLevel' })
export const PersonRole = z.enum(PERSON_ROLES).meta({ id: 'PersonRole' })

export const Fiat = z.object({ amount: Amount, currency: z.string() }).meta({ id: 'Fiat' })
/** `name` is null where nobody has named the account. */
export const Person = z.object({ subject: Subject, name: z.string().nullable() }).meta({ id: 'Person' })
/** `legalName` is null where its card is not on file. */
export const CounterpartyRef = z
  .object({ id: VaspId, legalName: z.string().nullable() })
  .meta({ id: 'CounterpartyRef' })

/** One query parameter may be given once or many times. */
export function many<S extends z.ZodType>(one: S) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(one).max(40).optional(),
  )
}

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** `cursor` is the `nextCursor` of the page before. */
export const Paging = {
  cursor: z
    .string()
    .regex(/^[\x21-\x7e]{1,512}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

export function pageOf<S extends z.ZodType>(id: string, item: S) {
  return z
    .object({
      items: z.array(item),
      /** Null on the last page. */
      nextCursor: z.string().nullable(),
      /** How many fit the filter; counted up to 10,000, `totalIsLeast` says that there are more. */
      total: z.int(),
      totalIsLeast: z.boolean(),
    })
    .meta({ id })
}

/** RFC 9457. `code` is stable: docs/errors.md lists them; those of this API alone are in docs/console.md. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    fields: z.array(z.object({ field: z.string(), description: z.string() })).optional(),
    /** Seconds. */
    retryAfter: z.number().optional(),
  })
  .meta({ id: 'Problem' })

/** What a person may do now, or why not; `consequence` is the key of the text that spells out what follows, `values` fill it. */
export const Action = z
  .object({
    action: z.enum(OFFERED),
    allowed: z.boolean(),
    /** Why it is not allowed: a problem code, as in PERSON_DENIED; null when it is. */
    why: z.string().nullable(),
    consequence: z.string(),
    values: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Action' })
