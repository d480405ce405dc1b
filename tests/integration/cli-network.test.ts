/** The command line against a real network: alice sends; bob accepts by policy; carol's back office decides; dave is a stranger to alice. */
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { command as assess } from '../../src/cli/assess.ts'
import type { Command } from '../../src/cli/command.ts'
import { command as counterparty } from '../../src/cli/counterparty.ts'
import { command as doctor } from '../../src/cli/doctor.ts'
import { command as holds } from '../../src/cli/holds.ts'
import { command as inbound } from '../../src/cli/inbound.ts'
import { command as keys } from '../../src/cli/keys.ts'
import { command as reject } from '../../src/cli/reject.ts'
import { command as release } from '../../src/cli/release.ts'
import { command as send } from '../../src/cli/send.ts'
import { command as transfers } from '../../src/cli/transfers.ts'
import { command as watch } from '../../src/cli/watch.ts'
import { writeProfiles } from '../../src/demo/profiles.ts'
import { Decision } from '../../src/gen/travelrule/v1/common.ts'
import { connectAs } from '../../src/local/introduce.ts'
import type { Network } from '../../src/local/network.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { run } from '../support/cli.ts'
import { identityPayload } from '../support/identity.ts'
import { LAB_VASPS, type Lab, startLab } from '../support/lab.ts'

const TAMGA = join(import.meta.dirname, '../../bin/tamga')
const ETHER = 'eip155:1/slip44:60'
const ADDRESS = 'eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb'
const OFFICER = ['--person', 'officer@alice.example']

const Holds = z.object({ holds: z.array(z.object({ hold_id: z.string() })) })
const Keys = z.object({
  keys: z.array(
    z.object({ kid: z.string(), use: z.string(), state: z.string(), not_before: z.coerce.date() }),
  ),
})

let lab: Lab
let network: Network
let identity = ''

beforeAll(async () => {
  lab = await startLab(LAB_VASPS)
  network = lab.network
  writeProfiles(network)
  identity = join(network.directory, 'identity.json')
  writeFileSync(identity, identityPayload())
}, 120_000)

afterAll(() => lab?.remove(), 60_000)

function cli(command: Command, as: string, ...args: readonly string[]) {
  return run(command, [...args, '--as', as, '--data', network.directory])
}

/** Asks leave as alice's exchange. */
function sendTo(vasp: string, ...args: readonly string[]) {
  const about = ['--asset', ETHER, '--amount', '1.5', '--destination', ADDRESS, '--identity', identity]
  return cli(send, 'alice', ...about, '--fiat', '4200.00 USD', '--counterparty', vasp, ...args)
}

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

