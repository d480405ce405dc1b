import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type {
  CounterpartyKind,
  DecisionRecord,
  IdentityFacts,
  PersonFacts,
  RuleInput,
  Tier,
} from '../../../src/domain/rules/index.ts'
import { assessTransfer, PACK_DATA, replay, ruleInput } from '../../../src/domain/rules/index.ts'
import { addDays } from '../../../src/domain/rules/moment.ts'
import { aPerson, aTransfer, PACKS } from './support.ts'

const RULES = PACK_DATA.map((pack) => pack.rule)
const ORDER: readonly Tier[] = ['out-of-scope', 'basic', 'full']

const person: fc.Arbitrary<PersonFacts> = fc
  .record({
    kind: fc.constantFrom('natural' as const, 'legal' as const),
    name: fc.boolean(),
    address: fc.boolean(),
    addressCountry: fc.boolean(),
    nationalIdTypes: fc.subarray(['CCPT', 'IDCD', 'DRLC', 'LEIX']),
    customerId: fc.boolean(),
    dateOfBirth: fc.boolean(),
    placeOfBirth: fc.boolean(),
  })
  .map(aPerson)

const identity: fc.Arbitrary<IdentityFacts> = fc
  .tuple(person, fc.boolean(), fc.boolean(), fc.boolean())
  .map(([originator, beneficiary, account, vasps]) => ({
    edition: '2020',
    originator: {
      persons: [originator],
      accountPointer: '/originator/accountNumber',
      accountOrWallet: account,
    },
    beneficiary: {
      persons: [aPerson({ pointer: '/beneficiary/beneficiaryPersons/0', name: beneficiary })],
      accountPointer: '/beneficiary/accountNumber',
      accountOrWallet: account,
    },
    originatingVasp: vasps,
    beneficiaryVasp: vasps,
    placeholders: [],
  }))

const pair = fc.tuple(fc.constantFrom(...RULES), fc.constantFrom(...RULES))
const cents = fc
  .bigInt(0n, 10n ** 9n)
  .map((value) => `${value / 100n}.${(value % 100n).toString().padStart(2, '0')}`)

/** Every currency of the packs at one to one with the tenge: the values are odd, the laws are the same. */
const RATES = [...new Set(PACK_DATA.flatMap((pack) => [pack.fullData.currency, pack.inScope.currency]))]
  .filter((currency) => currency !== 'KZT')
  .map((to) => ({ from: 'KZT', to, rate: '1', at: '2026-09-01T11:00:00Z', source: 'test' }))

function between(
  [local, other]: readonly [string, string],
  amount: string,
  parts: Partial<RuleInput> = {},
): RuleInput {
  return aTransfer({
    local: { regimes: [local] },
    counterparty: { kind: 'vasp', regimes: [other] },
    amount,
    currency: 'KZT',
    rates: RATES,
    ...parts,
  })
}

/** The transfer after the elements at these pointers have been added; an identifier added is one of every kind. */
function supplied(input: RuleInput, facts: IdentityFacts, added: readonly string[]): RuleInput {
  const isAdded = (pointer: string): boolean => added.includes(pointer)
  const complete = (one: PersonFacts): PersonFacts => {
    const has = (...names: readonly string[]): boolean =>
      names.some((name) =>
        isAdded(`${one.pointer}/${one.kind === 'legal' ? 'legalPerson' : 'naturalPerson'}/${name}`),
      )
    return {
      ...one,
      name: one.name || has('name'),
      address: one.address || has('geographicAddress'),
      addressCountry: one.addressCountry || has('geographicAddress'),
      nationalIdTypes: has('nationalIdentification') ? ['IDCD', 'LEIX'] : one.nationalIdTypes,
      customerId: one.customerId || has('customerIdentification', 'customerNumber'),
      dateOfBirth: one.dateOfBirth || has('dateAndPlaceOfBirth/dateOfBirth'),
      placeOfBirth: one.placeOfBirth || has('dateAndPlaceOfBirth/placeOfBirth'),
    }
  }
  const role = (one: IdentityFacts['originator']): IdentityFacts['originator'] => ({
    ...one,
    persons: one.persons.map(complete),
    accountOrWallet: one.accountOrWallet || isAdded(one.accountPointer),
  })
  return {
    ...input,
    reference: isAdded('/transfer/reference'),
    identity: {
      ...facts,
      originator: role(facts.originator),
      beneficiary: role(facts.beneficiary),
      originatingVasp: facts.originatingVasp || isAdded('/originatingVASP/originatingVASP/legalPerson/name'),
      beneficiaryVasp: facts.beneficiaryVasp || isAdded('/beneficiaryVASP/beneficiaryVASP/legalPerson/name'),
    },
  }
}

