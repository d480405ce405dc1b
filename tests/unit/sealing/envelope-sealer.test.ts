import { createHash, createPrivateKey, diffieHellman } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EnvelopeRefusalReason } from '../../../src/domain/envelope/refusal.ts'
import type { JsonValue } from '../../../src/domain/strict-json.ts'
import { openCompactJwe, parseCompactJwe, sealCompactJwe } from '../../../src/sealing/compact-jwe.ts'
import { envelopeSealer } from '../../../src/sealing/envelope-sealer.ts'
import { publicKeyObject } from '../../../src/sealing/keys.ts'
import {
  aRequest,
  aWorld,
  DAY_SECONDS,
  NOON,
  NOON_SECONDS,
  pingClaims,
  refusalOf,
  type World,
} from './world.ts'

const TO_BOB = { audience: 'bob' }

async function sealToBob(world: World, changes: Parameters<typeof aRequest>[0] = {}) {
  return world.sealer.seal(aRequest(changes), world.keyOf('bob', 'enc'))
}

describe('an envelope', () => {
  it('carries any content to its recipient unchanged', async () => {
    const world = await aWorld()
    const content = fc.dictionary(
      fc
        .string({ unit: 'grapheme', maxLength: 20 })
        .filter((name) => name !== '__proto__' && !name.includes('\0')),
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !text.includes('\0')),
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.constant(null),
        fc.array(fc.constantFrom('Ә', 'ü', '')),
      ),
    )
    await fc.assert(
      fc.asyncProperty(content, async (given) => {
        const { jws } = await sealToBob(world, { content: given })
        const { content: opened } = await world.sealer.open(await world.sealer.verify(jws, TO_BOB))
        expect(opened).toEqual(given)
      }),
      { numRuns: 50 },
    )
  })

  it('shows routing claims only', async () => {
    const world = await aWorld()
    const draft = aRequest()
    const { jws, digest, kid } = await world.sealer.seal(draft, world.keyOf('bob', 'enc'))
    const { claims, sealed } = await world.sealer.verify(jws, { audience: 'bob', subjectSender: 'alice' })
    const { content: _, ...routing } = draft
    expect(claims).toEqual({ ...routing, digest, body: claims.body })
    expect(sealed?.kid).toBe(world.keyOf('bob', 'enc').kid)
    expect(kid).toBe(world.keyOf('alice', 'sig').kid)
    for (const part of [...jws.split('.'), ...(claims.body ?? '').split('.')]) {
      expect(Buffer.from(part, 'base64url').toString()).not.toMatch(/Айгүл|originator/)
    }
  })

  it('commits to the canonical content with a salt that only the recipient sees', async () => {
    const world = await aWorld()
    const { jws, digest } = await sealToBob(world, { content: { b: 2, a: '€' } })
    const { claims } = await world.sealer.verify(jws, TO_BOB)
    const parsed = parseCompactJwe(claims.body ?? '', claims)
    const key = await world.keyStore.openingKey('bob', parsed.kid)
    const plaintext = openCompactJwe(
      parsed,
      (await key?.agree(parsed.ephemeral)) ?? Buffer.alloc(0),
    ).toString()
    const salt = /^\{"content":\{"a":"€","b":2\},"salt":"([^"]{43})"\}$/.exec(plaintext)?.[1] ?? ''
    const expected = createHash('sha256').update(Buffer.from(salt, 'base64url')).update('{"a":"€","b":2}')
    expect(digest).toBe(expected.digest('base64url'))
    expect((await sealToBob(world, { content: { b: 2, a: '€' } })).digest).not.toBe(digest)
  })

  it('needs no body for a ping, and none for a receipt', async () => {
    const world = await aWorld()
    const { jws: ping } = await world.sealer.seal({
      iss: 'alice',
      aud: 'bob',
      jti: 'p'.repeat(22),
      iat: NOON_SECONDS,
      exp: NOON_SECONDS + 60,
      type: 'ping',
    })
    const verified = await world.sealer.verify(ping, TO_BOB)
    expect(verified.sealed).toBeUndefined()
    expect(await refusalOf(world.sealer.open(verified))).toBe('SEALED_FORM')

    const { digest } = await sealToBob(world)
    const { jws: receipt } = await world.sealer.seal({
      iss: 'bob',
      aud: 'alice',
      jti: 'r'.repeat(22),
      iat: NOON_SECONDS,
      exp: NOON_SECONDS + 60,
      type: 'receipt',
      status: 'stored',
      inReplyTo: 'p'.repeat(22),
      ...(digest !== undefined && { digest }),
    })
    expect((await world.sealer.verify(receipt, { audience: 'alice' })).claims).toMatchObject({
      status: 'stored',
      digest,
    })
  })

  it('has one payload digest per message, however often it comes', async () => {
    const world = await aWorld()
    const draft = aRequest()
    const { jws } = await world.sealer.seal(draft, world.keyOf('bob', 'enc'))
    const first = await world.sealer.verify(jws, TO_BOB)
    expect((await world.sealer.verify(Buffer.from(jws), TO_BOB)).payloadDigest).toBe(first.payloadDigest)
    const { jws: other } = await world.sealer.seal(
      { ...draft, content: { other: 1 } },
      world.keyOf('bob', 'enc'),
    )
    expect((await world.sealer.verify(other, TO_BOB)).payloadDigest).not.toBe(first.payloadDigest)
  })
})

