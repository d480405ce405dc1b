import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { command } from '../../../src/cli/permit.ts'
import { EnvelopeRefusal } from '../../../src/domain/envelope/refusal.ts'
import type { PermitClaims } from '../../../src/domain/permit/permit.ts'
import { jwkSetOf, readJwkSet } from '../../../src/sealing/jwk-set.ts'
import { permitIssuer } from '../../../src/sealing/permit-issuer.ts'
import { issuePermit, verifyPermit } from '../../../src/sealing/permits.ts'
import { aWorld, NOON, NOON_SECONDS, temporaryDirectory } from './world.ts'

function aPermit(changes: Partial<PermitClaims> = {}): PermitClaims {
  return {
    transferId: '0199f2a0-1111-7abc-8def-0123456789ab',
    vasp: 'alice',
    counterparty: 'bob',
    asset: 'eip155:1/slip44:60',
    amount: '1.5',
    destination: 'eip155:1:0xab5801a7d398351b8be11c439e05c5b3259aec9b',
    ruleVersion: 'kz-aifc@2026-01-01',
    approvers: [],
    jti: '0199f2a0-0000-7abc-8def-0123456789ab',
    iat: NOON_SECONDS,
    exp: NOON_SECONDS + 1_800,
    ...changes,
  }
}

async function aGateway() {
  const world = await aWorld({ reloadMilliseconds: 0 })
  const jwks = async () =>
    jwkSetOf([...(await world.keyStore.publicKeys('alice')), ...(await world.keyStore.publicKeys('bob'))])
  return { ...world, jwks }
}

describe('a permit', () => {
  it('holds the longest asset that CAIP-19 knows', async () => {
    const { keyStore, jwks } = await aGateway()
    const asset = `eip155-x:${'a'.repeat(32)}/tokens-x:${'b'.repeat(128)}/${'c'.repeat(78)}`
    const destination = `eip155-x:${'a'.repeat(32)}:${'d'.repeat(128)}`
    const token = await issuePermit(keyStore, aPermit({ asset, destination, tag: 't'.repeat(128) }))
    expect(await verifyPermit(token, await jwks(), NOON)).toMatchObject({ asset, destination })
  })

  it('whose claims its own rules forbid is a fault of the gateway, and of no counterparty', async () => {
    const { keyStore } = await aGateway()
    const {
      iat: _,
      exp: __,
      vasp: vaspId,
      counterparty: counterpartyId,
      ...claims
    } = aPermit({ tag: 'Überweisung' })
    const issued = permitIssuer(keyStore, () => NOON).issue({
      ...claims,
      vaspId,
      counterpartyId,
      tag: claims.tag,
      issuedAt: NOON,
      expiresAt: new Date(NOON.getTime() + 60_000),
    })
    await expect(issued).rejects.not.toBeInstanceOf(EnvelopeRefusal)
  })

  it('verifies offline against the published key set', async () => {
    const { keyStore, jwks } = await aGateway()
    const token = await issuePermit(keyStore, aPermit())
    expect(await verifyPermit(token, await jwks(), NOON)).toEqual(aPermit())
    expect(await verifyPermit(token, JSON.stringify(await jwks()), NOON)).toEqual(aPermit())
  })

  it('is not issued with claims that nobody would accept', async () => {
    const { keyStore } = await aGateway()
    await expect(issuePermit(keyStore, aPermit({ amount: '1e3' }))).rejects.toMatchObject({
      reason: 'CLAIMS',
    })
    await expect(issuePermit(keyStore, aPermit({ exp: NOON_SECONDS }))).rejects.toMatchObject({
      reason: 'LIFETIME',
    })
    await expect(issuePermit(keyStore, aPermit({ vasp: 'dave' }))).rejects.toMatchObject({ reason: 'NO_KEY' })
  })

  it('is refused when it has expired', async () => {
    const { keyStore, jwks } = await aGateway()
    const token = await issuePermit(keyStore, aPermit())
    const late = new Date((NOON_SECONDS + 1_801) * 1000)
    await expect(verifyPermit(token, await jwks(), late)).rejects.toMatchObject({ reason: 'EXPIRED' })
  })

  it('is refused when another VASP of the same gateway signed it', async () => {
    const world = await aGateway()
    const header = world.header({ typ: 'tamga-permit+jws', kid: world.keyOf('bob', 'sig').kid })
    const { ruleVersion, transferId, ...same } = aPermit()
    const payload = { ...same, rule_version: ruleVersion, transfer_id: transferId }
    const token = await world.forge(header, payload, 'bob')
    await expect(verifyPermit(token, await world.jwks(), NOON)).rejects.toMatchObject({ reason: 'ISSUER' })
  })

  it('is not an envelope, and an envelope is not a permit', async () => {
    const world = await aGateway()
    const permit = await issuePermit(world.keyStore, aPermit())
    await expect(world.sealer.verify(permit, { audience: 'bob' })).rejects.toMatchObject({ reason: 'TYP' })
    const envelope = await world.forge(world.header(), '{}')
    await expect(verifyPermit(envelope, await world.jwks(), NOON)).rejects.toMatchObject({ reason: 'TYP' })
  })

  it('is refused when its key is not published, was revoked, or has expired', async () => {
    const { keyStore, jwks } = await aGateway()
    const token = await issuePermit(keyStore, aPermit())
    await expect(verifyPermit(token, { keys: [] }, NOON)).rejects.toMatchObject({ reason: 'KEY_UNKNOWN' })
    const { kid } = await keyStore.signingKey('alice', NOON)
    await keyStore.revoke(kid, NOON)
    await expect(verifyPermit(token, await jwks(), NOON)).rejects.toMatchObject({ reason: 'KEY_REVOKED' })
  })

  it('still verifies after the key was rotated', async () => {
    const { keyStore, jwks } = await aGateway()
    const token = await issuePermit(keyStore, aPermit())
    await keyStore.rotate('alice', 'sig', { at: NOON, leadSeconds: 0, overlapSeconds: 3_600 })
    expect((await jwks()).keys).toHaveLength(3)
    await expect(verifyPermit(token, await jwks(), NOON)).resolves.toBeDefined()
  })
})

