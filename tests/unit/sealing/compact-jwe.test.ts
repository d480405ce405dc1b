import { createPrivateKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { CompactEncrypt, compactDecrypt, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import type { PublicJwk } from '../../../src/domain/envelope/public-key.ts'
import {
  concatKdf,
  openCompactJwe,
  parseCompactJwe,
  sealCompactJwe,
} from '../../../src/sealing/compact-jwe.ts'
import { publicKeyObject, thumbprint } from '../../../src/sealing/keys.ts'
import vectors from '../../vectors/jose/rfc.json' with { type: 'json' }

const PARTIES = { iss: 'alice', aud: 'bob' }
const PLAINTEXT = Buffer.from('{"content":{"name":"Айгүл"},"salt":"s"}')

function aRecipient() {
  const { privateKey } = generateKeyPairSync('x25519')
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' })
  const jwk: PublicJwk = { kty: 'OKP', crv: 'X25519', x }
  const open = (body: string, parties = PARTIES) => {
    const parsed = parseCompactJwe(body, parties)
    return openCompactJwe(parsed, diffieHellman({ privateKey, publicKey: publicKeyObject(parsed.ephemeral) }))
  }
  return { kid: thumbprint(jwk), jwk, privateJwk: { ...jwk, d }, open }
}

function refusal(work: () => unknown): unknown {
  try {
    work()
    return 'accepted'
  } catch (error) {
    return error instanceof Error && 'reason' in error ? error.reason : error
  }
}

function withHeader(body: string, changes: object): string {
  const [header = '', ...rest] = body.split('.')
  const members: object = JSON.parse(Buffer.from(header, 'base64url').toString())
  return [Buffer.from(JSON.stringify({ ...members, ...changes })).toString('base64url'), ...rest].join('.')
}

describe('the primitives', () => {
  it('agree on the shared secret of RFC 8037, A.6', () => {
    const privateKey = createPrivateKey({ key: vectors.x25519.ephemeral, format: 'jwk' })
    const publicKey = publicKeyObject({ kty: 'OKP', crv: 'X25519', x: vectors.x25519.recipient.x })
    expect(diffieHellman({ privateKey, publicKey }).toString('hex')).toBe(vectors.x25519.sharedHex)
  })

  it('derive the key of RFC 7518, appendix C', () => {
    const { sharedHex, apu, apv, enc, keyBits, derived } = vectors.concatKdf
    const key = concatKdf(Buffer.from(sharedHex, 'hex'), { iss: apu, aud: apv }, enc, keyBits)
    expect(key.toString('base64url')).toBe(derived)
  })
})

describe('a sealed body', () => {
  it('opens for its recipient, whatever the bytes', () => {
    const bob = aRecipient()
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), (plaintext) => {
        expect(bob.open(sealCompactJwe(plaintext, bob, PARTIES)).equals(plaintext)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('never looks the same twice', () => {
    const bob = aRecipient()
    const [one, other] = [sealCompactJwe(PLAINTEXT, bob, PARTIES), sealCompactJwe(PLAINTEXT, bob, PARTIES)]
    const shared = other.split('.').filter((part) => one.split('.').includes(part))
    // The second part is empty in every body of this kind.
    expect(shared).toEqual([''])
  })

  it('is what jose opens, with the parties in the derivation', async () => {
    const bob = aRecipient()
    const body = sealCompactJwe(PLAINTEXT, bob, PARTIES)
    const { plaintext, protectedHeader } = await compactDecrypt(
      body,
      await importJWK(bob.privateJwk, 'ECDH-ES'),
    )
    expect(Buffer.from(plaintext).equals(PLAINTEXT)).toBe(true)
    expect(protectedHeader).toMatchObject({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      kid: bob.kid,
      apu: 'YWxpY2U',
      apv: 'Ym9i',
    })
  })

  it('may be what jose sealed', async () => {
    const bob = aRecipient()
    const body = await new CompactEncrypt(PLAINTEXT)
      .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: bob.kid })
      .setKeyManagementParameters({ apu: Buffer.from('alice'), apv: Buffer.from('bob') })
      .encrypt(await importJWK(bob.jwk, 'ECDH-ES'))
    expect(bob.open(body).equals(PLAINTEXT)).toBe(true)
  })

  it('does not open for another key', () => {
    const body = sealCompactJwe(PLAINTEXT, aRecipient(), PARTIES)
    expect(refusal(() => aRecipient().open(body))).toBe('UNSEALABLE')
  })

  it.each([
    ['sender', { iss: 'mallory', aud: 'bob' }],
    ['recipient', { iss: 'alice', aud: 'carol' }],
  ])('is bound to its %s', (_, parties) => {
    const bob = aRecipient()
    const body = sealCompactJwe(PLAINTEXT, bob, PARTIES)
    expect(refusal(() => bob.open(body, parties))).toBe('SEALED_FORM')
    // Naming the other party in the header does not help: the header is authenticated and the key derived from it.
    const renamed = withHeader(body, {
      apu: Buffer.from(parties.iss).toString('base64url'),
      apv: Buffer.from(parties.aud).toString('base64url'),
    })
    expect(refusal(() => bob.open(renamed, parties))).toBe('UNSEALABLE')
  })

  it('does not survive the change of any one character', () => {
    const bob = aRecipient()
    const body = sealCompactJwe(Buffer.from('{}'), bob, PARTIES)
    for (let at = 0; at < body.length; at += 1) {
      const changed = body.slice(0, at) + (body[at] === 'A' ? 'B' : 'A') + body.slice(at + 1)
      expect(['SEALED_FORM', 'UNSEALABLE']).toContain(refusal(() => bob.open(changed)))
    }
  })

  it.each([
    ['another key agreement', { alg: 'ECDH-ES+A256KW' }],
    ['RSA 1.5', { alg: 'RSA1_5' }],
    ['a password', { alg: 'PBES2-HS256+A128KW', p2c: 2_147_483_647 }],
    ['direct encryption', { alg: 'dir' }],
    ['another cipher', { enc: 'A128GCM' }],
    ['CBC', { enc: 'A256CBC-HS512' }],
    ['compression', { zip: 'DEF' }],
    ['critical extensions', { crit: ['exp'] }],
    ['a key address', { jku: 'https://evil.example' }],
    ['a content type', { cty: 'JWT' }],
    ['no kid', { kid: undefined }],
    ['a path as kid', { kid: '../x' }],
    ['no parties', { apu: undefined, apv: undefined }],
    ['no ephemeral key', { epk: undefined }],
    ['an ephemeral key on P-256', { epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }],
    [
      'an ephemeral key of 31 bytes',
      { epk: { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(31, 9).toString('base64url') } },
    ],
    [
      'a point of small order',
      { epk: { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32).toString('base64url') } },
    ],
    [
      'a point beyond the field',
      { epk: { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32, 0xff).toString('base64url') } },
    ],
    [
      'a private ephemeral key',
      { epk: { kty: 'OKP', crv: 'X25519', x: vectors.x25519.recipient.x, d: 'AA' } },
    ],
    ['an ephemeral key that is text', { epk: 'X25519' }],
  ])('whose header has %s is refused before any private key is used', (_, changes) => {
    const body = withHeader(sealCompactJwe(PLAINTEXT, aRecipient(), PARTIES), changes)
    expect(refusal(() => parseCompactJwe(body, PARTIES))).toBe('SEALED_FORM')
  })

  it.each([
    ['four parts', ([h, , n, c, t]: string[]) => [h, n, c, t]],
    ['six parts', (parts: string[]) => [...parts, 'AA']],
    ['an encrypted key', ([h, , n, c, t]: string[]) => [h, 'AA', n, c, t]],
    [
      'a nonce of 16 bytes',
      ([h, k, , c, t]: string[]) => [h, k, Buffer.alloc(16).toString('base64url'), c, t],
    ],
    ['a tag of 12 bytes', ([h, k, n, c, t]: string[]) => [h, k, n, c, t?.slice(0, 16)]],
    ['an empty tag', ([h, k, n, c]: string[]) => [h, k, n, c, '']],
    ['padding', ([h, k, n, c, t]: string[]) => [h, k, n, c, `${t}==`]],
  ])('with %s is refused before any private key is used', (_, change) => {
    const body = change(sealCompactJwe(PLAINTEXT, aRecipient(), PARTIES).split('.')).join('.')
    expect(refusal(() => parseCompactJwe(body, PARTIES))).toBe('SEALED_FORM')
  })
})
