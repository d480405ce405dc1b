import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../../src/cli/command.ts'
import { command } from '../../src/cli/rules.ts'
import { PACK_DATA } from '../../src/domain/rules/index.ts'
import { type Answer, parseAnswer } from './rules/support.ts'

const VECTORS = new URL('../vectors/rules/', import.meta.url)
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamga-rules-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: readonly string[]): Promise<{ exit: number; lines: string[] }> {
  const lines: string[] = []
  const exit = await command.run(args, {
    env: {},
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
  })
  return { exit, lines }
}

function fileOf(lines: readonly unknown[], name = 'transfers.jsonl'): string {
  const file = join(folder, name)
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  return file
}

async function assess(lines: readonly unknown[]): Promise<readonly Answer[]> {
  const { lines: answers } = await run('assess', '--json', fileOf(lines))
  return answers.map(parseAnswer)
}

const TRANSFER = {
  id: 't1',
  at: '2026-09-01T12:00:00Z',
  direction: 'outbound',
  local: { regimes: ['KZ-AIFC'] },
  counterparty: { kind: 'vasp', country: 'DE' },
  amount: '1500',
  currency: 'USD',
}

describe('tamga rules assess', () => {
  it('names pack, version, hash, clause, confidence and the path of every regime', async () => {
    const [answer] = await assess([TRANSFER])
    expect(answer?.regimes[0]).toMatchObject({
      rule: 'KZ-AIFC',
      version: '2026.11.1',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      clause: 'AIFC AML Rules 11-1.1(3)',
      confidence: 'H',
      path: expect.arrayContaining([
        expect.objectContaining({
          step: 'in-force',
          day: '2026-09-01',
          time_zone: 'Asia/Almaty',
          result: true,
        }),
        expect.objectContaining({
          step: 'full-data',
          value: '1500',
          comparator: '>=',
          threshold: '1000',
          result: true,
        }),
        expect.objectContaining({ step: 'requirement', held: null }),
      ]),
    })
  })

  it('puts the rate that decided, with its source and time, into the path', async () => {
    const rate = { from: 'USD', to: 'KZT', rate: '480', at: '2026-09-01T11:00:00Z', source: 'NBK' }
    const [answer] = await assess([{ ...TRANSFER, amount: '700000', currency: 'KZT', rates: [rate] }])
    expect(answer?.regimes[0]).toMatchObject({
      path: expect.arrayContaining([expect.objectContaining({ rates: [{ ...rate, inverted: true }] })]),
    })
  })

  it('asks for everything it lacks, and refuses nothing', async () => {
    const [answer] = await assess([{ id: 'empty' }])
    expect(answer).toMatchObject({ id: 'empty', duty: 'NEEDS_INFORMATION', regimes: [] })
    expect(answer?.reasons.map((reason) => reason.about)).toEqual([
      '/at',
      '/amount',
      '/currency',
      '/local/regimes',
      '/counterparty/kind',
    ])
  })

  it('takes no amount from a line that names it twice', async () => {
    const twice = JSON.stringify(TRANSFER).replace('"amount":"1500"', '"amount":"1500","amount":"1"')
    const { exit, lines } = await run('assess', '--json', fileOf([twice]))
    expect([exit, lines.map(parseAnswer)[0]?.duty]).toEqual([1, 'NEEDS_INFORMATION'])
  })

  it('answers every line, also one that is no transfer, and says so by its exit code', async () => {
    const { exit, lines } = await run(
      'assess',
      '--json',
      fileOf(['{"id":', '[]', { ...TRANSFER, rates: 'none' }, '', TRANSFER]),
    )
    const answers = lines.map(parseAnswer)
    expect(exit).toBe(1)
    expect(answers.map((answer) => answer.duty)).toEqual([
      'NEEDS_INFORMATION',
      'NEEDS_INFORMATION',
      'NEEDS_INFORMATION',
      'REQUIRED',
    ])
    expect(answers[2]).toMatchObject({ id: 't1', reasons: [{ code: 'INPUT_INVALID', about: '/rates' }] })
  })

  it('reads a JSON number as it was written, not as JavaScript would round it', async () => {
    const withAmount = (digits: string): string =>
      JSON.stringify({ ...TRANSFER, amount: 0 }).replace('"amount":0', `"amount":${digits}`)
    const answers = await assess(['999.99', '999.99999999999999999999', '1000.00', '1e3'].map(withAmount))
    expect(answers.map((answer) => answer.regimes[0]?.tier)).toEqual(['basic', 'basic', 'full', undefined])
    expect(answers[3]?.reasons[0]).toMatchObject({ code: 'AMOUNT_INVALID', about: '/amount' })
  })

  it('answers whatever JSON a line holds', async () => {
    const part = fc.oneof(fc.jsonValue(), fc.constantFrom('EU', '1000', '2026-09-01', 'vasp'))
    const line = fc.oneof(
      part,
      fc.dictionary(fc.constantFrom(...Object.keys(TRANSFER), 'rates', 'linked', 'payload', 'value'), part),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
        const answers = await assess(lines.map((one) => JSON.stringify(one)))
        expect(answers.map((answer) => typeof answer.duty)).toEqual(lines.map(() => 'string'))
      }),
      { numRuns: 50 },
    )
  })

  it('says which parts of a line it did not use', async () => {
    const [answer] = await assess([{ ...TRANSFER, urgency: 'high' }])
    expect(answer?.reasons).toContainEqual(
      expect.objectContaining({ code: 'INPUT_NOT_USED', about: '/urgency' }),
    )
  })

  it('never repeats a value of the identity payload', async () => {
    const payload: unknown = JSON.parse(readFileSync(new URL('identity-2020.json', VECTORS), 'utf8'))
    const { lines } = await run('assess', '--json', '--record', fileOf([{ ...TRANSFER, payload }]))
    for (const planted of [
      'ZQ-Surname',
      'ZQ-Street',
      'ZQ-Passport',
      'ZQ-Customer',
      'ZQ-Lagos',
      'ZQ-Account',
    ]) {
      expect(lines.join('\n')).not.toContain(planted)
    }
  })

  it('prints a table for people', async () => {
    const { exit, lines } = await run('assess', fileOf([TRANSFER]))
    expect(exit).toBe(0)
    expect(lines[0]).toBe('t1: REQUIRED')
    expect(lines.some((line) => line.includes('EU-TFR 2026.11.1 (counterparty): full'))).toBe(true)
  })

  it('refuses a file that is not there, and a verb it has not', () => {
    expect(() =>
      command.run(['assess', join(folder, 'none')], { env: {}, out: () => {}, err: () => {} }),
    ).toThrow(UsageError)
    expect(() => command.run(['judge'], { env: {}, out: () => {}, err: () => {} })).toThrow(UsageError)
  })
})

