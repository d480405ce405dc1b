/** Real processes with traffic, and one of them fails: afterwards both sides of every transfer agree, and nothing was done twice. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Replica } from '../../src/local/network.ts'
import { converged, type Ledgers, ledgersOf } from '../support/convergence.ts'
import { type Lab, startLab } from '../support/lab.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const TRANSFERS = 100
const PACE_MILLISECONDS = 25
const CONVERGED_WITHIN_MILLISECONDS = 30_000

let lab: Lab
let ledgers: Ledgers
let traffic: Traffic
let sentBefore = 0

beforeAll(async () => {
  lab = await startLab()
  ledgers = ledgersOf(lab.network)
  traffic = startTraffic(lab.network)
})

afterAll(async () => {
  await traffic?.stop()
  await ledgers?.close()
  await lab?.remove()
})

/** Lets `fault` happen under traffic and asks everything of what comes of it. */
async function survives(name: string, fault: () => Promise<void>): Promise<void> {
  const sending = traffic.send(name, TRANSFERS, PACE_MILLISECONDS)
  await sleep(500)
  await fault()
  const returned = Date.now()
  await sending
  const sent = Date.now()
  const milliseconds = await converged(ledgers, () => traffic.underWay() === 0, CONVERGED_WITHIN_MILLISECONDS)
  const unanswered = Object.fromEntries(traffic.exchange.unanswered)
  const states = await ledgers.states('alice')
  console.log(
    `${name}: converged ${Date.now() - returned} ms after the return, ${milliseconds} ms after the last call (${sent - returned} ms after the return)`,
    { states, unanswered },
  )
  expect(traffic.surprises).toEqual([])
  expect(await ledgers.violations()).toEqual([])
  sentBefore += TRANSFERS
  expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(sentBefore)
  await streamedOnce()
}

/** Alice's stream was broken and resumed: it told each event once, in order. */
async function streamedOnce(): Promise<void> {
  const [row] = await ledgers.query('alice', 'select count(*)::integer as n from transfer_events')
  for (let waited = 0; traffic.cursors.length < Number(row?.['n']) && waited < 5_000; waited += 50)
    await sleep(50)
  expect(traffic.cursors.length).toBe(Number(row?.['n']))
  expect(new Set(traffic.cursors).size).toBe(traffic.cursors.length)
}

function gateway(vaspId: string): Replica {
  const replica = lab.network.replicas.get(vaspId)?.[0]
  if (replica === undefined) throw new Error(`no gateway of ${vaspId}`)
  return replica
}

describe('both sides agree within 30 s, and nothing is lost or done twice', () => {
  test('when NATS is killed and started again', () =>
    survives('nats-killed', async () => {
      await lab.network.nats.kill9()
      await lab.network.nats.restart()
    }))

  test('when NATS is stopped for some seconds', () =>
    survives('nats-stopped', async () => {
      await lab.network.nats.stop()
      await sleep(3_000)
      await lab.network.nats.restart()
    }))

  test('when NATS loses everything', () => survives('nats-wiped', () => lab.network.nats.wipe()))

  test('when PostgreSQL is restarted', () =>
    survives('postgres-restarted', () => lab.network.postgres.restart()))

  test.each([
    ['the originating VASP', ['alice']],
    ['both beneficiary VASPs', ['bob', 'carol']],
  ])('when the gateways of %s are killed thrice at random moments', (who, vaspIds) =>
    survives(`killed: ${who}`, async () => {
      for (let kill = 0; kill < 3; kill++) {
        await Promise.all(vaspIds.map((id) => gateway(id).kill9()))
        await Promise.all(vaspIds.map((id) => gateway(id).restart()))
        await sleep(100 + Math.random() * 400)
      }
    }),
  )

  test('when the gateway of bob stands still for some seconds', () =>
    survives('bob-paused', async () => {
      gateway('bob').child().pause()
      await sleep(3_000)
      gateway('bob').child().resume()
    }))

  test('when everything fails at once', () =>
    survives('all', async () => {
      await Promise.all([gateway('alice').kill9(), gateway('bob').kill9(), gateway('carol').kill9()])
      await Promise.all([lab.network.nats.kill9(), lab.network.postgres.kill9()])
      await Promise.all([lab.network.nats.wipe(), lab.network.postgres.restart()])
      await Promise.all(['alice', 'bob', 'carol'].map((id) => gateway(id).restart()))
    }))
})
