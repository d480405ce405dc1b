/** What goes on by itself: sending again, ringing clocks, keeping proofs fresh. Every replica runs all of it; none needs another. */
import { setTimeout as sleep } from 'node:timers/promises'
import { tick } from '../domain/transfer/clocks.ts'
import { applyStep } from './apply-step.ts'
import { keepAuditLog } from './audit-log.ts'
import { keepCircuits } from './circuits.ts'
import { decisionWebhookKeeper, webhookDeliveries } from './deliver-webhooks.ts'
import { rematchDeposits } from './deposit-use-cases.ts'
import { escalateTasks } from './escalate-tasks.ts'
import { findFailing, lapses } from './failing.ts'
import { localVasp, type Parts, servedVasps } from './parts.ts'
import { pingLetter } from './ping.ts'
import { adoptPolicies } from './policy-use-cases.ts'
import type { Dispatch, OutboxEntry, Transport } from './ports.ts'
import { reconsider } from './reconsider.ts'
import { shredDue } from './retention.ts'
import { revalidate } from './revalidate.ts'
import { rewrapDataKeys } from './rewrap.ts'
import { rescreenHeld } from './screen.ts'

const RELAY_POLL_MILLISECONDS = 1_000
const WAY_POLL_MILLISECONDS = 250
const CLOCK_POLL_MILLISECONDS = 500
const CIRCUIT_POLL_MILLISECONDS = 3_000
/** After an outage of the broker, receipts take a while to come. */
const LINKED_MILLISECONDS = 30_000
/** How long another replica may go by the policy before. */
const POLICY_POLL_MILLISECONDS = 1_000
const PROOF_POLL_MILLISECONDS = 30_000
const SCREENING_POLL_MILLISECONDS = 5_000
const DEPOSIT_POLL_MILLISECONDS = 10_000
const FAILING_POLL_MILLISECONDS = 600_000
const DIRECTORY_POLL_MILLISECONDS = 15_000
const AUDIT_POLL_MILLISECONDS = 1_000
const WEBHOOK_POLL_MILLISECONDS = 250
/** As often as one is signed. */
const CHECKPOINT_POLL_MILLISECONDS = 60_000
/** After a rotation of a key-encryption key; without one it does nothing. */
const REWRAP_POLL_MILLISECONDS = 600_000
/** Data is kept for years; some hours more or less are nothing. */
const RETENTION_POLL_MILLISECONDS = 6 * 3_600_000
const BATCH = 200

/** Publishes what was just committed. A failure is no news: the outbox sends it again. */
export function dispatchTo(transport: Transport): Dispatch {
  return (vaspId, entries) => {
    for (const entry of entries) void publish(transport, vaspId, entry, 1)
  }
}

async function publish(
  transport: Transport,
  vaspId: string,
  { receiver, kind, jti, envelope }: Pick<OutboxEntry, 'receiver' | 'kind' | 'jti' | 'envelope'>,
  attempt: number,
): Promise<void> {
  const message = { vaspId, receiver, kind, id: `${jti}.${attempt}`, bytes: Buffer.from(envelope) }
  await transport.publish(message).catch(() => undefined)
}

/** What tells that a way to the counterparties came back. */
export type Ways = ReadonlyMap<string, { health(): { readonly connected: boolean; readonly since: Date } }>

/** Runs all workers until `signal` aborts; resolves when the last one has finished what it was doing. */
export async function runWorkers(parts: Parts, ways: Ways, signal: AbortSignal): Promise<void> {
  const wake = wakeAfterOutage(parts, ways)
  const lapsed = lapses(parts, (vaspId, id) => reconsider(parts, vaspId, id))
  const deliveries = webhookDeliveries(parts, signal)
  const keepDecisionWebhooks = decisionWebhookKeeper(parts)
  await Promise.all([
    every(parts, 'outages', WAY_POLL_MILLISECONDS, signal, wake),
    every(parts, 'relay', RELAY_POLL_MILLISECONDS, signal, () => relay(parts)),
    every(parts, 'circuits', CIRCUIT_POLL_MILLISECONDS, signal, () =>
      keepCircuits(parts, (vaspId) => isLinked(ways, vaspId, new Date())),
    ),
    every(parts, 'clocks', CLOCK_POLL_MILLISECONDS, signal, () => ringClocks(parts)),
    every(parts, 'proofs', PROOF_POLL_MILLISECONDS, signal, () => keepProofsFresh(parts)),
    every(parts, 'lapses', PROOF_POLL_MILLISECONDS, signal, lapsed),
    every(parts, 'failing', FAILING_POLL_MILLISECONDS, signal, () => findFailing(parts)),
    every(parts, 'tasks', PROOF_POLL_MILLISECONDS, signal, async () => {
      for (const vaspId of servedVasps(parts)) await escalateTasks(parts, vaspId)
      return false
    }),
    every(parts, 'directories', DIRECTORY_POLL_MILLISECONDS, signal, () => revalidate(parts)),
    every(parts, 'screening', SCREENING_POLL_MILLISECONDS, signal, async () => {
      for (const vaspId of servedVasps(parts)) await rescreenHeld(parts, vaspId)
      return false
    }),
    every(parts, 'deposits', DEPOSIT_POLL_MILLISECONDS, signal, async () => {
      for (const vaspId of servedVasps(parts)) await rematchDeposits(parts, vaspId)
      return false
    }),
    every(parts, 'policies', POLICY_POLL_MILLISECONDS, signal, async () => {
      await adoptPolicies(parts)
      await keepDecisionWebhooks()
      return false
    }),
    every(parts, 'audit', AUDIT_POLL_MILLISECONDS, signal, () =>
      keepAuditLog(parts, [...parts.vasps.keys()]),
    ),
    every(parts, 'webhooks', WEBHOOK_POLL_MILLISECONDS, signal, () => deliveries.start()),
    every(parts, 'checkpoints', CHECKPOINT_POLL_MILLISECONDS, signal, async () => {
      await parts.checkpoints.refresh([...parts.vasps.keys()])
      return false
    }),
    every(parts, 'rewrap', REWRAP_POLL_MILLISECONDS, signal, async () => {
      for (const vaspId of parts.vasps.keys()) await rewrapDataKeys(parts, vaspId, signal)
      return false
    }),
    every(parts, 'retention', RETENTION_POLL_MILLISECONDS, signal, async () => {
      await shredDue(parts)
      return false
    }),
  ])
  await deliveries.idle()
}