describe('an exchange in a shell', () => {
  it('sends, is told to proceed, redeems the permit, settles, and sees all of it in the stream', async () => {
    const sent = await sendTo('bob', '--wait', '20', '--json', '--request-id', 'shell-1')
    expect(sent.err).toEqual([])
    const transfer = sent.json()
    expect(transfer).toMatchObject({ decision: 'PROCEED', state: 'ACCEPTED', holds: [], vasp_id: 'alice' })
    expect(sent.exit).toBe(0)
    const id = String(transfer['transfer_id'])

    const again = await sendTo('bob', '--wait', '20', '--json', '--request-id', 'shell-1')
    expect(again.json()['transfer_id']).toBe(id)

    const wrong = ['--asset', ETHER, '--amount', '1.6', '--destination', ADDRESS]
    const refused = await cli(transfers, 'alice', 'redeem', String(transfer['permit']), ...wrong)
    expect(refused.exit).toBe(1)
    expect(refused.err[0]).toContain('PERMIT_MISMATCH')

    const right = ['--asset', ETHER, '--amount', '1.5', '--destination', ADDRESS]
    expect(await cli(transfers, 'alice', 'redeem', String(transfer['permit']), ...right)).toMatchObject({
      exit: 0,
    })
    const settled = await cli(transfers, 'alice', 'settle', id, '--tx', `0x${'ab'.repeat(32)}`)
    expect(settled.out[1]).toContain('COMPLETED')

    const seen = await cli(watch, 'alice', '--cursor', 'start', '--count', '1', '--json')
    const first = seen.json()
    const next = await cli(watch, 'alice', '--cursor', String(first['cursor']), '--count', '2')
    expect(first).toMatchObject({ event: 'created', transfer: { transfer_id: id } })
    expect(next.out).toHaveLength(2)
    expect(next.out.join('\n')).toContain(id)
    const listed = await cli(transfers, 'alice', '--state', 'completed', '--json')
    expect(listed.json()['transfers']).toMatchObject([{ transfer_id: id }])
  })

  it('never exits 0 for what must wait, and shows what is awaited', async () => {
    const sent = await sendTo('carol')
    expect(sent.exit).toBe(1)
    expect(sent.out[0]).toMatch(/^WAIT {2}transfer [0-9a-f-]{36}$/)
    expect(sent.out.join('\n')).toMatch(/next +carol decides/)
    const id = sent.out[0]?.split(' ').at(-1) ?? ''
    const cancelled = await cli(transfers, 'alice', 'cancel', id, '--reason', 'CUSTOMER_REQUEST')
    expect(cancelled.out[0]).toBe(`STOP  transfer ${id}`)
    expect(cancelled.out.join('\n')).toContain('do not broadcast')
  })

  it('names every wrong field of its own message', async () => {
    const sent = await sendTo('bob', '--amount', '1,5', '--destination', 'nowhere')
    expect(sent.exit).toBe(1)
    expect(sent.err[0]).toContain('REQUEST_INVALID')
    expect(sent.err.slice(1).map((line) => line.trim().split(':')[0])).toEqual(['amount', 'destination'])
    const json = (await sendTo('bob', '--amount', '1,5', '--json')).json()
    expect(json).toMatchObject({ error: { reason: 'REQUEST_INVALID', fields: [{ field: 'amount' }] } })
  })

  it('assesses without any effect', async () => {
    const args = ['--asset', ETHER, '--amount', '0.001', '--fiat', '3 USD', '--counterparty', 'bob']
    expect(await cli(assess, 'alice', ...args)).toMatchObject({ exit: 0 })
    expect((await cli(assess, 'alice', ...args, '--json')).json()).toMatchObject({ verdict: 'NOT_REQUIRED' })
  })

  it('is refused what its role may not do', async () => {
    const ran = await cli(holds, 'alice/integrator', 'list')
    expect(ran.exit).toBe(1)
    expect(ran.err[0]).toContain('CALLER_DENIED')
  })
})

describe("carol's back office in a shell", () => {
  it('watches without printing the parties, asks for a repair, and accepts what comes back', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    let seen = ''
    let cursor = 'start'
    while (!seen.includes(id)) {
      const ran = await cli(inbound, 'carol', '--cursor', cursor, '--count', '1', '--json')
      cursor = String(ran.json()['cursor'])
      seen += ran.out.join('')
    }
    expect(seen).not.toMatch(/Okafor|Tanaka|ivms101/)

    const field = '/originator/originatorPerson/0/accountNumber/0:ACCOUNT_UNKNOWN:check the account: number'
    expect(await cli(inbound, 'carol', 'repair', id, '--field', field)).toMatchObject({ exit: 0 })
    await expect.poll(async () => (await cli(transfers, 'alice', 'get', id)).out[1]).toContain('REPAIR')
    const asked = await cli(transfers, 'alice', 'get', id)
    expect(asked.out.join('\n')).toContain('check the account: number (ACCOUNT_UNKNOWN)')

    await cli(transfers, 'alice', 'repair', id, '--identity', identity)
    await expect
      .poll(() => cli(inbound, 'carol', 'accept', id, '--held', identity))
      .toMatchObject({ exit: 0 })
    await expect.poll(async () => (await cli(transfers, 'alice', 'get', id)).out[0]).toContain('PROCEED')
  })

  it('rejects with a code that the other side is told', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    await expect
      .poll(() => cli(inbound, 'carol', 'reject', id, '--code', 'NAME_UNKNOWN'))
      .toMatchObject({ exit: 0 })
    await expect
      .poll(async () => (await cli(transfers, 'alice', 'get', id)).out.join())
      .toContain('NAME_UNKNOWN')
  })
})