describe('docs/rules.md', () => {
  it('shows an example that is true', async () => {
    const text = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8')
    const [input = '', shown = ''] = [...text.matchAll(/```json\n(.*?)```/gs)].map((block) => block[1] ?? '')
    const [answer] = await assess([JSON.parse(input)])
    expect(answer).toMatchObject(JSON.parse(shown))
  })

  it('has a row for every pack, with its first day', () => {
    const rows = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8').split('\n')
    const isMissing = ({ rule, effective }: (typeof PACK_DATA)[number]): boolean =>
      !rows.some((row) => row.startsWith(`| ${rule} |`) && row.includes(`| ${effective.from}`))
    expect(PACK_DATA.filter(isMissing).map((pack) => pack.rule)).toEqual([])
  })
})

describe('tamga rules replay', () => {
  it('reaches the recorded decision again, and shows what a newer pack would change', async () => {
    const { lines } = await run('assess', '--json', '--record', fileOf([TRANSFER]))
    const record = fileOf(lines, 'records.jsonl')
    expect(await run('replay', '--json', record)).toMatchObject({
      exit: 0,
      lines: [expect.stringContaining('"same":true')],
    })
    const pack = PACK_DATA.find((one) => one.rule === 'KZ-AIFC')
    const raised = { ...pack, version: '2027.1', fullData: { ...pack?.fullData, amount: '2000' } }
    const newer = fileOf([raised], 'newer.json')
    const { exit, lines: changed } = await run('replay', '--json', '--packs', newer, record)
    expect(exit).toBe(1)
    expect(JSON.parse(changed[0] ?? '')).toMatchObject({
      same: false,
      differences: expect.arrayContaining([
        { path: '/regimes/0/version', before: '2026.11.1', after: '2027.1' },
        { path: '/regimes/0/tier', before: 'full', after: 'basic' },
      ]),
    })
    expect(await run('replay', '--json', '--under', 'recorded', '--packs', newer, record)).toMatchObject({
      exit: 0,
    })
  })
})

describe('tamga rules list, show and lint', () => {
  it('list every pack with its amounts and their confidence', async () => {
    const { lines } = await run('list')
    expect(lines.find((line) => line.startsWith('KZ-ONSHORE'))).toContain('scope unknown [L]')
    expect(lines.find((line) => line.startsWith('GB-2026'))).toContain('full >= GBP 800 [M]')
  })

  it('show a pack with its sources', async () => {
    const { lines } = await run('show', 'kz-aifc')
    expect(JSON.parse(lines.join('\n'))).toMatchObject({
      rule: 'KZ-AIFC',
      sources: { S5: { title: expect.any(String) } },
    })
    expect(await run('show', 'XX')).toMatchObject({ exit: 1 })
  })

  it('find nothing wrong with the packs shipped, and name what is wrong with others', async () => {
    expect(await run('lint')).toMatchObject({ exit: 0 })
    expect(await run('lint', fileOf([{ rule: 'X', version: 'one' }], 'bad.json'))).toMatchObject({
      exit: 1,
      lines: expect.arrayContaining([expect.stringContaining('X version: ')]),
    })
  })
})