/** Repeats `work`, at once while it says that there is more; a failure is logged and tried again, for ever. */
async function every(
  parts: Parts,
  worker: string,
  milliseconds: number,
  signal: AbortSignal,
  work: () => Promise<boolean>,
): Promise<void> {
  while (!signal.aborted) {
    const more = await work().catch((error: unknown) => {
      parts.log.error('worker failed; it will try again', error, { worker })
      return false
    })
    if (!more) await sleep(milliseconds, undefined, { signal }).catch(() => undefined)
  }
}

/** What waited through an outage, the broker's or our own, goes out as soon as there is a way again, whatever its back-off says. */
function wakeAfterOutage(parts: Parts, ways: Ways): () => Promise<boolean> {
  const seen = new Map<string, number>()
  return async () => {
    for (const [vaspId, way] of ways) {
      const { connected, since } = way.health()
      if (!connected || seen.get(vaspId) === since.getTime()) continue
      seen.set(vaspId, since.getTime())
      await parts.outbox.wake(vaspId, parts.clock.now())
      await relay(parts)
    }
    return false
  }
}

/** `now` as the link counts it: not the clock that may be set off. */
function isLinked(ways: Ways, vaspId: string, now: Date): boolean {
  const health = ways.get(vaspId)?.health()
  return health?.connected === true && now.getTime() - health.since.getTime() >= LINKED_MILLISECONDS
}

/** Sends again what waits for a receipt and is due. True when there may be more. */
export async function relay(parts: Parts): Promise<boolean> {
  const now = parts.clock.now()
  await parts.outbox.expire(now)
  const claimed = await parts.outbox.claim(now, BATCH)
  const sending = claimed.filter(({ parked }) => !parked)
  await Promise.all(sending.map((row) => publish(parts.transport, row.vaspId, row, row.attempt)))
  return claimed.length === BATCH
}

/** Rings the clocks that are due, the earliest of each transfer. True when there may be more. */
export async function ringClocks(parts: Parts): Promise<boolean> {
  const due = await parts.transfers.due(parts.clock.now(), BATCH)
  const served = new Set(servedVasps(parts))
  for (const { vaspId, id } of due) {
    if (!served.has(vaspId)) continue
    await applyStep(parts, {
      vaspId,
      transferId: id,
      actor: 'clock',
      decide: (current, ctx) => current && tick(current, ctx),
    }).catch((error: unknown) => parts.log.error('clock failed', error, { vaspId, transferId: id }))
  }
  return due.length === BATCH
}

/** Pings each counterparty when less than a third of its reachability is left, and lets lapsed proofs take effect. */
export async function keepProofsFresh(parts: Parts): Promise<boolean> {
  const now = parts.clock.now()
  for (const vaspId of servedVasps(parts)) {
    const { policy } = localVasp(parts, vaspId)
    let token: string | undefined
    do {
      const page = await parts.counterparties.list(vaspId, BATCH, token)
      for (const counterparty of page.items) {
        const proven = counterparty.proofs.find(({ kind }) => kind === 'reachability')
        const left = proven === undefined ? undefined : proven.expiresAt.getTime() - now.getTime()
        if (left === undefined || left > (policy.reachabilitySeconds * 1000) / 3) continue
        const ping = await parts.envelopes
          .write(pingLetter(parts, vaspId, counterparty.id), now)
          .catch(() => undefined)
        if (ping === undefined) continue
        await parts.outbox.add(vaspId, [ping], [])
        parts.dispatch(vaspId, [ping])
        await reconsider(parts, vaspId, counterparty.id)
      }
      token = page.nextPageToken
    } while (token !== undefined)
  }
  return false
}
