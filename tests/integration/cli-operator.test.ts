/** The command line against a real network: what operators do with keys, and what the doctor finds. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { command as doctor } from '../../src/cli/doctor.ts'
import { command as inbound } from '../../src/cli/inbound.ts'
import { command as keys } from '../../src/cli/keys.ts'
import { command as transfers } from '../../src/cli/transfers.ts'
import { Decision } from '../../src/gen/travelrule/v1/common.ts'
import { connectAs } from '../../src/local/introduce.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { run } from '../support/cli.ts'
import { ADDRESS, cli, ETHER, network, sendTo } from '../support/cli-network.ts'
import { identityPayload } from '../support/identity.ts'

const Keys = z.object({
  keys: z.array(
    z.object({ kid: z.string(), use: z.string(), state: z.string(), not_before: z.coerce.date() }),
  ),
})

/** The environment of a VASP's gateway, as its operator has it on its host. */
function environmentOf(vasp: string): NodeJS.ProcessEnv {
  const at = (...parts: string[]) => join(network.directory, ...parts)
  return {
    TAMGA_MODE: 'sandbox',
    TAMGA_DATABASE_URL_FILE: at(vasp, 'database-url'),
    TAMGA_VASPS_FILE: at(vasp, 'vasps.json'),
    TAMGA_KEYS_DIRECTORY: at(vasp, 'keys'),
    TAMGA_TRUST_DOMAIN: 'tamga.local',
    TAMGA_GRPC_CERT_FILE: at('certs', `${vasp}-grpc.pem`),
    TAMGA_GRPC_KEY_FILE: at('certs', `${vasp}-grpc.key`),
    TAMGA_GRPC_CA_FILE: network.profile(vasp, 'integrator').ca,
    TAMGA_NATS_SERVERS: network.nats.url,
    TAMGA_NATS_CA_FILE: network.natsCa,
  }
}

async function query(vasp: string, sql: string, values: readonly unknown[] = []): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: network.databaseUrl(vasp) })
  await client.connect()
  try {
    return (await client.query({ text: sql, values: [...values], rowMode: 'array' })).rows
  } finally {
    await client.end()
  }
}

describe('keys rotate', () => {
  it('replaces the signing and the sealing key under traffic without losing or refusing anything', async () => {
    const exchange = connectAs(network.profile('alice', 'integrator'))
    const before = (await run(keys, ['--json'], environmentOf('alice'))).answer(Keys).keys
    const decisions: Promise<Decision | undefined>[] = []
    const authorize = async () => {
      const { transfer } = await exchange.transfers.authorizeTransfer(
        {
          requestId: randomUUID(),
          asset: ETHER,
          amount: '1.5',
          destination: ADDRESS,
          fiatValue: { amount: '4200.00', currency: 'USD' },
          counterparty: { vaspId: 'bob' },
          identity: { ivms101: identityPayload() },
          wait: { seconds: 30n },
        },
        { deadlineMs: 40_000 },
      )
      return transfer?.decision
    }
    const traffic = setInterval(() => decisions.push(authorize()), 150)
    try {
      const rotated = await run(
        keys,
        ['rotate', '--vasp', 'alice', '--lead', '10', '--overlap', '3600', '--json'],
        environmentOf('alice'),
      )
      expect(rotated.exit).toBe(0)
      const answer = rotated.json()
      expect(answer['counterparties']).toEqual([
        { counterparty: 'bob', state: 'receipted' },
        { counterparty: 'carol', state: 'receipted' },
      ])
      const made = rotated.answer(Keys).keys.filter(({ kid }) => before.every((key) => key.kid !== kid))
      expect(made.map(({ use, state }) => `${use} ${state}`).toSorted()).toEqual(['enc coming', 'sig coming'])
      const twice = run(keys, ['rotate', '--vasp', 'alice'], environmentOf('alice'))
      await expect(twice).rejects.toThrow(/takes over at .*keys announce/)

      const from = made[0]?.not_before ?? new Date(0)
      await new Promise((resolve) => setTimeout(resolve, from.getTime() - Date.now() + 3_000))
      clearInterval(traffic)
      const decided = await Promise.all(decisions)
      expect(decided.length).toBeGreaterThan(50)
      expect(decided.filter((decision) => decision !== Decision.PROCEED)).toEqual([])

      const pinned = await query('bob', `select kid from counterparty_keys where counterparty_id = 'alice'`)
      expect(pinned.flat()).toEqual(expect.arrayContaining(made.map(({ kid }) => kid)))
      const kidOf = (use: string) => made.find((key) => key.use === use)?.kid
      // Who signed and who was sealed for, before and after the new keys took over.
      expect(await signers('alice', from)).toEqual({ before: [false], after: [true] })
      expect(await sealedFor('bob', from)).toEqual({ before: [false], after: [true] })

      async function signers(vasp: string, at: Date) {
        return bySide(vasp, at, (envelope) => partOf(envelope, 0).kid === kidOf('sig'))
      }
      async function sealedFor(vasp: string, at: Date) {
        return bySide(vasp, at, (envelope) => partOf(partOf(envelope, 1).body, 0).kid === kidOf('enc'))
      }
      for (const vasp of ['alice', 'bob', 'carol']) {
        expect(await query(vasp, `select jti, type, state from outbox where state = 'refused'`)).toEqual([])
        expect(await query(vasp, 'select reason, claimed_sender from security_events')).toEqual([])
      }
    } finally {
      clearInterval(traffic)
      await Promise.allSettled(decisions)
      exchange.close()
    }
  }, 90_000)

  it('reaches a counterparty that was away when it comes back, and what was signed meanwhile is taken too', async () => {
    const [carol] = network.replicas.get('carol') ?? []
    await new Promise((resolve) => setTimeout(resolve, 500))
    await carol?.kill9()
    const args = ['rotate', '--vasp', 'alice', '--use', 'sig', '--lead', '10']
    const rotated = await run(keys, args, environmentOf('alice'))
    expect(rotated.exit).toBe(1)
    expect(rotated.out.join('\n')).toMatch(/bob {2}has it\ncarol {2}has not receipted it yet/)
    const sent = (await sendTo('carol', '--json')).json()
    await carol?.restart()
    const id = String(sent['transfer_id'])
    await expect
      .poll(() => cli(inbound, 'carol', 'accept', id), { timeout: 60_000, interval: 500 })
      .toMatchObject({ exit: 0 })
    await expect.poll(async () => (await cli(transfers, 'alice', 'get', id)).out[0]).toContain('PROCEED')
    expect(
      await query('alice', `select receiver from outbox where type = 'card' and state <> 'receipted'`),
    ).toEqual([])
  }, 120_000)
})

