/** Evidence bundles of real exchanges between two gateways: they verify anywhere, and tell what happened. */
import { describe, expect, test, vi } from 'vitest'
import { shredTransfer } from '../../src/app/retention.ts'
import { evidenceDesk } from '../../src/sealing/evidence-bundle.ts'
import { type EvidenceVerdict } from '../../src/sealing/evidence-check.ts'
import {
  bundleOf,
  check,
  codes,
  held,
  inbound,
  LISTED,
  rejected,
  settled,
  story,
  world,
} from '../support/evidence.ts'
import { call, seen } from '../support/two-gateways.ts'

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
