import { z } from 'zod'
import * as fields from './fields.ts'

export const GetEvidence = z.strictObject({ transferId: fields.uuid })

export const ListAuditEntries = z.strictObject({ pageSize: fields.pageSize, pageToken: fields.pageToken })

/** Within the numbers that are exact in JavaScript. */
const SIZE_MAX = 2n ** 53n - 1n

export const GetCheckpoint = z.strictObject({
  consistentWith: z
    .bigint()
    .refine((size) => size >= 0n && size <= SIZE_MAX, 'must be the size of a checkpoint, or 0')
    .transform(Number),
})
