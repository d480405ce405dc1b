/**
 * The circuit breaker of each counterparty. Who leaves a message without a receipt through several attempts is pinged; who does not
 * receipt the ping either is silent: nothing but pings is sent again to it, and new transfers to it are held at once instead of after a
 * wait. A receipt ends that, and what waited goes on. The state is in the database, so that replicas agree and a restart forgets nothing.
 */
import { causeGone } from '../domain/transfer/holds.ts'
import { openHolds } from '../domain/transfer/transfer.ts'
import { applyStep } from './apply-step.ts'
import type { Parts } from './parts.ts'
import { pingLetter } from './ping.ts'

/** The fifth goes out 46 s after the first, and is given up 50 s later: see the outbox. */
const ATTEMPTS_MAX = 5
const PING_SECONDS = 15
/** How long the first ping may take. */
const PATIENCE_SECONDS = 10
const RESUMED_MAX = 200

const UNREACHABLE = new Set(['COUNTERPARTY_UNREACHABLE'] as const)

/** `isLinked`: this replica's own way to the broker has been there for a while; without it nobody else can be blamed. True for more. */
export async function keepCircuits(parts: Parts, isLinked: (vaspId: string) => boolean): Promise<boolean> {
  let more = false
  for (const vaspId of parts.vasps.keys()) {
    await hear(parts, vaspId)
    if (isLinked(vaspId)) await doubt(parts, vaspId)
    more = (await resume(parts, vaspId)) || more
  }
  return more
}

async function hear({ circuits, outbox, clock, log }: Parts, vaspId: string): Promise<void> {
  for (const counterparty of await circuits.hear(vaspId)) {
    log.info('counterparty answers again', { vaspId, counterparty })
    await outbox.wake(vaspId, clock.now(), counterparty)
  }
}

async function doubt(parts: Parts, vaspId: string): Promise<void> {
  const { circuits, clock, log } = parts
  const now = clock.now()
  await circuits.suspect(vaspId, ATTEMPTS_MAX, now)
  const silent = await circuits.silence(vaspId, before(now, PATIENCE_SECONDS), now)
  for (const counterparty of silent)
    log.warn('counterparty is silent: new transfers to it are held', { vaspId, counterparty })
  for (const counterparty of await circuits.claimPings(vaspId, now, before(now, -PING_SECONDS)))
    await ping(parts, vaspId, counterparty)
}

async function ping(parts: Parts, vaspId: string, counterparty: string): Promise<void> {
  // It may have no valid key at the moment: then it cannot be reached, and the next one may fare better.
  const entry = await parts.envelopes
    .write(pingLetter(parts, vaspId, counterparty), parts.clock.now())
    .catch(() => undefined)
  if (entry === undefined) return
  await parts.outbox.add(vaspId, [entry], [])
  await parts.circuits.pinged(vaspId, counterparty, entry.jti)
  parts.dispatch(vaspId, [entry])
}

/** By what is stored, not by what was just heard: whoever died in between, or created a transfer meanwhile, leaves nothing behind. */
async function resume(parts: Parts, vaspId: string): Promise<boolean> {
  const held = await parts.circuits.resumable(vaspId, RESUMED_MAX)
  for (const transferId of held)
    await applyStep(parts, {
      vaspId,
      transferId,
      actor: 'policy',
      decide(current, ctx) {
        if (current?.state !== 'started') return undefined
        const isHeld = openHolds(current).some(({ reason }) => reason === 'COUNTERPARTY_UNREACHABLE')
        return isHeld ? causeGone(current, UNREACHABLE, ctx) : undefined
      },
    }).catch((error: unknown) =>
      parts.log.error('a transfer could not be resumed', error, { vaspId, transferId }),
    )
  return held.length === RESUMED_MAX
}

function before(now: Date, seconds: number): Date {
  return new Date(now.getTime() - seconds * 1000)
}
