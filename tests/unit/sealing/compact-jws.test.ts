import { createServer } from 'node:http'
import fc from 'fast-check'
import { CompactSign, compactVerify, importJWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PublicKeyRecord } from '../../../src/domain/envelope/public-key.ts'
import type { EnvelopeRefusalReason } from '../../../src/domain/envelope/refusal.ts'
import { verifyCompactJws } from '../../../src/sealing/compact-jws.ts'
import vectors from '../../vectors/jose/rfc.json' with { type: 'json' }
import { aWorld, refusalOf, type World } from './world.ts'

const TYP = 'tamga-envelope+jws'

function verify(world: World, token: string | Uint8Array, typ = TYP) {
  return verifyCompactJws(token, { typ, keyFor: (kid) => world.peers.get(kid), bytesMax: 10_000 })
}

describe('a compact JWS', () => {
  it('verifies when its header, key and signature are right, as text and as bytes', async () => {
    const world = await aWorld()
    const token = await world.forge(world.header(), '{"a":1}')
    expect(await verify(world, token)).toMatchObject({ payload: '{"a":1}', key: { vaspId: 'alice' } })
    expect((await verify(world, Buffer.from(token))).payload).toBe('{"a":1}')
  })

  it('is what jose makes and reads', async () => {
    const world = await aWorld()
    const { d: _, ...jwk } = vectors.ed25519.jwk
    const key: PublicKeyRecord = {
      ...world.keyOf('alice', 'sig'),
      kid: vectors.ed25519.thumbprint,
      jwk: { ...jwk, kty: 'OKP', crv: 'Ed25519' },
    }
    const theirs = await new CompactSign(Buffer.from('{}'))
      .setProtectedHeader({ alg: 'Ed25519', kid: key.kid, typ: TYP })
      .sign(await importJWK(vectors.ed25519.jwk, 'Ed25519'))
    const expected = { typ: TYP, keyFor: () => key, bytesMax: 10_000 }
    expect(await verifyCompactJws(theirs, expected)).toMatchObject({ kid: key.kid, payload: '{}' })

    const ours = await world.forge(world.header(), '{}')
    const { payload } = await compactVerify(ours, await importJWK(world.keyOf('alice', 'sig').jwk, 'Ed25519'))
    expect(Buffer.from(payload).toString()).toBe('{}')
  })
})

