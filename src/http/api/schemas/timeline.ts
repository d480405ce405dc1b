/** One line of a transfer's history. */
import { z } from 'zod'
import { Person, Time } from './common.ts'

const Scalar = z.union([z.string(), z.number(), z.boolean()])

/** A message with its signature: who signed, with which key, verified when. */
const MessageFacts = z
  .object({
    direction: z.enum(['sent', 'received']),
    type: z.string(),
    jti: z.string(),
    signer: z.string(),
    kid: z.string(),
    /** `own`: we signed it; `verified`: checked before it was stored. Anything else is never stored as a message. */
    signature: z.enum(['own', 'verified']),
    verifiedAt: Time,
    receipt: z.object({ at: Time, kid: z.string(), outcome: z.string() }).nullable(),
  })
  .meta({ id: 'MessageFacts' })

export const TimelineEntry = z
  .object({
    id: z.string(),
    at: Time,
    kind: z.enum(['message', 'check', 'person', 'system', 'counterparty', 'clock']),
    /** An event type (docs/api.md), a message type, or `note`, `reveal`. */
    type: z.string(),
    /** `caller:…`, `person:…`, `counterparty:…`, `policy`, `clock`. */
    actor: z.string(),
    person: Person.nullable(),
    version: z.int().nullable(),
    data: z.record(z.string(), Scalar),
    message: MessageFacts.nullable(),
    /** What a person wrote. */
    note: z.string().nullable(),
  })
  .meta({ id: 'TimelineEntry' })