describe('keys announce', () => {
  it('mends a rotation that was cut short: the card goes out under a key that the others know', async () => {
    const store = fileKeyStore(join(network.directory, 'alice/keys'))
    await store.rotate('alice', 'sig', { at: new Date(), leadSeconds: 0, overlapSeconds: 3_600 })
    // Until every gateway has read the new key and another second's card would be newer.
    await new Promise((resolve) => setTimeout(resolve, 2_100))
    const announced = await run(keys, ['announce', '--vasp', 'alice'], environmentOf('alice'))
    expect(announced.out).toEqual(['bob  has it', 'carol  has it'])
    expect(announced.exit).toBe(0)
    expect(await sendTo('bob', '--wait', '20')).toMatchObject({ exit: 0 })
  })
})

describe('doctor', () => {
  it('finds nothing to do in a sound deployment, and names each thing that is wrong in another', async () => {
    const well = await run(doctor, ['--json'], environmentOf('bob'))
    expect(well.json()).toMatchObject({ healthy: true, findings: [], unseen: [] })
    expect(well.exit).toBe(0)

    const ill = environmentOf('bob')
    await query(
      'bob',
      `update counterparty_proofs set expires_at = now() + interval '3 days' where kind = 'licence'`,
    )
    const newest = '(select max(name) from migrations)'
    const [gone] = await query('bob', `delete from migrations where name = ${newest} returning name`)
    const behind = await run(doctor, [], { ...ill, TAMGA_NATS_SERVERS: 'tls://127.0.0.1:9' })
    expect(behind.exit).toBe(2)
    expect(behind.out.join('\n')).toMatch(/NATS_UNREACHABLE {2}bob[^]*SCHEMA_BEHIND[^]*tamga migrate/)
    await query('bob', 'insert into migrations (name) values ($1)', gone)
    const lapsing = await run(doctor, ['--json'], ill)
    expect(lapsing.exit).toBe(1)
    expect(lapsing.json()['findings']).toContainEqual({
      code: 'PROOF_LAPSING',
      subject: 'bob',
      message: expect.stringMatching(/licence proof of alice ends in [23] day/),
    })
  })
})

const Envelope = z.object({
  kid: z.string().optional(),
  iat: z.number().default(0),
  body: z.string().default(''),
})

/** Part 0 of a compact JWS or JWE is its header, part 1 of a JWS its claims. */
function partOf(token: string, part: 0 | 1) {
  return Envelope.parse(JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString()))
}

/** What `test` says of a VASP's messages about transfers between alice and bob, before and after a moment. */
async function bySide(vasp: string, at: Date, test: (envelope: string) => boolean) {
  const rows = await query(
    vasp,
    `select envelope from outbox where type like 'transfer.%' and receiver in ('alice', 'bob') and created_at > $1`,
    [new Date(at.getTime() - 10_000)],
  )
  const seconds = Math.floor(at.getTime() / 1000)
  const envelopes = rows.map(([envelope]) => String(envelope))
  const iat = (envelope: string) => partOf(envelope, 1).iat
  const verdicts = (some: readonly string[]) => [...new Set(some.map(test))]
  return {
    before: verdicts(envelopes.filter((envelope) => iat(envelope) < seconds)),
    after: verdicts(envelopes.filter((envelope) => iat(envelope) >= seconds)),
  }
}
