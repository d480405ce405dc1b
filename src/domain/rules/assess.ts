/**
 * Assessment of one transfer under every regime that binds the local VASP and under the counterparty's own: the union of duties, the
 * strictest per element. Pure: the same input and packs give the same answer, for ever.
 */
import { parseAssetId } from '../caip.ts'
import { parseDecimal } from '../decimal.ts'
import type { Decision, Finding, RegimeAssessment, RuleAssessment, SelfHostedDuty } from './assessment.ts'
import { earliest } from './clocks.ts'
import type { RegimeOutcome } from './evaluate-regime.ts'
import { evaluateRegime } from './evaluate-regime.ts'
import { NO_IDENTITY } from './facts.ts'
import type { RuleInput } from './input.ts'
import type { RulePack } from './load-packs.ts'
import type { Moment } from './moment.ts'
import { parseMoment } from './moment.ts'
import { distance, isUsableRate } from './money.ts'
import type { Latest } from './pack.ts'
import { chainOf } from './parties.ts'
import type { RegimeContext } from './regime-context.ts'
import { nearestOf, toRequirements, unite } from './requirements.ts'
import type { Selected } from './select.ts'
import { selectPacks } from './select.ts'

/** A quotation further than this from the transfer is still used, and said to be old. */
const RATE_AGE_MAX_MILLISECONDS = 24 * 60 * 60 * 1000

export function assessTransfer(input: RuleInput, packs: readonly RulePack[]): RuleAssessment {
  const findings: Finding[] = [...inputFindings(input)]
  const at = input.at === undefined ? undefined : parseMoment(input.at)
  const amount = amountOf(input)
  if (at === undefined || amount === undefined) return assessmentOf([], findings, input)
  const localNames = namesOf(input.local)
  const isVasp = input.counterparty.kind !== 'self-hosted'
  const local = selectPacks(localNames, packs, at)
  const other = selectPacks(isVasp ? namesOf(input.counterparty) : [], packs, at)
  findings.push(...local.findings, ...other.findings)
  const outcomes = bindings(local.selected, other.selected).map(({ selected, binds }) =>
    evaluateRegime(selected, {
      input,
      at,
      amount,
      binds,
      holdings: holdingsOf(input),
      otherCountry: binds === 'counterparty' ? input.local.country : input.counterparty.country,
      chain: chainOf(selected.pack, input, local.selected, other.selected),
    }),
  )
  findings.push(...outcomes.flatMap((outcome) => outcome.findings), ...rateFindings(outcomes, at))
  return assessmentOf(outcomes, findings, input)
}

function inputFindings(input: RuleInput): readonly Finding[] {
  const findings: Finding[] = []
  const need = (code: Finding['code'], about: string, message: string): void =>
    void findings.push({ code, severity: 'need', about, message })
  if (input.at === undefined)
    need('AT_MISSING', '/at', 'the time of the transfer decides which law is in force')
  else if (parseMoment(input.at) === undefined) {
    need('AT_INVALID', '/at', 'the time must be RFC 3339 with an offset, or a day YYYY-MM-DD')
  }
  if (input.amount === undefined) need('AMOUNT_MISSING', '/amount', 'an amount is needed')
  else if (parseDecimal(input.amount) === undefined) {
    need(
      'AMOUNT_INVALID',
      '/amount',
      'the amount must be decimal text without sign, exponent or leading zeros',
    )
  }
  if (input.currency === undefined)
    need('CURRENCY_MISSING', '/currency', 'the currency of the amount is needed')
  if (input.asset !== undefined && parseAssetId(input.asset) === undefined) {
    need('ASSET_INVALID', '/asset', 'the asset must be a CAIP-19 identifier')
  }
  if (namesOf(input.local).length === 0) {
    need('LOCAL_REGIME_MISSING', '/local/regimes', 'the regimes that bind the local VASP are needed')
  }
  if (input.counterparty.kind === 'unknown') {
    need(
      'COUNTERPARTY_KIND_UNKNOWN',
      '/counterparty/kind',
      'whether the counterparty is a VASP or a self-hosted wallet is needed',
    )
  }
  input.linked.forEach((part, index) => {
    if (parseDecimal(part.amount) === undefined) {
      need(
        'AMOUNT_INVALID',
        `/linked/${index}/amount`,
        'the amount must be decimal text without sign, exponent or leading zeros',
      )
    }
  })
  input.rates.forEach((rate, index) => {
    if (isUsableRate(rate)) return
    findings.push({
      code: 'RATE_UNUSABLE',
      severity: 'notice',
      about: `/rates/${index}`,
      message: 'a rate counts only as positive decimal text with its source and time',
    })
  })
  for (const pointer of input.identity?.placeholders ?? []) {
    findings.push({
      code: 'PLACEHOLDER_VALUE',
      severity: 'hold',
      about: pointer,
      message: 'the value says nothing and counts as missing',
    })
  }
  return findings
}

