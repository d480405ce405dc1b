/** Where events are told of. */
import type { WebhookEndpoint, WebhookType } from '../../domain/webhook/webhook.ts'
import type { Caller, Outcome, Request } from './caller.ts'

/** `secret` is shown when it was made, and never again. */
export interface WebhookView {
  readonly endpoint: WebhookEndpoint
  readonly secret?: string
}

export interface WebhookUseCases {
  list(caller: Caller): Promise<readonly WebhookEndpoint[]>
  /** Without `types` it is told of everything, from now on. */
  add(request: Request, url: string, types?: readonly WebhookType[]): Promise<Outcome<WebhookView>>
  /** A new secret; the old one signs beside it for `overlapSeconds`. */
  rotate(request: Request, id: string, overlapSeconds: number): Promise<Outcome<WebhookView>>
  /** Sends again everything after a cursor, or from a time on. */
  replay(request: Request, id: string, from: string | Date): Promise<Outcome<WebhookView>>
  disable(request: Request, id: string): Promise<Outcome<WebhookView>>
  /** It goes on where it stood. */
  enable(request: Request, id: string): Promise<Outcome<WebhookView>>
}
