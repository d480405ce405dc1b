/** Evidence bundles of real exchanges between two gateways: they verify anywhere, and no change to them goes unseen. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { exportEvidence } from '../../src/app/evidence.ts'
import { shredTransfer } from '../../src/app/retention.ts'
import type { JsonValue } from '../../src/domain/strict-json.ts'
import { isJsonObject } from '../../src/domain/strict-json.ts'
import { postgresAuditLog } from '../../src/postgres/audit-store.ts'
import { postgresEvidenceReads } from '../../src/postgres/evidence-reads.ts'
import { listProvider } from '../../src/screening/list.ts'
import { evidenceDesk } from '../../src/sealing/evidence-bundle.ts'
import { checkEvidence, type EvidenceVerdict } from '../../src/sealing/evidence-check.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import { type JwkSet, jwkSetOf } from '../../src/sealing/jwk-set.ts'
import { noteSigner } from '../../src/sealing/notes.ts'
import {
  authorize,
  call,
  holdsOn,
  introduce,
  type Side,
  seen,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

let world: World
/** One transfer of each kind. */
let settled: string
let held: string
let rejected: string

const LISTED = 'eip155:1:0xbad0000000000000000000000000000000000bad'
const LIST = JSON.stringify({
  list: 'own',
  version: '12',
  date: '2026-11-01',
  entries: [{ id: 'A-1', kind: 'address', accounts: [LISTED] }],
})
const SCREENING = {
  providers: ['list'],
  timeoutMilliseconds: 10_000,
  holdFrom: 'potential',
  riskScoreFrom: 70,
  validSeconds: 86_400,
} as const
const directory = mkdtempSync(join(tmpdir(), 'tamga-test-evidence-'))

beforeAll(async () => {
  world = await twoGateways({
    alice: { screening: SCREENING },
    bob: { inbound: 'ask', screening: SCREENING },
  })
  const file = join(directory, 'list.json')
  writeFileSync(file, LIST)
  const integrity = { sha256: createHash('sha256').update(LIST).digest('hex') }
  for (const side of [world.alice, world.bob])
    side.screeners.set('list', listProvider({ file, integrity, maxAgeDays: 100_000 }))
  await introduce(world)
  settled = await story(async (id) => {
    await inbound('requestRepair', id)
    const { transfer } = await seen(world.alice, id)
    await world.alice.gateway().transfers.repair(call('alice'), id, transfer.secret.identity ?? '')
    await world.settle()
    await inbound('accept', id)
    const accepted = (await seen(world.alice, id)).transfer
    const { asset, amount, secret } = accepted
    const about = { asset, amount, destination: secret.destination, permit: secret.permit ?? '' }
    await world.alice.gateway().transfers.redeemPermit(call('alice'), about)
    await world.alice.gateway().transfers.reportSettlement(call('alice'), id, '0xtx')
  })
  held = await story(async (id) => {
    const reason = { person: 'carla', reason: 'DOUBTS', note: 'looks odd' }
    await world.alice.gateway().review.hold(call('alice', { role: 'console' }), id, reason)
    const [view] = await holdsOn(world.alice, id)
    const decision = { ...reason, person: 'dan', holdId: view?.hold.id ?? '', seenHash: view?.seenHash ?? '' }
    await world.alice.gateway().review.release(call('alice', { role: 'console' }), decision)
    await inbound('accept', id)
  })
  rejected = await story((id) => inbound('reject', id))
})
afterAll(async () => {
  rmSync(directory, { recursive: true, force: true })
  await world?.close()
})

async function story(
  plot: (id: string) => Promise<unknown>,
  given: Parameters<typeof authorize>[1] = {},
): Promise<string> {
  const id = await authorize(world, given)
  await world.settle()
  await plot(id)
  await world.settle()
  return id
}

const FIELDS = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]

