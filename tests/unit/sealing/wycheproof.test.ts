/**
 * Project Wycheproof's vectors (github.com/C2SP/wycheproof, testvectors_v1, Apache-2.0) against our verifier and primitives. They are
 * not kept here: WYCHEPROOF_VECTORS names a directory that holds them, and tests/vectors/jose/README.md says how to get one.
 */
import { createPrivateKey, diffieHellman, type KeyObject, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseCompactJwe } from '../../../src/sealing/compact-jwe.ts'
import { verifyCompactJws } from '../../../src/sealing/compact-jws.ts'
import { readJwkSet } from '../../../src/sealing/jwk-set.ts'
import { publicKeyObject } from '../../../src/sealing/keys.ts'
import type { Group } from '../../support/wycheproof.ts'
import { aWorld } from './world.ts'

const directory = process.env['WYCHEPROOF_VECTORS']

function vectors(name: string) {
  const path = join(directory ?? '', `${name}_test.json`)
  const { testGroups }: { testGroups: readonly Group[] } = JSON.parse(readFileSync(path, 'utf8'))
  return testGroups.flatMap((group) => group.tests.map((test) => ({ group, test })))
}

const hex = (value = '') => Buffer.from(value, 'hex')

function agreed(privateKey: KeyObject, kty: string, crv: string, x = ''): string {
  if (kty !== 'OKP' || crv !== 'X25519') return 'nothing'
  try {
    return diffieHellman({ privateKey, publicKey: publicKeyObject({ kty, crv, x }) }).toString('hex')
  } catch {
    return 'nothing'
  }
}

describe.skipIf(directory === undefined)('Wycheproof', () => {
  it.each(['json_web_signature', 'json_web_crypto'])(
    '%s: all use algorithms that we do not, and all are refused',
    async (name) => {
      const world = await aWorld()
      const key = world.keyOf('alice', 'sig')
      const all = vectors(name).filter(({ test }) => test.jws !== undefined)
      expect(all.length).toBeGreaterThan(40)
      for (const { test } of all) {
        // The most careless look-up there is: some key of ours for every kid.
        const expected = {
          typ: 'tamga-envelope+jws',
          keyFor: (kid: string) => ({ ...key, kid }),
          bytesMax: 120_000,
        }
        const token = typeof test.jws === 'string' ? test.jws : JSON.stringify(test.jws)
        await expect(verifyCompactJws(token, expected), `${test.tcId} ${test.comment}`).rejects.toMatchObject(
          {
            name: 'EnvelopeRefusal',
          },
        )
      }
    },
  )

  it('json_web_encryption: all use algorithms that we do not, and all are refused without a private key', () => {
    const all = vectors('json_web_encryption')
    expect(all.length).toBeGreaterThan(100)
    for (const { test } of all) {
      const body = typeof test.jwe === 'string' ? test.jwe : JSON.stringify(test.jwe)
      expect(() => parseCompactJwe(body, { iss: 'alice', aud: 'bob' }), `${test.tcId}`).toThrow(
        expect.objectContaining({ reason: 'SEALED_FORM' }),
      )
    }
  })

  it('json_web_key: no key set with such keys is read', () => {
    for (const { group, test } of vectors('json_web_key')) {
      for (const set of [group.public, group.private, test.jwk]) {
        if (set === undefined) continue
        expect(() => readJwkSet(JSON.stringify(set)), `${test.tcId}`).toThrow(
          expect.objectContaining({ name: 'EnvelopeRefusal' }),
        )
      }
    }
  })

  it('ed25519: the signature primitive is right', () => {
    for (const { group, test } of vectors('ed25519')) {
      const pk = group.publicKey?.pk
      const jwk = { kty: 'OKP', crv: 'Ed25519', x: hex(pk).toString('base64url') } as const
      const valid = verify(null, hex(test.msg), publicKeyObject(jwk), hex(test.sig))
      expect(valid, `${test.tcId} ${test.comment}`).toBe(test.result === 'valid')
    }
  })

  it('x25519_jwk: the agreement is right, and a low-order or foreign key agrees on nothing', () => {
    for (const { test } of vectors('x25519_jwk')) {
      const { kty = '', crv = '', x } = test.public ?? {}
      const privateKey = createPrivateKey({ key: test.private ?? {}, format: 'jwk' })
      const zero = /^0*$/.test(test.shared ?? '')
      const wanted = test.result === 'invalid' || zero ? 'nothing' : test.shared
      expect(agreed(privateKey, kty, crv, x), `${test.tcId} ${test.comment}`).toBe(wanted)
    }
  })
})