function amountOf(input: RuleInput): RegimeContext['amount'] | undefined {
  const { amount, currency } = input
  if (amount === undefined || currency === undefined || parseDecimal(amount) === undefined) return undefined
  return { amount, currency }
}

/** The regimes named; where none are, the country's. */
function namesOf(party: {
  readonly regimes?: readonly string[] | undefined
  readonly country?: string | undefined
}): readonly string[] {
  if (party.regimes !== undefined && party.regimes.length > 0) return party.regimes
  return party.country === undefined ? [] : [party.country]
}

interface Binding {
  readonly selected: Selected
  readonly binds: RegimeAssessment['binds']
}

/** A rule that binds both sides is evaluated once. A stand-in and the rule itself are different rules. */
function bindings(local: readonly Selected[], other: readonly Selected[]): readonly Binding[] {
  const isSame = (a: Selected, b: Selected): boolean =>
    a.pack.rule === b.pack.rule && a.isStandIn === b.isStandIn
  return [
    ...local.map(
      (selected): Binding => ({
        selected,
        binds: other.some((one) => isSame(one, selected)) ? 'both' : 'local',
      }),
    ),
    ...other
      .filter((selected) => !local.some((one) => isSame(one, selected)))
      .map((selected): Binding => ({ selected, binds: 'counterparty' })),
  ]
}

/** What is known besides the payload: we know our own name, and a wallet has no institution. */
function holdingsOf(input: RuleInput): RegimeContext['holdings'] {
  const facts = input.identity ?? NO_IDENTITY
  const isOutbound = input.direction === 'outbound'
  const isOtherKnown = input.counterparty.named === true || input.counterparty.kind === 'self-hosted'
  return {
    facts,
    originator: input.accounts.originator,
    beneficiary: input.accounts.beneficiary,
    reference: input.reference,
    originatingVasp: facts.originatingVasp || isOutbound || isOtherKnown,
    beneficiaryVasp: facts.beneficiaryVasp || !isOutbound || isOtherKnown,
  }
}

function rateFindings(outcomes: readonly RegimeOutcome[], at: Moment): readonly Finding[] {
  const used = outcomes.flatMap((outcome) =>
    outcome.regime.path.flatMap((step) => ('rates' in step ? step.rates : [])),
  )
  const stale = new Set(
    used
      .filter((rate) => distance(rate, at).milliseconds > RATE_AGE_MAX_MILLISECONDS)
      .map((rate) => `${rate.from}-${rate.to}`),
  )
  return [...stale].map((pair) => ({
    code: 'RATE_STALE',
    severity: 'notice',
    about: `/rates/${pair}`,
    message: 'the rate was quoted more than 24 hours from the transfer',
  }))
}

