import { execFileSync } from 'node:child_process'
import { randomBytes, verify } from 'node:crypto'
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileKeyStore } from '../../../src/sealing/file-key-store.ts'
import { publicKeyObject, thumbprint } from '../../../src/sealing/keys.ts'
import vectors from '../../vectors/jose/rfc.json' with { type: 'json' }
import { NOON, refusalOf, temporaryDirectory } from './world.ts'

const JANUARY = new Date('2026-01-01T00:00:00Z')
const HOUR_MILLISECONDS = 3_600_000

async function aStore(vaspIds = ['alice']) {
  const directory = temporaryDirectory()
  const open = () => fileKeyStore(directory, { reloadMilliseconds: 0 })
  const store = open()
  for (const vaspId of vaspIds) await store.init(vaspId, JANUARY)
  return { directory, store, open }
}

type WireKey = { readonly jwk: object; readonly [member: string]: unknown }

function edit(path: string, change: (key: WireKey) => object) {
  const key: WireKey = JSON.parse(readFileSync(path, 'utf8'))
  rmSync(path)
  writeFileSync(path, JSON.stringify(change(key)), { mode: 0o600 })
}

it('names keys by their thumbprint, as RFC 8037, A.3 does', () => {
  const { x } = vectors.ed25519.jwk
  expect(thumbprint({ kty: 'OKP', crv: 'Ed25519', x })).toBe(vectors.ed25519.thumbprint)
})

describe('initial keys', () => {
  it('are one of each use per VASP, readable by the owner only', async () => {
    const { directory, store } = await aStore()
    expect(readdirSync(directory).toSorted()).toEqual(
      ['enc', 'index', 'kek', 'sig'].map((use) => `alice.${use}.0001.json`),
    )
    for (const name of readdirSync(directory))
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
    expect((await store.publicKeys('alice')).map((key) => key.use).toSorted()).toEqual(['enc', 'sig'])
  })

  it('are made once, however often and by however many processes they are asked for', async () => {
    const { directory, store } = await aStore([])
    const other = fileKeyStore(directory, { reloadMilliseconds: 0 })
    await Promise.all([store.init('alice'), other.init('alice'), store.init('bob'), other.init('alice')])
    expect(readdirSync(directory)).toHaveLength(8)
    expect(await store.publicKeys('alice')).toEqual(await other.publicKeys('alice'))
    expect(await store.indexKey('alice')).toEqual(await other.indexKey('alice'))
  })

  it('sign what their public half verifies', async () => {
    const { store } = await aStore()
    const { kid, jwk } = await store.signingKey('alice', NOON)
    const signature = await store.sign(kid, Buffer.from('text'))
    expect(verify(null, Buffer.from('text'), publicKeyObject(jwk), signature)).toBe(true)
  })

  it('are not made for what is no VASP id', async () => {
    const { store } = await aStore([])
    expect(await refusalOf(store.init('../alice'))).toBe('KEY_FILE')
  })
})

describe('a key', () => {
  it('is given to its own VASP and for its own use only', async () => {
    const { store } = await aStore(['alice', 'bob'])
    const [alice, bob] = [await store.publicKeys('alice'), await store.publicKeys('bob')]
    const kid = (keys: typeof alice, use: string) => keys.find((key) => key.use === use)?.kid ?? ''
    expect((await store.openingKey('alice', kid(alice, 'enc')))?.record.vaspId).toBe('alice')
    expect(await store.openingKey('alice', kid(bob, 'enc'))).toBeUndefined()
    expect(await store.openingKey('alice', kid(alice, 'sig'))).toBeUndefined()
    expect(await refusalOf(store.sign(kid(alice, 'enc'), Buffer.of(1)))).toBe('NO_KEY')
    expect(await refusalOf(store.sign('__proto__', Buffer.of(1)))).toBe('NO_KEY')
    expect(await refusalOf(store.signingKey('carol', NOON))).toBe('NO_KEY')
  })

  it('does not sign before its time, after it, or once revoked', async () => {
    const { store } = await aStore()
    const { kid, notAfter } = await store.signingKey('alice', JANUARY)
    expect(await refusalOf(store.signingKey('alice', new Date(JANUARY.getTime() - 1)))).toBe('NO_KEY')
    expect(await refusalOf(store.signingKey('alice', new Date(notAfter.getTime() + 1)))).toBe('NO_KEY')
    await store.revoke(kid, NOON)
    await expect(store.signingKey('alice', new Date(NOON.getTime() - 1))).resolves.toMatchObject({ kid })
    expect(await refusalOf(store.signingKey('alice', NOON))).toBe('NO_KEY')
    expect((await store.publicKeys('alice')).find((key) => key.kid === kid)?.revokedAt).toEqual(NOON)
  })

  it('once destroyed, is gone from the disk', async () => {
    const { directory, store } = await aStore()
    const { kid } = (await store.publicKeys('alice')).find((key) => key.use === 'enc') ?? { kid: '' }
    await store.destroy(kid)
    expect(await store.openingKey('alice', kid)).toBeUndefined()
    expect(
      readdirSync(directory).some((name) => readFileSync(join(directory, name), 'utf8').includes(kid)),
    ).toBe(false)
  })
})

