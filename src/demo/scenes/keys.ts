/** Keys change while messages are under way. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Transfer } from '../../gen/travelrule/v1/common.ts'
import { scene, type Theme } from '../scene.ts'
import type { Stage } from '../stage.ts'
import { converged, DONE, traffic } from '../traffic.ts'

const MAIN = join(import.meta.dirname, '../../main.ts')
/** The shortest that `keys rotate` takes. */
const LEAD_SECONDS = 10
const WAVES = 5

export const keys: Theme = {
  title: 'Keys',
  oneByOne: true,
  scenes: [
    scene({
      title: 'bob’s signing and sealing keys rotated (tamga keys rotate) while transfers are under way',
      expect: {
        'alice was told': 'receipted',
        alice: `60 x ${DONE}`,
        bob: `60 x ${DONE}`,
        'accepted at alice': 'once',
        'made at bob': 'once',
        'bob signed with': 'the old key, then the new one',
        'alice sealed for': 'the old key, then the new one',
      },
      async play(stage) {
        const { alice, network, query } = stage
        const rotation = rotate(network, 'bob')
        const sent: Transfer[] = []
        for (let wave = 0; wave < WAVES; wave++) {
          sent.push(...(await traffic(alice, 12)))
          await sleep((LEAD_SECONDS * 1000) / (WAVES - 1))
        }
        const { fresh, told } = await rotation
        const ids = sent.map(({ transferId }) => transferId)
        return {
          'alice was told': told,
          ...(await converged(stage, sent)),
          'bob signed with': await successionOf(query, 'inbox', ids, fresh),
          'alice sealed for': await successionOf(query, 'outbox', ids, fresh),
        }
      },
    }),
  ],
}

const Rotated = z.object({
  keys: z.array(z.object({ kid: z.string(), not_before: z.string() })),
  counterparties: z.array(z.object({ counterparty: z.string(), state: z.string() })),
})

/** The command, as an operator runs it on bob's host. `fresh` are the new keys, `told` is what alice made of the new card. */
async function rotate(network: Stage['network'], vaspId: string) {
  const startedAt = Date.now()
  const env = network.replicas.get(vaspId)?.[0]?.environment ?? {}
  const args = [MAIN, 'keys', 'rotate', '--vasp', vaspId, '--lead', String(LEAD_SECONDS), '--json']
  // It exits with 1 when a counterparty is away, as the story's strangers may be.
  const { stdout } = await promisify(execFile)(process.execPath, args, { env }).catch((error: unknown) =>
    z.object({ stdout: z.string() }).parse(error),
  )
  const { keys: all, counterparties } = Rotated.parse(JSON.parse(stdout))
  const fresh = all.filter((key) => Date.parse(key.not_before) > startedAt).map(({ kid }) => kid)
  const told = counterparties.find(({ counterparty }) => counterparty === 'alice')?.state ?? 'not told'
  return { fresh: new Set(fresh), told }
}

/** By which keys the messages between alice and bob were signed (inbox) or sealed (outbox), in the order of time. */
async function successionOf(
  query: Stage['query'],
  box: 'inbox' | 'outbox',
  ids: readonly string[],
  fresh: ReadonlySet<string>,
): Promise<string> {
  const time = box === 'inbox' ? 'received_at' : 'created_at'
  const rows = await query(
    'alice',
    `select envelope from ${box} where transfer_id = any($1) order by ${time}`,
    [ids],
  )
  const ages = rows.map(({ envelope }) =>
    fresh.has(kidOf(String(envelope), box)) ? 'the new one' : 'the old key',
  )
  return ages.filter((age, index) => age !== ages[index - 1]).join(', then ')
}

/** The kid of the signature, or of the sealed body inside. */
function kidOf(jws: string, box: 'inbox' | 'outbox'): string {
  const [header = '', payload = ''] = jws.split('.')
  return memberOf(box === 'inbox' ? header : (memberOf(payload, 'body').split('.')[0] ?? ''), 'kid')
}

function memberOf(base64url: string, member: string): string {
  const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString())
  return typeof value === 'object' && value !== null ? String(Reflect.get(value, member)) : ''
}
