/**
 * Webhooks (Standard Webhooks 1.0): where a local VASP wants to be told of what happens to its transfers, and what is said there. A
 * message has ids, codes and versions only: whoever needs more asks GetTransfer, which knows who asks.
 */
import { EVENT_TYPES, type StoredEvent } from '../transfer/transfer.ts'

/** `events`: is told what happened. `decision`: is asked to decide on inbound transfers. */
export type WebhookKind = 'events' | 'decision'

/** ADMIN: a person did. GONE: the receiver answered 410. FAILING: nothing got through for days. */
export const DISABLED_REASONS = ['ADMIN', 'GONE', 'FAILING'] as const
export type DisabledReason = (typeof DISABLED_REASONS)[number]

export interface WebhookEndpoint {
  readonly vaspId: string
  readonly id: string
  readonly kind: WebhookKind
  readonly url: string
  /** The types that it wants; all when absent. */
  readonly types?: readonly WebhookType[]
  readonly disabled?: { readonly reason: DisabledReason; readonly at: Date }
  /** Until then messages are signed with the secret before the last rotation, too. */
  readonly overlapUntil?: Date
  readonly createdAt: Date
  /** Deliveries in a row that failed as a whole. */
  readonly failures: number
  readonly failingSince?: Date
  readonly lastSuccessAt?: Date
  readonly lastFailure?: { readonly at: Date; readonly code: string }
  /** Messages that failed on their own: those tried again, and those given up. */
  readonly waiting: number
  readonly givenUp: number
}

/** One for each kind of event, `transfer.` unless it is about a hold, a proposed release or a permit. */
export type WebhookType = `${'transfer' | 'hold' | 'release' | 'permit'}.${string}`

const SUBJECT = /^(hold|release|permit)-(.+)$/

export function webhookType(event: string): WebhookType {
  const [, subject, rest] = SUBJECT.exec(event) ?? []
  if (subject === 'hold' || subject === 'release' || subject === 'permit')
    return `${subject}.${underscored(rest ?? '')}`
  return `transfer.${underscored(event)}`
}

function underscored(word: string): string {
  return word.replaceAll('-', '_')
}

export const WEBHOOK_TYPES: readonly WebhookType[] = EVENT_TYPES.map(webhookType)

export function isWebhookType(text: string): text is WebhookType {
  return WEBHOOK_TYPES.some((type) => type === text)
}

/** The event of which a message tells. */
export function eventOf(type: WebhookType): string {
  return type
    .replace(/^transfer\./, '')
    .replace('.', '-')
    .replaceAll('_', '-')
}

/** An event with its place in the VASP's stream. */
export interface Happened {
  readonly cursor: string
  readonly transferId: string
  readonly version: number
  readonly occurredAt: Date
  readonly event: StoredEvent
}

/** Of what an event carries, only these go out: no names of persons, no paths into an identity payload. */
const TOLD = ['hold_id', 'reason', 'state', 'code', 'clock', 'proposal_id', 'why', 'jti'] as const
const CODE = /^[A-Za-z0-9_.:-]{1,64}$/

/** The body of a message: JSON as Standard Webhooks has it, `type`, `timestamp` and `data`. */
export function messageBody(vaspId: string, happened: Happened): string {
  const { cursor, transferId, version, occurredAt, event } = happened
  const details = TOLD.flatMap((name) => {
    const value = event.data?.[name]
    return typeof value === 'string' && CODE.test(value) ? [[name, value] as const] : []
  })
  return JSON.stringify({
    type: webhookType(event.type),
    timestamp: occurredAt.toISOString(),
    data: { vasp_id: vaspId, transfer_id: transferId, version, cursor, ...Object.fromEntries(details) },
  })
}
