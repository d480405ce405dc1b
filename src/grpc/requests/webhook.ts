import { z } from 'zod'
import { isWebhookType } from '../../domain/webhook/webhook.ts'
import * as fields from './fields.ts'

const types = z
  .array(z.string().refine(isWebhookType, 'must be a type of message, as in transfer.accepted'))
  .max(100, 'must name at most 100')
  .transform((list) => (list.length === 0 ? undefined : list))

export const AddWebhook = z.strictObject({
  requestId: fields.requestId,
  url: fields.printable(1, 2_000),
  types,
})

const DAY_SECONDS = 86_400
const OVERLAP_SECONDS_MAX = 7 * DAY_SECONDS

export const RotateWebhookSecret = z.strictObject({
  requestId: fields.requestId,
  webhookId: fields.uuid,
  overlap: z
    .strictObject({ seconds: z.bigint(), nanos: z.number() })
    .transform(({ seconds }) => Number(seconds))
    .refine((seconds) => seconds >= 0 && seconds <= OVERLAP_SECONDS_MAX, 'must be 0 to 7 days')
    .default(DAY_SECONDS),
})

export const ReplayWebhook = z
  .strictObject({
    requestId: fields.requestId,
    webhookId: fields.uuid,
    cursor: fields.cursor,
    since: fields.time.optional(),
  })
  .refine(({ cursor, since }) => cursor === '' || since === undefined, {
    path: ['since'],
    message: 'must be absent when cursor is given',
  })

export const ChangeWebhook = z.strictObject({ requestId: fields.requestId, webhookId: fields.uuid })