function assessmentOf(
  outcomes: readonly RegimeOutcome[],
  inputFound: readonly Finding[],
  input: RuleInput,
): RuleAssessment {
  const regimes = outcomes.map((outcome) => outcome.regime)
  const due = regimes.filter((regime) => regime.tier === 'basic' || regime.tier === 'full')
  const required = unite(outcomes.flatMap((outcome) => outcome.required))
  const missing = unite(outcomes.flatMap((outcome) => outcome.missing))
  const found = [...inputFound, ...unionFindings(due, missing.length > 0, input)]
  const years = Math.max(0, ...due.map((regime) => regime.retentionYears))
  return {
    decision: decide(found, due.length > 0),
    regimes,
    requiredFields: toRequirements(required),
    missing: toRequirements(missing),
    nearest: nearestOf(missing),
    transmit: due.length > 0 && input.counterparty.kind !== 'self-hosted',
    selfHostedProof: proofOfUnion(regimes, input),
    timing: strictest(
      due.map((regime) => regime.timing.latest),
      TIMING_ORDER,
    ),
    missingDataAction: {
      ordering: strictest(
        due.map((regime) => regime.onMissing.ordering),
        ORDERING_ORDER,
      ),
      beneficiary: strictest(
        due.map((regime) => regime.onMissing.beneficiary),
        BENEFICIARY_ORDER,
      ),
      deadlines: earliest(due.flatMap((regime) => regime.deadlines)),
    },
    retention: {
      years,
      rules: due.filter((regime) => regime.retentionYears === years).map((regime) => regime.rule),
    },
    unverified: found.some((finding) => isUnverified(finding)),
    findings: found,
    packs: regimes.map(({ rule, version, hash }) => ({ rule, version, hash })),
  }
}

/** No regime that could be judged asks for nothing, but that says something only of a VASP, which has no wallet of its own to prove. */
function proofOfUnion(regimes: readonly RegimeAssessment[], input: RuleInput): SelfHostedDuty {
  if (regimes.length === 0 && input.counterparty.kind !== 'vasp') return 'UNKNOWN'
  return strictest(
    regimes.map((regime) => regime.selfHosted.duty),
    PROOF_ORDER,
  )
}

function unionFindings(
  due: readonly RegimeAssessment[],
  isIncomplete: boolean,
  input: RuleInput,
): readonly Finding[] {
  const findings: Finding[] = []
  if (isIncomplete) {
    findings.push({
      code: 'IDENTITY_INCOMPLETE',
      severity: 'hold',
      message: 'the identity payload lacks elements that the law asks for',
    })
  }
  if (due.length > 0 && due.every((regime) => regime.binds === 'counterparty')) {
    findings.push({
      code: 'DUTY_OF_COUNTERPARTY_ONLY',
      severity: 'notice',
      message: 'below the local amount, but the counterparty needs the data',
    })
  }
  const isUnknown = namesOf(input.counterparty).length === 0 && input.counterparty.kind === 'vasp'
  if (isUnknown) {
    // What binds us is known; what binds the receiver could still require data for a transfer that is below our own amount.
    findings.push({
      code: 'COUNTERPARTY_REGIME_UNKNOWN',
      severity: due.length > 0 ? 'notice' : 'need',
      about: '/counterparty/country',
      message: "the counterparty's country or regimes are needed to judge its own duties",
    })
  }
  return findings
}

function decide(findings: readonly Finding[], isDue: boolean): Decision {
  if (findings.some((finding) => finding.severity === 'stop')) return 'PROHIBITED'
  if (findings.some((finding) => finding.severity === 'need')) return 'NEED_MORE_INFO'
  return isDue ? 'REQUIRED' : 'NOT_REQUIRED'
}

function isUnverified(finding: Finding): boolean {
  return (
    finding.severity === 'hold' && (finding.code === 'RULE_UNVERIFIED' || finding.code === 'RULE_UNKNOWN')
  )
}

/** Strictest first. Not knowing is stricter than a duty that leaves the choice, and weaker than one that does not. */
const PROOF_ORDER: readonly SelfHostedDuty[] = ['PROOF', 'UNKNOWN', 'RISK_BASED', 'NOT_REQUIRED']
const TIMING_ORDER: readonly Latest[] = ['before-transfer', 'with-transfer', 'unknown']
const ORDERING_ORDER = ['do-not-execute', 'unknown', 'risk-based'] as const
const BENEFICIARY_ORDER = [
  'reject-or-return',
  'hold-or-return',
  'execute-reject-return-or-suspend',
  'unknown',
  'risk-based',
] as const

/** The strictest of the values; with none, the last of the order: nothing is asked. */
function strictest<T>(values: readonly T[], order: readonly T[]): T {
  const found = order.find((one) => values.includes(one)) ?? order.at(-1)
  if (found === undefined) throw new RangeError('an order of strictness has members')
  return found
}