async function inbound(word: 'accept' | 'reject' | 'requestRepair', id: string): Promise<void> {
  const { inbound: office } = world.bob.gateway()
  if (word === 'accept') await office.accept(call('bob'), id)
  else if (word === 'reject') await office.reject(call('bob'), id, 'NAME_UNKNOWN')
  else await office.requestRepair(call('bob'), id, FIELDS)
  await world.settle()
}

function bundleOf(side: Side, transferId: string, withPersonalData = false): Promise<string> {
  const { pool } = side.database
  const parts = {
    ...side.parts(),
    auditLog: postgresAuditLog(pool),
    notes: noteSigner(side.keyStore),
    evidence: postgresEvidenceReads(pool, fieldVault(side.keyStore)),
    desk: evidenceDesk(side.keyStore),
  }
  return exportEvidence(parts, { vaspId: side.id, transferId, actor: 'auditor:test', withPersonalData })
}

async function check(file: string, pinned?: readonly JwkSet[]): Promise<EvidenceVerdict> {
  const verdict = await checkEvidence(file, pinned)
  if (verdict === undefined) throw new Error('not a bundle')
  return verdict
}

const codes = async (file: string, pinned?: readonly JwkSet[]) =>
  (await checkEvidence(file, pinned))?.findings.map(({ code }) => code) ?? ['NOT_A_BUNDLE']
const keySet = async (side: Side) => jwkSetOf(await side.keyStore.publicKeys(side.id))

describe('a bundle as it was made', () => {
  test.each([
    ['alice', false],
    ['alice', true],
    ['bob', false],
    ['bob', true],
  ] as const)(
    'by %s, with personal data: %s, verifies for every kind of story',
    async (id, withPersonalData) => {
      for (const transferId of [settled, held, rejected]) {
        const verdict = await check(await bundleOf(world[id], transferId, withPersonalData))
        expect(verdict.findings).toEqual([])
        expect(verdict).toMatchObject({
          valid: true,
          transferId,
          exporter: id,
          personalData: withPersonalData,
        })
        expect(verdict.statements.every(({ good }) => good)).toBe(true)
        expect(verdict.unpinned).toEqual(['alice', 'bob'])
      }
    },
  )

  test('says in plain words who said what', async () => {
    const verdict = await check(await bundleOf(world.alice, settled, true))
    const said = verdict.statements.map(({ text, proof }) => `${text}; ${proof}`)
    for (const line of [
      'alice sent transfer.request (its message 1) to bob; signature good',
      'bob signed the receipt for transfer.request: stored; signature good',
      'bob sent transfer.answer (its message 1) to alice; signature good',
      'alice sent transfer.repair (its message 2) to bob; signature good',
      'alice signed the receipt for transfer.answer: stored; signature good',
      'alice sent transfer.settled (its message 3) to bob; signature good',
      'alice sealed this bundle as a whole; signature good',
    ])
      expect(said).toContain(line)
    expect(said.join('\n')).toMatch(
      /issued permit .* 1 of eip155:1\/slip44:60 to eip155:1:0xab16.*; signature good/,
    )
    expect(said.join('\n')).toMatch(/permit-issued.*; entry #\d+ of alice's audit log, proven/)
    const people = (await check(await bundleOf(world.alice, held))).statements.map(({ text }) => text)
    expect(people).toContain('person:dan ended the hold MANUAL as released: DOUBTS')
  })

  test('has no personal data unless it was asked for, and then the contents that it was sent', async () => {
    const plain = await bundleOf(world.bob, settled)
    const whole = await bundleOf(world.bob, settled, true)
    const { identity = '' } = (await seen(world.bob, settled)).transfer.secret
    const [, name = ''] = /"primaryIdentifier": ?"([^"]+)"/.exec(identity) ?? []
    expect(name).not.toBe('')
    expect(whole).toContain(name)
    expect(plain).not.toContain(name)
    expect(plain).not.toContain('0xab16')
    expect(plain).not.toContain('0xtx')
    expect(plain).not.toContain('bob Ltd.')
  })

  test('verifies at its own time, long after its envelopes and keys have ended', async () => {
    const file = await bundleOf(world.alice, settled)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 365 * 86_400_000 })
    try {
      expect(new Date().getFullYear()).toBeGreaterThan(2034)
      expect((await check(file)).valid).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })

  test('is recorded in the audit log of whoever gave it out', async () => {
    await bundleOf(world.bob, rejected, true)
    const { rows } = await world.bob.database.pool.query(
      `select entry::json->'data'->>'personal' as personal from audit_entries
        where entry::json->>'kind' = 'evidence.exported' and entry::json->>'subject' = $1 order by xid desc, seq desc limit 1`,
      [rejected],
    )
    expect(rows).toEqual([{ personal: 'true' }])
  })

  test('of a shredded transfer verifies still, and tells nothing of what was in it', async () => {
    const id = await story((transferId) => inbound('accept', transferId))
    // Only what has ended is shredded.
    await world.alice.gateway().transfers.cancel(call('alice'), id, 'CUSTOMER')
    await world.settle()
    await shredTransfer(world.alice.parts(), 'alice', id, { by: 'person:carla', early: 'TEST' })
    const file = await bundleOf(world.alice, id, true)
    const verdict = await check(file)
    expect(verdict).toMatchObject({ valid: true, personalData: false, findings: [] })
    expect(screenedIn(verdict)).toEqual([CLEAN])
    for (const secret of ['Okafor', 'Tanaka', '0xab16', 'salt']) expect(file).not.toContain(secret)
  })
})