describe('rotation', () => {
  const plan = { at: NOON, leadSeconds: 3_600, overlapSeconds: 7_200 }

  it('hands over at the lead, and lets the old key verify until the overlap ends', async () => {
    const { store } = await aStore()
    const old = await store.signingKey('alice', NOON)
    const next = await store.rotate('alice', 'sig', plan)
    const at = (hours: number) => new Date(NOON.getTime() + hours * HOUR_MILLISECONDS)
    expect((await store.signingKey('alice', new Date(at(1).getTime() - 1))).kid).toBe(old.kid)
    expect((await store.signingKey('alice', at(1))).kid).toBe(next.kid)
    const keys = (await store.publicKeys('alice')).filter((key) => key.use === 'sig')
    expect(keys.map(({ kid, notBefore, notAfter }) => ({ kid, notBefore, notAfter }))).toEqual([
      { kid: old.kid, notBefore: JANUARY, notAfter: at(3) },
      { kid: next.kid, notBefore: at(1), notAfter: next.notAfter },
    ])
  })

  it('keeps old sealing keys able to open', async () => {
    const { store } = await aStore()
    const { kid } = (await store.publicKeys('alice')).find((key) => key.use === 'enc') ?? { kid: '' }
    for (const day of [1, 2, 3]) {
      await store.rotate('alice', 'enc', { ...plan, at: new Date(NOON.getTime() + day * 86_400_000) })
    }
    expect(await store.openingKey('alice', kid)).toBeDefined()
    expect((await store.publicKeys('alice')).filter((key) => key.use === 'enc')).toHaveLength(4)
  })

  it('is seen by another process within its reload time', async () => {
    const { store, directory, open } = await aStore()
    const other = open()
    const slow = fileKeyStore(directory, { reloadMilliseconds: 60_000 })
    await slow.publicKeys('alice')
    const { kid } = await store.rotate('alice', 'sig', plan)
    expect((await other.publicKeys('alice')).map((key) => key.kid)).toContain(kid)
    expect((await slow.publicKeys('alice')).map((key) => key.kid)).not.toContain(kid)
  })

  it('by two at once makes one new key', async () => {
    const { store, open } = await aStore()
    const outcomes = await Promise.allSettled([
      store.rotate('alice', 'sig', plan),
      open().rotate('alice', 'sig', plan),
    ])
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
    for (const { reason } of failed) expect(reason).toMatchObject({ reason: 'ROTATED' })
    const keys = (await store.publicKeys('alice')).filter((key) => key.use === 'sig')
    expect(keys).toHaveLength(3 - failed.length)
  })

  it('while others read never shows half a key', async () => {
    const { directory, store } = await aStore()
    const source = new URL('../../../src/sealing/file-key-store.ts', import.meta.url).href
    const rotate = `
      import { fileKeyStore } from ${JSON.stringify(source)}
      const store = fileKeyStore(${JSON.stringify(directory)})
      for (let n = 0; n < 20; n += 1) {
        await store.rotate('alice', 'sig', { at: new Date(), leadSeconds: n, overlapSeconds: 10 })
      }`
    const done = new AbortController()
    const reading = (async () => {
      let reads = 0
      while (!done.signal.aborted) {
        const keys = await store.publicKeys('alice')
        expect(keys.length).toBeGreaterThanOrEqual(2)
        await new Promise((resolve) => setImmediate(resolve))
        reads += 1
      }
      return reads
    })()
    const { spawn } = await import('node:child_process')
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', rotate], {
      stdio: 'inherit',
    })
    const code = await new Promise((resolve) => child.on('exit', resolve))
    done.abort()
    expect(code).toBe(0)
    expect(await reading).toBeGreaterThan(0)
    expect((await store.publicKeys('alice')).filter((key) => key.use === 'sig')).toHaveLength(21)
  })
})

