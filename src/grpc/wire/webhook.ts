import type { WebhookEndpoint } from '../../domain/webhook/webhook.ts'

export function webhookToWire({ id, kind, types, lastFailure, disabled, ...rest }: WebhookEndpoint) {
  return {
    webhookId: id,
    url: rest.url,
    types: kind === 'decision' ? [] : [...(types ?? [])],
    decides: kind === 'decision',
    disabled: disabled && { reason: disabled.reason, at: disabled.at },
    overlapUntil: rest.overlapUntil,
    createdAt: rest.createdAt,
    lastSuccessAt: rest.lastSuccessAt,
    lastFailureAt: lastFailure?.at,
    lastFailure: lastFailure?.code ?? '',
    failingSince: rest.failingSince,
    waiting: BigInt(rest.waiting),
    givenUp: BigInt(rest.givenUp),
  }
}
