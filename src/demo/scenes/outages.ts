/** What breaks while transfers are under way: at the end both sides agree, and nothing is lost or done twice. */
import type { Network } from '../../local/network.ts'
import { within } from '../actor.ts'
import { scene, type Theme } from '../scene.ts'
import type { Stage } from '../stage.ts'
import { converged, DONE, tally, traffic } from '../traffic.ts'

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
        const sent = await sentWithoutBroker(stage)
        return { 'while it is down': tally(sent), ...(await converged(stage, sent)) }
      },
    }),
    broken('NATS wiped, with all that it held, while 30 transfers are under way', ({ network }) =>
      network.nats.wipe(),
    ),
    broken('bob’s gateway killed with SIGKILL while 30 transfers are under way', ({ network }) =>
      killed(network, 'bob'),
    ),
    broken('alice’s gateway killed with SIGKILL while 30 transfers are under way', ({ network }) =>
      killed(network, 'alice'),
    ),
    broken('PostgreSQL killed with SIGKILL while 30 transfers are under way', async ({ network }) => {
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
  ],
}

/** Something breaks a moment after the traffic began, and comes back at once. */
function broken(title: string, breaking: (stage: Stage) => Promise<void>) {
  return scene({
    title,
    expect: {
      alice: `30 x ${DONE}`,
      bob: `30 x ${DONE}`,
      'accepted at alice': 'once',
      'made at bob': 'once',
    },
    async play(stage) {
      const { alice } = stage
      const already = alice.journal.size()
      const sending = traffic(alice, 30)
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
    return await traffic(alice, 12, { waitSeconds: 0 })
  } finally {
    await network.nats.restart()
  }
}

async function killed(network: Network, vaspId: string): Promise<void> {
  const [gateway] = network.replicas.get(vaspId) ?? []
  await gateway?.kill9()
  await gateway?.restart()
}