describe('an envelope is refused', () => {
  it('when a third VASP signs in another’s name', async () => {
    const world = await aWorld()
    const header = world.header({ kid: world.keyOf('carol', 'sig').kid })
    expect(
      await refusalOf(world.sealer.verify(await world.forge(header, pingClaims(), 'carol'), TO_BOB)),
    ).toBe('ISSUER')
  })

  it('when it is for another VASP', async () => {
    const world = await aWorld()
    expect(await refusalOf(world.sealer.verify((await sealToBob(world)).jws, { audience: 'carol' }))).toBe(
      'AUDIENCE',
    )
  })

  it('when the subject names another sender', async () => {
    const world = await aWorld()
    const { jws } = await sealToBob(world)
    expect(await refusalOf(world.sealer.verify(jws, { audience: 'bob', subjectSender: 'carol' }))).toBe(
      'SUBJECT_MISMATCH',
    )
  })

  it('when its recipient sends it on to a third VASP', async () => {
    const world = await aWorld()
    const { claims } = await world.sealer.verify((await sealToBob(world)).jws, TO_BOB)
    const forwarded = {
      ...pingClaims({ iss: 'bob', aud: 'carol' }),
      digest: claims.digest,
      body: claims.body,
    }
    const asBob = world.header({ kid: world.keyOf('bob', 'sig').kid })
    // The body names Alice and Bob, so Bob cannot present it as his own word to Carol …
    const token = await world.forge(asBob, forwarded, 'bob')
    expect(await refusalOf(world.sealer.verify(token, { audience: 'carol' }))).toBe('SEALED_FORM')
    // … and what Alice signed says that it is for Bob.
    expect(await refusalOf(world.sealer.verify((await sealToBob(world)).jws, { audience: 'carol' }))).toBe(
      'AUDIENCE',
    )
  })

  it('when the body of one envelope is put into another between the same two', async () => {
    const world = await aWorld()
    const [one, other] = [
      await sealToBob(world, { content: { n: 1 } }),
      await sealToBob(world, { content: { n: 2 } }),
    ]
    const { claims } = await world.sealer.verify(one.jws, TO_BOB)
    const mixed = pingClaims({ digest: other.digest, body: claims.body })
    const verified = await world.sealer.verify(await world.forge(world.header(), mixed), TO_BOB)
    expect(await refusalOf(world.sealer.open(verified))).toBe('DIGEST')
  })

  it.each<[string, object, EnvelopeRefusalReason]>([
    ['expired', { iat: NOON_SECONDS - 200, exp: NOON_SECONDS - 61 }, 'EXPIRED'],
    ['from the future', { iat: NOON_SECONDS + 61, exp: NOON_SECONDS + 200 }, 'FROM_THE_FUTURE'],
    ['to live too long', { exp: NOON_SECONDS + 8 * DAY_SECONDS + 1 }, 'LIFETIME'],
    ['unreadable', { type: 'pang' }, 'CLAIMS'],
    ['of a type that has other claims', { type: 'pong' }, 'CLAIMS'],
  ])('when it is %s', async (_, changes, reason) => {
    const world = await aWorld()
    expect(
      await refusalOf(world.sealer.verify(await world.forge(world.header(), pingClaims(changes)), TO_BOB)),
    ).toBe(reason)
  })

  it('when it is oversized', async () => {
    const world = await aWorld()
    expect(await refusalOf(world.sealer.verify(Buffer.alloc(120_001, 'a'), TO_BOB))).toBe('OVERSIZED')
  })

  it('when the signing key is not valid yet, is no longer valid, or was revoked', async () => {
    const world = await aWorld()
    const { jws } = await sealToBob(world)
    const key = world.keyOf('alice', 'sig')
    const cases = [
      [{ notBefore: new Date(NOON.getTime() + 1_000) }, 'KEY_NOT_YET_VALID'],
      [{ notAfter: new Date(NOON.getTime() - 1) }, 'KEY_EXPIRED'],
      [{ revokedAt: NOON }, 'KEY_REVOKED'],
    ] as const
    for (const [change, reason] of cases) {
      world.peers.set(key.kid, { ...key, ...change })
      expect(await refusalOf(world.sealer.verify(jws, TO_BOB))).toBe(reason)
    }
    world.peers.set(key.kid, { ...key, revokedAt: new Date(NOON.getTime() + 1) })
    await expect(world.sealer.verify(jws, TO_BOB)).resolves.toBeDefined()
  })

  it('when the key expired, although the envelope says that it is older', async () => {
    const world = await aWorld()
    const key = world.keyOf('alice', 'sig')
    const { jws } = await sealToBob(world, {
      iat: NOON_SECONDS - DAY_SECONDS,
      exp: NOON_SECONDS + DAY_SECONDS,
    })
    world.peers.set(key.kid, { ...key, notAfter: new Date(NOON.getTime() - 60_000) })
    expect(await refusalOf(world.sealer.verify(jws, TO_BOB))).toBe('KEY_EXPIRED')
  })

  it('before any private key is touched, when only its body is malformed', async () => {
    const world = await aWorld()
    const untouched = new Proxy(world.keyStore, {
      get: () => () => Promise.reject(new Error('the key store was asked')),
    })
    const sealer = envelopeSealer({
      keyStore: untouched,
      peerKeys: { find: (kid) => world.peers.get(kid) },
      clock: world.clock,
    })
    const digest = (await sealToBob(world)).digest
    const token = await world.forge(world.header(), pingClaims({ digest, body: 'e30..AA.AA.AA' }))
    expect(await refusalOf(sealer.verify(token, TO_BOB))).toBe('SEALED_FORM')
    await expect(sealer.verify((await sealToBob(world)).jws, TO_BOB)).resolves.toBeDefined()
  })

  it('when it is sealed for a key that its audience does not have', async () => {
    const world = await aWorld()
    const { jwk, kid } = world.keyOf('carol', 'enc')
    const body = sealCompactJwe(Buffer.from('{}'), { jwk, kid }, { iss: 'alice', aud: 'bob' })
    const { digest } = await sealToBob(world)
    const verified = await world.sealer.verify(
      await world.forge(world.header(), pingClaims({ digest, body })),
      TO_BOB,
    )
    expect(await refusalOf(world.sealer.open(verified))).toBe('SEALED_KEY_UNKNOWN')
  })
})

