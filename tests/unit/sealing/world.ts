/** Three VASPs with real key files, and a clock that a test may set. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type KeyUse, newestValid, type PublicKeyRecord } from '../../../src/domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../../../src/domain/envelope/refusal.ts'
import { type EnvelopeDraft, envelopeSealer } from '../../../src/sealing/envelope-sealer.ts'
import { type FileKeyStoreOptions, fileKeyStore } from '../../../src/sealing/file-key-store.ts'
import { KeyStoreError } from '../../../src/sealing/key-store.ts'

export const NOON = new Date('2026-11-22T12:00:00.000Z')
export const NOON_SECONDS = NOON.getTime() / 1000
export const DAY_SECONDS = 86_400

const directories: string[] = []
afterAll(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true })
})

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-keys-'))
  directories.push(directory)
  return directory
}

export async function aWorld(options: FileKeyStoreOptions = {}) {
  const directory = temporaryDirectory()
  const keyStore = fileKeyStore(directory, options)
  for (const vaspId of ['alice', 'bob', 'carol'])
    await keyStore.init(vaspId, new Date('2026-01-01T00:00:00Z'))
  const clock = { time: NOON, now: () => clock.time }
  const peers = new Map<string, PublicKeyRecord>()
  const pin = async () => {
    for (const vaspId of ['alice', 'bob', 'carol']) {
      for (const key of await keyStore.publicKeys(vaspId)) peers.set(key.kid, key)
    }
  }
  await pin()
  const keyOf = (vaspId: string, use: KeyUse): PublicKeyRecord => {
    const own = [...peers.values()].filter((one) => one.vaspId === vaspId)
    const key = newestValid(own, use, clock.time)
    if (key === undefined) throw new Error(`${vaspId} has no ${use} key`)
    return key
  }
  const sealer = envelopeSealer({ keyStore, peerKeys: { find: (kid) => peers.get(kid) }, clock })
  /** A compact JWS with any header and payload, truly signed by the VASP's key. */
  const forge = async (header: object | string, payload: object | string | Uint8Array, signer = 'alice') => {
    const part = (value: object | string) =>
      Buffer.from(
        value instanceof Uint8Array || typeof value === 'string' ? value : JSON.stringify(value),
      ).toString('base64url')
    const signed = `${part(header)}.${part(payload)}`
    const signature = await keyStore.sign(keyOf(signer, 'sig').kid, Buffer.from(signed))
    return `${signed}.${Buffer.from(signature).toString('base64url')}`
  }
  const header = (changes: object = {}) => ({
    alg: 'Ed25519',
    kid: keyOf('alice', 'sig').kid,
    typ: 'tamga-envelope+jws',
    ...changes,
  })
  return { directory, keyStore, clock, peers, pin, keyOf, sealer, forge, header }
}

export type World = Awaited<ReturnType<typeof aWorld>>

export function aRequest(changes: Partial<EnvelopeDraft> = {}): EnvelopeDraft {
  return {
    iss: 'alice',
    aud: 'bob',
    jti: randomUUID(),
    iat: NOON_SECONDS,
    exp: NOON_SECONDS + DAY_SECONDS,
    type: 'transfer.request',
    transferId: randomUUID(),
    seq: 1,
    content: { originator: 'Айгүл Ñandú', amount: '1.25' },
    ...changes,
  }
}

/** A ping's claims on the wire: the smallest sound payload. */
export function pingClaims(changes: object = {}): Record<string, unknown> {
  return {
    iss: 'alice',
    aud: 'bob',
    jti: randomUUID(),
    iat: NOON_SECONDS,
    exp: NOON_SECONDS + DAY_SECONDS,
    type: 'ping',
    ...changes,
  }
}

/** The reason with which the work was refused; 'accepted' when it was not. Anything else that went wrong comes through. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'accepted'
  } catch (error) {
    if (error instanceof EnvelopeRefusal || error instanceof KeyStoreError) return error.reason
    throw error
  }
}

export const TO_BOB = { audience: 'bob' }

/** A letter from alice to bob. */
export async function sealToBob(world: World, changes: Parameters<typeof aRequest>[0] = {}) {
  return world.sealer.seal(aRequest(changes), world.keyOf('bob', 'enc'))
}