describe('assessment', () => {
  it('never lowers a tier when the amount grows', () => {
    fc.assert(
      fc.property(pair, cents, cents, (rules, a, b) => {
        const [small, large] = Number(a) <= Number(b) ? [a, b] : [b, a]
        const tiers = [small, large].map((amount) =>
          assessTransfer(between(rules, amount), PACKS).regimes.map((one) => ORDER.indexOf(one.tier)),
        )
        tiers[0]?.forEach((tier, index) => expect(tier).toBeLessThanOrEqual(tiers[1]?.[index] ?? -1))
      }),
    )
  })

  it('misses nothing in the union exactly when no regime misses anything', () => {
    fc.assert(
      fc.property(pair, cents, identity, (rules, amount, facts) => {
        const { missing, regimes } = assessTransfer(between(rules, amount, { identity: facts }), PACKS)
        expect(missing.length === 0).toBe(regimes.every((regime) => regime.missing.length === 0))
      }),
    )
  })

  it('names as nearest what satisfies every regime at once when it is supplied', () => {
    fc.assert(
      fc.property(pair, identity, (rules, facts) => {
        const input = between(rules, '10000000', { identity: facts })
        const { nearest } = assessTransfer(input, PACKS)
        expect(assessTransfer(supplied(input, facts, nearest), PACKS).missing).toEqual([])
      }),
    )
  })

  it('misses no more when more is given', () => {
    fc.assert(
      fc.property(pair, cents, identity, fc.infiniteStream(fc.boolean()), (rules, amount, facts, given) => {
        const input = between(rules, amount, { identity: facts })
        const before = assessTransfer(input, PACKS)
        const asked = before.requiredFields.flatMap((one) =>
          typeof one === 'string' ? one : one.anyOf.flat(),
        )
        const some = asked.filter(() => given.next().value)
        const after = assessTransfer(supplied(input, facts, some), PACKS)
        for (const [at, { missing }] of after.regimes.entries()) {
          expect(missing.length).toBeLessThanOrEqual(before.regimes[at]?.missing.length ?? 0)
        }
      }),
    )
  })

  it('says of a wallet of which no rule could be judged that its proof is unknown, and not that there is none', () => {
    const nothing = { ...between(['EU-TFR', 'EU-TFR'], 'x'), local: { regimes: ['EU-TFR'] } }
    const proof = (kind: CounterpartyKind) =>
      assessTransfer({ ...nothing, counterparty: { kind } }, PACKS).selfHostedProof
    expect([proof('self-hosted'), proof('unknown'), proof('vasp')]).toEqual([
      'UNKNOWN',
      'UNKNOWN',
      'NOT_REQUIRED',
    ])
  })

  it('asks for no rate between a currency and itself when a linked amount cannot be read', () => {
    const linked = [{ amount: '-600', currency: 'USD' }]
    const codes = assessTransfer(between(['KZ-AIFC', 'KZ-AIFC'], '1500', { linked }), PACKS).findings.map(
      ({ code, about }) => `${code} ${about ?? ''}`,
    )
    expect(codes).toContain('AMOUNT_INVALID /linked/0/amount')
    expect(codes.filter((code) => code.startsWith('RATE_MISSING'))).toEqual([])
  })

  it('does not depend on the order of packs, rates or linked transfers', () => {
    fc.assert(
      fc.property(pair, cents, fc.array(cents, { maxLength: 4 }), (rules, amount, more) => {
        const linked = more.map((one) => ({ amount: one, currency: 'KZT' }))
        const input = between(rules, amount, { linked })
        const turned = { ...input, rates: RATES.toReversed(), linked: linked.toReversed() }
        expect(assessTransfer(turned, PACKS.toReversed())).toEqual(assessTransfer(input, PACKS))
      }),
    )
  })

  it('answers whatever it is asked', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('EU', 'GB', '1000', 'USD', '2026-09-01'))
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.array(text, { maxLength: 3 }),
        fc.array(text, { maxLength: 3 }),
        (at, amount, currency, local, other) => {
          const rates = [{ from: currency, to: amount, rate: amount, at, source: at }]
          const input = ruleInput({
            at,
            amount,
            currency,
            rates,
            direction: 'inbound',
            local: { regimes: local },
            counterparty: { kind: 'vasp', regimes: other },
            linked: [{ amount, currency }],
          })
          expect(['NOT_REQUIRED', 'REQUIRED', 'NEED_MORE_INFO', 'PROHIBITED']).toContain(
            assessTransfer(input, PACKS).decision,
          )
        },
      ),
    )
  })

  it('never says that nothing is required, or what, while a figure it needs is missing', () => {
    fc.assert(
      fc.property(pair, cents, (rules, amount) => {
        const { decision, regimes } = assessTransfer(between(rules, amount, { rates: [] }), PACKS)
        const isOpen = regimes.some((regime) => regime.tier === 'unknown')
        expect(isOpen && (decision === 'NOT_REQUIRED' || decision === 'REQUIRED')).toBe(false)
      }),
    )
  })

  it('takes the strictest conduct of all regimes', () => {
    const { timing, missingDataAction, retention } = assessTransfer(
      aTransfer({
        local: { regimes: ['KZ-AIFC'] },
        counterparty: { kind: 'vasp', regimes: ['AE-VARA'] },
        amount: '9000',
        rates: [{ from: 'USD', to: 'AED', rate: '3.67', at: '2026-09-01T11:00:00Z', source: 'CBUAE' }],
      }),
      PACKS,
    )
    expect(timing).toBe('before-transfer')
    expect(missingDataAction).toMatchObject({ ordering: 'do-not-execute', beneficiary: 'hold-or-return' })
    expect(retention).toEqual({ years: 8, rules: ['AE-VARA'] })
  })

  it('tells the user which figures are unverified, and which of them the decision rests on', () => {
    const { unverified, findings } = assessTransfer(aTransfer({ local: { regimes: ['KZ-ONSHORE'] } }), PACKS)
    expect(unverified).toBe(true)
    const marked = findings.filter(
      (finding) => finding.code === 'RULE_UNVERIFIED' && finding.severity === 'hold',
    )
    expect(marked.map((finding) => finding.about)).toEqual(['in-scope', 'full-data', 'full.natural'])
    const verified = assessTransfer(aTransfer(), PACKS)
    expect(verified.unverified).toBe(false)
    expect(verified.findings).toContainEqual(
      expect.objectContaining({
        code: 'RULE_UNVERIFIED',
        severity: 'notice',
        about: 'missing',
        rule: 'KZ-AIFC',
      }),
    )
  })

  it('does not count a doubtful first day long after it, but does near it', () => {
    const swiss = (at: string) =>
      assessTransfer(
        aTransfer({ at, local: { regimes: ['CH'] }, counterparty: { kind: 'vasp', regimes: ['CH'] } }),
        PACKS,
      )
    expect(swiss('2026-09-01').unverified).toBe(false)
    expect(swiss('2019-09-01').unverified).toBe(true)
  })

  it('evaluates a rule that binds both sides once', () => {
    const { regimes } = assessTransfer(
      aTransfer({ counterparty: { kind: 'vasp', regimes: ['KZ-AIFC'] } }),
      PACKS,
    )
    expect(regimes.map((regime) => [regime.rule, regime.binds])).toEqual([['KZ-AIFC', 'both']])
  })
})

