/** One suite that every key store passes: keys in files, in a PKCS#11 token (SoftHSM2), and in Vault's Transit engine. */
import { diffieHellman, generateKeyPairSync, verify } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Custody } from '../../src/sealing/custody.ts'
import { type FileKeyStore, fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { KeyStoreError, wrappedBy } from '../../src/sealing/key-store.ts'
import { publicKeyObject, thumbprint } from '../../src/sealing/keys.ts'
import { pkcs11Custody } from '../../src/sealing/pkcs11-custody.ts'
import { vaultCustody } from '../../src/sealing/vault-custody.ts'
import { softToken } from '../support/softhsm.ts'
import { startVault } from '../support/vault-server.ts'

const token = softToken()
const vault = await startVault()
const root = mkdtempSync(join(tmpdir(), 'tamga-test-key-stores-'))
afterAll(async () => {
  await vault.close()
  token?.remove()
  rmSync(root, { recursive: true, force: true })
})

const settings = { address: vault.address, mount: 'transit', token: () => vault.token }
const CUSTODIES: Readonly<Record<string, (() => Custody) | undefined>> = {
  file: undefined,
  vault: () => vaultCustody(settings),
  ...(token && { pkcs11: () => pkcs11Custody(token) }),
}
const YESTERDAY = new Date(Date.now() - 86_400_000)
const data = Buffer.alloc(32, 7)
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof KeyStoreError ? error.reason : String(error)),
  )

