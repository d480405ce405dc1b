/** Transfers in numbers: sent as an exchange sends them, that repeats a call until it is answered, and counted on both sides. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { GatewayError } from '../grpc/client.ts'
import { type Actor, type Order, within } from './actor.ts'
import { statusOf } from './words.ts'

/** What a gateway that is going, gone or coming answers; with the same request_id, the call may be said again. */
const PASSING: ReadonlySet<string> = new Set([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'CANCELLED',
  'INTERNAL',
])
const AGAIN_AFTER_MILLISECONDS = 100
const AT_ONCE = 8

/** Sends `count` transfers to bob; their ids, in the order in which they were answered. */
export async function traffic(
  from: Actor,
  count: number,
  order: Partial<Order> = {},
): Promise<readonly string[]> {
  const ids: string[] = []
  let left = count
  const sender = async () => {
    while (left-- > 0) ids.push(await answered(from, { to: 'bob', requestId: randomUUID(), ...order }))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender))
  return ids
}

async function answered(from: Actor, order: Order): Promise<string> {
  for (;;) {
    try {
      return (await from.authorize(order)).transferId
    } catch (error) {
      if (!(error instanceof GatewayError && PASSING.has(error.code))) throw error
      await sleep(AGAIN_AFTER_MILLISECONDS)
    }
  }
}

/** As in "12 x ACCEPTED, PROCEED", once all have this status or after ten seconds. */
export async function allReach(at: Actor, ids: readonly string[], status: string): Promise<string> {
  await within(async () => {
    for (const id of ids) if (statusOf(await at.get(id)) !== status) return false
    return true
  })
  return tally(at, ids)
}

export async function tally(at: Actor, ids: readonly string[]): Promise<string> {
  const counts = new Map<string, number>()
  for (const id of new Set(ids)) {
    const status = statusOf(await at.get(id))
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return [...counts].map(([status, count]) => `${count} x ${status}`).join(' + ')
}

/** How often an event happened to each of the transfers: "once", or what else. */
export async function eachSees(at: Actor, ids: readonly string[], event: string): Promise<string> {
  const times = (id: string) => at.journal.of(id).filter((one) => one === event).length
  // The stream may be a moment behind.
  await within(async () => ids.every((id) => times(id) > 0))
  const seen = [...new Set(ids.map(times))]
  return seen.length === 1 && seen[0] === 1 ? 'once' : `${seen.join(' or ')} times`
}

export const DONE = 'ACCEPTED, PROCEED'

/** What became of transfers from alice to bob, once both gateways agree or after ten seconds. */
export async function converged(
  { alice, bob }: { readonly alice: Actor; readonly bob: Actor },
  ids: readonly string[],
) {
  return {
    alice: await allReach(alice, ids, DONE),
    bob: await allReach(bob, ids, DONE),
    'accepted at alice': await eachSees(alice, ids, 'accepted'),
    'made at bob': await eachSees(bob, ids, 'created'),
  }
}
