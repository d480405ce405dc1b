/** Transfers in numbers: sent as an exchange sends them, that repeats a call until it is answered, and counted on both sides. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transfer } from '../gen/travelrule/v1/common.ts'
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
export const DONE = 'ACCEPTED, PROCEED'

/** Sends `count` transfers to bob; each as the call answered it, in the order of the answers. */
export async function traffic(
  from: Actor,
  count: number,
  order: Partial<Order> = {},
): Promise<readonly Transfer[]> {
  const sent: Transfer[] = []
  let left = count
  const sender = async () => {
    while (left-- > 0) sent.push(await answered(from, { to: 'bob', requestId: randomUUID(), ...order }))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sender))
  return sent
}

async function answered(from: Actor, order: Order): Promise<Transfer> {
  for (;;) {
    try {
      return await from.authorize(order)
    } catch (error) {
      if (!(error instanceof GatewayError && PASSING.has(error.code))) throw error
      await sleep(AGAIN_AFTER_MILLISECONDS)
    }
  }
}

/** As in "12 x ACCEPTED, PROCEED". A transfer that came twice counts once. */
export function tally(transfers: readonly Transfer[]): string {
  const statuses = new Map(transfers.map((transfer) => [transfer.transferId, statusOf(transfer)]))
  const counts = new Map<string, number>()
  for (const status of statuses.values()) counts.set(status, (counts.get(status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} x ${status}`).join(' + ')
}

/** The tally at a VASP once all are done, or after ten seconds. */
async function tallyAt(at: Actor, ids: readonly string[]): Promise<string> {
  let said = ''
  await within(async () => {
    said = tally(await Promise.all(ids.map((id) => at.get(id))))
    return said.endsWith(DONE) && !said.includes('+')
  })
  return said
}

/** How often an event happened to each of the transfers: "once", or what else. */
async function eachSees(at: Actor, ids: readonly string[], event: string): Promise<string> {
  const times = (id: string) => at.journal.of(id).filter((one) => one === event).length
  // The stream may be a moment behind.
  await within(async () => ids.every((id) => times(id) > 0))
  const seen = [...new Set(ids.map(times))]
  return seen.length === 1 && seen[0] === 1 ? 'once' : `${seen.join(' or ')} times`
}

/** What became of transfers from alice to bob, once both gateways agree or after ten seconds. */
export async function converged(
  { alice, bob }: { readonly alice: Actor; readonly bob: Actor },
  transfers: readonly Transfer[],
) {
  const ids = transfers.map(({ transferId }) => transferId)
  return {
    alice: await tallyAt(alice, ids),
    bob: await tallyAt(bob, ids),
    'accepted at alice': await eachSees(alice, ids, 'accepted'),
    'made at bob': await eachSees(bob, ids, 'created'),
  }
}
