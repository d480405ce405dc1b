/** Transfers that no rule was asked about, or whose value nobody knew, are kept as long as the local regimes say all the same. */
import { expect, it } from 'vitest'
import { retentionFor, retentionRules } from '../../../src/app/retention.ts'
import { ruleInput } from '../../../src/domain/rules/index.ts'
import { policyOf } from '../../../src/vasps.ts'

const vasp = {
  id: 'alice',
  legalName: 'Alice Ltd',
  country: 'KZ',
  licence: { regulator: 'AFSA', number: '1' },
  contacts: [],
  policy: policyOf({ regimes: ['KZ-AIFC'] }),
}
const vasps = new Map([[vasp.id, vasp]])
const kept = {
  vaspId: 'alice',
  transferId: 't',
  version: 1,
  role: 'originator',
  endedAt: new Date('2026-01-02T00:00:00Z'),
  held: false,
} as const
const unpriced = ruleInput({
  at: '2026-01-01T00:00:00Z',
  direction: 'outbound',
  local: { country: 'KZ', regimes: ['KZ-AIFC'] },
  counterparty: { kind: 'vasp', country: 'LU' },
})

it.each([
  ['no ruling', []],
  ['a ruling without a value', [unpriced]],
])('%s: six years in the AIFC, not the five of the policy', (_, inputs) => {
  expect(retentionFor({ vasps }, { ...kept, inputs })).toEqual({
    years: 6,
    rules: ['KZ-AIFC'],
    until: new Date('2032-01-02T00:00:00Z'),
  })
})

it('tells what each regime that binds asks for, with its pack', () => {
  const [rule, ...more] = retentionRules(vasp, new Date('2026-01-02T00:00:00Z'))
  expect(rule).toMatchObject({
    years: 6,
    pack: { rule: 'KZ-AIFC', retention: { clause: 'AIFC AML Rules 14.5.1' } },
  })
  expect(more).toEqual([])
})
