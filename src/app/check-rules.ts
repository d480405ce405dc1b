/** The rules that bind a transfer: the local VASP's own threshold, then the regimes' packs. */
import { createHash } from 'node:crypto'
import type { Attribution } from '../domain/counterparty/attribution.ts'
import { compareDecimals, parseDecimal } from '../domain/decimal.ts'
import type { Finding, HoldReason } from '../domain/hold/hold.ts'
import type { LocalVasp, ThresholdRule } from '../domain/policy.ts'
import {
  assessTransfer,
  identityFactsOf,
  loadPacks,
  PACK_DATA,
  type RegimeAssessment,
  type RuleAssessment,
  type RuleInput,
  ruleInput,
  type SelfHostedDuty,
} from '../domain/rules/index.ts'
import type { Fiat, FieldCorrection, RuleCitation, Transfer } from '../domain/transfer/transfer.ts'
import type { OtherSideInput } from './gateway.ts'
import type { Ruling } from './ports.ts'

export interface Facts {
  readonly vaspId: string
  readonly counterpartyId: string | undefined
  /** The transfer in question, once it is stored. */
  readonly own?: Pick<Transfer, 'id' | 'createdAt' | 'state'>
  /** How the counterparty was found, or why not, where a hint was followed just now. */
  readonly attribution?: Attribution
  readonly asset: string
  readonly amount: string
  readonly fiat: Fiat | undefined
  readonly otherSide?: OtherSideInput | undefined
  /** CAIP-10, where the asset goes. */
  readonly destination?: string | undefined
  /** IVMS101 JSON text. */
  readonly identity: string
}

export interface RulesChecked {
  readonly exempt: boolean
  readonly rule: RuleCitation | undefined
  readonly missing: readonly FieldCorrection[]
  readonly holds: readonly { readonly reason: HoldReason; readonly finding: Finding }[]
  /** What the rules want a person to know, holding or not. */
  readonly findings: readonly Finding[]
  readonly ruling?: Ruling
  /** Of a self-hosted wallet: whether control must be proven. */
  readonly proof: SelfHostedDuty
  /** Of the regimes that bind the local VASP. */
  readonly local: readonly RegimeAssessment[]
}

const PACKS = loadPacks(PACK_DATA, (text) => createHash('sha256').update(text).digest('hex'))

/** `role` tells whose customer the local VASP's is. Never throws. */
export function assessRules(
  vasp: LocalVasp,
  facts: Facts,
  counterpartyCountry: string | undefined,
  role: 'originator' | 'beneficiary',
  now: Date,
): RulesChecked {
  const threshold = vasp.policy.threshold
  if (role === 'originator' && threshold !== undefined && isBelow(facts, threshold)) {
    const { pack, version, clause } = threshold
    return {
      exempt: true,
      rule: { pack, version, clause },
      missing: [],
      holds: [],
      findings: [],
      local: [],
      proof: 'NOT_REQUIRED',
    }
  }
  const identity = identityFactsOf(parsed(facts.identity))
  const input = ruleInput({
    at: now.toISOString(),
    direction: role === 'originator' ? 'outbound' : 'inbound',
    local: { country: vasp.country, regimes: vasp.policy.regimes },
    counterparty: otherPartyOf(facts.otherSide, counterpartyCountry),
    ...(facts.fiat && { amount: facts.fiat.amount, currency: facts.fiat.currency }),
    rates: vasp.policy.rates,
    asset: facts.asset,
    // The destination is always known here; a transfer has a unique reference, its id.
    accounts: {
      originator: { account: false, wallet: false },
      beneficiary: { account: true, wallet: true },
    },
    reference: true,
    identity,
  })
  const assessment = assessTransfer(input, PACKS)
  const { decision, packs } = assessment
  const local = assessment.regimes.filter(({ binds }) => binds !== 'counterparty')
  return { ...judged(assessment, role, vasp), local, ruling: { input, decision, packs } }
}

/** What the regimes that bind say about a deposit without data: the rule, and the end of the shortest clock for obtaining them. */
export function missingDataOf(
  vasp: LocalVasp,
  facts: Facts,
  counterpartyCountry: string | undefined,
  now: Date,
): {
  readonly rule: RuleCitation | undefined
  readonly deadline: Date | undefined
  readonly ruling: Ruling | undefined
} {
  const fiat = facts.fiat ?? { ...UNKNOWN_VALUE, pricedAt: now }
  const assessed = assessRules(vasp, { ...facts, fiat }, counterpartyCountry, 'beneficiary', now)
  const { rule, local } = assessed
  // Judged by a value that nobody gave, it is no record of the transfer.
  const ruling = facts.fiat && assessed.ruling
  const due = local
    .flatMap(({ deadlines }) => deadlines)
    .filter(({ clock }) => clock === 'obtain-missing-data')
    .map((deadline) => deadline.due)
    .toSorted()[0]
  return { rule, ruling, deadline: due === undefined ? undefined : new Date(`${due}${DAY_ENDED_NOWHERE}`) }
}

