import { z } from 'zod'
import * as fields from './fields.ts'

const POLICY_BYTES_MAX = 65_536
const policy = z
  .string()
  .min(1, 'is required')
  .refine((text) => Buffer.byteLength(text) <= POLICY_BYTES_MAX, 'must have at most 65536 bytes')
const version = z.number().min(1, 'must be at least 1').max(1_000_000, 'must be at most 1000000')

export const Nothing = z.strictObject({})

const TRANSFERS = 500
export const DryRunPolicy = z.strictObject({
  policy,
  transfers: z
    .number()
    .max(2_000, 'must be at most 2000')
    .transform((count) => (count === 0 ? TRANSFERS : count)),
})

export const ProposePolicy = z.strictObject({ requestId: fields.requestId, policy, person: fields.person })

export const WithdrawPolicy = z.strictObject({
  requestId: fields.requestId,
  version,
  person: fields.person,
})

export const ApprovePolicy = WithdrawPolicy.extend({ hash: fields.seenHash })
