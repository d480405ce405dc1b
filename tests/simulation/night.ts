/** What happens in a night: who sends, who decides, who looks, and what the weather does. */

import type { RecordedEvent } from '../../src/app/ports.ts'
import type { Told } from '../../src/chaos/ledger.ts'
import { type Random, seeded } from '../../src/chaos/random.ts'
import type { Transfer } from '../../src/domain/transfer/transfer.ts'
import { desk } from './desk.ts'
import { type Floor, sendTransfer } from './exchange.ts'
import { decideInbound, holdByHand, type Suspension, suspendForAWhile, workOnHold } from './office.ts'
import { END_MILLISECONDS, OTHER, TRAFFIC_MILLISECONDS, VASP_IDS, type VaspId } from './settings.ts'
import { START, type World } from './world.ts'

export interface Redemption {
  readonly vaspId: VaspId
  readonly counterpartyId: string | undefined
  readonly at: number
}

/** What was seen from outside. */
export interface Night {
  readonly told: readonly Told[]
  /** How often the asset of a transfer moved. */
  readonly broadcasts: ReadonlyMap<string, number>
  readonly suspensions: readonly Suspension[]
  readonly redemptions: readonly Redemption[]
}

const WORK_MILLISECONDS = 1_000
const PING_MILLISECONDS = 40_000
const CLOSING_MILLISECONDS = 600_000

export async function playNight(world: World, seed: number): Promise<Night> {
  const people = seeded(seed).fork('people')
  const night = {
    told: [] as Told[],
    broadcasts: new Map<string, number>(),
    suspensions: [] as Suspension[],
    redemptions: [] as Redemption[],
  }
  const floor = openFloor(world, people, night)
  const { scheduler, settings, nats, databases } = world
  const nature = { name: 'nature', dead: false }
  const start = (name: string, work: Promise<void>) =>
    void work.catch((error: unknown) => world.complain(name, error))

  for (const vaspId of VASP_IDS) {
    databases[vaspId].onEvent = follow(world, floor, vaspId, night.redemptions, start)
    if (people.chance(0.15))
      start(
        'admin',
        suspendForAWhile(floor, vaspId, OTHER[vaspId], (one) => night.suspensions.push(one)),
      )
    const ping = () =>
      scheduler.later(nature, `ping of ${vaspId}`, PING_MILLISECONDS, () => {
        people.pick(world.replicasOf(vaspId)).ping()
        ping()
      })
    ping()
  }
  for (let number = 0; number < settings.transfers; number++) {
    const vaspId = people.pick(VASP_IDS)
    const at = people.between(0, TRAFFIC_MILLISECONDS)
    scheduler.later(nature, `transfer ${number} of ${vaspId}`, at, () =>
      start('exchange', sendTransfer(floor, vaspId, number)),
    )
  }
  for (const at of settings.wipes) scheduler.later(nature, 'wipe', at, () => nats.wipe())
  await pass(world, people)
  return night
}

/** Lets the whole night pass. Workers of real replicas look again and again; here they look when there is something to see. */
async function pass(world: World, people: Random): Promise<void> {
  const { scheduler, databases, since } = world
  const nature = { name: 'nature', dead: false }
  const planned = new Set<string>()
  const dueAt = (vaspId: VaspId) => databases[vaspId].nextDue() ?? Number.POSITIVE_INFINITY
  const plan = (vaspId: VaspId) => {
    // What is not due soon may be overtaken by what is written meanwhile.
    const wait = dueAt(vaspId) - scheduler.now()
    if (wait > WORK_MILLISECONDS || planned.has(vaspId)) return
    planned.add(vaspId)
    const late = Math.max(0, wait) + people.between(50, 2 * WORK_MILLISECONDS)
    scheduler.later(nature, `workers of ${vaspId}`, late, () => {
      planned.delete(vaspId)
      if (dueAt(vaspId) > scheduler.now()) return
      const up = world.replicasOf(vaspId).filter(({ isUp }) => isUp)
      for (const replica of people.chance(0.3) ? up : up.slice(0, 1)) replica.work()
    })
  }
  while (since() < END_MILLISECONDS) {
    for (const vaspId of VASP_IDS) plan(vaspId)
    // Where nothing happens for long, nothing is looked at.
    const next = Math.min(scheduler.next() ?? 0, ...VASP_IDS.map(dueAt))
    await scheduler.run(Math.max(scheduler.now() + WORK_MILLISECONDS, next))
  }
}

function openFloor(
  world: World,
  random: Random,
  night: { readonly told: Told[]; readonly broadcasts: Map<string, number> },
): Floor {
  const { scheduler, findings, replicasOf, complain } = world
  const closesAt = START + END_MILLISECONDS - CLOSING_MILLISECONDS
  return {
    random,
    now: () => scheduler.now(),
    closesAt,
    deskOf: (vaspId, name) =>
      desk(name, vaspId, {
        scheduler,
        random,
        replicasOf,
        complain,
        closesAt,
        unanswered: (at, what) =>
          findings.push({ verdict: 'unresolved', vaspId: at, what: `no answer: ${what}` }),
      }),
    tell: (one) => night.told.push(one),
    broadcast: (transferId) => night.broadcasts.set(transferId, (night.broadcasts.get(transferId) ?? 0) + 1),
  }
}

/** The back office and the officers hear of what happens, and set to work. */
function follow(
  { scheduler }: World,
  floor: Floor,
  vaspId: VaspId,
  redemptions: Redemption[],
  start: (name: string, work: Promise<void>) => void,
) {
  const asked = new Map<string, number>()
  return ({ transferId, version, event }: RecordedEvent, { counterpartyId }: Transfer) => {
    const { type, actor, data } = event
    scheduler.note(vaspId, `${transferId} v${version} ${type} by ${actor} ${JSON.stringify(data ?? {})}`)
    if (type === 'decision-awaited') {
      const counter = (asked.get(transferId) ?? 0) + 1
      asked.set(transferId, counter)
      start('office', decideInbound(floor, vaspId, transferId, counter))
    }
    if (type === 'hold-opened') start('officer', workOnHold(floor, vaspId, String(data?.['hold_id'])))
    if (type === 'created' && floor.random.fork(`by hand ${transferId}`).chance(0.08))
      start('officer', holdByHand(floor, vaspId, transferId))
    if (type === 'permit-redeemed') redemptions.push({ vaspId, counterpartyId, at: scheduler.now() })
  }
}
