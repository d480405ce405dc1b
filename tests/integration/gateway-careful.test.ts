/** What a gateway makes of envelopes that nobody honest sends: a stable reason, one security event, and nothing else changed. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pingLetter } from '../../src/app/ping.ts'
import type { PublicKeyRecord } from '../../src/domain/envelope/public-key.ts'
import type { LocalVasp } from '../../src/domain/policy.ts'
import type { JsonValue } from '../../src/domain/strict-json.ts'
import { cardDesk } from '../../src/sealing/card-desk.ts'
import { signCompactJws } from '../../src/sealing/compact-jws.ts'
import { ENVELOPE_TYP, type EnvelopeDraft, envelopeSealer } from '../../src/sealing/envelope-sealer.ts'
import { type FileKeyStore, fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { identityPayload } from '../support/identity.ts'
import { changed, dump } from '../support/tables.ts'
import {
  authorize,
  call,
  introduce,
  POLICY,
  states,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

let world: World
let directory: string
/** A VASP that bob knows as well as alice; it has no gateway, only keys. */
let mallory: FileKeyStore
/** Nobody has pinned these. */
let impostor: FileKeyStore

const DAY = 86_400_000
const HOUR = 3_600

beforeAll(async () => {
  world = await twoGateways({ bob: { inbound: 'ask' } })
  await introduce(world)
  directory = mkdtempSync(join(tmpdir(), 'tamga-test-mallory-'))
  mallory = fileKeyStore(join(directory, 'mallory'))
  impostor = fileKeyStore(join(directory, 'impostor'))
  await mallory.init('mallory', new Date(Date.now() - DAY))
  await impostor.init('alice', new Date(Date.now() - DAY))
  const licence = { regulator: 'TEST', number: '1' }
  const vasp: LocalVasp = {
    id: 'mallory',
    legalName: 'M Ltd.',
    country: 'LU',
    licence,
    contacts: [],
    policy: POLICY,
  }
  const card = await cardDesk(mallory, new Map([['mallory', vasp]])).own('mallory', new Date())
  for (const side of [world.alice, world.bob])
    await side.gateway().counterparties.importCard(call(side.id), card, 'officer')
})
afterAll(async () => {
  await world?.close()
  rmSync(directory, { recursive: true, force: true })
})

async function sealingKey(keys: FileKeyStore, vaspId: string): Promise<PublicKeyRecord> {
  const found = (await keys.publicKeys(vaspId)).find(({ use }) => use === 'enc')
  if (found === undefined) throw new Error('no sealing key')
  return found
}

const seconds = () => Math.floor(world.clock.now().getTime() / 1000)

interface Forged {
  readonly keys?: FileKeyStore
  readonly recipient?: PublicKeyRecord
  readonly draft?: Partial<EnvelopeDraft>
  /** Claims put in place of those that were sealed, signed anew. */
  readonly claims?: object
  /** The key id in the header, when it is not the signer's. */
  readonly kid?: string
}

/** A request by alice to bob, honest but for what is said otherwise. */
async function forge({
  keys = world.alice.keyStore,
  draft = {},
  claims,
  kid,
  recipient,
}: Forged = {}): Promise<string> {
  const whole: EnvelopeDraft = {
    iss: 'alice',
    aud: 'bob',
    jti: randomUUID(),
    iat: seconds(),
    exp: seconds() + HOUR,
    type: 'transfer.request',
    transferId: randomUUID(),
    seq: 1,
    content: request(),
    ...draft,
  }
  const sealer = envelopeSealer({ keyStore: keys, peerKeys: { find: () => undefined }, clock: world.clock })
  const { jws } = await sealer.seal(whole, recipient ?? (await sealingKey(world.bob.keyStore, 'bob')))
  if (claims === undefined && kid === undefined) return jws
  const payload = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
  const signer = (await keys.signingKey(whole.iss, new Date())).kid
  return signCompactJws(ENVELOPE_TYP, kid ?? signer, JSON.stringify({ ...payload, ...claims }), (bytes) =>
    keys.sign(signer, bytes),
  )
}

function request(): JsonValue {
  return {
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
    identity: identityPayload(),
    answer_by: new Date(world.clock.now().getTime() + HOUR * 1000).toISOString(),
  }
}