const WHOM = 'originator/0, beneficiary/0, counterparty, destination'
const CLEAN = `alice screened ${WHOM} by list against own version 12 of 2026-11-01: no hit; as the audit log says`

function screenedIn({ statements }: EvidenceVerdict): readonly string[] {
  return statements
    .map(({ text, proof }) => `${text}; ${proof}`)
    .filter((line) => / screened (?!as )/.test(line))
}

describe('what was screened', () => {
  test('is told with list version, time and outcome, and names nobody', async () => {
    const id = await story(async () => undefined, { destination: LISTED })
    const file = await bundleOf(world.alice, id)
    const verdict = await check(file)
    expect(verdict.findings).toEqual([])
    expect(screenedIn(verdict)).toEqual([
      CLEAN.replace('no hit', 'destination by entry A-1 (sanctions, confirmed, score 100)'),
    ])
    const { rows } = await world.alice.database.pool.query<{ at: string }>(
      `select record->>'at' as at from screenings where transfer_id = $1`,
      [id],
    )
    expect(verdict.statements.find(({ text }) => text.includes('A-1'))?.at).toBe(rows[0]?.at)
    for (const secret of ['Okafor', 'Tanaka', '0xbad', 'salt'])
      expect(file.toLowerCase()).not.toContain(secret)
  })

  test('names whom with personal data, each against the commitment that the audit log vouches for', async () => {
    const said = (await check(await bundleOf(world.bob, settled, true))).statements
    const whom = said.filter(({ text }) => text.startsWith('bob screened as '))
    expect(whom.length).toBe(8)
    expect(whom.every(({ proof, good }) => good && proof === 'fits the salted commitment')).toBe(true)
    const texts = whom.map(({ text }) => text).join('\n')
    expect(texts).toMatch(/originator\/0: .*Okafor/)
    expect(texts).toMatch(/counterparty: alice Ltd\./)
    expect(texts).toMatch(/destination: eip155:1:0xab16/)
  })

  test('is not in an entry of the audit log but by its digest', async () => {
    const { rows } = await world.alice.database.pool.query<{ entry: string; record: string }>(
      `select e.entry, s.record::text from audit_entries e, screenings s
        where s.transfer_id = $1 and position($2 in e.entry) > 0 and position('"screened"' in e.entry) > 0
          and (e.entry::json->'data'->>'version')::int = s.version`,
      [held, held],
    )
    const [{ entry, record } = { entry: '', record: '' }] = rows
    expect(entry).toMatch(/"digest":"[\w-]{43}"/)
    const commitments = [...record.matchAll(/"commitment": "([\w-]{43})"/g)].map(([, text]) => text)
    expect(commitments.length).toBe(4)
    for (const text of commitments) expect(entry).not.toContain(text)
  })

  test('altered, left out, doubled or about somebody else is found, though its gateway sealed it again', async () => {
    const { seal: _, ...bundle } = JSON.parse(await bundleOf(world.alice, held, true))
    const reseal = (forged: typeof bundle) =>
      evidenceDesk(world.alice.keyStore).seal('alice', held, { ...bundle, ...forged }, new Date())
    const [{ version, record }] = bundle.screenings
    const [first, ...others] = bundle.personal.screened
    const wrong = {
      'another version of the list': {
        screenings: [{ version, record: JSON.parse(JSON.stringify(record).replace('"12"', '"13"')) }],
      },
      'another time': { screenings: [{ version, record: { ...record, at: '2026-01-01T00:00:00.000Z' } }] },
      'left out': { screenings: [], personal: { ...bundle.personal, screened: [] } },
      doubled: { screenings: [...bundle.screenings, ...bundle.screenings] },
      'no subjects': { screenings: [{ version, record: { ...record, subjects: [] } }] },
      'somebody else': {
        personal: { ...bundle.personal, screened: [{ ...first, subject: others[0].subject }, ...others] },
      },
      'another salt': { personal: { ...bundle.personal, screened: [{ ...first, salt: 'AAAA' }, ...others] } },
      'no salt at all': { personal: { ...bundle.personal, screened: [{ ...first, salt: '!' }, ...others] } },
    }
    expect(await codes(await reseal({}))).toEqual([])
    for (const [what, forged] of Object.entries(wrong))
      expect({ what, found: new Set(await codes(await reseal(forged))) }).toEqual({
        what,
        found: new Set(['SCREENING']),
      })
  })
})

