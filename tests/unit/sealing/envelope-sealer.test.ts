/** Envelopes sealed and opened: what they carry, show and commit to, and that a rotation loses none. */
import { createHash, createPrivateKey, diffieHellman } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../src/domain/strict-json.ts'
import { openCompactJwe, parseCompactJwe } from '../../../src/sealing/compact-jwe.ts'
import { publicKeyObject } from '../../../src/sealing/keys.ts'
import { aRequest, aWorld, DAY_SECONDS, NOON, NOON_SECONDS, refusalOf, sealToBob, TO_BOB } from './world.ts'

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
