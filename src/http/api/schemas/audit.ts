/** The audit log. */
import { z } from 'zod'
import { Paging, Time } from './common.ts'

export const AuditQuery = z.object({
  /** The beginning of an entry's kind, as in `transfer` or `identity.revealed`. */
  kind: z
    .string()
    .regex(/^[a-z.-]{1,64}$/)
    .optional(),
  actor: z.string().min(1).max(200).optional(),
  subject: z.string().min(1).max(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  ...Paging,
})

const AuditEntry = z
  .object({
    id: z.string(),
    /** Its place in the tree; null while it waits for one. */
    position: z.int().nullable(),
    at: Time,
    kind: z.string(),
    actor: z.string(),
    subject: z.string(),
    data: z.record(z.string(), z.unknown()),
    /** SHA-256 of its leaf, base64. */
    leaf: z.string(),
  })
  .meta({ id: 'AuditEntry' })

/** Newest first. */
export const AuditPage = z
  .object({ items: z.array(AuditEntry), nextCursor: z.string().nullable() })
  .meta({ id: 'AuditPage' })

export const AuditExportQuery = AuditQuery.omit({ cursor: true, limit: true }).extend({
  format: z.enum(['csv', 'json']).default('csv'),
})

export const Checkpoint = z.object({ size: z.int(), note: z.string() }).meta({ id: 'Checkpoint' })
