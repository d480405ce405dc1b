import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOLD_REASONS, type HoldReason } from '../../src/domain/hold/hold.ts'
import {
  checkPerson,
  MLRO_ONLY,
  mayAct,
  PERSON_ACTIONS,
  PERSON_ROLES,
  type PeoplePolicy,
  type PersonAction,
  READING,
} from '../../src/domain/people.ts'
import {
  approvalsRequired,
  type FourEyesRule,
  type Released,
  type VaspPolicy,
} from '../../src/domain/policy.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { POLICY } from './transfer/two-sides.ts'

const ETHER = 'eip155:1/slip44:60'
const NOW = new Date('2026-03-01T12:00:00Z')
const RATES = [{ from: 'USD', to: 'EUR', rate: '0.5', at: '2026-01-01T00:00:00Z', source: 'test' }]

const worth = (amount: string, currency = 'EUR'): Released => ({
  asset: ETHER,
  counterpartyId: 'bob',
  fiat: { amount, currency, pricedAt: NOW },
})
const needed = (policy: Partial<VaspPolicy>, about: Released, reason: HoldReason = HOLD_REASONS[0]) =>
  approvalsRequired({ ...POLICY, rates: RATES, ...policy }, reason, about)
const by = (...fourEyes: FourEyesRule[]) => ({ fourEyes })

describe('how many natural persons a release takes', () => {
  it('is one where no rule says otherwise', () => {
    expect(needed({}, worth('1'))).toBe(1)
    expect(needed(by(), worth('1'))).toBe(1)
  })

  it.each([
    ['999.99', 'EUR', 1],
    ['1000', 'EUR', 2],
    ['1999.98', 'USD', 1],
    ['2000', 'USD', 2],
    // No rate: nobody knows that it is less.
    ['1', 'GBP', 2],
  ] as const)('depends on the value: %s %s', (amount, currency, persons) => {
    const minFiat = { amount: '1000', currency: 'EUR' }
    expect(needed(by({ minFiat }), worth(amount, currency))).toBe(persons)
  })

  it('is two where the value or the counterparty that a rule asks for is not known', () => {
    const unknown = { asset: ETHER, counterpartyId: undefined }
    expect(needed(by({ minFiat: { amount: '1000', currency: 'EUR' } }), unknown)).toBe(2)
    expect(needed(by({ counterparties: ['bob'] }), unknown)).toBe(2)
  })

  it.each([
    ['reason', { reasons: ['SANCTIONS_HIT'] }, { reasons: ['COUNTERPARTY_UNVERIFIED'] }],
    ['asset', { assets: ['eip155:137/slip44:966'] }, { assets: [ETHER] }],
    ['counterparty', { counterparties: ['carol'] }, { counterparties: ['carol', 'bob'] }],
  ] as const)('depends on the %s', (_, other, same) => {
    expect(needed(by(other), worth('1'))).toBe(1)
    expect(needed(by(same), worth('1'))).toBe(2)
  })

  it('asks of a rule that all its conditions are met', () => {
    const rule = { assets: [ETHER], counterparties: ['carol'] }
    expect(needed(by(rule), worth('1'))).toBe(1)
    expect(needed(by({ ...rule, counterparties: ['bob'] }), worth('1'))).toBe(2)
    expect(needed(by({}), worth('1'))).toBe(2)
  })

  it('never falls when a rule is added: the most restrictive wins', () => {
    const rule: fc.Arbitrary<FourEyesRule> = fc.record(
      {
        reasons: fc.subarray([...HOLD_REASONS], { minLength: 1 }),
        minFiat: fc.record({
          amount: fc.nat(2_000).map(String),
          currency: fc.constantFrom('EUR', 'USD', 'GBP'),
        }),
        assets: fc.subarray([ETHER, 'eip155:137/slip44:966'], { minLength: 1 }),
        counterparties: fc.subarray(['bob', 'carol'], { minLength: 1 }),
      },
      { requiredKeys: [] },
    )
    const rules = fc.array(rule, { maxLength: 4 })
    const one = fc.constantFrom(...HOLD_REASONS)
    fc.assert(
      fc.property(rules, rule, one, fc.nat(2_000), (before, more, reason, amount) => {
        const about = worth(String(amount), 'USD')
        const fewer = needed(by(...before), about, reason)
        expect(needed(by(...before, more), about, reason)).toBeGreaterThanOrEqual(fewer)
        expect(needed({ ...by(...before), holds: { [reason]: { approvals: 2 } } }, about, reason)).toBe(2)
        expect(needed(by(...before.toReversed()), about, reason)).toBe(fewer)
      }),
    )
  })
})

const PEOPLE: PeoplePolicy = {
  people: { ana: ['analyst'], sam: ['senior'], max: ['mlro'], rex: ['auditor'], ada: ['senior', 'auditor'] },
  persons: { 'rex.private': 'r-7', rex: 'r-7' },
  mlros: [{ subject: 'max', deputies: ['dan'] }],
}
const may = (policy: PeoplePolicy, subject: string, action: PersonAction, level?: 'mlro') => {
  try {
    checkPerson(policy, subject, action, level && { level })
    return true
  } catch (error) {
    if (error instanceof Refusal && error.code === 'PERSON_DENIED') return false
    throw error
  }
}
const EVERY = PERSON_ROLES.flatMap((role) => PERSON_ACTIONS.map((action) => [role, action] as const))

describe('what a person may do', () => {
  it.each(EVERY)('as %s: %s, as the table has it', (role, action) => {
    const policy = { people: { one: [role] } }
    expect(may(policy, 'one', action)).toBe(mayAct(role, action))
  })

  it.each(EVERY)(
    'as %s after an escalation: %s, only as MLRO or deputy where a decision is meant',
    (role, action) => {
      const policy = { people: { one: [role] }, mlros: [{ subject: 'max', deputies: ['dan'] }] }
      expect(may(policy, 'one', action, 'mlro')).toBe(mayAct(role, action) && !MLRO_ONLY.has(action))
      const named = { ...policy, mlros: [{ subject: 'max', deputies: ['one'] }] }
      const isNamed = mayAct('mlro', action) || mayAct(role, action)
      expect(may(named, 'one', action, 'mlro')).toBe(isNamed && (role !== 'auditor' || READING.has(action)))
    },
  )

  it('is everything where policy gives no roles, and nothing for whom it gives none', () => {
    for (const action of PERSON_ACTIONS) {
      expect(may({}, 'anybody', action)).toBe(action !== 'break-glass')
      expect(may(PEOPLE, 'anybody', action)).toBe(false)
      expect(may(PEOPLE, 'constructor', action)).toBe(false)
      expect(may(PEOPLE, 'dan', action, 'mlro')).toBe(mayAct('mlro', action))
    }
  })

  it('is nothing but reading for an auditor, whatever else, and under whichever account', () => {
    for (const action of PERSON_ACTIONS.filter((one) => !READING.has(one))) {
      expect(may(PEOPLE, 'rex', action)).toBe(false)
      expect(may(PEOPLE, 'ada', action)).toBe(false)
      expect(
        may({ ...PEOPLE, people: { ...PEOPLE.people, 'rex.private': ['senior'] } }, 'rex.private', action),
      ).toBe(false)
    }
  })

  it('stands in docs/holds.md as it is', () => {
    const page = readFileSync('docs/holds.md', 'utf8')
    const cells = PERSON_ACTIONS.map((action) =>
      [`\`${action}\``, ...PERSON_ROLES.map((role) => (mayAct(role, action) ? 'yes' : '-'))].join(' | '),
    )
    for (const row of cells) expect(page).toContain(`| ${row} |`)
  })
})
