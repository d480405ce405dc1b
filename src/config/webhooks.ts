/** Where webhooks may go. */
import { z } from 'zod'
import { path } from './setting.ts'

export const webhookSettings = {
  TAMGA_WEBHOOK_ALLOW: z
    .string()
    .max(4_096)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().regex(/^[0-9a-fA-F.:]+\/\d{1,3}$/, 'a network, as in 10.1.0.0/16')))
    .optional()
    .describe('private networks that webhooks may be sent to, comma-separated, as in 10.1.0.0/16'),
  TAMGA_WEBHOOK_HTTP: z
    .enum(['refused', 'allowed'])
    .default('refused')
    .describe('whether webhooks may be sent without TLS, to the networks of TAMGA_WEBHOOK_ALLOW only'),
  TAMGA_WEBHOOK_CA_FILE: path
    .optional()
    .describe('PEM of the authorities of webhook receivers, instead of the public ones'),
}
type Settings = z.infer<z.ZodObject<typeof webhookSettings>>

export interface WebhookConfig {
  readonly allow: readonly string[]
  readonly http: boolean
  readonly ca?: string
}

export function webhooksOf(e: Settings): WebhookConfig {
  return {
    allow: e.TAMGA_WEBHOOK_ALLOW ?? [],
    http: e.TAMGA_WEBHOOK_HTTP === 'allowed',
    ...(e.TAMGA_WEBHOOK_CA_FILE !== undefined && { ca: e.TAMGA_WEBHOOK_CA_FILE }),
  }
}