describe('a key set', () => {
  it.each<[string, (key: Record<string, unknown>) => object[], string]>([
    ['a private key', (key) => [{ ...key, d: 'AA' }], 'CLAIMS'],
    ['a key twice', (key) => [key, key], 'CLAIMS'],
    ['a sealing key', (key) => [{ ...key, crv: 'X25519' }], 'CLAIMS'],
    ['an RSA key', (key) => [{ ...key, kty: 'RSA' }], 'CLAIMS'],
    ['a symmetric key', () => [{ kty: 'oct', k: 'AA', kid: 'k' }], 'CLAIMS'],
    ['a key that belongs to nobody', (key) => [{ ...key, vasp_id: undefined }], 'CLAIMS'],
    ['a key without end', (key) => [{ ...key, exp: undefined }], 'CLAIMS'],
    ['a kid that is not the thumbprint', (key) => [{ ...key, kid: key['x'] }], 'CLAIMS'],
    ['no object', () => [[]], 'CLAIMS'],
  ])('with %s is refused as a whole', async (_, change, reason) => {
    const { jwks } = await aGateway()
    const { keys }: { keys: readonly Record<string, unknown>[] } = JSON.parse(JSON.stringify(await jwks()))
    const [key] = keys
    const text = JSON.stringify({ keys: change(key ?? {}) })
    expect(() => readJwkSet(text)).toThrow(expect.objectContaining({ reason }))
  })

  it.each(['', '[]', '{}', '{"keys":{}}', '{"keys":[],"keys":[]}'])('written as %j is refused', (text) => {
    expect(() => readJwkSet(text)).toThrow(expect.objectContaining({ reason: 'JSON' }))
  })
})

describe('tamga permit verify', () => {
  async function aFile() {
    const { keyStore, jwks } = await aGateway()
    const iat = Math.floor(Date.now() / 1000)
    const claims = aPermit({ iat, exp: iat + 600 })
    const directory = temporaryDirectory()
    const file = join(directory, 'jwks.json')
    writeFileSync(file, JSON.stringify(await jwks()))
    return { claims, token: await issuePermit(keyStore, claims), file, directory }
  }

  async function run(...args: string[]) {
    const [out, err]: [string[], string[]] = [[], []]
    const io = {
      env: {},
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
    }
    return { code: await command.run(args, io), out: out.join('\n'), err: err.join('\n') }
  }

  it('says yes to the transaction that the permit is for', async () => {
    const { claims, token, file } = await aFile()
    const { destination, asset, amount } = claims
    const args = ['--jwks', file, '--destination', destination, '--asset', asset, '--amount', amount, token]
    expect(await run('verify', ...args)).toMatchObject({
      code: 0,
      out: `valid until ${new Date(claims.exp * 1000).toISOString()}`,
    })
    const { code, out } = await run('verify', '--json', ...args)
    expect([code, JSON.parse(out)]).toEqual([0, { valid: true, claims }])
  })

  it('says no to another one, and which field differs', async () => {
    const { token, file } = await aFile()
    const { code, out } = await run('verify', '--json', '--jwks', file, '--amount', '1.6', token)
    expect([code, JSON.parse(out)]).toMatchObject([
      1,
      { valid: false, reason: 'PERMIT_MISMATCH', field: 'amount' },
    ])
    expect(await run('verify', '--jwks', file, '--tag', '7', token)).toMatchObject({ code: 1, out: '' })
  })

  it('says no to an altered permit', async () => {
    const { token, file } = await aFile()
    const { code, out } = await run('verify', '--json', '--jwks', file, `${token.slice(0, -4)}AAAA`)
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ valid: false })
  })

  it('cannot be done without a sound key set, which is not a no', async () => {
    const { token, directory } = await aFile()
    const empty = join(directory, 'empty.json')
    writeFileSync(empty, '{}')
    await expect(run('verify', '--jwks', empty, token)).rejects.toThrow('key set')
    await expect(run('verify', '--jwks', join(directory, 'none.json'), token)).rejects.toThrow('ENOENT')
    await expect(run('verify', '--jwks', 'http://example.com/jwks.json', token)).rejects.toThrow('https')
    await expect(run('verify', token)).rejects.toThrow('usage')
    await expect(run('verify', '--jwks', empty, '--wrong', token)).rejects.toThrow('--wrong')
  })

  it('fetches the key set from a gateway', async () => {
    const { token, file } = await aFile()
    const { readFile } = await import('node:fs/promises')
    const server = createServer((_, response) => void readFile(file).then((bytes) => response.end(bytes)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      expect(await run('verify', '--jwks', `http://127.0.0.1:${port}/jwks.json`, token)).toMatchObject({
        code: 0,
      })
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
