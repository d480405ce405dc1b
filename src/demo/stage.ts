/** Where the story plays: a network of its own, its cast, and a way to look behind the scenes. */
import type pg from 'pg'
import { BOB } from '../local/demo-vasps.ts'
import { introduceRobot } from '../local/introduce.ts'
import type { Network, NetworkVasp } from '../local/network.ts'
import { openPool } from '../postgres/open-pool.ts'
import type { Robot } from '../sim/robot.ts'
import { type Actor, actorOf } from './actor.ts'
import { DEMO_VASPS, startDemo } from './demo-network.ts'

export interface Stage {
  readonly network: Network
  /** An exchange in the AIFC. */
  readonly alice: Actor
  /** A custody platform in the EU, whose back office decides by address. */
  readonly bob: Actor
  /** A VASP whose clocks are seconds. */
  readonly hasty: Actor
  /** Takes transfers as its behaviours table says; verified by all. */
  readonly robot: Robot
  /** Verified by all too, and no party to anything. */
  readonly mallory: Robot
  /** A robot of which the gateways have the card and no proof. */
  readonly stranger: (id: StrangerId) => Promise<Robot>
  /** Rows of a query on a gateway's database. */
  readonly query: (
    vaspId: string,
    text: string,
    values?: readonly unknown[],
  ) => Promise<readonly Record<string, unknown>[]>
  close(): Promise<void>
}

const STRANGERS = ['nora', 'oleg', 'petra', 'sven', 'tara', 'ugo', 'vera'] as const
export type StrangerId = (typeof STRANGERS)[number]

const HASTY: NetworkVasp = {
  ...BOB,
  id: 'hasty',
  legalName: 'Hasty Markets S.A.',
  licence: { regulator: 'CSSF', number: 'CASP-2026-0003' },
  policy: {
    ...BOB.policy,
    exchangeSeconds: 3,
    permitSeconds: 3,
    settlementSeconds: 1,
    review: { deadlineSeconds: 1, outcome: 'REJECT' },
    hold: { deadlineSeconds: 1, outcome: 'KEEP_HOLDING' },
    holds: { COUNTERPARTY_UNKNOWN: { deadlineSeconds: 1, outcome: 'REJECT' } },
  },
}

export async function setStage(directory: string): Promise<Stage> {
  const demo = await startDemo({ directory, vasps: [...DEMO_VASPS, HASTY], strangers: STRANGERS })
  const { network, robot, mallory } = demo
  const [alice, bob, hasty] = [actorOf(network, 'alice'), actorOf(network, 'bob'), actorOf(network, 'hasty')]
  const pools = new Map<string, pg.Pool>()

  async function query(vaspId: string, text: string, values: readonly unknown[] = []) {
    // The story kills the server; the next query opens a new connection.
    const pool =
      pools.get(vaspId) ??
      openPool({ url: network.databaseUrl(vaspId), connectionsMax: 2, name: 'tamga-demo' })
    pools.set(vaspId, pool)
    const { rows } = await pool.query<Record<string, unknown>>(text, [...values])
    return rows
  }

  return {
    network,
    alice,
    bob,
    hasty,
    robot,
    mallory,
    query,
    async stranger(id) {
      const stranger = await demo.stranger(id)
      await introduceRobot(network, stranger, false)
      return stranger
    },
    async close() {
      for (const actor of [alice, bob, hasty]) await actor.close()
      for (const pool of pools.values()) await pool.end()
      await demo.stop()
    },
  }
}
