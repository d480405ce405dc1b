/** Envelopes that are refused, and why: in another's name, for another, cut up, out of time, or not to be opened. */
import { describe, expect, it } from 'vitest'
import type { EnvelopeRefusalReason } from '../../../src/domain/envelope/refusal.ts'
import { sealCompactJwe } from '../../../src/sealing/compact-jwe.ts'
import { envelopeSealer } from '../../../src/sealing/envelope-sealer.ts'
import { aWorld, DAY_SECONDS, NOON, NOON_SECONDS, pingClaims, refusalOf, sealToBob, TO_BOB } from './world.ts'

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
