/** What breaks while transfers are under way: at the end both sides agree, and nothing is lost or done twice. */

import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cardOf } from '../../local/introduce.ts'
import type { Network } from '../../local/network.ts'
import { fileKeyStore } from '../../sealing/file-key-store.ts'
import { OFFICER, within } from '../actor.ts'
import { scene, type Theme } from '../scene.ts'
import type { Stage } from '../stage.ts'
import { allReach, eachSees, tally, traffic } from '../traffic.ts'

const DONE = 'ACCEPTED, PROCEED'

export const outages: Theme = {
  title: 'Outages while transfers are under way',
  oneByOne: true,
  scenes: [
    scene({
      title: 'NATS stopped while 12 transfers are sent, and started again',
      expect: {
        'while it is down': '12 x PENDING, WAIT',
        alice: `12 x ${DONE}`,
        bob: `12 x ${DONE}`,
        'accepted at alice': 'once',
        'made at bob': 'once',
      },
      async play(stage) {
        const { ids, statuses } = await sentWithoutBroker(stage)
        return { 'while it is down': statuses, ...(await converged(stage, ids)) }
      },
    }),
    broken('NATS wiped, with all that it held, while 40 transfers are under way', ({ network }) =>
      network.nats.wipe(),
    ),
    broken('bob’s gateway killed with SIGKILL while 40 transfers are under way', ({ network }) =>
      killed(network, 'bob'),
    ),
    broken('alice’s gateway killed with SIGKILL while 40 transfers are under way', ({ network }) =>
      killed(network, 'alice'),
    ),
    broken('PostgreSQL killed with SIGKILL while 40 transfers are under way', async ({ network }) => {
      await network.postgres.kill9()
      await network.postgres.restart()
    }),
    scene({
      title: 'after all this: alice’s event stream, resumed by cursor after every break',
      expect: { 'events missed': 0, 'events repeated': 0 },
      async play({ alice, query }) {
        const stored = async () => {
          const [row] = await query(
            'alice',
            `select count(*)::int as n from transfer_events where vasp_id = 'alice'`,
          )
          return Number(row?.['n'])
        }
        await within(async () => alice.journal.size() === (await stored()))
        return {
          'events missed': (await stored()) - alice.journal.size(),
          'events repeated': alice.journal.repeats(),
        }
      },
    }),
    scene({
      title: 'bob’s signing and sealing keys rotated while transfers are under way',
      expect: {
        alice: `60 x ${DONE}`,
        bob: `60 x ${DONE}`,
        'bob signed with': 'the old key, then the new one',
        'alice sealed for': 'the old key, then the new one',
      },
      async play(stage) {
        const { alice, network, query } = stage
        const keys = fileKeyStore(join(network.directory, 'bob', 'keys'), { reloadMilliseconds: 0 })
        const old = new Set((await keys.publicKeys('bob')).map(({ kid }) => kid))
        const before = await traffic(alice, 20)
        const rotation = { at: new Date(), leadSeconds: 3, overlapSeconds: 600 }
        for (const use of ['sig', 'enc'] as const) await keys.rotate('bob', use, rotation)
        const during = traffic(alice, 20)
        await spreadCard(stage, 'bob')
        await sleep(3_500 - (Date.now() - rotation.at.getTime()))
        const ids = [...before, ...(await during), ...(await traffic(alice, 20))]
        const { alice: atAlice, bob: atBob } = await converged(stage, ids)
        return {
          alice: atAlice,
          bob: atBob,
          'bob signed with': await successionOf(query, 'inbox', ids, old),
          'alice sealed for': await successionOf(query, 'outbox', ids, old),
        }
      },
    }),
  ],
}

/** Something breaks a moment after the traffic began, and comes back at once. */
function broken(title: string, breaking: (stage: Stage) => Promise<void>) {
  return scene({
    title,
    expect: {
      alice: `40 x ${DONE}`,
      bob: `40 x ${DONE}`,
      'accepted at alice': 'once',
      'made at bob': 'once',
    },
    async play(stage) {
      const { alice } = stage
      const already = alice.journal.size()
      const sending = traffic(alice, 40)
      await within(async () => alice.journal.size() > already + 20)
      await breaking(stage)
      return converged(stage, await sending)
    },
  })
}

/** NATS is back at the end, whatever happened. */
async function sentWithoutBroker({ alice, network }: Stage) {
  await network.nats.stop()
  try {
    const ids = await traffic(alice, 12, { waitSeconds: 0 })
    return { ids, statuses: await tally(alice, ids) }
  } finally {
    await network.nats.restart()
  }
}

async function killed(network: Network, vaspId: string): Promise<void> {
  const [gateway] = network.replicas.get(vaspId) ?? []
  await gateway?.kill9()
  await gateway?.restart()
}

async function converged({ alice, bob }: Stage, ids: readonly string[]) {
  return {
    alice: await allReach(alice, ids, DONE),
    bob: await allReach(bob, ids, DONE),
    'accepted at alice': await eachSees(alice, ids, 'accepted'),
    'made at bob': await eachSees(bob, ids, 'created'),
  }
}

/** Everybody takes the newest card of a VASP, as they would from its message. */
async function spreadCard({ network, alice, hasty, robot, mallory }: Stage, vaspId: string): Promise<void> {
  // Its gateway looks at its keys every second.
  await sleep(1_200)
  const card = await cardOf(network, vaspId)
  for (const { officer } of [alice, hasty])
    await officer.counterparties.importCounterparty({ requestId: randomUUID(), card, person: OFFICER })
  for (const one of [robot, mallory]) await one.meet(card)
}

/** By which keys the messages between alice and bob were signed (inbox) or sealed (outbox), in the order of time. */
async function successionOf(
  query: Stage['query'],
  box: 'inbox' | 'outbox',
  ids: readonly string[],
  old: ReadonlySet<string>,
): Promise<string> {
  const time = box === 'inbox' ? 'received_at' : 'created_at'
  const rows = await query(
    'alice',
    `select envelope from ${box} where transfer_id = any($1) order by ${time}`,
    [ids],
  )
  const ages = rows.map(({ envelope }) =>
    old.has(kidOf(String(envelope), box)) ? 'the old key' : 'the new one',
  )
  return ages.filter((age, index) => age !== ages[index - 1]).join(', then ')
}

/** The kid of the signature, or of the sealed body inside. */
function kidOf(jws: string, box: 'inbox' | 'outbox'): string {
  const [header = '', payload = ''] = jws.split('.')
  if (box === 'inbox') return part(header, 'kid')
  return part(part(payload, 'body').split('.')[0] ?? '', 'kid')
}

function part(base64url: string, member: string): string {
  const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString())
  return typeof value === 'object' && value !== null ? String(Reflect.get(value, member)) : ''
}