describe('a rule', () => {
  it.each(PACK_DATA.map((pack) => ({ rule: pack.rule, from: pack.effective.from })))(
    '$rule is in force from its first day, and not on the day before',
    ({ rule, from }) => {
      const before = addDays(from, -1)
      const isInForce = [before, from].map((at) => {
        const input = aTransfer({ at, local: { regimes: [rule] }, counterparty: { kind: 'self-hosted' } })
        const [regime] = assessTransfer(input, PACKS).regimes
        return regime?.rule === rule && regime.path.some((step) => step.step === 'in-force' && step.result)
      })
      expect(isInForce).toEqual([false, true])
    },
  )

  it.each(
    PACK_DATA.flatMap(({ rule, effective: { until } }) => (until === undefined ? [] : [{ rule, until }])),
  )('$rule is in force to its last day, and its successor on the day after', ({ rule, until }) => {
    const rules = [until, addDays(until, 1)].map((at) => {
      const input = aTransfer({ at, local: { regimes: [rule] }, counterparty: { kind: 'self-hosted' } })
      return assessTransfer(input, PACKS).regimes[0]?.rule
    })
    expect(rules[0]).toBe(rule)
    expect(rules[1]).not.toBe(rule)
  })
})

describe('money', () => {
  it('adds a thousand linked amounts of thirty decimals without delay or loss', () => {
    const linked = Array.from({ length: 1000 }, () => ({ amount: `0.${'0'.repeat(29)}1`, currency: 'HKD' }))
    const hk = {
      local: { regimes: ['HK'] },
      counterparty: { kind: 'self-hosted' as const },
      currency: 'HKD',
      linked,
    }
    const just = assessTransfer(aTransfer({ ...hk, amount: `7999.${'9'.repeat(27)}` }), PACKS)
    const short = assessTransfer(aTransfer({ ...hk, amount: `7999.${'9'.repeat(26)}8` }), PACKS)
    expect([just, short].map(({ regimes }) => regimes[0]?.tier)).toEqual(['full', 'basic'])
  })
})

describe('a decision', () => {
  it('is reached again from its record, also after a journey through JSON', () => {
    fc.assert(
      fc.property(pair, cents, identity, (rules, amount, facts) => {
        const input = between(rules, amount, { identity: facts })
        const record: DecisionRecord = JSON.parse(
          JSON.stringify({ input, assessment: assessTransfer(input, PACKS) }),
        )
        expect(replay(record, PACKS, 'recorded')).toMatchObject({ differences: [], unavailable: [] })
      }),
      { numRuns: 50 },
    )
  })

  it('says when the pack it was made under is not at hand', () => {
    const input = aTransfer()
    const others = PACKS.map((pack) => (pack.rule === 'EU-TFR' ? { ...pack, hash: 'other' } : pack))
    const { unavailable, differences } = replay(
      { input, assessment: assessTransfer(input, PACKS) },
      others,
      'recorded',
    )
    expect(unavailable).toEqual(['EU-TFR@2026.11.1'])
    expect(differences.map((one) => one.path)).toContain('/packs/1/hash')
  })
})