describe('a header', () => {
  let world: World
  beforeAll(async () => {
    world = await aWorld()
  })

  it.each<[string, object, EnvelopeRefusalReason]>([
    ['none', { alg: 'none' }, 'ALGORITHM'],
    ['none under an unknown kid', { alg: 'none', kid: 'k'.repeat(43) }, 'ALGORITHM'],
    ['None in other letters', { alg: 'nOnE' }, 'ALGORITHM'],
    ['an HMAC keyed with the public key', { alg: 'HS256' }, 'ALGORITHM'],
    ['the polymorphic EdDSA', { alg: 'EdDSA' }, 'ALGORITHM'],
    ['another curve', { alg: 'Ed448' }, 'ALGORITHM'],
    ['the algorithm in other letters', { alg: 'ed25519' }, 'ALGORITHM'],
    ['the algorithm after a space', { alg: ' Ed25519' }, 'ALGORITHM'],
    ['an encryption algorithm', { alg: 'ECDH-ES' }, 'ALGORITHM'],
    ['an algorithm list', { alg: ['Ed25519'] }, 'HEADER'],
    ['another type', { typ: 'tamga-permit+jws' }, 'TYP'],
    ['the type as a media type', { typ: 'application/tamga-envelope+jws' }, 'TYP'],
    ['a type in capitals', { typ: 'TAMGA-ENVELOPE+JWS' }, 'TYP'],
    ['a path as kid', { kid: '../../etc/passwd' }, 'HEADER_MEMBER'],
    ['SQL as kid', { kid: "'--" }, 'HEADER_MEMBER'],
    ['the prototype as kid', { kid: '__proto__' }, 'KEY_UNKNOWN'],
    ['a method as kid', { kid: 'constructor' }, 'KEY_UNKNOWN'],
    ['a number as kid', { kid: 7 }, 'HEADER_MEMBER'],
    ['an empty kid', { kid: '' }, 'HEADER_MEMBER'],
    ['a kid of 65 characters', { kid: 'k'.repeat(65) }, 'HEADER_MEMBER'],
    ['a kid of 10 kB', { kid: 'k'.repeat(10_000) }, 'OVERSIZED'],
    ['an unknown kid', { kid: 'k'.repeat(43) }, 'KEY_UNKNOWN'],
    ['a key address', { jku: 'https://evil.example/jwks' }, 'HEADER_MEMBER'],
    ['its own key', { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AA' } }, 'HEADER'],
    ['a certificate address', { x5u: 'https://evil.example/x5u' }, 'HEADER_MEMBER'],
    ['a certificate', { x5c: ['AA'] }, 'HEADER'],
    ['a certificate thumbprint', { x5t: 'AA' }, 'HEADER_MEMBER'],
    ['critical extensions', { crit: ['exp'], exp: 1 }, 'HEADER'],
    ['empty critical extensions', { crit: [] }, 'HEADER'],
    ['an unencoded payload', { b64: false }, 'HEADER_MEMBER'],
    ['compression', { zip: 'DEF' }, 'HEADER_MEMBER'],
    ['a content type', { cty: 'JWT' }, 'HEADER_MEMBER'],
    ['a member of its own', { x: 1 }, 'HEADER_MEMBER'],
  ])('with %s is refused', async (_, changes, reason) => {
    expect(await refusalOf(verify(world, await world.forge(world.header(changes), '{}')))).toBe(reason)
  })

  it.each(['alg', 'kid', 'typ'])('without %s is refused', async (name) => {
    const header = Object.fromEntries(Object.entries(world.header()).filter(([key]) => key !== name))
    expect(await refusalOf(verify(world, await world.forge(header, '{}')))).toBe('HEADER_MEMBER')
  })

  it.each<[string, (kid: string) => string | Uint8Array, EnvelopeRefusalReason]>([
    [
      'two algorithms',
      (kid) => `{"alg":"none","alg":"Ed25519","kid":"${kid}","typ":"${TYP}"}`,
      'DUPLICATE_MEMBER',
    ],
    [
      'two algorithms, one escaped',
      (kid) => `{"alg":"none","\\u0061lg":"Ed25519","kid":"${kid}","typ":"${TYP}"}`,
      'DUPLICATE_MEMBER',
    ],
    [
      'a prototype',
      (kid) => `{"__proto__":{},"alg":"Ed25519","kid":"${kid}","typ":"${TYP}"}`,
      'HEADER_MEMBER',
    ],
    ['a byte order mark', (kid) => `\ufeff{"alg":"Ed25519","kid":"${kid}","typ":"${TYP}"}`, 'HEADER'],
    ['bytes that are not UTF-8', () => Buffer.from([0x7b, 0xff, 0x7d]), 'HEADER'],
    ['an array', () => '[]', 'HEADER'],
    ['no JSON', () => 'alg', 'HEADER'],
    ['something behind it', (kid) => `{"alg":"Ed25519","kid":"${kid}","typ":"${TYP}"} {}`, 'HEADER'],
  ])('that is written with %s is refused', async (_, write, reason) => {
    const header = write(world.keyOf('alice', 'sig').kid)
    expect(await refusalOf(verify(world, await world.forge(header, '{}')))).toBe(reason)
  })

  it('never makes us fetch anything', async () => {
    let hits = 0
    const canary = createServer((_, response) => {
      hits += 1
      response.end('{"keys":[]}')
    })
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
    try {
      const address = canary.address()
      const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
      for (const name of ['jku', 'x5u']) {
        expect(await refusalOf(verify(world, await world.forge(world.header({ [name]: url }), '{}')))).toBe(
          'HEADER_MEMBER',
        )
      }
      expect(await refusalOf(verify(world, await world.forge(world.header({ kid: url }), '{}')))).toBe(
        'HEADER_MEMBER',
      )
      expect(hits).toBe(0)
    } finally {
      await new Promise((resolve) => canary.close(resolve))
    }
  })
})

describe('a key', () => {
  it('that seals cannot sign', async () => {
    const world = await aWorld()
    const { kid } = world.keyOf('alice', 'enc')
    expect(await refusalOf(verify(world, await world.forge(world.header({ kid }), '{}')))).toBe('ALGORITHM')
  })

  it('whose record names another algorithm is not used', async () => {
    const world = await aWorld()
    const key = world.keyOf('alice', 'sig')
    world.peers.set(key.kid, { ...key, alg: 'ECDH-ES' })
    expect(await refusalOf(verify(world, await world.forge(world.header(), '{}')))).toBe('ALGORITHM')
  })

  it('whose record is for sealing is not used, whatever else the record says', async () => {
    const world = await aWorld()
    const key = world.keyOf('alice', 'sig')
    const token = await world.forge(world.header(), '{}')
    world.peers.set(key.kid, { ...key, use: 'enc' })
    expect(await refusalOf(verify(world, token))).toBe('ALGORITHM')
  })

  it('of another VASP does not fit the signature', async () => {
    const world = await aWorld()
    const { kid } = world.keyOf('bob', 'sig')
    expect(await refusalOf(verify(world, await world.forge(world.header({ kid }), '{}', 'alice')))).toBe(
      'SIGNATURE',
    )
  })

  it('that a careless look-up gives for another kid is not used', async () => {
    const world = await aWorld()
    const token = await world.forge(world.header({ kid: 'some-other-kid' }), '{}')
    const careless = { typ: TYP, keyFor: () => world.keyOf('alice', 'sig'), bytesMax: 10_000 }
    expect(await refusalOf(verifyCompactJws(token, careless))).toBe('KEY_UNKNOWN')
  })
})

describe('the form', () => {
  let world: World
  let token: string
  beforeAll(async () => {
    world = await aWorld()
    token = await world.forge(world.header(), '{"sub":"x"}')
  })

  it.each<[string, (parts: string[]) => string, EnvelopeRefusalReason]>([
    ['nothing', () => '', 'NOT_COMPACT'],
    ['two parts', ([h, p]) => `${h}.${p}`, 'NOT_COMPACT'],
    ['four parts', ([h, p, s]) => `${h}.${p}.${s}.`, 'NOT_COMPACT'],
    ['five parts', ([h, p, s]) => `${h}.${p}.${s}.${s}.${s}`, 'NOT_COMPACT'],
    ['an empty header', ([, p, s]) => `.${p}.${s}`, 'NOT_COMPACT'],
    ['a detached payload', ([h, , s]) => `${h}..${s}`, 'NOT_COMPACT'],
    ['no signature', ([h, p]) => `${h}.${p}.`, 'NOT_COMPACT'],
    ['a space in front', (parts) => ` ${parts.join('.')}`, 'NOT_COMPACT'],
    ['a line feed behind', (parts) => `${parts.join('.')}\n`, 'NOT_COMPACT'],
    ['a space within', ([h, p, s]) => `${h}. ${p}.${s}`, 'NOT_COMPACT'],
    ['a NUL behind', (parts) => `${parts.join('.')}\0`, 'NOT_COMPACT'],
    ['padding', ([h, p, s]) => `${h}.${p}.${s}==`, 'NOT_COMPACT'],
    ['the other base64 alphabet', ([h, p, s]) => `${h}.${p}.+/${s?.slice(2)}`, 'NOT_COMPACT'],
    ['a full-width dot', ([h, p, s]) => `${h}.${p}\uff0e${s}`, 'NOT_COMPACT'],
    [
      'JSON serialization, flattened',
      ([h, p, s]) => JSON.stringify({ protected: h, payload: p, signature: s }),
      'NOT_COMPACT',
    ],
    [
      'JSON serialization, general',
      ([h, p, s]) => JSON.stringify({ payload: p, signatures: [{ protected: h, signature: s }] }),
      'NOT_COMPACT',
    ],
    ['a header of one character', ([, p, s]) => `e.${p}.${s}`, 'BASE64URL'],
    [
      'a signature of 63 bytes',
      ([h, p]) => `${h}.${p}.${Buffer.alloc(63).toString('base64url')}`,
      'SIGNATURE',
    ],
    [
      'a signature of 65 bytes',
      ([h, p]) => `${h}.${p}.${Buffer.alloc(65).toString('base64url')}`,
      'SIGNATURE',
    ],
    ['a signature of zeros', ([h, p]) => `${h}.${p}.${Buffer.alloc(64).toString('base64url')}`, 'SIGNATURE'],
  ])('with %s is refused', async (_, write, reason) => {
    expect(await refusalOf(verify(world, write(token.split('.'))))).toBe(reason)
  })

  it('whose last character hides bits is refused in every part', async () => {
    const twin = (part: string) => {
      const bytes = Buffer.from(part, 'base64url')
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      for (const character of alphabet) {
        const other = part.slice(0, -1) + character
        if (other !== part && Buffer.from(other, 'base64url').equals(bytes)) return other
      }
      return undefined
    }
    // Payload lengths 1 and 2 modulo 3 leave unused bits; a 64-byte signature always does.
    for (const payload of ['{"a":1}', '{"a":12}', '{"a":123}']) {
      const sound = await world.forge(world.header(), payload)
      for (const index of [0, 1, 2]) {
        const parts = sound.split('.')
        const other = twin(parts[index] ?? '')
        if (other === undefined) continue
        parts[index] = other
        expect(await refusalOf(verify(world, parts.join('.')))).toBe('BASE64URL')
      }
    }
  })

  it('is refused when longer than its type may be, before anything is decoded', async () => {
    const expected = { typ: TYP, keyFor: (kid: string) => world.peers.get(kid) }
    expect(await refusalOf(verifyCompactJws(token, { ...expected, bytesMax: token.length - 1 }))).toBe(
      'OVERSIZED',
    )
    await expect(verifyCompactJws(token, { ...expected, bytesMax: token.length })).resolves.toBeDefined()
  })

  it('is refused when the payload is not UTF-8', async () => {
    expect(await refusalOf(verify(world, await world.forge(world.header(), Buffer.from([0xc3, 0x28]))))).toBe(
      'JSON',
    )
  })

  it.each(vectors.foreign)('of $section is refused', async ({ jws, reason }) => {
    await expect(verify(world, jws)).rejects.toMatchObject({ name: 'EnvelopeRefusal', reason })
  })

  it('does not survive the change of any one character', async () => {
    const alphabet = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0é')
    for (let at = 0; at < token.length; at += 1) {
      const character = alphabet[(at * 31) % alphabet.length] ?? 'A'
      const changed = token.slice(0, at) + (character === token[at] ? 'B' : character) + token.slice(at + 1)
      if (changed === token) continue
      await expect(verify(world, changed)).rejects.toMatchObject({ name: 'EnvelopeRefusal' })
    }
  })

  it('does not survive the flip of any bit, the loss of its end, or the doubling of a piece', async () => {
    const bytes = Buffer.from(token)
    const at = fc.nat(bytes.length - 1)
    const flipped = fc.tuple(at, fc.nat(7)).map(([index, bit]) => {
      const copy = Buffer.from(bytes)
      copy[index] = (copy[index] ?? 0) ^ (1 << bit)
      return copy
    })
    const truncated = at.map((length) => bytes.subarray(0, length))
    const doubled = at.map((index) => Buffer.concat([bytes.subarray(0, index + 1), bytes.subarray(index)]))
    await fc.assert(
      fc.asyncProperty(fc.oneof(flipped, truncated, doubled), async (changed) => {
        await expect(verify(world, changed)).rejects.toMatchObject({ name: 'EnvelopeRefusal' })
      }),
      { numRuns: 400 },
    )
  })
})