describe('pinned keys', () => {
  test('of both sides leave nothing to trust', async () => {
    const file = await bundleOf(world.alice, settled)
    const verdict = await check(file, [await keySet(world.alice), await keySet(world.bob)])
    expect(verdict).toMatchObject({ valid: true, unpinned: [] })
  })

  test('of one side name the other', async () => {
    const file = await bundleOf(world.alice, settled)
    expect(await check(file, [await keySet(world.alice)])).toMatchObject({ valid: true, unpinned: ['bob'] })
    expect(await codes(file, [await keySet(world.bob)])).toEqual(['EXPORTER_NOT_PINNED'])
  })

  test('of a gateway by the same name refuse a bundle made up with other keys', async () => {
    const other = await twoGateways()
    try {
      const pins = [await keySet(other.alice), await keySet(other.bob)]
      const found = await codes(await bundleOf(world.alice, settled), pins)
      expect(new Set(found)).toEqual(new Set(['KEY_NOT_PINNED']))
    } finally {
      await other.close()
    }
  })
})

/** Paths of all values that are no objects and no lists. */
function leavesOf(
  value: JsonValue,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (Array.isArray(value)) return value.flatMap((item, n) => leavesOf(item, [...path, n]))
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]))
  return [path]
}

function changed(
  value: JsonValue,
  path: readonly (string | number)[],
  change: (leaf: JsonValue) => JsonValue,
): JsonValue {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (Array.isArray(value)) return value.map((item, n) => (n === step ? changed(item, rest, change) : item))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === step ? changed(item, rest, change) : item]),
  )
}

