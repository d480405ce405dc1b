/** Two gateways, begun before the tests of whichever file imports this, and envelopes that nobody honest sends. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import type { PublicKeyRecord } from '../../src/domain/envelope/public-key.ts'
import type { LocalVasp } from '../../src/domain/policy.ts'
import type { JsonValue } from '../../src/domain/strict-json.ts'
import { cardDesk } from '../../src/sealing/card-desk.ts'
import { signCompactJws } from '../../src/sealing/compact-jws.ts'
import { ENVELOPE_TYP, type EnvelopeDraft, envelopeSealer } from '../../src/sealing/envelope-sealer.ts'
import { type FileKeyStore, fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { identityPayload } from './identity.ts'
import { changed, dump } from './tables.ts'
import { call, introduce, POLICY, twoGateways, type World } from './two-gateways.ts'

export let world: World
let directory: string
/** A VASP that bob knows as well as alice; it has no gateway, only keys. */
export let mallory: FileKeyStore
/** Nobody has pinned these. */
export let impostor: FileKeyStore

const DAY = 86_400_000
export const HOUR = 3_600

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

export async function sealingKey(keys: FileKeyStore, vaspId: string): Promise<PublicKeyRecord> {
  const found = (await keys.publicKeys(vaspId)).find(({ use }) => use === 'enc')
  if (found === undefined) throw new Error('no sealing key')
  return found
}

export const seconds = () => Math.floor(world.clock.now().getTime() / 1000)

export interface Forged {
  readonly keys?: FileKeyStore
  readonly recipient?: PublicKeyRecord
  readonly draft?: Partial<EnvelopeDraft>
  /** Claims put in place of those that were sealed, signed anew. */
  readonly claims?: object
  /** The key id in the header, when it is not the signer's. */
  readonly kid?: string
}

/** A request by alice to bob, honest but for what is said otherwise. */
export async function forge({
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

export function request(): JsonValue {
  return {
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
    identity: identityPayload(),
    answer_by: new Date(world.clock.now().getTime() + HOUR * 1000).toISOString(),
  }
}

/** One character of the key's id is another: whatever it was, the id keeps its form. */
export function misnamed(jws: string): string {
  const [header = '', ...rest] = jws.split('.')
  const text = Buffer.from(header, 'base64url').toString()
  const other = text.replace(/(?<="kid":")./, (first) => (first === 'A' ? 'B' : 'A'))
  return [Buffer.from(other).toString('base64url'), ...rest].join('.')
}

export function altered(jws: string, part: 1 | 2): string {
  const parts = jws.split('.')
  const bytes = Buffer.from(parts[part] ?? '', 'base64url')
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  parts[part] = bytes.toString('base64url')
  return parts.join('.')
}

/** Delivers bytes to bob; tells the security events that they caused and the tables that changed besides. */
export async function deliver(bytes: string | Uint8Array, sender = 'alice') {
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