/** A value that nobody told could be any: what large transfers are bound by. */
const UNKNOWN_VALUE = { amount: '1000000000', currency: 'USD' }

/** Ten in the morning of UTC is midnight at the end of the day where the day ends first (UTC+14): never later than the law's last moment. */
const DAY_ENDED_NOWHERE = 'T10:00:00Z'

function otherPartyOf(
  side: OtherSideInput | undefined,
  country: string | undefined,
): RuleInput['counterparty'] {
  if (side === undefined) return { kind: 'vasp', country, named: true, canReceive: true }
  if (side.kind === 'self-hosted') return { kind: 'self-hosted', walletOwner: side.owner }
  return { kind: 'vasp', country: side.country, named: true, canReceive: false }
}

function judged(
  assessment: RuleAssessment,
  role: 'originator' | 'beneficiary',
  vasp: LocalVasp,
): Omit<RulesChecked, 'local'> {
  const findings = assessment.findings.map(
    ({ code, message }): Finding => ({ check: 'rules', code, message }),
  )
  const sunrise = assessment.findings.filter(({ code }) => code === 'SUNRISE')
  const prohibited = assessment.findings.some(
    ({ code, severity }) => severity === 'stop' && code !== 'SUNRISE',
  )
  const needs = assessment.decision === 'NEED_MORE_INFO' ? assessment.findings.find(isNeed) : undefined
  const unverified = assessment.unverified && vasp.policy.holdUnverifiedRules
  return {
    exempt: role === 'originator' && assessment.decision === 'NOT_REQUIRED',
    rule: citation(assessment.regimes),
    proof: assessment.selfHostedProof,
    // Also where nothing can be sent: what the law asks for is collected and kept.
    missing:
      assessment.decision === 'REQUIRED' || sunrise.length > 0 ? assessment.nearest.map(correction) : [],
    holds: [
      ...(prohibited
        ? [held('POLICY', 'PROHIBITED', 'a regime that binds prohibits this transfer; reject it')]
        : []),
      ...sunriseHold(sunrise),
      ...(needs === undefined
        ? []
        : [held('RULE_UNVERIFIED', needs.code, `the rules cannot be judged: ${needs.message}`)]),
      ...(unverified
        ? [
            held(
              'RULE_UNVERIFIED',
              'RULE_UNVERIFIED',
              'the rule rests on a figure that must be verified before use',
            ),
          ]
        : []),
    ],
    findings,
  }
}

/** The strictest of the corridor's regimes speaks; a person decides by it. */
function sunriseHold(found: readonly RuleAssessment['findings'][number][]) {
  const finding = found.find(({ severity }) => severity === 'stop') ?? found[0]
  if (finding === undefined) return []
  const code = finding.severity === 'stop' ? 'SUNRISE_DO_NOT_EXECUTE' : 'SUNRISE_COLLECT_AND_HOLD'
  return [held('SUNRISE', code, `${finding.rule ?? ''}: ${finding.message}`)]
}

function isNeed({ severity }: RuleAssessment['findings'][number]): boolean {
  return severity === 'need'
}

function held(reason: HoldReason, code: string, message: string) {
  return { reason, finding: { check: 'rules', code, message } as const }
}

/** The local regime that asks for most is the one that is cited. */
function citation(regimes: readonly RegimeAssessment[]): RuleCitation | undefined {
  const local = regimes.filter(({ binds }) => binds !== 'counterparty')
  const cited = local.find(({ tier }) => tier === 'full') ?? local[0] ?? regimes[0]
  return cited && { pack: cited.rule, version: cited.version, clause: cited.clause }
}

function correction(path: string): FieldCorrection {
  return { path, code: 'REQUIRED_BY_RULE', message: 'the rules that bind ask for this field; add it' }
}

function isBelow({ fiat }: Facts, threshold: ThresholdRule): boolean {
  if (fiat === undefined || fiat.currency !== threshold.currency) return false
  const [value, limit] = [parseDecimal(fiat.amount), parseDecimal(threshold.amount)]
  return value !== undefined && limit !== undefined && compareDecimals(value, limit) < 0
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Judged by the identity check, which names what is wrong with it.
    return undefined
  }
}