describe('a bundle that was changed', () => {
  const other = (leaf: JsonValue, at: number): JsonValue => {
    if (typeof leaf === 'number') return leaf + 1
    if (typeof leaf === 'boolean') return !leaf
    if (leaf === null || leaf === '') return 'x'
    if (typeof leaf !== 'string') throw new Error('not a leaf')
    const text = leaf
    const n = at % text.length
    return `${text.slice(0, n)}${text[n] === 'A' ? 'B' : 'A'}${text.slice(n + 1)}`
  }

  test('in any one of its values is not valid', async () => {
    const file = await bundleOf(world.bob, settled, true)
    const bundle: JsonValue = JSON.parse(file)
    const leaves = leavesOf(bundle)
    expect(leaves.length).toBeGreaterThan(150)
    const unseen: string[] = []
    for (const [n, path] of leaves.entries()) {
      const forged = JSON.stringify(changed(bundle, path, (leaf) => other(leaf, n * 7)))
      if ((await codes(forged)).length === 0) unseen.push(path.join('/'))
    }
    expect(unseen).toEqual([])
  })

  test('in any one of its bytes is not valid', async () => {
    const file = await bundleOf(world.alice, held, true)
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 127 }), async (at, flip) => {
        const byte = String.fromCharCode(file.charCodeAt(at) ^ flip)
        expect(await codes(`${file.slice(0, at)}${byte}${file.slice(at + 1)}`)).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('in any byte of what it tells of the screening is not valid', async () => {
    const file = await bundleOf(world.alice, held, true)
    const { screenings, personal } = JSON.parse(file)
    for (const part of [screenings, personal.screened]) {
      const text = JSON.stringify(part)
      const from = file.indexOf(text)
      expect(from).toBeGreaterThan(0)
      const unseen: number[] = []
      for (let at = from; at < from + text.length; at++) {
        const byte = String.fromCharCode(file.charCodeAt(at) ^ (1 << (at % 7)))
        if ((await codes(`${file.slice(0, at)}${byte}${file.slice(at + 1)}`)).length === 0) unseen.push(at)
      }
      expect(unseen).toEqual([])
    }
  })

  test('by white space or the order of members is named as such', async () => {
    const file = await bundleOf(world.alice, rejected)
    expect(await codes(`${file}\n`)).toEqual([])
    expect(await codes(` ${file}`)).toEqual(['NOT_CANONICAL'])
    expect(
      await codes(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(file)).toReversed()))),
    ).toEqual(['NOT_CANONICAL'])
  })

  test('and sealed again by its own gateway still cannot change what the other side signed, or the log', async () => {
    const file = await bundleOf(world.alice, settled)
    const { seal: _, ...bundle } = JSON.parse(file)
    const reseal = (forged: typeof bundle) =>
      evidenceDesk(world.alice.keyStore).seal('alice', settled, forged, new Date())
    expect(await codes(await reseal(bundle))).toEqual([])
    const without = (n: number) => bundle.messages.filter((_message: unknown, at: number) => at !== n)
    expect(await codes(await reseal({ ...bundle, messages: without(1) }))).toContain('MESSAGE_MISSING')
    const state = { ...bundle.transfer, state: 'rejected' }
    expect(await codes(await reseal({ ...bundle, transfer: state }))).toEqual(['ENTRY'])
    const events = bundle.events.map((event: { actor: string }) => ({ ...event, actor: 'person:nobody' }))
    expect(await codes(await reseal({ ...bundle, events }))).toContain('EVENTS')
    const [first, ...others] = bundle.audit.entries
    const entry = first.entry.replace('"created"', '"exempted"')
    const audit = { ...bundle.audit, entries: [{ ...first, entry }, ...others] }
    expect(await codes(await reseal({ ...bundle, audit }))).toContain('PROOF')
    expect(await codes(await reseal({ ...bundle, audit: { ...bundle.audit, entries: others } }))).toContain(
      'ENTRY',
    )
    expect(await codes(await reseal({ ...bundle, permit: { ...bundle.permit, jti: 'another' } }))).toEqual([
      'PERMIT',
    ])
  })
})
