/** What a regime asks besides data: proof of a wallet, bans, conduct towards a counterparty that cannot receive. */
import type { Finding, PathStep, SelfHostedDuty, Tier } from './assessment.ts'
import type { RulePack } from './load-packs.ts'
import { dayIn } from './moment.ts'
import type { Cited, Prohibition } from './pack.ts'
import type { RegimeContext, Used } from './regime-context.ts'
import { use } from './regime-context.ts'
import type { Selected } from './select.ts'
import { decide } from './tier.ts'

export function proofOf(
  pack: RulePack,
  tier: Tier,
  context: RegimeContext,
  path: PathStep[],
  used: Used,
  findings: Finding[],
): SelfHostedDuty {
  const rule = pack.selfHosted
  const { counterparty, suspicion } = context.input
  if (counterparty.kind === 'vasp' || tier === 'out-of-scope' || rule.proof === 'none') return 'NOT_REQUIRED'
  if (counterparty.kind === 'unknown') return 'UNKNOWN'
  use(used, 'selfHosted', rule.confidence)
  if (suspicion && rule.onSuspicion === true) return 'PROOF'
  if (rule.proof !== 'amount' || rule.threshold === undefined) {
    return rule.proof === 'unknown' ? 'UNKNOWN' : 'RISK_BASED'
  }
  if (rule.walletOf === 'own-customer' && counterparty.walletOwner === 'third-party') return 'RISK_BASED'
  const step = decide(
    'self-hosted-proof',
    { ...rule, ...rule.threshold },
    pack,
    context,
    path,
    used,
    findings,
  )
  if (step.result === 'unknown') return 'UNKNOWN'
  return step.result ? 'PROOF' : 'NOT_REQUIRED'
}

export function prohibitionsOf(pack: RulePack, context: RegimeContext, path: PathStep[]): readonly Finding[] {
  return (pack.prohibitions ?? []).flatMap((prohibition): readonly Finding[] => {
    const day = dayIn(pack.timeZone, context.at)
    const result = day >= prohibition.from && applies(prohibition.when, context)
    path.push({ step: 'prohibition', result, clause: prohibition.clause })
    if (!result) return []
    const ban: Finding = {
      code: 'PROHIBITED',
      severity: 'stop',
      rule: pack.rule,
      about: prohibition.clause,
      message: prohibition.text,
    }
    return prohibition.confidence === 'L' ? [ban, unverified(pack, 'prohibitions', 'hold')] : [ban]
  })
}

function applies(when: Prohibition['when'], { input, otherCountry }: RegimeContext): boolean {
  if (when.kind === 'anonymity-enhanced-asset') return input.anonymityEnhanced === true
  if (when.kind === 'counterparty-country') {
    const isVasp = input.counterparty.kind === 'vasp'
    return isVasp && otherCountry !== undefined && when.countries.includes(otherCountry.toUpperCase())
  }
  const symbols = [input.assetSymbol, input.currency].map((symbol) => symbol?.toUpperCase())
  return when.symbols.some((symbol) => symbols.includes(symbol))
}

export function findingsOf(
  { pack, isStandIn }: Selected,
  context: RegimeContext,
  proof: SelfHostedDuty,
  used: Used,
  isDue: boolean,
): readonly Finding[] {
  const findings: Finding[] = []
  const weak = new Set(
    used.figures.filter((figure) => figure.confidence === 'L').map((figure) => figure.name),
  )
  if (isStandIn) weak.add('rule')
  for (const figure of weak) findings.push(unverified(pack, figure, 'hold'))
  if (proof === 'PROOF') {
    findings.push({
      code: 'SELF_HOSTED_PROOF',
      severity: 'hold',
      rule: pack.rule,
      about: pack.selfHosted.clause,
      message: 'proof of ownership or control of the self-hosted wallet is due',
    })
  }
  if (!isDue) return findings
  const conduct: readonly (readonly [string, Cited])[] = [
    ['timing', pack.timing],
    ['missing', pack.missing],
    ['retention', pack.retention],
  ]
  for (const [name, figure] of conduct) {
    if (figure.confidence === 'L') findings.push(unverified(pack, name, 'notice'))
  }
  return [...findings, ...sunriseOf(pack, context)]
}

/** The other side cannot receive the data: what the regime says then. It stops a local VASP, not its counterparty. */
function sunriseOf(pack: RulePack, { input, binds }: RegimeContext): readonly Finding[] {
  const { counterparty } = input
  if (counterparty.kind !== 'vasp' || counterparty.canReceive !== false || binds === 'counterparty') return []
  const { conduct, confidence, clause, text } = pack.sunrise
  const isStop = conduct === 'do-not-execute' && input.direction === 'outbound'
  const finding: Finding = {
    code: 'SUNRISE',
    severity: isStop ? 'stop' : 'hold',
    rule: pack.rule,
    about: clause,
    message: `the counterparty cannot receive the data: ${conduct}; ${text}`,
  }
  return confidence === 'L' ? [finding, unverified(pack, 'sunrise', 'notice')] : [finding]
}

function unverified(pack: RulePack, figure: string, severity: 'hold' | 'notice'): Finding {
  return {
    code: 'RULE_UNVERIFIED',
    severity,
    rule: pack.rule,
    about: figure,
    message: `the figure "${figure}" of ${pack.rule} has confidence L: verify it before relying on it`,
  }
}
