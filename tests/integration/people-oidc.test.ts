import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OidcSettings, oidcTokens } from '../../src/people/oidc-tokens.ts'
import { AUDIENCE, type IdentityProvider, SECONDS, startIdentityProvider } from '../support/oidc.ts'

const ROLES = { roles: ['alice/senior', 'alice/analyst', 'bob/auditor', 'alice/root', 'other-system'] }
const now = () => new Date()

let provider: IdentityProvider
beforeAll(async () => {
  provider = await startIdentityProvider('k1')
})
afterAll(() => provider.close())

function settings(more: Partial<OidcSettings> = {}): OidcSettings {
  return {
    issuer: provider.issuer,
    audience: AUDIENCE,
    algorithms: ['ES256', 'RS256'],
    rolesClaim: 'roles',
    personClaim: 'sub',
    ...more,
  }
}

const refused = { code: 'PERSON_TOKEN_INVALID' }

describe('a token of an OpenID Connect provider', () => {
  it('names the person, with the roles of ours that it gives', async () => {
    const token = await provider.token('aida', { ...ROLES, name: 'Aida Sultanbekova', employee: 'p-17' })
    expect(await oidcTokens(settings({ personClaim: 'employee' }), now).personOf(token)).toEqual({
      subject: 'aida',
      naturalPerson: 'p-17',
      displayName: 'Aida Sultanbekova',
      roles: { alice: ['senior', 'analyst'], bob: ['auditor'] },
      vaspIds: ['alice', 'bob'],
      source: 'oidc',
    })
  })

  it('is taken as the provider hands it out over HTTP', async () => {
    const person = await oidcTokens(settings(), now).personOf(await provider.tokenOfClient())
    expect(person).toMatchObject({ subject: 'console', roles: {}, vaspIds: [] })
  })

  it('gives no role by a claim of another shape', async () => {
    for (const roles of [{ alice: ['senior'] }, 7, ['senior'], ['alice/senior/x'], [['alice/mlro']], null]) {
      const token = await provider.token('aida', { roles })
      const { vaspIds } = await oidcTokens(settings(), now).personOf(token)
      expect({ roles, vaspIds }).toEqual({ roles, vaspIds: [] })
    }
  })

  describe('of a person who must have signed in strongly', () => {
    const MFA = { acr: 'urn:house:mfa', amr: ['pwd', 'otp', 'mfa'] }
    const personWith = async (asked: Partial<OidcSettings>, said: object) =>
      oidcTokens(settings(asked), now).personOf(await provider.token('aida', { ...ROLES, ...said }))
    const weak = { code: 'PERSON_TOKEN_WEAK' }

    it('counts where it says so', async () => {
      for (const asked of [
        { acr: ['urn:house:mfa'] },
        { acr: ['urn:house:key', 'urn:house:mfa'] },
        { amr: ['mfa'] },
        { amr: ['otp', 'pwd'] },
        { acr: ['urn:house:mfa'], amr: ['mfa'] },
        {},
      ])
        expect(await personWith(asked, MFA)).toMatchObject({ subject: 'aida' })
    })

    it.each<readonly [string, Partial<OidcSettings>, object]>([
      ['says nothing of it', { acr: ['urn:house:mfa'] }, {}],
      ['says nothing of the methods', { amr: ['mfa'] }, { acr: 'urn:house:mfa' }],
      ['names another context', { acr: ['urn:house:mfa'] }, { acr: 'urn:house:password' }],
      ['names the context in another case', { acr: ['urn:house:mfa'] }, { acr: 'URN:HOUSE:MFA' }],
      ['names contexts as a list', { acr: ['urn:house:mfa'] }, { acr: ['urn:house:mfa'] }],
      ['lacks one of the methods', { amr: ['pwd', 'hwk'] }, MFA],
      ['names the methods in one text', { amr: ['mfa'] }, { amr: 'pwd mfa' }],
      ['has one of the two only', { acr: ['urn:house:mfa'], amr: ['hwk'] }, MFA],
    ])('does not count where it %s', async (_, asked, said) => {
      await expect(personWith(asked, said)).rejects.toMatchObject(weak)
    })
  })

  it('does not count for another audience', async () => {
    const token = await provider.token('aida', ROLES, 'https://payroll.alice.example')
    await expect(oidcTokens(settings(), now).personOf(token)).rejects.toMatchObject(refused)
  })

  it('does not count when another issuer made it, be it with keys that we have', async () => {
    const other = await startIdentityProvider('k1')
    try {
      const token = await other.token('aida', ROLES)
      await expect(oidcTokens(settings(), now).personOf(token)).rejects.toMatchObject(refused)
      const confused = settings({ jwksUri: `${other.issuer}/jwks` })
      await expect(oidcTokens(confused, now).personOf(token)).rejects.toMatchObject(refused)
    } finally {
      await other.close()
    }
  })

  it('does not count after its expiry, nor long before it was issued', async () => {
    const token = await provider.token('aida', ROLES)
    const at = (seconds: number) => oidcTokens(settings(), () => new Date(Date.now() + seconds * 1000))
    await at(SECONDS - 60).personOf(token)
    await expect(at(SECONDS + 15).personOf(token)).rejects.toMatchObject(refused)
    await expect(at(-3_600).personOf(token)).rejects.toMatchObject(refused)
  })

  it('does not count without a signature, or with the public key as an HMAC secret', async () => {
    const token = await provider.token('aida', ROLES)
    const [, payload = ''] = token.split('.')
    const [key = {}] = await provider.keys()
    const header = (alg: string) =>
      Buffer.from(JSON.stringify({ alg, kid: 'k1', typ: 'at+jwt' })).toString('base64url')
    const publicKey = await importJWK({ ...key, kty: 'EC' }, 'ES256')
    if (publicKey instanceof Uint8Array) throw new Error('a secret is no public key')
    const secrets = [await exportSPKI(publicKey), JSON.stringify(key), String(key['x'])]
    const forged = ['none', 'None', 'nOnE'].map((alg) => `${header(alg)}.${payload}.`)
    for (const secret of secrets) {
      const signed = `${header('HS256')}.${payload}`
      forged.push(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`)
    }
    for (const bad of [...forged, `${token}x`, token.slice(0, -4), `${token}.${token}`, '', 'a.b.c'])
      await expect(oidcTokens(settings(), now).personOf(bad)).rejects.toMatchObject(refused)
  })

  it('does not count by a key that only calls itself the provider’s, nor by an algorithm that is not on the list', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const forged = await new SignJWT(ROLES)
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt' })
      .setIssuer(provider.issuer)
      .setAudience(AUDIENCE)
      .setSubject('marat')
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(privateKey)
    await expect(oidcTokens(settings(), now).personOf(forged)).rejects.toMatchObject(refused)
    const onlyRsa = oidcTokens(settings({ algorithms: ['RS256'] }), now)
    await expect(onlyRsa.personOf(await provider.token('aida', ROLES))).rejects.toMatchObject(refused)
  })

  it('takes the names that providers give', async () => {
    const subject = 'auth0|5f7c8ec7c33c6c004bbafe82'
    const person = await oidcTokens(settings(), now).personOf(await provider.token(subject, ROLES))
    expect(person.subject).toBe(subject)
  })

  it('does not count where the subject is no name that can be kept', async () => {
    for (const subject of ['aida sultan', 'a'.repeat(129), 'aida/1', 'Аида'])
      await expect(
        oidcTokens(settings(), now).personOf(await provider.token(subject, ROLES)),
      ).rejects.toMatchObject(refused)
  })

  it('counts by a new key as soon as the provider has rotated, and the old key no longer', async () => {
    const first = await startIdentityProvider('old')
    const tokens = oidcTokens(settings({ issuer: first.issuer }), now)
    const old = await first.token('aida', ROLES)
    await tokens.personOf(old)
    await first.close()
    const second = await startIdentityProvider('new', first.port)
    try {
      const fresh = await second.token('aida', ROLES)
      const subject = () => tokens.personOf(fresh).then((person) => person.subject, String)
      // Not at once: an invented key id must not make a fetch each time.
      await expect.poll(subject, { timeout: 15_000, interval: 500 }).toBe('aida')
      await expect(tokens.personOf(old)).rejects.toMatchObject(refused)
    } finally {
      await second.close()
    }
  })

  it('cannot be judged while the provider does not answer, and is judged again once it does', async () => {
    const down = await startIdentityProvider('k1')
    const token = await down.token('aida', ROLES)
    const tokens = oidcTokens(settings({ issuer: down.issuer }), now)
    await down.close()
    await expect(tokens.personOf(token)).rejects.toMatchObject({ code: 'IDENTITY_PROVIDER_UNAVAILABLE' })
    const up = await startIdentityProvider('k1', down.port)
    try {
      expect((await tokens.personOf(await up.token('aida', ROLES))).subject).toBe('aida')
    } finally {
      await up.close()
    }
  })

  it('is not judged by a discovery document that names another issuer', async () => {
    const document = { issuer: 'https://elsewhere.example', jwks_uri: `${provider.issuer}/jwks` }
    const liar = createServer((_, response) => response.end(JSON.stringify(document)))
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve))
    const address = liar.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const tokens = oidcTokens(settings({ issuer: `http://127.0.0.1:${port}` }), now)
      await expect(tokens.personOf(await provider.token('aida', ROLES))).rejects.toMatchObject({
        code: 'IDENTITY_PROVIDER_UNAVAILABLE',
      })
    } finally {
      liar.close()
    }
  })
})
