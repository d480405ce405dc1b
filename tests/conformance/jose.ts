/** Wycheproof's JOSE vectors and those of its primitives, and the examples of RFC 7520; from directories that hold their repositories. */
import { createPrivateKey, diffieHellman, verify } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PublicKeyRecord } from '../../src/domain/envelope/public-key.ts'
import { EnvelopeRefusal } from '../../src/domain/envelope/refusal.ts'
import { parseCompactJwe } from '../../src/sealing/compact-jwe.ts'
import { verifyCompactJws } from '../../src/sealing/compact-jws.ts'
import { readJwkSet } from '../../src/sealing/jwk-set.ts'
import { publicKeyObject } from '../../src/sealing/keys.ts'
import type { Group, Vector } from '../support/wycheproof.ts'
import { type Outcome, type Score, scoreOf, skipped } from './score.ts'

const SUITE = 'valid under an algorithm that we have not (one suite: Ed25519, ECDH-ES on X25519, A256GCM)'

interface Case extends Vector {
  readonly group: Group
}

const hex = (value = '') => Buffer.from(value, 'hex')
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** A key of ours under every kid: the most careless look-up that there is. */
function anyKey(kid: string): PublicKeyRecord {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const
  const [notBefore, notAfter] = [new Date(0), new Date('2100-01-01')]
  return { kid, vaspId: 'alice', use: 'sig', alg: 'Ed25519', jwk, notBefore, notAfter }
}

async function refuses(work: () => unknown): Promise<boolean> {
  try {
    await work()
    return false
  } catch (error) {
    if (error instanceof EnvelopeRefusal) return true
    throw error
  }
}

/** What is refused counts as expected for an invalid vector, and as ours for a valid one. */
async function refusal(what: string, valid: boolean, work: () => unknown): Promise<Outcome> {
  if (!(await refuses(work))) return `!${what} was accepted`
  return valid ? `~${SUITE}` : 'expected'
}

const jws = (token: unknown, typ = 'JWT') =>
  verifyCompactJws(text(token), { typ, keyFor: anyKey, bytesMax: 120_000 })
const jwe = (token: unknown) => parseCompactJwe(text(token), { iss: 'alice', aud: 'bob' })

function agreed({ public: peer, private: own }: Vector): string {
  const { kty, crv, x = '' } = peer ?? {}
  if (kty !== 'OKP' || crv !== 'X25519') return 'nothing'
  try {
    const privateKey = createPrivateKey({ key: own ?? {}, format: 'jwk' })
    return diffieHellman({ privateKey, publicKey: publicKeyObject({ kty, crv, x }) }).toString('hex')
  } catch {
    return 'nothing'
  }
}

type Judge = (vector: Case) => Outcome | Promise<Outcome>
const JUDGES: Readonly<Record<string, Judge>> = {
  json_web_signature: ({ tcId, result, jws: token }) =>
    refusal(`JWS ${tcId}`, result === 'valid', () => jws(token)),
  json_web_encryption: ({ tcId, result, jwe: token }) =>
    refusal(`JWE ${tcId}`, result === 'valid', () => jwe(token)),
  json_web_crypto: ({ tcId, result, jws: signed, jwe: sealed }) =>
    refusal(`JOSE ${tcId}`, result === 'valid', () => (signed === undefined ? jwe(sealed) : jws(signed))),
  json_web_key: ({ tcId, result, jwk, jws: token, group }) =>
    refusal(`JWK ${tcId}`, result === 'valid', () =>
      token === undefined ? readJwkSet(JSON.stringify(jwk ?? group.public ?? group.private)) : jws(token),
    ),
  ed25519: ({ tcId, result, group, msg, sig }) => {
    const x = hex(group.publicKey?.pk).toString('base64url')
    const valid = verify(null, hex(msg), publicKeyObject({ kty: 'OKP', crv: 'Ed25519', x }), hex(sig))
    return valid === (result === 'valid') ? 'expected' : `!Ed25519 ${tcId}`
  },
  x25519_jwk: (vector) => {
    const { tcId, result, shared = '' } = vector
    const zero = /^0*$/.test(shared)
    const found = agreed(vector)
    if (result !== 'invalid' && !zero) return found === shared ? 'expected' : `!X25519 ${tcId}`
    if (found !== 'nothing') return `!X25519 ${tcId} agreed on something`
    return result === 'invalid' ? 'expected' : '~agrees on zero, which everybody knows: refused'
  },
}

/** `directory` is testvectors_v1 of github.com/C2SP/wycheproof. */
export function wycheproof(directory: string | undefined): Promise<Score[]> {
  const source = 'github.com/C2SP/wycheproof, testvectors_v1'
  return Promise.all(
    Object.entries(JUDGES).map(async ([name, judge]) => {
      const file = join(directory ?? '', `${name}_test.json`)
      if (directory === undefined || !existsSync(file))
        return skipped(`Wycheproof ${name}`, source, 'name the directory by WYCHEPROOF_VECTORS')
      const { testGroups }: { testGroups: readonly Group[] } = JSON.parse(readFileSync(file, 'utf8'))
      const vectors = testGroups.flatMap((group) => group.tests.map((test): Case => ({ ...test, group })))
      return scoreOf(`Wycheproof ${name}`, source, vectors, judge)
    }),
  )
}

interface Example {
  readonly name: string
  readonly token: string
  readonly kind: 'jws' | 'jwe'
}

/** `directory` is github.com/ietf-jose/cookbook: the figures of RFC 7520 as JSON. */
export async function cookbook(directory: string | undefined): Promise<Score> {
  const [set, source] = ['RFC 7520, all examples, the nested one too', 'github.com/ietf-jose/cookbook']
  if (directory === undefined) return skipped(set, source, 'name the directory by JOSE_COOKBOOK')
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  const examples = files
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => examplesOf(directory, name))
  return scoreOf(set, source, examples, ({ name, token, kind }) =>
    refusal(name, true, () => (kind === 'jws' ? jws(token) : jwe(token))),
  )
}

function examplesOf(directory: string, name: string): Example[] {
  const found: Example[] = []
  const walk = (value: unknown, kind: Example['kind']): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [member, inner] of Object.entries(value)) {
      if (['compact', 'json', 'json_flat'].includes(member) && inner !== undefined)
        found.push({ name: `${name} ${member}`, token: text(inner), kind })
      else walk(inner, member === 'encrypt' ? 'jwe' : member === 'sign' ? 'jws' : kind)
    }
  }
  walk(JSON.parse(readFileSync(join(directory, name), 'utf8')), /jwe|ecdh/.test(name) ? 'jwe' : 'jws')
  return found
}
