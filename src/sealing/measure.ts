/** What one operation of each kind costs on this machine: the ceiling that `tamga bench` compares the gateway with. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonValue } from '../domain/strict-json.ts'
import { signCompactJws } from './compact-jws.ts'
import { ENVELOPE_TYP, type EnvelopeDraft, envelopeSealer } from './envelope-sealer.ts'
import { decryptField, encryptField, newDataKey } from './field-cipher.ts'
import { fileKeyStore } from './file-key-store.ts'

export const PRIMITIVES = ['sign', 'verify', 'seal', 'open', 'encryptField', 'decryptField'] as const
type Primitive = (typeof PRIMITIVES)[number]
export type PrimitiveRates = Record<Primitive, { readonly perSecond: number }>

/** About the size of an IVMS101 payload of two natural persons in JSON. */
const CONTENT_BYTES = 3_000

/**
 * One at a time on the main thread, through the same code as the gateway: `sign` and `verify` are a receipt's, `seal` includes
 * canonicalisation, digest and signature, `open` follows a `verify` and includes the digest.
 */
export async function measurePrimitives(millisecondsEach = 250): Promise<PrimitiveRates> {
  const directory = await mkdtemp(join(tmpdir(), 'tamga-measure-'))
  try {
    return await measureIn(directory, millisecondsEach)
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function measureIn(directory: string, millisecondsEach: number): Promise<PrimitiveRates> {
  const keyStore = fileKeyStore(directory)
  await keyStore.init('alice')
  await keyStore.init('bob')
  const signingKeys = await keyStore.publicKeys('alice')
  const recipient = (await keyStore.publicKeys('bob')).find((key) => key.use === 'enc')
  const peers = new Map(signingKeys.map((key) => [key.kid, key]))
  const clock = { now: () => new Date() }
  const sealer = envelopeSealer({ keyStore, peerKeys: { find: (kid) => peers.get(kid) }, clock })

  const request: EnvelopeDraft = {
    ...envelopeBase(),
    type: 'transfer.request',
    transferId: randomUUID(),
    seq: 1,
    content: content(),
  }
  const receipt: EnvelopeDraft = {
    ...envelopeBase(),
    type: 'receipt',
    inReplyTo: randomUUID(),
    status: 'stored',
  }
  const receiptJws = (await sealer.seal(receipt)).jws
  const requestVerified = await sealer.verify((await sealer.seal(request, recipient)).jws, {
    audience: 'bob',
  })
  const { kid } = await keyStore.signingKey('alice', clock.now())
  const dataKey = newDataKey()
  const place = { table: 'transfers', row: randomUUID(), column: 'identity' }
  const plaintext = JSON.stringify(content())
  const field = encryptField(dataKey, place, plaintext)

  const rate = (work: () => unknown) => perSecond(work, millisecondsEach)
  return {
    sign: await rate(() => signCompactJws(ENVELOPE_TYP, kid, '{}', (bytes) => keyStore.sign(kid, bytes))),
    verify: await rate(() => sealer.verify(receiptJws, { audience: 'bob' })),
    seal: await rate(() => sealer.seal(request, recipient)),
    open: await rate(() => sealer.open(requestVerified)),
    encryptField: await rate(() => encryptField(dataKey, place, plaintext)),
    decryptField: await rate(() => decryptField(dataKey, place, field)),
  }
}

function envelopeBase() {
  const iat = Math.floor(Date.now() / 1000)
  return { iss: 'alice', aud: 'bob', jti: randomUUID(), iat, exp: iat + 86_400 }
}

/** Many short strings, as identity payloads have; the alphabet needs no escapes, as names mostly do not. */
function content(): JsonValue {
  const persons: JsonValue[] = []
  while (JSON.stringify(persons).length < CONTENT_BYTES) {
    persons.push({ primaryIdentifier: `Name ${persons.length}`, nameIdentifierType: 'LEGL', country: 'KZ' })
  }
  return { persons, amount: '1.25', asset: 'eip155:1/slip44:60' }
}

/** The first tenth warms up the compiler and is not counted. */
async function perSecond(work: () => unknown, milliseconds: number): Promise<{ readonly perSecond: number }> {
  await countFor(work, milliseconds / 10)
  const start = performance.now()
  const count = await countFor(work, milliseconds)
  return { perSecond: Math.round((count * 1000) / (performance.now() - start)) }
}

async function countFor(work: () => unknown, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds
  let count = 0
  while (performance.now() < end) {
    await work()
    count += 1
  }
  return count
}