describe('a body that does not open', () => {
  const salt = Buffer.alloc(32, 7).toString('base64url')
  it.each<[string, string | Uint8Array]>([
    ['no JSON', 'x'],
    ['no UTF-8', Buffer.from([0xff])],
    ['no object', '[]'],
    ['no salt', '{"content":1}'],
    ['no content', `{"salt":"${salt}"}`],
    ['a short salt', '{"content":1,"salt":"AAAA"}'],
    ['another member', `{"content":1,"salt":"${salt}","x":1}`],
    ['duplicate members', `{"content":1,"content":2,"salt":"${salt}"}`],
    ['a prototype', `{"content":{"__proto__":{}},"salt":"${salt}"}`],
    ['seventeen levels', `{"content":${'['.repeat(17)}${']'.repeat(17)},"salt":"${salt}"}`],
    ['too many values', `{"content":[${'1,'.repeat(2_000)}1],"salt":"${salt}"}`],
  ])('because it holds %s, looks like any other', async (_, plaintext) => {
    const world = await aWorld()
    const body = sealCompactJwe(Buffer.from(plaintext), world.keyOf('bob', 'enc'), {
      iss: 'alice',
      aud: 'bob',
    })
    const { digest } = await sealToBob(world)
    const verified = await world.sealer.verify(
      await world.forge(world.header(), pingClaims({ digest, body })),
      TO_BOB,
    )
    expect(await refusalOf(world.sealer.open(verified))).toBe('UNSEALABLE')
  })

  it('is told apart from a key store that fails: a fault is tried again, a refusal is not', async () => {
    const world = await aWorld()
    const { jws } = await sealToBob(world)
    const unreachable = envelopeSealer({
      keyStore: {
        ...world.keyStore,
        openingKey: async () => ({
          record: world.keyOf('bob', 'enc'),
          agree: () => Promise.reject(new Error('no connection')),
        }),
      },
      peerKeys: { find: (kid) => world.peers.get(kid) },
      clock: world.clock,
    })
    await expect(unreachable.open(await unreachable.verify(jws, TO_BOB))).rejects.toThrow('no connection')
  })
})

