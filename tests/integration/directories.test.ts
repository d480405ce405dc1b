/** Proofs by registers: kept fresh by one of several replicas, never gained or lost by a source that is down. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type DirectoryAnswer, type DirectorySource, SourceUnavailable } from '../../src/app/ports.ts'
import { backoffSeconds, nextCheck, revalidate } from '../../src/app/revalidate.ts'
import { loadSources } from '../../src/directory/sources.ts'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import { signCompactJws } from '../../src/sealing/compact-jws.ts'
import { verifyDirectory } from '../../src/sealing/directories.ts'
import { thumbprint } from '../../src/sealing/keys.ts'
import { authorize, call, introduce, seen, twoGateways, type World } from '../support/two-gateways.ts'

const DAY = 86_400
let world: World
let answer: DirectoryAnswer | 'down' = { outcome: 'absent' }
let asked = 0

const register: DirectorySource = {
  name: 'register',
  proves: 'licence',
  async check() {
    asked += 1
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (answer === 'down') throw new SourceUnavailable('HTTP_503')
    return answer
  },
}

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
  world.alice.directories.set('register', register)
})
afterAll(() => world?.close())
beforeEach(async () => {
  await world.settle()
  asked = 0
  // Yesterday's checks are over: everything is due.
  await world.alice.database.pool.query(
    `update directory_checks set next_at = now() - interval '1 day', failures = 0`,
  )
})

const proven = (days: number): DirectoryAnswer => ({
  outcome: 'proven',
  reference: 'row 7',
  expiresAt: new Date(world.clock.now().getTime() + days * DAY * 1000),
})
const bob = async () =>
  await world.alice.gateway().counterparties.get({ vaspId: 'alice', role: 'console' }, 'bob')
const licence = async () => (await bob()).counterparty.proofs.find(({ kind }) => kind === 'licence')
const findings = async () => {
  const id = await authorize(world)
  return openHolds((await seen(world.alice, id)).transfer).map(({ finding }) => finding.code)
}
/** Also another replica’s next look: what one remembers of counterparties is a second old at most. */
const check = async () => {
  await revalidate(world.alice.parts())
  world.alice.restart()
}

describe('a register', () => {
  test('that knows the licence proves it, with source and expiry, and is asked again before it lapses', async () => {
    answer = proven(30)
    await check()
    expect(await licence()).toMatchObject({ source: 'register', reference: 'row 7' })
    const [next] = (await bob()).checks
    expect(next).toMatchObject({ source: 'register', outcome: 'proven', failures: 0 })
    expect(next?.nextAt.getTime()).toBeLessThan(world.clock.now().getTime() + 8 * DAY * 1000)
    expect(await findings()).toEqual([])
    const { rows } = await world.alice.database.pool.query(
      `select entry::jsonb - 'at' as entry from audit_entries where entry like '%counterparty.proven%'`,
    )
    expect(rows).toEqual([
      {
        entry: {
          kind: 'counterparty.proven',
          actor: 'directory:register',
          subject: 'bob',
          data: { proof: 'licence', reference: 'row 7' },
        },
      },
    ])
  })

  test('that is down leaves what was proven as it is, is asked later and later, and proves nothing', async () => {
    answer = 'down'
    const before = await licence()
    for (const failures of [1, 2, 3]) {
      await check()
      const [state] = (await bob()).checks
      expect(state).toMatchObject({ outcome: 'failed', code: 'HTTP_503', failures })
      const wait = ((state?.nextAt.getTime() ?? 0) - world.clock.now().getTime()) / 1000
      expect(wait).toBeGreaterThan(backoffSeconds(failures) - 20)
      await world.alice.database.pool.query(`update directory_checks set next_at = now() - interval '1 day'`)
    }
    expect(await licence()).toEqual(before)
    expect((await bob()).verdict.verdict).toBe('VERIFIED')
  })

  test('that is down when its proof lapses lets it lapse', async () => {
    answer = proven(1)
    await check()
    answer = 'down'
    world.clock.forward(2 * DAY)
    await check()
    expect((await bob()).verdict).toMatchObject({ verdict: 'UNVERIFIED', missing: ['licence'] })
    expect(await findings()).toEqual(['MISSING_LICENCE'])
  })

  test('that says the licence ended takes the proof away at once, and gives it back, and held transfers go on', async () => {
    answer = { outcome: 'refuted', code: 'LICENCE_ENDED', reference: 'row 7' }
    await check()
    expect(await licence()).toMatchObject({ refuted: 'LICENCE_ENDED' })
    const id = await authorize(world)
    expect(openHolds((await seen(world.alice, id)).transfer)).toHaveLength(1)
    answer = proven(30)
    await world.alice.database.pool.query(`update directory_checks set next_at = now() - interval '1 day'`)
    world.clock.forward(1)
    await check()
    await world.settle()
    expect((await seen(world.alice, id)).decision).toBe('PROCEED')
  })

  test.each([
    [{ outcome: 'absent' }],
    [{ outcome: 'unclear', code: 'NAME_REVIEW', reference: 'row 8' }],
  ] as const)('that answers %j changes nothing', async (given) => {
    const before = await licence()
    answer = given
    await check()
    expect(await licence()).toEqual(before)
    expect((await bob()).checks[0]).toMatchObject({ outcome: given.outcome })
  })

  test('is asked once, however many replicas look', async () => {
    answer = proven(30)
    const parts = world.alice.parts()
    await Promise.all([1, 2, 3, 4].map(() => revalidate(parts)))
    expect(asked).toBe(1)
  })

  test('is asked at once when an officer verifies', async () => {
    answer = proven(30)
    await check()
    expect(asked).toBe(1)
    await world.alice.gateway().counterparties.verify(call('alice'), 'bob', [], 'officer')
    world.clock.forward(1)
    await check()
    expect(asked).toBe(2)
    await world.deliver()
  })
})

