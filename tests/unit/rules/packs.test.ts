import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lintPack, loadPacks, PACK_DATA, SOURCES } from '../../../src/domain/rules/index.ts'
import { PACKS, sha256Hex } from './support.ts'

interface Research {
  readonly rules: readonly {
    readonly id: string
    readonly eff: string
    readonly until: string | null
    readonly scope: Amount
    readonly enh: Amount
    readonly ret: number
    readonly conf: Readonly<Record<string, string>>
    readonly src: readonly string[]
  }[]
}

interface Amount {
  readonly amount: number | null
  readonly currency: string
  readonly op: string
}

function text(name: string): string {
  return readFileSync(new URL(`../../vectors/rules/${name}`, import.meta.url), 'utf8')
}

const { rules: research }: Research = JSON.parse(text('regulation-rules.json'))
// Estonia is the EU regulation and nothing else; it has no pack of its own.
const covered = research.filter((rule) => rule.id !== 'EE')

describe('the packs shipped', () => {
  it.each(PACK_DATA.map((pack) => [pack.rule, pack] as const))('%s is sound', (_, pack) => {
    expect(lintPack(pack)).toEqual([])
  })

  it('are all that the research covers', () => {
    expect(PACK_DATA.map((pack) => pack.rule).toSorted()).toEqual(covered.map((rule) => rule.id).toSorted())
  })

  it.each(covered.map((rule) => [rule.id, rule] as const))(
    '%s has the amounts, dates and confidence of the research',
    (id, rule) => {
      const pack = PACK_DATA.find((one) => one.rule === id)
      expect(pack).toMatchObject({
        inScope: bound(rule.scope),
        fullData: bound(rule.enh),
        retention: { years: rule.ret },
      })
      expect(pack?.inScope.confidence).toBe(rule.conf['threshold'])
      expect(pack?.full.natural.confidence).toBe(rule.conf['fields'])
      expect(pack?.selfHosted.confidence).toBe(rule.conf['self_hosted'])
      expect(pack?.timing.confidence).toBe(rule.conf['timing'])
      expect(pack?.missing.confidence).toBe(rule.conf['missing'])
      expect(pack?.sunrise.confidence).toBe(rule.conf['sunrise'])
      expect(pack?.retention.confidence).toBe(rule.conf['retention'])
      expect(pack?.effective.confidence).toBe(rule.conf['effective'])
      expect(pack?.effective.until ?? null).toBe(rule.until)
      // Where the research has a month or no date at all, the pack says so in its note.
      const [known = ''] = /^\d{4}-\d{2}(-\d{2})?/.exec(rule.eff) ?? []
      expect(pack?.effective.from.startsWith(known)).toBe(true)
      expect(known.length === 10 || pack?.effective.note !== undefined).toBe(true)
    },
  )

  it('name sources that are listed', () => {
    const named = new Set(
      PACK_DATA.flatMap((pack) =>
        [pack.effective, ...(pack.prohibitions ?? [])].flatMap((figure) => figure.sources),
      ),
    )
    expect([...named].filter((source) => SOURCES[source] === undefined)).toEqual([])
  })

  it('leave no day between a version and the next, and no two in force at once but the FATF’s', () => {
    for (const family of ['GB', 'KR']) {
      const [first, second] = PACK_DATA.filter((pack) => pack.family === family).toSorted((a, b) =>
        a.effective.from < b.effective.from ? -1 : 1,
      )
      const dayAfter = new Date(`${first?.effective.until ?? ''}T24:00:00Z`).toISOString().slice(0, 10)
      expect(second?.effective.from).toBe(dayAfter)
    }
  })

  it('do not change without a new version', () => {
    const pinned: unknown = JSON.parse(text('pack-hashes.json'))
    expect(Object.fromEntries(PACKS.map((pack) => [`${pack.rule}@${pack.version}`, pack.hash]))).toEqual(
      pinned,
    )
  })
})

function bound({ amount, currency, op }: Amount): object {
  return amount === null ? { amount: null, currency } : { amount: String(amount), currency, comparator: op }
}

describe('a pack that is not sound', () => {
  const [sound] = PACK_DATA

  it.each([
    ['version', { version: 'one' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['calendar', { calendar: 'Julian' }],
    ['effective.from', { effective: { ...sound?.effective, from: '2026-02-30' } }],
    ['effective.until', { effective: { ...sound?.effective, until: '2001-01-01' } }],
    ['inScope.amount', { inScope: { ...sound?.inScope, amount: '1e3' } }],
    ['inScope.comparator', { inScope: { ...sound?.inScope, comparator: '=' } }],
    ['inScope.confidence', { inScope: { ...sound?.inScope, amount: null } }],
    ['fullData.sources', { fullData: { ...sound?.fullData, sources: [] } }],
    ['selfHosted.threshold.amount', { selfHosted: { ...sound?.selfHosted, proof: 'amount' } }],
    ['basic', { basic: null }],
    ['full.legal.tree', { full: { ...sound?.full, legal: { ...sound?.full.legal, tree: 'O.name &' } } }],
    [
      'missing.clocks.0',
      {
        missing: {
          ...sound?.missing,
          clocks: [{ clock: 'supply-on-request', when: 'always', workingDays: 1.5 }],
        },
      },
    ],
    ['linked.aggregate', { linked: { ...sound?.linked, aggregate: 'yes' } }],
    ['domesticRelief.countries', { domesticRelief: { ...sound?.linked, tier: 'basic' } }],
    ['prohibitions', { prohibitions: 'all' }],
    [
      'prohibitions.0.when.countries',
      {
        prohibitions: [
          { ...sound?.linked, from: '2026-01-01', text: 'banned', when: { kind: 'counterparty-country' } },
        ],
      },
    ],
    ['retention.years', { retention: { ...sound?.retention, years: 0 } }],
  ])('is refused at %s', (path, wrong) => {
    expect(lintPack({ ...sound, ...wrong }).map((problem) => problem.path)).toContain(path)
    expect(() => loadPacks([{ ...sound, ...wrong }], sha256Hex)).toThrow(path)
  })

  it.each([null, undefined, 7, 'pack', [], {}])('is refused when it is %j', (pack) => {
    expect(lintPack(pack).length).toBeGreaterThan(0)
  })
})
