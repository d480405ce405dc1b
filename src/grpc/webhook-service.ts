import type { WebhookUseCases } from '../app/gateway.ts'
import type { WebhookServiceServer } from '../gen/travelrule/v1/webhook.ts'
import { unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import { parse } from './requests/parse.ts'
import * as requests from './requests/webhook.ts'
import { webhookToWire } from './wire/webhook.ts'

export function webhookService(webhooks: WebhookUseCases, once: Once): WebhookServiceServer {
  return {
    listWebhooks: unary(async (_wire, call) => ({
      webhooks: (await webhooks.list(call.caller)).map(webhookToWire),
    })),

    addWebhook: unary(async (wire, call) => {
      const request = parse(requests.AddWebhook, wire)
      const { value } = await once(call, request, (key) => webhooks.add(key, request.url, request.types))
      return { webhook: webhookToWire(value.endpoint), secret: value.secret ?? '' }
    }),

    rotateWebhookSecret: unary(async (wire, call) => {
      const request = parse(requests.RotateWebhookSecret, wire)
      const { webhookId, overlap } = request
      const { value } = await once(call, request, (key) => webhooks.rotate(key, webhookId, overlap))
      return { webhook: webhookToWire(value.endpoint), secret: value.secret ?? '' }
    }),

    replayWebhook: unary(async (wire, call) => {
      const request = parse(requests.ReplayWebhook, wire)
      const { webhookId, cursor, since } = request
      const { value } = await once(call, request, (key) => webhooks.replay(key, webhookId, since ?? cursor))
      return { webhook: webhookToWire(value.endpoint) }
    }),

    disableWebhook: unary(async (wire, call) => {
      const request = parse(requests.ChangeWebhook, wire)
      const { value } = await once(call, request, (key) => webhooks.disable(key, request.webhookId))
      return { webhook: webhookToWire(value.endpoint) }
    }),

    enableWebhook: unary(async (wire, call) => {
      const request = parse(requests.ChangeWebhook, wire)
      const { value } = await once(call, request, (key) => webhooks.enable(key, request.webhookId))
      return { webhook: webhookToWire(value.endpoint) }
    }),
  }
}
