/** Real processes with traffic, and what everything rests on fails: afterwards both sides of every transfer agree, and nothing was done twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { converged, type Records, recordsOf } from '../../src/chaos/records.ts'
import { ordersTo, startTraffic, type Traffic } from '../../src/chaos/traffic.ts'
import type { Replica } from '../../src/local/replica.ts'
import { type Lab, startLab } from '../support/lab.ts'

const TRANSFERS = 70
const PACE_MILLISECONDS = 30
/** The outbox tries at least every 60 s; seconds are enough on a machine with time. */
const CONVERGED_WITHIN_MILLISECONDS = 75_000
const STREAMED_WITHIN_MILLISECONDS = 30_000

let lab: Lab
let records: Records
let traffic: Traffic
let sentBefore = 0

beforeAll(async () => {
  lab = await startLab()
  records = recordsOf(lab.network)
  traffic = startTraffic(lab.network, {
    orders: ordersTo('bob', 'carol'),
    offices: ['carol'],
    replica: () => 0,
  })
})

afterAll(async () => {
  await traffic?.stop()
  await records?.close()
  await lab?.remove()
})

/** Lets `fault` happen under traffic and asks everything of what comes of it. A gateway that ends by itself is told at once. */
async function survives(name: string, fault: () => Promise<void>): Promise<void> {
  await Promise.race([lab.network.died, stand(name, fault)])
}

async function stand(name: string, fault: () => Promise<void>): Promise<void> {
  const sending = traffic.send(name, TRANSFERS, PACE_MILLISECONDS)
  await Promise.all([sending, sleep(500).then(fault)])
  const judged = await converged(records, {
    told: () => traffic.told,
    quiet: () => traffic.underWay() === 0,
    withinMs: CONVERGED_WITHIN_MILLISECONDS,
  })
  const states = await records.states('alice')
  const unanswered = Object.fromEntries(traffic.exchange.unanswered)
  console.log(`${name}: of one mind after ${judged.milliseconds} ms`, { states, unanswered })
  expect(judged.findings).toEqual([])
  expect([judged.isQuiet, traffic.surprises]).toEqual([true, []])
  sentBefore += TRANSFERS
  expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(sentBefore)
  await streamedOnce()
}

/** Alice's stream was broken and resumed: it told each event once, in order. */
async function streamedOnce(): Promise<void> {
  const [row] = await records.query('alice', 'select count(*)::integer as n from transfer_events')
  for (
    const until = Date.now() + STREAMED_WITHIN_MILLISECONDS;
    traffic.cursors.length < Number(row?.['n']) && Date.now() < until;
  )
    await sleep(50)
  expect(traffic.cursors.length).toBe(Number(row?.['n']))
  expect(new Set(traffic.cursors).size).toBe(traffic.cursors.length)
}

function gateway(vaspId: string): Replica {
  const replica = lab.network.replicas.get(vaspId)?.[0]
  if (replica === undefined) throw new Error(`no gateway of ${vaspId}`)
  return replica
}

/** One after the other and by chance: tests/e2e/chaos.test.ts. */
describe('both sides come of one mind, and nothing is lost or done twice', () => {
  test('when NATS loses everything', () => survives('nats-wiped', () => lab.network.nats.wipe()))

  test('when PostgreSQL is restarted', () =>
    survives('postgres-restarted', () => lab.network.postgres.restart()))

  test('when everything fails at once', () =>
    survives('all', async () => {
      await Promise.all([gateway('alice').kill9(), gateway('bob').kill9(), gateway('carol').kill9()])
      await Promise.all([lab.network.nats.kill9(), lab.network.postgres.kill9()])
      await Promise.all([lab.network.nats.wipe(), lab.network.postgres.restart()])
      await Promise.all(['alice', 'bob', 'carol'].map((id) => gateway(id).restart()))
    }))
})