describe('an officer in a shell', () => {
  it('suspends, sees why a transfer is held and what to do, reinstates, and the transfer goes on', async () => {
    const suspended = await cli(
      counterparty,
      'alice',
      'suspend',
      'bob',
      '--reason',
      'REGISTER_CHANGE',
      ...OFFICER,
    )
    expect(suspended.out[0]).toMatch(/^SUSPENDED {2}bob/)
    const sent = await sendTo('bob')
    expect(sent.exit).toBe(1)
    expect(sent.out.join('\n')).toMatch(/COUNTERPARTY_SUSPENDED[^]*tamga counterparty reinstate/)
    await cli(counterparty, 'alice', 'reinstate', 'bob', ...OFFICER)
    const id = sent.out[0]?.split(' ').at(-1) ?? ''
    await expect.poll(async () => (await cli(transfers, 'alice', 'get', id)).out[0]).toContain('PROCEED')
  })

  it('holds a transfer, releases it as it was seen, and cannot release what has changed since', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    const why = ['--reason', 'SUSPICION', '--note', 'look again']
    await cli(holds, 'alice', 'open', id, ...OFFICER, ...why)
    const [held] = (await cli(holds, 'alice', '--reason', 'manual', '--json')).answer(Holds).holds
    const holdId = held?.hold_id ?? ''
    const looked = (await cli(holds, 'alice', 'get', holdId, '--json')).json()
    await cli(holds, 'alice', 'comment', holdId, ...OFFICER, '--text', 'asked the customer')

    const decision = ['--reason', 'FALSE_POSITIVE', '--note', 'seen the contract', ...OFFICER]
    const stale = await cli(release, 'alice', holdId, ...decision, '--seen', String(looked['seen_hash']))
    expect(stale.exit).toBe(1)
    expect(stale.err.join('\n')).toContain(`look again with: tamga holds get ${holdId}`)

    const released = await cli(release, 'alice', holdId, ...decision)
    expect(released.exit).toBe(0)
    expect(released.out.join('\n')).toMatch(
      /asked the customer[^]*seen hash[^]*RELEASED by officer@alice.example/,
    )
    const twice = await cli(release, 'alice', holdId, ...decision)
    expect(twice).toMatchObject({ exit: 1, err: [expect.stringContaining('HOLD_ENDED')] })
  })

  it('rejects a held transfer, and both sides see it ended', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    await cli(holds, 'alice', 'open', id, ...OFFICER, '--reason', 'SUSPICION', '--note', 'n')
    const [hold] = (await cli(transfers, 'alice/console', 'get', id, '--json')).answer(Holds).holds
    const decision = ['--reason', 'COMPLIANCE_CHECK_FAIL', '--note', 'confirmed', ...OFFICER]
    const rejected = await cli(reject, 'alice', hold?.hold_id ?? '', ...decision, '--json')
    expect(rejected).toMatchObject({ exit: 0 })
    expect(rejected.json()).toMatchObject({ result: 'REJECTED', transfer: { decision: 'STOP' } })
    await expect.poll(async () => (await cli(transfers, 'carol', 'get', id)).out[0]).toContain('STOP')
  })

  it('fetches a card, imports it with its thumbprints shown, and verifies its owner', async () => {
    const fetched = await cli(counterparty, 'carol', 'card')
    const file = join(network.directory, 'carol.card')
    writeFileSync(file, `${fetched.out.join('\n')}\n`)
    const imported = await cli(counterparty, 'alice', 'import', file, ...OFFICER)
    expect(imported.err.join()).toContain('by another channel')
    expect(imported.out.join('\n')).toMatch(/key +[A-Za-z0-9_-]{43} {2}sig/)

    const proofs = ['--licence', 'CSSF register', '--due-diligence', 'questionnaire 7']
    const lasting = ['--expires', new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10)]
    const verified = await cli(counterparty, 'alice', 'verify', 'carol', ...proofs, ...lasting, ...OFFICER)
    expect(verified.exit).toBe(0)
    expect(verified.out[0]).toMatch(/^VERIFIED {2}carol/)
    const all = (await cli(counterparty, 'alice', 'list', '--json')).json()
    expect(all['counterparties']).toMatchObject([
      { vasp_id: 'bob' },
      { vasp_id: 'carol', verdict: 'VERIFIED' },
    ])
    const unknown = await cli(counterparty, 'alice', 'get', 'nobody')
    expect(unknown).toMatchObject({ exit: 1, err: [expect.stringContaining('COUNTERPARTY_NOT_FOUND')] })
  })

  it('is looked up, questioned, limited and reported on', async () => {
    const found = (await cli(counterparty, 'alice', 'lookup', '--counterparty', 'carol', '--json')).json()
    expect(found).toMatchObject({ counterparty: { vasp_id: 'carol' }, confidence: 'HIGH' })
    const nobody = await cli(counterparty, 'alice', 'lookup', '--domain', 'example.com')
    expect([nobody.exit, nobody.err.join()]).toEqual([1, expect.stringContaining('COUNTERPARTY_NOT_FOUND')])
    const file = join(network.directory, 'answers.json')
    writeFileSync(file, JSON.stringify({ shell_vasp: 'perhaps' }))
    const wrong = await cli(counterparty, 'alice', 'questionnaire', 'carol', file, ...OFFICER)
    expect([wrong.exit, wrong.err.join()]).toEqual([1, expect.stringContaining('answers.shell_vasp')])
    writeFileSync(
      file,
      JSON.stringify({
        primary_national_jurisdiction: 'DE',
        primary_regulator: 'BaFin',
        shell_vasp: 'no',
        must_comply_travel_rule: 'yes',
        safeguards_pii: 'yes',
        conducts_customer_kyc: 'yes',
        sanctions_screening: 'yes',
        has_required_regulatory_program: 'yes',
        anonymity_enhanced_assets: 'no',
      }),
    )
    const answered = await cli(counterparty, 'alice', 'questionnaire', 'carol', file, '--json', ...OFFICER)
    expect(answered.json()).toMatchObject({
      risk: { level: 'LOW' },
      questionnaire: { answers: { shell_vasp: 'no' } },
    })
    const because = ['--reason', 'REVIEWED', ...OFFICER]
    const limited = await cli(
      counterparty,
      'alice',
      'terms',
      'carol',
      '--per-transfer',
      '100 USD',
      ...because,
    )
    expect([limited.exit, limited.out.join()]).toEqual([0, expect.stringContaining('100 USD a transfer')])
    const held = await sendTo('carol')
    expect([held.exit, held.out.join()]).toEqual([
      1,
      expect.stringContaining('the limit for one transfer is 100 USD'),
    ])
    expect((await cli(counterparty, 'alice', 'terms', 'carol', ...because)).exit).toBe(0)
    const tasks = await cli(counterparty, 'alice', 'tasks')
    expect([tasks.exit, tasks.out]).toEqual([0, ['nothing to decide about counterparties']])
    // More than 400 days are no period.
    expect((await cli(counterparty, 'alice', 'report', 'bob', '--from', '2020-01-01')).exit).toBe(1)
    const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    const pack = (await cli(counterparty, 'alice', 'report', 'bob', '--from', from, '--json')).json()
    expect(pack).toMatchObject({
      format: 'tamga-counterparty-report/1',
      counterparty: { vasp_id: 'bob' },
      figures: expect.arrayContaining([
        expect.objectContaining({ name: 'outbound_sent', unit: 'transfers' }),
      ]),
    })
    const csv = await cli(counterparty, 'alice', 'report', 'bob', '--from', from, '--csv')
    expect(csv.out[0]).toBe('reporter,counterparty,lei,from,to,what,name,value,unit,definition')
  })
})

describe('the launcher', () => {
  it('ends a watch at Ctrl-C without a complaint, saying how to resume', async () => {
    const args = ['watch', '--cursor', 'start', '--as', 'alice', '--data', network.directory]
    const child = spawn(TAMGA, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const complaint: string[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => complaint.push(text))
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await closed).toEqual([0, null])
    expect(complaint.join('')).toMatch(/^resume with: tamga watch --cursor \S+\n$/)
  })

  it('says in one sentence where no gateway answers, and exits 2', async () => {
    const { ca, cert, key } = network.profile('alice', 'integrator')
    const args = ['transfers', '--address', '127.0.0.1:9', '--ca', ca, '--cert', cert, '--key', key]
    const failed = await promisify(execFile)(TAMGA, args).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 2, stdout: '' })
    expect(failed).toHaveProperty(
      'stderr',
      expect.stringContaining('no connection to the gateway at 127.0.0.1:9'),
    )
  })
})

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
