/** The vectors of tests/vectors/rules, through the reading and writing of the command line. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { answerOf, readLine } from '../../../src/cli/rules-line.ts'
import { assessTransfer } from '../../../src/domain/rules/index.ts'
import { type Answer, PACKS, parseAnswer } from './support.ts'

function assess(lines: readonly unknown[]): readonly Answer[] {
  return lines.map((json) => {
    const line = readLine(json)
    if ('problems' in line) throw new Error(`not a transfer: ${JSON.stringify(line.problems)}`)
    return parseAnswer(JSON.stringify(answerOf(line.id, assessTransfer(line.input, PACKS), line.ignored)))
  })
}

function vector(name: string): string {
  return readFileSync(new URL(`../../vectors/rules/${name}`, import.meta.url), 'utf8')
}

function linesOf(name: string): readonly string[] {
  return vector(name).trim().split('\n')
}

interface Boundary {
  readonly input: { readonly id: string }
  readonly expect: { readonly rule: string; readonly tier?: string; readonly self_hosted_proof?: boolean }
}

interface Published {
  readonly rule: string
  readonly date: string
  readonly amount: string
  readonly currency: string
  readonly expect: string
}

describe('the amounts of every rule', () => {
  it('decide below, at and above as the research says', () => {
    const cases = linesOf('boundaries.jsonl').map((line): Boundary => JSON.parse(line))
    const answers = assess(cases.map((one) => one.input))
    const seen = cases.map(({ input, expect: { rule, tier, self_hosted_proof } }, index) => {
      const regime = answers[index]?.regimes.find((one) => one.rule === rule)
      return {
        id: input.id,
        ...(tier === undefined ? {} : { tier: regime?.tier }),
        ...(self_hosted_proof === undefined ? {} : { self_hosted_proof: regime?.self_hosted_proof }),
      }
    })
    expect(seen).toEqual(
      cases.map(({ input, expect: { tier, self_hosted_proof } }) => ({
        id: input.id,
        ...(tier === undefined ? {} : { tier }),
        ...(self_hosted_proof === undefined ? {} : { self_hosted_proof }),
      })),
    )
  })

  it('agree with the published boundary vectors', () => {
    const research: { boundary_vectors: readonly Published[] } = JSON.parse(vector('regulation-rules.json'))
    const published = research.boundary_vectors
    const answers = assess(
      published.map((one) => ({ ...transferOf(one), id: `${one.rule} ${one.date} ${one.amount}` })),
    )
    expect(answers.map(({ regimes: [regime] }) => [regime?.tier, regime?.self_hosted_proof])).toEqual(
      published.map((one) => MEANING[one.expect.split(';')[0] ?? '']),
    )
  })
})

/** The words of the published vectors: tier and proof. */
const MEANING: Readonly<Record<string, readonly [string, boolean]>> = {
  basic: ['basic', false],
  enhanced: ['full', false],
  full: ['full', false],
  below: ['out-of-scope', false],
  'out of scope': ['out-of-scope', false],
  'not in force': ['out-of-scope', false],
  'hold-info only': ['full', false],
  'identify only': ['full', false],
  'risk measures incl. ownership': ['full', true],
  'ownership proof': ['full', true],
}

function transferOf(one: Published) {
  const [rule = ''] = one.rule.split(/[/ ]/)
  const kind = one.rule.endsWith('self-hosted') ? 'self-hosted' : 'vasp'
  return {
    at: one.date,
    local: { regimes: [rule] },
    counterparty: { kind, ...(one.rule.includes('chain') ? { country: rule } : {}) },
    amount: one.amount,
    currency: one.currency,
  }
}

interface Scenario {
  readonly input: { readonly id: string }
  readonly expect: {
    readonly duty?: string
    readonly tiers?: Readonly<Record<string, string>>
    readonly reasons?: readonly string[]
    readonly due?: Readonly<Record<string, string>>
    readonly [part: string]: unknown
  }
}

describe('a transfer', () => {
  const scenarios = linesOf('scenarios.jsonl').map((line): Scenario => JSON.parse(line))
  const answers = assess(scenarios.map((scenario) => scenario.input))

  it.each(scenarios.map((scenario, index) => ({ ...scenario, name: scenario.input.id, index })))(
    '$name',
    ({ index, expect: { tiers = {}, reasons = [], due = {}, ...rest } }) => {
      const answer = answers[index]
      expect(answer).toMatchObject(rest)
      const found = answer?.regimes.map((regime) => [regime.rule, regime.tier]) ?? []
      expect(Object.fromEntries(found)).toMatchObject(tiers)
      expect(answer?.reasons.map((reason) => reason.code)).toEqual(expect.arrayContaining([...reasons]))
      const deadlines = answer?.on_missing?.deadlines ?? []
      expect(Object.fromEntries(deadlines.map((deadline) => [deadline.clock, deadline.due]))).toMatchObject(
        due,
      )
    },
  )
})