/** One character of the key's id is another: whatever it was, the id keeps its form. */
function misnamed(jws: string): string {
  const [header = '', ...rest] = jws.split('.')
  const text = Buffer.from(header, 'base64url').toString()
  const other = text.replace(/(?<="kid":")./, (first) => (first === 'A' ? 'B' : 'A'))
  return [Buffer.from(other).toString('base64url'), ...rest].join('.')
}

function altered(jws: string, part: 1 | 2): string {
  const parts = jws.split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  parts[part] = bytes.toString('base64url')
  return parts.join('.')
}

/** Delivers bytes to bob; tells the security events that they caused and the tables that changed besides. */
async function deliver(bytes: string | Uint8Array, sender = 'alice') {
  const { pool } = world.bob.database
  const before = await dump(pool)
  const subject = `tr.v1.bob.${sender}.env`
  const outcome = await world.bob.receive({ vaspId: 'bob', sender, subject, bytes: Buffer.from(bytes) })
  await world.deliver()
  const after = await dump(pool)
  const { rows } = await pool.query('select reason, times from security_events order by id desc')
  const events = rows.slice(0, rows.length - (before.get('security_events')?.length ?? 0))
  return { outcome, events, changed: changed(before, after).filter((table) => table !== 'security_events') }
}

/** By reason: what is not believed at all. */
const NOT_BELIEVED: {
  readonly [name: string]: readonly [reason: string, bytes: () => Promise<string>, sender?: string]
} = {
  junk: ['NOT_COMPACT', async () => 'junk'],
  nothing: ['NOT_COMPACT', async () => ''],
  'an altered key id': ['KEY_UNKNOWN', async () => misnamed(await forge())],
  'an altered payload': ['SIGNATURE', async () => altered(await forge(), 1)],
  'an altered signature': ['SIGNATURE', async () => altered(await forge(), 2)],
  'a key that nobody pinned': ['KEY_UNKNOWN', () => forge({ keys: impostor })],
  'a pinned key that did not sign': [
    'SIGNATURE',
    async () =>
      forge({ keys: impostor, kid: (await world.alice.keyStore.signingKey('alice', new Date())).kid }),
  ],
  'the key of another VASP': [
    'ISSUER',
    () => forge({ keys: mallory, draft: { iss: 'mallory' }, claims: { iss: 'alice' } }),
  ],
  'another addressee': ['AUDIENCE', () => forge({ claims: { aud: 'mallory' } })],
  'another carrier': ['SUBJECT_MISMATCH', () => forge(), 'mallory'],
  'one that has expired': [
    'EXPIRED',
    () => forge({ draft: { iat: seconds() - 2 * HOUR, exp: seconds() - HOUR } }),
  ],
  'one from the future': [
    'FROM_THE_FUTURE',
    () => forge({ draft: { iat: seconds() + 120, exp: seconds() + HOUR } }),
  ],
  'one that lives for ever': ['LIFETIME', () => forge({ claims: { exp: seconds() + 365 * 24 * HOUR } })],
  'one that is too long': ['OVERSIZED', () => forge({ claims: { body: 'A'.repeat(100_000) } })],
  'an unknown claim': ['CLAIMS', () => forge({ claims: { more: 1 } })],
  'no sequence number': ['CLAIMS', () => forge({ claims: { seq: undefined } })],
}

describe.each(Object.entries(NOT_BELIEVED))('an envelope with %s', (_, [reason, bytes, sender]) => {
  test(`is refused as ${reason}, and changes nothing`, async () => {
    const refused = await deliver(await bytes(), sender)
    expect(refused).toEqual({ outcome: 'done', events: [{ reason, times: 1 }], changed: [] })
  })
})

/** Verified, and yet not taken: kept with the receipt that says so. */
const DECLINED: { readonly [name: string]: readonly [reason: string, forged: () => Promise<Forged>] } = {
  'sealed for somebody else': [
    'SEALED_KEY_UNKNOWN',
    async () => {
      const key = await sealingKey(mallory, 'mallory')
      return { recipient: { ...key, vaspId: 'bob' } }
    },
  ],
  'with the digest of another content': ['DIGEST', async () => ({ claims: { digest: 'A'.repeat(43) } })],
  'whose content is not what its type says': ['CLAIMS', async () => ({ draft: { content: { more: 1 } } })],
  'that begins in the middle': ['SEQUENCE', async () => ({ draft: { seq: 2 } })],
  'that asks to be its own counterparty': [
    'NOT_ASKED',
    async () => ({
      draft: {
        type: 'pong',
        inReplyTo: randomUUID(),
        content: { nonce: 'A'.repeat(20), sent_at: new Date().toISOString() },
      },
    }),
  ],
}

describe.each(Object.entries(DECLINED))('an envelope %s', (name, [reason, forged]) => {
  test(`is declined as ${reason}: its sender is told, no transfer knows of it`, async () => {
    const given = await forged()
    const about = name.endsWith('counterparty') ? { transferId: undefined, seq: undefined } : {}
    const draft = Object.fromEntries(
      Object.entries({ ...given.draft, ...about }).filter(([, value]) => value !== undefined),
    )
    const bytes = await (name.endsWith('counterparty') ? pong(draft) : forge({ ...given, draft }))
    const declined = await deliver(bytes)
    expect(declined).toEqual({ outcome: 'done', events: [{ reason, times: 1 }], changed: ['inbox'] })
    const again = await deliver(bytes)
    expect(again).toEqual({ outcome: 'done', events: [], changed: [] })
  })
})

/** About no transfer at all. */
async function pong(draft: Partial<EnvelopeDraft>): Promise<string> {
  const sealer = envelopeSealer({
    keyStore: world.alice.keyStore,
    peerKeys: { find: () => undefined },
    clock: world.clock,
  })
  const { jws } = await sealer.seal(
    {
      iss: 'alice',
      aud: 'bob',
      jti: randomUUID(),
      iat: seconds(),
      exp: seconds() + HOUR,
      type: 'pong',
      ...draft,
    },
    await sealingKey(world.bob.keyStore, 'bob'),
  )
  return jws
}

describe('about a transfer between alice and bob', () => {
  let transferId: string

  beforeAll(async () => {
    transferId = await authorize(world)
    await world.settle()
  })

  const cancel = { reason: 'CUSTOMER_REQUEST', expired: false }

  test('a third VASP that says anything is no party', async () => {
    for (const [type, content, seq] of [
      ['transfer.cancel', cancel, 2],
      ['transfer.request', request(), 1],
      ['transfer.settled', { tx_id: '0xtx' }, 2],
    ] as const) {
      const draft = { iss: 'mallory', type, content, transferId, seq }
      const bytes = await forge({ keys: mallory, draft })
      const declined = await deliver(bytes, 'mallory')
      expect(declined.events).toEqual([{ reason: 'NOT_A_PARTY', times: 1 }])
      expect(declined.changed).toEqual(['inbox'])
    }
  })

  test('a sequence number is used once', async () => {
    for (const [type, content] of [
      ['transfer.cancel', cancel],
      ['transfer.request', request()],
    ] as const) {
      const declined = await deliver(await forge({ draft: { type, content, transferId, seq: 1 } }))
      expect(declined.events).toEqual([{ reason: 'SEQUENCE_REUSED', times: 1 }])
      expect(declined.changed).toEqual(['inbox'])
    }
  })

  test('the same envelope again is no news, and other content under its id is refused', async () => {
    const { rows } = await world.bob.database.pool.query(
      'select envelope, jti from inbox where transfer_id = $1 limit 1',
      [transferId],
    )
    const { rows: first } = await world.alice.database.pool.query(
      'select envelope, jti from outbox where transfer_id = $1',
      [transferId],
    )
    const said = world.said.length
    expect(await deliver(first[0].envelope)).toEqual({ outcome: 'done', events: [], changed: [] })
    // Its sender may not have heard the receipt.
    expect(world.said.slice(said).map(({ kind, receiver }) => [kind, receiver])).toEqual([['rcpt', 'alice']])
    expect(rows.length).toBe(1)
    const other = await forge({ draft: { jti: first[0].jti } })
    expect(await deliver(other)).toEqual({
      outcome: 'done',
      events: [{ reason: 'JTI_REUSED', times: 1 }],
      changed: [],
    })
  })

  /** Alice's receipt for something that bob said under this id. */
  function receiptFor(jti: string, digest = 'A'.repeat(43)): Promise<string> {
    const letter = { from: 'bob', jti, digest, transferId: undefined }
    return world.alice.parts().envelopes.receipt('alice', letter, undefined, world.clock.now())
  }

  test('receipts that travel together are believed one by one', async () => {
    const [one, other] = [await receiptFor(randomUUID()), await receiptFor(randomUUID())]
    const nothing = { outcome: 'done', events: [], changed: [] }
    expect(await deliver(`${one}\n${other}`)).toEqual(nothing)
    const forged = { ...nothing, events: [{ reason: 'SIGNATURE', times: 1 }] }
    expect(await deliver(`${one}\n${altered(other, 2)}`)).toEqual(forged)
    // Envelopes come alone: among receipts one is not even opened.
    const envelope = { ...nothing, events: [{ reason: 'NOT_COMPACT', times: 1 }] }
    expect(await deliver(`${one}\n${await forge()}`)).toEqual(envelope)
    expect(await deliver('\n'.repeat(100))).toEqual({
      ...nothing,
      events: [{ reason: 'OVERSIZED', times: 1 }],
    })
  })

  test('a receipt beside a forged one closes its envelope', async () => {
    const { envelopes, outbox } = world.bob.parts()
    const ping = await envelopes.write(pingLetter(world.bob.parts(), 'bob', 'alice'), world.clock.now())
    await outbox.add('bob', [ping], [])
    const receipt = await receiptFor(ping.jti, ping.digest)
    const delivered = await deliver(`${altered(receipt, 2)}\n${receipt}`)
    expect(delivered).toMatchObject({ events: [{ reason: 'SIGNATURE' }], changed: ['outbox'] })
    const { rows } = await world.bob.database.pool.query('select state from outbox where jti = $1', [
      ping.jti,
    ])
    expect(rows).toEqual([{ state: 'receipted' }])
  })

  test('a flood of one refused message is one row that counts', async () => {
    const bytes = await forge({ keys: impostor })
    await deliver(bytes)
    await deliver(bytes)
    const { rows } = await world.bob.database.pool.query(
      'select times from security_events order by last_at desc limit 1',
    )
    expect(rows).toEqual([{ times: 2 }])
  })

  test.each([
    ['an answer, which is the beneficiary VASP’s to give', 'transfer.answer', { answer: 'accept' }, 'ROLE'],
    ['a settlement before it was accepted', 'transfer.settled', { tx_id: '0xtx' }, 'STATE'],
    [
      'a correction that nobody asked for',
      'transfer.repair',
      { identity: '{}', answer_by: new Date().toISOString() },
      'STATE',
    ],
  ] as const)(
    'a party that says %s is refused, and the transfer stays as it is',
    async (_, type, content, reason) => {
      const { rows } = await world.bob.database.pool.query('select peer_seq from transfers where id = $1', [
        transferId,
      ])
      const draft = { type, content, transferId, seq: rows[0].peer_seq + 1, inReplyTo: randomUUID() }
      const refused = await deliver(await forge({ draft }))
      expect(refused.events).toEqual([{ reason, times: 1 }])
      expect((await states(world, transferId))[1]).toBe('pending')
    },
  )
})

describe('a receipt', () => {
  async function receipted(keys: FileKeyStore, iss: string, change: (digest: string) => string) {
    world.cut = true
    const transferId = await authorize(world)
    world.cut = false
    const { rows } = await world.alice.database.pool.query(
      'select jti, digest from outbox where transfer_id = $1',
      [transferId],
    )
    const sealer = envelopeSealer({ keyStore: keys, peerKeys: { find: () => undefined }, clock: world.clock })
    const { jws } = await sealer.seal({
      iss,
      aud: 'alice',
      jti: randomUUID(),
      iat: seconds(),
      exp: seconds() + HOUR,
      type: 'receipt',
      inReplyTo: rows[0].jti,
      status: 'stored',
      digest: change(rows[0].digest),
      transferId,
    })
    const subject = `tr.v1.alice.${iss}.rcpt`
    await world.alice.receive({ vaspId: 'alice', sender: iss, subject, bytes: Buffer.from(jws) })
    const { rows: after } = await world.alice.database.pool.query(
      'select state from outbox where transfer_id = $1',
      [transferId],
    )
    return after[0].state
  }

  test('closes an outbox row when it is by the receiver and of what was sent', async () => {
    expect(await receipted(world.bob.keyStore, 'bob', (digest) => digest)).toBe('receipted')
  })

  test('closes nothing when another VASP signed it', async () => {
    expect(await receipted(mallory, 'mallory', (digest) => digest)).toBe('waiting')
  })

  test('closes nothing when it is of another content', async () => {
    expect(await receipted(world.bob.keyStore, 'bob', () => 'A'.repeat(43))).toBe('waiting')
  })
})