describe('sealing', () => {
  it('refuses what its receiver would refuse', async () => {
    const world = await aWorld()
    const nested: JsonValue = JSON.parse('['.repeat(17) + ']'.repeat(17))
    expect(await refusalOf(sealToBob(world, { content: nested }))).toBe('JSON')
    expect(await refusalOf(sealToBob(world, { content: { name: 'a\0b' } }))).toBe('JSON')
    expect(await refusalOf(sealToBob(world, { content: 'Ә'.repeat(33_000) }))).toBe('OVERSIZED')
    expect(await refusalOf(sealToBob(world, { seq: 0 }))).toBe('CLAIMS')
    expect(await refusalOf(sealToBob(world, { iss: 'Alice' }))).toBe('CLAIMS')
    expect(await refusalOf(sealToBob(world, { exp: NOON_SECONDS + 9 * DAY_SECONDS }))).toBe('LIFETIME')
    expect(await refusalOf(world.sealer.seal(aRequest()))).toBe('KEY_UNKNOWN')
  })

  it('refuses a recipient key that is another’s, for signing, or out of its time', async () => {
    const world = await aWorld()
    const key = world.keyOf('bob', 'enc')
    expect(await refusalOf(world.sealer.seal(aRequest(), world.keyOf('carol', 'enc')))).toBe('AUDIENCE')
    expect(await refusalOf(world.sealer.seal(aRequest(), world.keyOf('bob', 'sig')))).toBe('KEY_UNKNOWN')
    expect(await refusalOf(world.sealer.seal(aRequest(), { ...key, revokedAt: NOON }))).toBe('KEY_REVOKED')
    expect(await refusalOf(world.sealer.seal(aRequest(), { ...key, notAfter: new Date(0) }))).toBe(
      'KEY_EXPIRED',
    )
  })

  it('makes the largest allowed content fit into an envelope', async () => {
    const world = await aWorld()
    const { jws } = await sealToBob(world, { content: 'a'.repeat(65_534) })
    const verified = await world.sealer.verify(jws, TO_BOB)
    expect((await world.sealer.open(verified)).content).toHaveLength(65_534)
  })
})

describe('rotation', () => {
  it('loses no envelope that was under way', async () => {
    const world = await aWorld({ reloadMilliseconds: 0 })
    const before = await sealToBob(world)
    const plan = { at: NOON, leadSeconds: 3_600, overlapSeconds: 9 * DAY_SECONDS }
    const [sig, enc] = [
      await world.keyStore.rotate('alice', 'sig', plan),
      await world.keyStore.rotate('bob', 'enc', plan),
    ]
    await world.pin()

    // During the lead the old key signs; afterwards the new one does, and what either signed is believed.
    const during = await sealToBob(world)
    expect(during.kid).not.toBe(sig.kid)
    world.clock.time = new Date(NOON.getTime() + 3_600_000)
    const after = await world.sealer.seal(
      aRequest({ iat: NOON_SECONDS + 3_600, exp: NOON_SECONDS + 3_600 + DAY_SECONDS }),
      world.peers.get(enc.kid),
    )
    expect(after.kid).toBe(sig.kid)
    for (const { jws } of [before, during, after]) {
      await expect(world.sealer.open(await world.sealer.verify(jws, TO_BOB))).resolves.toBeDefined()
    }
  })

  it('leaves stored envelopes readable for ever, as of the time when they were believed', async () => {
    const world = await aWorld({ reloadMilliseconds: 0 })
    const { jws } = await sealToBob(world)
    await world.keyStore.rotate('bob', 'enc', { at: NOON, leadSeconds: 0, overlapSeconds: 0 })
    world.clock.time = new Date('2036-01-01T00:00:00Z')
    expect(await refusalOf(world.sealer.verify(jws, TO_BOB))).toBe('EXPIRED')
    const verified = await world.sealer.verify(jws, { ...TO_BOB, at: NOON })
    await expect(world.sealer.open(verified)).resolves.toMatchObject({ content: { amount: '1.25' } })
  })
})

it('agrees with the key file that it came from', async () => {
  const world = await aWorld()
  const file: { jwk: { kty: 'OKP'; crv: 'X25519'; x: string; d: string } } = JSON.parse(
    readFileSync(join(world.directory, 'bob.enc.0001.json'), 'utf8'),
  )
  const { jwk: peer } = world.keyOf('alice', 'enc')
  const expected = diffieHellman({
    privateKey: createPrivateKey({ key: file.jwk, format: 'jwk' }),
    publicKey: publicKeyObject(peer),
  })
  const key = await world.keyStore.openingKey('bob', world.keyOf('bob', 'enc').kid)
  expect(Buffer.from((await key?.agree(peer)) ?? []).equals(expected)).toBe(true)
})
