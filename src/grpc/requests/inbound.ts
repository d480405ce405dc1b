import { z } from 'zod'
import * as fields from './fields.ts'

export const AcceptTransfer = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  held: fields.identity.optional(),
})

export const RejectTransfer = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  code: fields.reasonCode,
})

const FieldCorrection = z.strictObject({
  path: z
    .string()
    .max(512, 'must have at most 512 characters')
    .regex(/^(?:\/(?:[^~/\p{Cc}\p{Cs}]|~[01])*)*$/u, 'must be a JSON pointer (RFC 6901)'),
  code: fields.reasonCode,
  message: fields.oneLine(0, 500),
})

export const RequestRepair = z.strictObject({
  requestId: fields.requestId,
  transferId: fields.uuid,
  fields: z
    .array(FieldCorrection)
    .min(1, 'must name at least one field')
    .max(50, 'must name at most 50 fields'),
})