describe.each(Object.entries(CUSTODIES))('%s', (name, custody) => {
  const directory = join(root, name)
  const open = () =>
    fileKeyStore(directory, { reloadMilliseconds: 0, ...(custody && { custody: custody() }) })
  let store: FileKeyStore

  beforeAll(async () => {
    store = open()
    for (const vaspId of ['alice', 'bob']) await store.init(vaspId, YESTERDAY)
  })
  afterAll(() => store?.close())

  test('makes one key of each use and VASP, once, whoever asks', async () => {
    await Promise.all([store.init('alice'), open().init('alice'), store.init('carol'), open().init('carol')])
    expect(readdirSync(directory)).toHaveLength(12)
    await store.check()
  })

  test('signs with Ed25519 what the published key verifies, also at once and much', async () => {
    const { kid, jwk } = await store.signingKey('alice', new Date())
    expect(kid).toBe(thumbprint(jwk))
    const texts = Array.from({ length: 40 }, (_, n) => Buffer.from(`text ${n}`.repeat(n + 1)))
    const signatures = await Promise.all(texts.map((text) => store.sign(kid, text)))
    for (const [n, text] of texts.entries())
      expect(verify(null, text, publicKeyObject(jwk), signatures[n] ?? Buffer.of())).toBe(true)
    // Ed25519 is deterministic (RFC 8032), wherever the key is.
    expect(await store.sign(kid, texts[1] ?? data)).toEqual(signatures[1])
  })

  test('agrees by X25519 on what the other side agrees on', async () => {
    const enc = (await store.publicKeys('alice')).find(({ use }) => use === 'enc')
    if (enc === undefined) throw new Error('there is one')
    const peer = generateKeyPairSync('x25519')
    const { x = '' } = peer.publicKey.export({ format: 'jwk' })
    const key = await store.openingKey('alice', enc.kid)
    const ours = await key?.agree({ kty: 'OKP', crv: 'X25519', x })
    const theirs = diffieHellman({ privateKey: peer.privateKey, publicKey: publicKeyObject(enc.jwk) })
    expect(Buffer.from(ours ?? data)).toEqual(theirs)
    expect(await store.openingKey('bob', enc.kid)).toBeUndefined()
    expect(await reasonOf(store.sign(enc.kid, data))).toBe('NO_KEY')
  })

  test('wraps data keys so that nobody else opens them, and nothing altered', async () => {
    const wrapped = await store.wrapDataKey('alice', data)
    expect(wrapped.includes(data)).toBe(false)
    expect(await open().unwrapDataKey('alice', wrapped)).toEqual(data)
    expect(await reasonOf(store.unwrapDataKey('bob', wrapped))).toBe('UNWRAP')
    for (let at = 0; at < wrapped.length; at += 5) {
      const altered = Buffer.from(wrapped)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(await reasonOf(store.unwrapDataKey('alice', altered)), `byte ${at}`).toBe('UNWRAP')
    }
    expect(await reasonOf(store.unwrapDataKey('alice', Buffer.alloc(0)))).toBe('UNWRAP')
    // The wrapping of one VASP under the name of another's key.
    const kid = wrappedBy(await store.wrapDataKey('bob', data))
    const moved = Buffer.concat([Buffer.of(kid.length), Buffer.from(kid), wrapped.subarray(1 + kid.length)])
    expect(await reasonOf(store.unwrapDataKey('bob', moved))).toBe('UNWRAP')
  })

  test('keeps one index key per VASP, the same for every process', async () => {
    expect(await open().indexKey('alice')).toEqual(await store.indexKey('alice'))
    expect(await store.indexKey('alice')).toHaveLength(32)
    expect(await store.indexKey('alice')).not.toEqual(await store.indexKey('bob'))
  })

  test('rotates signing, sealing and key-encryption keys, and loses nothing', async () => {
    const before = await store.signingKey('alice', new Date())
    const old = await store.wrapDataKey('alice', data)
    const at = new Date(Math.floor(Date.now() / 1000) * 1000)
    const plan = { at, leadSeconds: 0, overlapSeconds: 60 }
    const sig = await store.rotate('alice', 'sig', plan)
    const enc = await store.rotate('alice', 'enc', plan)
    const kek = await store.rotateKek('alice', new Date())
    const other = open()
    expect((await other.signingKey('alice', new Date())).kid).toBe(sig.kid)
    expect(await other.openingKey('alice', enc.kid)).toBeDefined()
    for (const { kid, jwk } of [before, sig])
      expect(verify(null, data, publicKeyObject(jwk), await other.sign(kid, data))).toBe(true)
    expect((await other.keks('alice')).map(({ kid }) => kid)).toEqual([kek, wrappedBy(old)])
    expect(wrappedBy(await other.wrapDataKey('alice', data))).toBe(kek)
    expect(await other.unwrapDataKey('alice', old)).toEqual(data)
  })

  test('revokes and destroys for good', async () => {
    const old = await store.wrapDataKey('alice', data)
    const { kid } = await store.signingKey('alice', new Date())
    await store.revoke(kid, new Date())
    expect((await open().signingKey('alice', new Date())).kid).not.toBe(kid)
    await store.rotateKek('alice', new Date())
    await store.destroy(wrappedBy(old))
    await store.destroy(kid)
    expect(await reasonOf(open().unwrapDataKey('alice', old))).toBe('UNWRAP')
    expect(await reasonOf(open().sign(kid, data))).toBe('NO_KEY')
  })

  test.skipIf(custody === undefined)('leaves no private key in its files', async () => {
    for (const file of readdirSync(directory)) {
      const text = readFileSync(join(directory, file), 'utf8')
      expect(text).toContain(`"held": "${name}:`)
      expect(text).not.toMatch(/"[dk]":/)
    }
    // Without the custody they are good for nothing.
    const bare = fileKeyStore(directory)
    const { kid } = await bare.signingKey('bob', new Date())
    expect(await reasonOf(bare.sign(kid, data))).toBe('KEY_FILE')
    expect(await reasonOf(bare.indexKey('bob'))).toBe('KEY_FILE')
  })
})

describe('a Vault that is not at its best', () => {
  const directory = join(root, 'weak')
  const custody = vaultCustody(settings)
  const store = fileKeyStore(directory, { custody })
  beforeAll(() => store.init('alice', YESTERDAY))

  test('is tried again after a lost connection, and after a renewed token', async () => {
    const { kid } = await store.signingKey('alice', new Date())
    await store.sign(kid, data)
    vault.drop()
    await store.sign(kid, data)
    vault.token = 'renewed'
    await store.sign(kid, data)
  })

  test('that is sealed is a fault, never a refusal, and never done without', async () => {
    const { kid } = await store.signingKey('alice', new Date())
    vault.sealed = true
    try {
      for (const work of [
        () => store.sign(kid, data),
        () => store.wrapDataKey('alice', data),
        () => store.check(),
      ])
        expect(await reasonOf(work())).toMatch(/^Error: Vault answered 503 to/)
    } finally {
      vault.sealed = false
    }
    await store.check()
  })

  test('keys that are destroyed are destroyed there', async () => {
    const before = vault.names().length
    const { kid } = await store.signingKey('alice', new Date())
    await store.destroy(kid)
    expect(vault.names()).toHaveLength(before - 1)
  })
})
