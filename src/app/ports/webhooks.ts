/** Webhook endpoints, their place in the stream of events, and how a message is sent. */
import type { DecisionAnswer } from '../../domain/webhook/decision.ts'
import type { Attempted, Concluded } from '../../domain/webhook/round.ts'
import type {
  DisabledReason,
  WebhookEndpoint,
  WebhookKind,
  WebhookType,
} from '../../domain/webhook/webhook.ts'
import type { AuditEntry, CommitOutcome, IdempotencyKey, RecordedEvent } from './transfers.ts'

/** A change by a person or program, with its audit entry. */
export interface WebhookChange {
  readonly idempotency: IdempotencyKey
  readonly audit: AuditEntry
}

export interface NewWebhook {
  readonly vaspId: string
  readonly id: string
  readonly kind: WebhookKind
  readonly url: string
  readonly types: readonly WebhookType[] | undefined
  /** `whsec_…`; a decision webhook has its secret in the settings. */
  readonly secret: string | undefined
}

/** An endpoint that this replica alone delivers to, until the lease ends. */
export interface LeasedWebhook {
  readonly lease: string
  readonly endpoint: WebhookEndpoint
  readonly cursor: string
  /** The newest first; empty for a decision webhook. */
  readonly secrets: readonly string[]
}

/** A message that failed on its own and is due again. */
export interface DueMessage {
  readonly attempts: number
  readonly recorded: RecordedEvent
}

/** The next events of the wanted types, and where the stream was read to when all of them are dealt with. */
export interface StreamPart {
  readonly events: readonly RecordedEvent[]
  readonly end: string
}

export interface WebhookStore {
  list(vaspId: string): Promise<readonly WebhookEndpoint[]>
  find(vaspId: string, id: string): Promise<WebhookEndpoint | undefined>
  /** The secret that signs now. */
  secret(vaspId: string, id: string): Promise<string | undefined>
  /** It is told of events from now on. */
  add(webhook: NewWebhook, change: WebhookChange): Promise<CommitOutcome>
  /** Makes the decision webhook of a VASP be at `url`, told of events from `since` on when it is new or was off; without `url` there is none. */
  keepDecision(vaspId: string, id: string, url: string | undefined, since: Date): Promise<void>
  rotate(
    at: { readonly vaspId: string; readonly id: string },
    secret: string,
    overlapUntil: Date,
    change: WebhookChange,
  ): Promise<CommitOutcome>
  /** Everything after the cursor is sent again. Throws Refusal CURSOR_INVALID. */
  replay(
    at: { readonly vaspId: string; readonly id: string },
    cursor: string,
    change: WebhookChange,
  ): Promise<CommitOutcome>
  setDisabled(
    at: { readonly vaspId: string; readonly id: string },
    disabled: { readonly reason: DisabledReason; readonly at: Date } | undefined,
    change: WebhookChange,
  ): Promise<CommitOutcome>
  /** The cursor before the first event at or after `time`. */
  cursorBefore(vaspId: string, time: Date): Promise<string>

  /** Takes endpoints with something to send, those that wait longest first. */
  lease(vaspIds: readonly string[], now: Date, until: Date, limit: number): Promise<readonly LeasedWebhook[]>
  due(at: LeasedWebhook, now: Date, limit: number): Promise<readonly DueMessage[]>
  stream(at: LeasedWebhook, limit: number): Promise<StreamPart>
  /** Writes what came of a round and ends the lease; nothing when the lease has passed to another replica. */
  conclude(at: LeasedWebhook, concluded: Concluded, now: Date, audit: readonly AuditEntry[]): Promise<void>
}

export interface WebhookMessage {
  /** Stays the same at every attempt: receivers drop what they have. */
  readonly id: string
  readonly body: string
}

/** `answer` is the body of a 2xx answer, cut at a limit. */
export type Sent = Attempted & { readonly answer?: string }

export interface WebhookSender {
  /** One attempt, signed with each secret. Never throws. */
  send(url: string, secrets: readonly string[], message: WebhookMessage, now: Date): Promise<Sent>
  /** Why the URL can never be sent to, as far as it tells by itself; undefined when it may. */
  problem(url: string): string | undefined
  newSecret(): string
  /** Undefined when the text is no such answer. */
  readDecision(text: string): DecisionAnswer | undefined
}
