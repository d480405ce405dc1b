import { webcrypto } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CALLER_ROLES } from '../../../src/app/gateway.ts'
import { callerIdentifier, identityOf } from '../../../src/grpc/identity.ts'
import {
  type JsonGeneralName,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '../../../src/x509.ts'
import { callerUri, TRUST_DOMAIN } from './door.ts'

const PERIMETER = { trustDomain: TRUST_DOMAIN, vaspIds: new Set(['alice', 'carol']) }
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

async function certificate(...groups: JsonGeneralName[][]): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    name: `CN=${callerUri('admin')}`,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2027-01-01T00:00:00Z'),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: groups.map((names) => new SubjectAlternativeNameExtension(names)),
  })
}

const url = (value: string): JsonGeneralName => ({ type: 'url', value })
const der = async (...groups: JsonGeneralName[][]) => new Uint8Array((await certificate(...groups)).rawData)

describe('the caller named by a certificate', () => {
  it.each(CALLER_ROLES)('has the role %s of its URI name', async (role) => {
    const { caller } = identityOf(await der([url(callerUri(role, 'carol'))]), PERIMETER)
    expect(caller).toEqual({ vaspId: 'carol', role })
  })

  it('may have DNS names beside the URI', async () => {
    const names: JsonGeneralName[] = [{ type: 'dns', value: 'app.alice.example' }, url(callerUri('custody'))]
    expect(identityOf(await der(names), PERIMETER).caller.role).toBe('custody')
  })

  const good = callerUri('integrator')
  it.each([
    ['two URI names', [[url(good), url(callerUri('admin'))]]],
    ['the same URI name twice', [[url(good), url(good)]]],
    ['two extensions of names', [[url(good)], [url(callerUri('admin'))]]],
    ['no URI name', [[{ type: 'dns', value: 'alice.example' }]]],
    ['no names at all', []],
    ['a comma in the URI', [[url(`${good}, URI:${callerUri('admin')}`)]]],
    ['an unknown role', [[url(callerUri('root'))]]],
    ['no role', [[url(callerUri(''))]]],
    ['the name of a role in capitals', [[url(callerUri('Admin'))]]],
    ["another gateway's VASP", [[url(callerUri('integrator', 'bob'))]]],
    ['a VASP id that is a prototype member', [[url(callerUri('integrator', '__proto__'))]]],
    ['another trust domain', [[url(good.replace(TRUST_DOMAIN, 'evil.test'))]]],
    ['a longer trust domain', [[url(good.replace(TRUST_DOMAIN, `${TRUST_DOMAIN}.evil.test`))]]],
    ['the trust domain as user info', [[url(good.replace(TRUST_DOMAIN, `${TRUST_DOMAIN}@evil.test`))]]],
    ['another scheme', [[url(good.replace('spiffe', 'https'))]]],
    ['a trailing slash', [[url(`${good}/`)]]],
    ['a query', [[url(`${good}?role=admin`)]]],
    ['a line end', [[url(`${good}\n`)]]],
    ['a percent escape', [[url(good.replace('alice', '%61lice'))]]],
    ['a path that climbs', [[url(`spiffe://${TRUST_DOMAIN}/vasp/bob/../alice/role/admin`)]]],
  ] satisfies [string, JsonGeneralName[][]][])('is unknown with %s', async (_, groups) => {
    const bytes = await der(...groups)
    expect(() => identityOf(bytes, PERIMETER)).toThrow(expect.objectContaining({ code: 'CALLER_UNKNOWN' }))
  })

  it('is unknown for whatever URI differs from the exact form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length), fc.integer({ min: 0x20, max: 0x7e }), async (at, character) => {
        const altered = good.slice(0, at) + String.fromCharCode(character) + good.slice(at + 1)
        fc.pre(altered !== good)
        const bytes = await der([url(altered)])
        expect(() => identityOf(bytes, PERIMETER)).toThrow(
          expect.objectContaining({ code: 'CALLER_UNKNOWN' }),
        )
      }),
      { numRuns: 40 },
    )
  })

  it('is unknown when the bytes are no certificate', () => {
    expect(() => identityOf(readFileSync('package.json'), PERIMETER)).toThrow(
      expect.objectContaining({ code: 'CALLER_UNKNOWN' }),
    )
  })
})

describe('a certificate on a long connection', () => {
  const identify = callerIdentifier(PERIMETER)

  it('stops being good when its time is over', async () => {
    const raw = await der([url(callerUri('integrator'))])
    const peer = { raw, fingerprint256: 'f1' }
    expect(identify(peer, new Date('2026-06-01T00:00:00Z'))).toEqual({ vaspId: 'alice', role: 'integrator' })
    expect(() => identify(peer, new Date('2027-01-01T00:00:01Z'))).toThrow(/does not name a caller/)
    expect(() => identify(peer, new Date('2025-12-31T23:59:59Z'))).toThrow(/does not name a caller/)
  })

  it('is never taken for another one', async () => {
    const now = new Date('2026-06-01T00:00:00Z')
    for (const role of CALLER_ROLES) {
      const raw = await der([url(callerUri(role))])
      expect(identify({ raw, fingerprint256: `of ${role}` }, now).role).toBe(role)
      expect(identify({ raw: new Uint8Array(), fingerprint256: `of ${role}` }, now).role).toBe(role)
    }
  })

  it('is needed', () => {
    expect(() => identify(undefined)).toThrow(expect.objectContaining({ code: 'CALLER_UNKNOWN' }))
  })
})