test('a proof is asked for again when a third of its time is left, once a week at least, and never at once', () => {
  const now = new Date(0)
  const at = (seconds: number) => nextCheck(now, new Date(seconds * 1000)).getTime() / 1000
  expect([at(3 * DAY), at(300 * DAY), at(3), at(-5)]).toEqual([2 * DAY, 7 * DAY, 60, 60])
  expect([1, 2, 3, 12, 400].map(backoffSeconds)).toEqual([60, 120, 240, 21_600, 21_600])
})

describe('a directory that is signed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tamga-directory-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const x = publicKey.export({ format: 'jwk' }).x ?? ''
  const kid = thumbprint({ kty: 'OKP', crv: 'Ed25519', x })
  const file = join(folder, 'directory.jws')
  const settings = join(folder, 'sources.json')
  writeFileSync(settings, JSON.stringify([{ name: 'house', kind: 'signed-file', file, ed25519: [x] }]))
  const source = () => {
    const found = loadSources(settings, verifyDirectory).get('house')
    if (found === undefined) throw new Error('it is configured')
    return found
  }
  const ENTRY = {
    vasp_id: 'bob',
    legal_name: 'bob Ltd.',
    country: 'KZ',
    licence: { regulator: 'AFSA', number: 'A-1', status: 'active', perimeter: 'AIFC' },
    domains: ['bob.kz'],
  }
  const now = new Date()
  const seconds = Math.floor(now.getTime() / 1000)
  async function publish(entries: readonly object[], claims: object = {}, key = privateKey) {
    const payload = { issuer: 'AIFC members', iat: seconds, exp: seconds + DAY, entries, ...claims }
    const token = await signCompactJws('tamga-directory+jws', kid, JSON.stringify(payload), async (bytes) =>
      sign(null, bytes, key),
    )
    writeFileSync(file, token)
  }
  const read = () =>
    source().check(
      { vaspId: 'bob', legalName: 'Bob Limited', country: 'KZ' },
      now,
      AbortSignal.timeout(20_000),
    )

  test('proves a licence with its perimeter, no longer than it is good itself', async () => {
    await publish([ENTRY])
    expect(await read()).toEqual({
      outcome: 'proven',
      reference: 'AIFC members: AFSA A-1, active',
      expiresAt: new Date((seconds + DAY) * 1000),
      domains: ['bob.kz'],
      perimeter: 'AIFC',
    })
  })

  test.each([
    [{ licence: { ...ENTRY.licence, status: 'withdrawn' } }, 'refuted', 'LICENCE_WITHDRAWN'],
    [{ licence: { ...ENTRY.licence, until: '2020-01-01T00:00:00Z' } }, 'refuted', 'LICENCE_ENDED'],
    [{ country: 'LU' }, 'unclear', 'COUNTRY_DIFFERS'],
    [{ legal_name: 'Zug Metal Trading AG' }, 'unclear', 'NAME_DIFFERS'],
  ])('with an entry %j answers %s, %s', async (given, outcome, code) => {
    await publish([{ ...ENTRY, ...given }])
    expect(await read()).toMatchObject({ outcome, code })
  })

  test('says nothing when it is forged, old, from the future, doubled, malformed or gone', async () => {
    const refused = (code: string) => expect(read()).rejects.toMatchObject({ code })
    await publish([ENTRY], {}, generateKeyPairSync('ed25519').privateKey)
    await refused('SIGNATURE')
    await publish([ENTRY], { exp: seconds - 1 })
    await refused('FILE_OLD')
    await publish([ENTRY], { iat: seconds + 3_600 })
    await refused('FROM_THE_FUTURE')
    await publish([ENTRY, ENTRY])
    await refused('ENTRY_REPEATED')
    await publish([{ ...ENTRY, more: 1 }])
    await refused('MALFORMED')
    writeFileSync(file, 'nonsense')
    await refused('SIGNATURE')
    rmSync(file)
    await refused('FILE_UNREADABLE')
  })

  test('is refused in the settings when something is wrong with them', () => {
    writeFileSync(settings, JSON.stringify([{ name: 'card', kind: 'gleif', url: 'http://example.com' }]))
    expect(() => loadSources(settings, verifyDirectory)).toThrow(/https/)
  })
})

test('a licence in Kazakhstan counts in the perimeters that policy accepts', async () => {
  const vasp = world.alice.parts().vasps.get('alice')
  const bobInKz = async () => {
    await world.alice.database.pool.query(`update counterparties set country = 'KZ' where id = 'bob'`)
    return (await bob()).verdict.missing
  }
  expect(await bobInKz()).toEqual([])
  Object.assign(vasp?.policy ?? {}, { counterparties: { perimeters: ['AIFC'] } })
  expect(await bobInKz()).toEqual(['licence'])
  const expiresAt = new Date(world.clock.now().getTime() + DAY * 1000)
  const attest = (perimeter: 'AIFC' | 'NATIONAL') =>
    world.alice
      .gateway()
      .counterparties.verify(
        call('alice'),
        'bob',
        [{ kind: 'licence', reference: 'AFSA A-1', expiresAt, documentSha256: 'a'.repeat(64), perimeter }],
        'officer',
      )
  await attest('NATIONAL')
  expect(await bobInKz()).toEqual(['licence'])
  world.clock.forward(1)
  await attest('AIFC')
  expect(await bobInKz()).toEqual([])
  expect(await licence()).toMatchObject({ documentSha256: 'a'.repeat(64), perimeter: 'AIFC' })
  await world.deliver()
})
