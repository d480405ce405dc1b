/**
 * Tells webhook endpoints what happened. Every replica does; an endpoint is delivered to by whoever holds its lease. Nothing here is waited
 * for by a transfer, endpoints do not wait for each other, and no database connection is held while a receiver takes its time.
 */
import { concludeRound, streamLimit, type Tried } from '../domain/webhook/round.ts'
import { messageBody } from '../domain/webhook/webhook.ts'
import { askDecision } from './ask-decision.ts'
import { decisionWebhook, type Parts, servedVasps } from './parts.ts'
import type { AuditEntry, LeasedWebhook, RecordedEvent } from './ports.ts'

/** Longer than a round: what a dead replica had is sent again after this. */
const LEASE_SECONDS = 90
/** A round ends sending after this, so that endpoints with much to send take turns. */
const ROUND_MILLISECONDS = 30_000
/** Endpoints at work at once, per replica. */
const AT_WORK_MAX = 64
/** Messages under way at once to one endpoint; those of one transfer go one after the other. */
const LANES = 8
const AGAIN_MAX = 20

/** What was asked of the back office while a policy that wants it so was taken up, is asked by webhook still. */
const ASKED_BEFORE_SECONDS = 60

/** Throws when the gateway could never send to an endpoint that decides. */
export function checkDecisionWebhooks({ decisionWebhooks, webhookSender }: Parts): void {
  for (const [vaspId, { url }] of decisionWebhooks) {
    const problem = webhookSender.problem(url)
    if (problem !== undefined) throw new Error(`the decision webhook of ${vaspId}: ${problem}`)
  }
}

/** Makes the endpoints that decide be as settings and policies have them, whenever that has changed since it was called last. */
export function decisionWebhookKeeper(parts: Parts): () => Promise<void> {
  const kept = new Map<string, string | undefined>()
  return async () => {
    for (const vaspId of servedVasps(parts)) {
      const url = decisionWebhook(parts, vaspId)?.url
      if (kept.has(vaspId) && kept.get(vaspId) === url) continue
      const since = new Date(parts.clock.now().getTime() - ASKED_BEFORE_SECONDS * 1000)
      await parts.webhooks.keepDecision(vaspId, parts.newId(), url, since)
      kept.set(vaspId, url)
    }
  }
}

/** Starts rounds for endpoints with something to send; resolves at once, `idle` when all rounds are over. */
export function webhookDeliveries(parts: Parts, signal: AbortSignal) {
  const atWork = new Set<Promise<void>>()
  return {
    async start(): Promise<boolean> {
      const free = AT_WORK_MAX - atWork.size
      if (free <= 0) return false
      const now = parts.clock.now()
      const until = new Date(now.getTime() + LEASE_SECONDS * 1000)
      for (const leased of await parts.webhooks.lease(servedVasps(parts), now, until, free)) {
        const round = deliverRound(parts, leased, signal)
          .catch((error: unknown) =>
            parts.log.error('webhook round failed', error, { endpoint: leased.endpoint.id }),
          )
          .finally(() => void atWork.delete(round))
        atWork.add(round)
      }
      return false
    },
    idle: async () => void (await Promise.all(atWork)),
  }
}

async function deliverRound(parts: Parts, leased: LeasedWebhook, signal: AbortSignal): Promise<void> {
  const { endpoint } = leased
  const stopAt = performance.now() + ROUND_MILLISECONDS
  const isOver = () => signal.aborted || performance.now() > stopAt
  const due = await parts.webhooks.due(leased, parts.clock.now(), AGAIN_MAX)
  const { events, end } = await parts.webhooks.stream(leased, streamLimit(endpoint))
  const attempt = (recorded: RecordedEvent) => tell(parts, leased, recorded)
  const attempts = new Map(due.map(({ recorded, attempts: made }) => [recorded.cursor, made]))
  const again = await inLanes(
    due.map(({ recorded }) => recorded),
    attempt,
    attempts,
    isOver,
  )
  const stream = await inLanes(events, attempt, new Map(), isOver)
  const now = parts.clock.now()
  const concluded = concludeRound(
    {
      kind: endpoint.kind,
      failures: endpoint.failures,
      failingSince: endpoint.failingSince,
      again,
      stream,
      streamEnd: stream.length === events.length ? end : (stream.at(-1)?.cursor ?? leased.cursor),
    },
    now,
  )
  const { disable, lastFailure } = concluded
  if (disable !== undefined)
    parts.log.warn('webhook disabled: nobody is told there until it is enabled', {
      vaspId: endpoint.vaspId,
      endpoint: endpoint.id,
      reason: disable,
      code: lastFailure,
    })
  await parts.webhooks.conclude(
    leased,
    concluded,
    now,
    disable === undefined ? [] : [disabled(leased, disable)],
  )
}

function disabled({ endpoint: { id } }: LeasedWebhook, reason: string): AuditEntry {
  return { kind: 'webhook.disabled', actor: 'clock', subject: id, data: { reason } }
}

async function tell(
  parts: Parts,
  leased: LeasedWebhook,
  recorded: RecordedEvent,
): Promise<Tried['attempted']> {
  const { endpoint, secrets } = leased
  const { vaspId, url } = endpoint
  if (endpoint.kind === 'decision') return askDecision(parts, endpoint, recorded)
  const message = { id: messageId(recorded), body: messageBody(vaspId, recorded) }
  const { answer: _, ...attempted } = await parts.webhookSender.send(url, secrets, message, parts.clock.now())
  return attempted
}

/** The same event has the same id at every endpoint and attempt. */
function messageId({ cursor }: RecordedEvent): string {
  return `evt_${cursor}`
}

/** The events of one transfer one after the other, those of several side by side. What is not reached in time is left out at the end. */
async function inLanes(
  events: readonly RecordedEvent[],
  attempt: (recorded: RecordedEvent) => Promise<Tried['attempted']>,
  attempts: ReadonlyMap<string, number>,
  isOver: () => boolean,
): Promise<Tried[]> {
  const results: (Tried | undefined)[] = events.map(() => undefined)
  const byTransfer = Map.groupBy(events.keys(), (index) => events[index]?.transferId)
  const lanes = [...byTransfer.values()]
  const work = async () => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift())
      for (const index of lane) {
        const recorded = events[index]
        if (recorded === undefined || isOver()) break
        const { cursor } = recorded
        results[index] = { cursor, attempts: attempts.get(cursor) ?? 0, attempted: await attempt(recorded) }
      }
  }
  await Promise.all(Array.from({ length: LANES }, work))
  const firstLeft = results.indexOf(undefined)
  // What follows a message that was not reached is sent again: it cannot be counted without it.
  return results.slice(0, firstLeft === -1 ? undefined : firstLeft).filter((one) => one !== undefined)
}
