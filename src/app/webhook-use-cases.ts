/** Webhook endpoints as an administrator keeps them. Each change has its audit entry; secrets are told once. */
import { Refusal } from '../domain/refusal.ts'
import type { WebhookEndpoint } from '../domain/webhook/webhook.ts'
import type { Outcome, Request, WebhookUseCases, WebhookView } from './gateway.ts'
import { callerName, once } from './idempotency.ts'
import type { Parts } from './parts.ts'
import type { AuditEntry, WebhookChange } from './ports.ts'

/** Per VASP: each costs a request for each event. */
const ENDPOINTS_MAX = 20

type Needs = Pick<Parts, 'webhooks' | 'webhookSender' | 'transfers' | 'clock' | 'newId'>

export function webhookUseCases(parts: Needs): WebhookUseCases {
  const { webhooks, webhookSender: sender, clock } = parts

  async function load(vaspId: string, id: string): Promise<WebhookEndpoint> {
    const endpoint = await webhooks.find(vaspId, id)
    if (endpoint === undefined) throw new Refusal('WEBHOOK_NOT_FOUND')
    return endpoint
  }

  async function shown(vaspId: string, id: string, tellsSecret: boolean): Promise<WebhookView> {
    const endpoint = await load(vaspId, id)
    const secret = tellsSecret ? await webhooks.secret(vaspId, id) : undefined
    return { endpoint, ...(secret !== undefined && { secret }) }
  }

  function act(
    request: Request,
    id: string,
    about: { readonly kind: string; readonly data?: AuditEntry['data']; readonly tellsSecret?: boolean },
    write: (at: { readonly vaspId: string; readonly id: string }, by: WebhookChange) => Promise<string>,
  ): Promise<Outcome<WebhookView>> {
    const { vaspId } = request.caller
    return once(
      parts.transfers,
      request,
      async (idempotency) => {
        const audit = { kind: about.kind, actor: callerName(request), subject: id, data: about.data ?? {} }
        const outcome = await write({ vaspId, id }, { idempotency, audit })
        if (outcome === 'conflict') throw new Refusal('WEBHOOK_NOT_FOUND')
        return { outcome, resourceId: id }
      },
      (found) => shown(vaspId, found, about.tellsSecret === true),
    )
  }

  /** What the settings keep, nobody changes here. */
  async function own(request: Request, id: string): Promise<void> {
    const { kind } = await load(request.caller.vaspId, id)
    if (kind === 'decision') throw new Refusal('WEBHOOK_NOT_FOUND')
  }

  return {
    list: ({ vaspId }) => webhooks.list(vaspId),

    async add(request, url, types) {
      const problem = sender.problem(url)
      if (problem !== undefined) throw new Refusal('WEBHOOK_URL_REFUSED', problem)
      const data = { host: new URL(url).host }
      return act(
        request,
        parts.newId(),
        { kind: 'webhook.added', data, tellsSecret: true },
        async (at, by) => {
          const known = await webhooks.list(at.vaspId)
          if (known.length >= ENDPOINTS_MAX) throw new Refusal('WEBHOOK_LIMIT')
          return webhooks.add({ ...at, kind: 'events', url, types, secret: sender.newSecret() }, by)
        },
      )
    },

    async rotate(request, id, overlapSeconds) {
      await own(request, id)
      const until = new Date(clock.now().getTime() + overlapSeconds * 1000)
      const data = { overlap_until: until.toISOString() }
      return act(request, id, { kind: 'webhook.rotated', data, tellsSecret: true }, (at, by) =>
        webhooks.rotate(at, sender.newSecret(), until, by),
      )
    },

    async replay(request, id, from) {
      await own(request, id)
      const cursor =
        typeof from === 'string' ? from : await webhooks.cursorBefore(request.caller.vaspId, from)
      return act(request, id, { kind: 'webhook.replayed', data: { cursor } }, (at, by) =>
        webhooks.replay(at, cursor, by),
      )
    },

    async disable(request, id) {
      await own(request, id)
      const disabled = { reason: 'ADMIN', at: clock.now() } as const
      return act(request, id, { kind: 'webhook.disabled', data: { reason: 'ADMIN' } }, (at, by) =>
        webhooks.setDisabled(at, disabled, by),
      )
    },

    async enable(request, id) {
      await own(request, id)
      return act(request, id, { kind: 'webhook.enabled' }, (at, by) =>
        webhooks.setDisabled(at, undefined, by),
      )
    },
  }
}