describe('wrapped data keys', () => {
  it('come back for the same VASP only, and only unaltered', async () => {
    const { store } = await aStore(['alice', 'bob'])
    const dataKey = randomBytes(32)
    const wrapped = await store.wrapDataKey('alice', dataKey)
    expect(wrapped.includes(dataKey)).toBe(false)
    expect((await store.unwrapDataKey('alice', wrapped)).equals(dataKey)).toBe(true)
    expect(await refusalOf(store.unwrapDataKey('bob', wrapped))).toBe('UNWRAP')
    for (let at = 0; at < wrapped.length; at += 1) {
      const altered = Buffer.from(wrapped)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(await refusalOf(store.unwrapDataKey('alice', altered))).toBe('UNWRAP')
      expect(await refusalOf(store.unwrapDataKey('alice', wrapped.subarray(0, at)))).toBe('UNWRAP')
    }
  })

  it('come back after a new wrapping key is in use', async () => {
    const { directory, store } = await aStore()
    const old = await store.wrapDataKey('alice', Buffer.alloc(32, 1))
    const path = join(directory, 'alice.kek.0001.json')
    const next = {
      ...JSON.parse(readFileSync(path, 'utf8')),
      kid: 'next',
      k: randomBytes(32).toString('base64url'),
    }
    next.not_before = NOON.toISOString()
    writeFileSync(join(directory, 'alice.kek.0002.json'), JSON.stringify(next), { mode: 0o600 })
    const wrapped = await store.wrapDataKey('alice', Buffer.alloc(32, 2))
    expect(wrapped.includes('next')).toBe(true)
    expect((await store.unwrapDataKey('alice', old)).equals(Buffer.alloc(32, 1))).toBe(true)
    await store.destroy('next')
    expect(await refusalOf(store.unwrapDataKey('alice', wrapped))).toBe('UNWRAP')
  })
})

describe('a key file', () => {
  it.each([0o640, 0o604, 0o620, 0o660, 0o644])('with mode %o is refused', async (mode) => {
    const { directory, open } = await aStore()
    chmodSync(join(directory, 'alice.sig.0001.json'), mode)
    expect(await refusalOf(open().publicKeys('alice'))).toBe('KEY_FILE_MODE')
  })

  it('is refused by a running store too when others may suddenly read it', async () => {
    const { directory, store } = await aStore()
    chmodSync(join(directory, 'alice.sig.0001.json'), 0o644)
    expect(await refusalOf(store.publicKeys('alice'))).toBe('KEY_FILE_MODE')
  })

  it.each<[string, (key: WireKey) => object]>([
    ['another VASP', (key) => ({ ...key, vasp_id: 'bob' })],
    ['another use', (key) => ({ ...key, use: 'enc' })],
    ['another algorithm', (key) => ({ ...key, alg: 'ECDH-ES' })],
    ['another kid', (key) => ({ ...key, kid: 'a'.repeat(43) })],
    ['a further member', (key) => ({ ...key, comment: 'x' })],
    ['no date', (key) => ({ ...key, not_after: undefined })],
    ['a private half of another key', (key) => ({ ...key, jwk: { ...key.jwk, d: vectors.ed25519.jwk.d } })],
  ])('that names %s is refused', async (_, change) => {
    const { directory, open } = await aStore()
    edit(join(directory, 'alice.sig.0001.json'), change)
    expect(await refusalOf(open().publicKeys('alice'))).toBe('KEY_FILE')
  })

  it('that is cut off is refused without quoting it', async () => {
    const { directory, open } = await aStore()
    const path = join(directory, 'alice.sig.0001.json')
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.slice(0, -10))
    const secret = /"d": "(.{12})/.exec(text)?.[1] ?? 'missing'
    await expect(open().publicKeys('alice')).rejects.toThrow(expect.not.stringContaining(secret))
    expect(await refusalOf(open().publicKeys('alice'))).toBe('KEY_FILE')
  })

  it('whose kid another one has is refused', async () => {
    const { directory, open } = await aStore()
    copyFileSync(join(directory, 'alice.sig.0001.json'), join(directory, 'alice.sig.0002.json'))
    expect(await refusalOf(open().publicKeys('alice'))).toBe('DUPLICATE_KID')
  })

  it('is not what lies about half-written or foreign', async () => {
    const { directory, open } = await aStore()
    writeFileSync(join(directory, '.0123.tmp'), '{', { mode: 0o600 })
    writeFileSync(join(directory, 'README'), 'keys', { mode: 0o644 })
    expect(await open().publicKeys('alice')).toHaveLength(2)
  })
})

it('leaves no temporary file behind', async () => {
  const { directory, store } = await aStore()
  await store.rotate('alice', 'sig', { at: NOON, leadSeconds: 0, overlapSeconds: 0 })
  await store.init('alice')
  const names = execFileSync('ls', ['-A', directory], { encoding: 'utf8' })
  expect(names).not.toContain('.tmp')
})
