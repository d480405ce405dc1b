/** The checks before a transfer is sent, or a received one answered. Each yields findings; together they say hold, refuse or go on. */
import { canonicalAccountId } from '../domain/caip.ts'
import type { Attribution } from '../domain/counterparty/attribution.ts'
import { type Counterparty, type VerdictOn, verdictOn } from '../domain/counterparty/counterparty.ts'
import { standingFindings } from '../domain/counterparty/limits.ts'
import type { Finding, HoldReason } from '../domain/hold/hold.ts'
import { type Ivms101Issue, parseIvms101 } from '../domain/ivms101/index.ts'
import type { LocalVasp } from '../domain/policy.ts'
import type { SelfHostedDuty } from '../domain/rules/index.ts'
import type { InboundChecked } from '../domain/transfer/beneficiary.ts'
import type { Checked } from '../domain/transfer/originator.ts'
import type { OtherSide } from '../domain/transfer/transfer.ts'
import { WALLET_POLICY } from '../domain/wallet/wallet.ts'
import { assessRules, type Facts, type RulesChecked } from './check-rules.ts'
import type { OtherSideInput } from './gateway.ts'
import { localVasp, type Parts } from './parts.ts'
import type { Ruling } from './ports.ts'
import { asPolicy, oneEach, standing } from './standing.ts'

/** What the checks of an outbound transfer come to; `invalid` means that the caller must correct the payload first. */
export interface OutboundChecked extends Checked {
  readonly invalid: readonly Ivms101Issue[]
  readonly ruling: Ruling | undefined
  readonly findings: readonly Finding[]
  readonly otherSide?: OtherSide
}

/** `fresh` reads the counterparty as it is now, not as it was a moment ago. */
export async function checkOutbound(
  parts: Parts,
  facts: Facts,
  { fresh = false } = {},
): Promise<OutboundChecked> {
  const vasp = localVasp(parts, facts.vaspId)
  const now = parts.clock.now()
  const identity = readIdentity(facts.identity, now)
  const known = await peerOf(parts, facts, fresh)
  const rules = assessRules(vasp, facts, known?.country, 'originator', now)
  // Whoever needs no answer of the counterparty is let go at once: on what is known now, not a moment ago.
  const peer = rules.exempt && !fresh ? await peerOf(parts, facts, true) : known
  const corrections = rules.missing
  if (facts.otherSide !== undefined && !rules.exempt)
    return { ...(await checkOther(parts, facts, facts.otherSide, rules)), invalid: identity.errors }
  const byCounterparty = counterpartyHolds(peer, verdictOn(peer, vasp.policy, now), facts.attribution)
  return {
    invalid: identity.errors,
    ruling: rules.ruling,
    findings: rules.findings,
    exempt: rules.exempt,
    rule: rules.rule,
    corrections,
    holds: rules.exempt
      ? byCounterparty.filter(holdsExempt)
      : [
          ...byCounterparty,
          ...silence(peer, facts),
          ...(corrections.length > 0 ? [incomplete(corrections.length, corrections[0]?.path)] : []),
          ...rules.holds,
          ...asPolicy(peer === undefined ? [] : await standing(parts, vasp.id, peer, facts.fiat, facts.own)),
        ].reduce(oneEach, []),
  }
}

/** Nothing is sent to a wallet, or to a VASP that could not read it: what the law asks for is collected, and the rest is held. */
async function checkOther(
  parts: Parts,
  { vaspId, destination }: Facts,
  side: OtherSideInput,
  { missing: corrections, ruling, findings, rule, holds, proof }: RulesChecked,
): Promise<Omit<OutboundChecked, 'invalid'>> {
  const now = parts.clock.now()
  const needsProof = side.kind === 'self-hosted' && isProofDue(proof, localVasp(parts, vaspId))
  const account = canonicalAccountId(destination ?? '') ?? ''
  const isMissing =
    needsProof && !(await parts.wallets.isProven(vaspId, { account, customer: side.customer }, now))
  return {
    ruling,
    findings,
    exempt: true,
    rule,
    corrections,
    otherSide: side.kind === 'sunrise' ? side : { kind: side.kind, owner: side.owner, needsProof },
    holds: [
      ...(corrections.length > 0 ? [incomplete(corrections.length, corrections[0]?.path)] : []),
      ...holds,
      ...(isMissing ? [UNPROVEN] : []),
    ],
  }
}

/** What cannot be judged is taken for due. */
function isProofDue(proof: SelfHostedDuty, { policy }: LocalVasp): boolean {
  if (proof === 'RISK_BASED') return (policy.selfHosted ?? WALLET_POLICY).riskBased === 'prove'
  return proof !== 'NOT_REQUIRED'
}

export const UNPROVEN = {
  reason: 'SELF_HOSTED_PROOF',
  finding: {
    check: 'rules',
    code: 'WALLET_UNPROVEN',
    message: 'nobody has proven that the customer controls this wallet; issue a challenge for it',
  },
} as const satisfies { reason: HoldReason; finding: Finding }

async function peerOf(
  { counterparties }: Parts,
  { vaspId, counterpartyId }: Facts,
  fresh: boolean,
): Promise<Counterparty | undefined> {
  if (counterpartyId === undefined) return undefined
  return fresh ? counterparties.find(vaspId, counterpartyId) : counterparties.recent(vaspId, counterpartyId)
}

/** `limits` of the counterparty that it exceeds. An inbound request with a payload that breaks the standard, or lacks what our rules ask for, goes back for repair. */
export function checkInbound(
  vasp: LocalVasp,
  peer: Counterparty | undefined,
  facts: Facts,
  now: Date,
  limits: readonly Finding[] = [],
): InboundChecked & { readonly ruling: Ruling | undefined } {
  const { errors } = readIdentity(facts.identity, now)
  const rules = assessRules(vasp, facts, peer?.country, 'beneficiary', now)
  return {
    corrections: [
      ...errors.map(({ path, code, message }) => ({ path, code, message })),
      ...(errors.length === 0 ? rules.missing : []),
    ],
    wrong: errors.length === 0 ? 'IDENTITY_INCOMPLETE' : 'IDENTITY_INVALID',
    holds: [
      ...counterpartyHolds(peer, verdictOn(peer, vasp.policy, now)),
      ...rules.holds,
      ...asPolicy([...(peer === undefined ? [] : standingFindings(peer, vasp.policy)), ...limits]),
    ].reduce(oneEach, []),
    rule: rules.rule,
    ruling: rules.ruling,
  }
}

export function readIdentity(text: string, now: Date) {
  return parseIvms101(text, { profile: 'interop', today: now.toISOString().slice(0, 10) })
}

function incomplete(count: number, path: string | undefined) {
  const finding: Finding = {
    check: 'identity',
    code: 'REQUIRED_FIELDS_MISSING',
    ...(path !== undefined && { path }),
    message: `the rules ask for ${count} more field(s); correct the payload with RepairTransfer`,
  }
  return { reason: 'IDENTITY_INCOMPLETE', finding } as const
}

/** Without an exchange it matters little who the counterparty is, but an officer who suspends it means every transfer. */
export function holdsExempt({ reason }: { readonly reason: HoldReason }): boolean {
  return reason === 'COUNTERPARTY_SUSPENDED'
}

export function counterpartyHolds(
  peer: Counterparty | undefined,
  { verdict, missing }: VerdictOn,
  attribution?: Attribution,
): readonly { reason: HoldReason; finding: Finding }[] {
  switch (verdict) {
    case 'VERIFIED':
      return []
    case 'UNKNOWN':
      return [unknown(attribution)]
    case 'SUSPENDED':
      return [suspended(peer?.suspension?.reason ?? '')]
    case 'UNVERIFIED': {
      const code = `MISSING_${missing.join('_AND_').toUpperCase()}`
      return [held('COUNTERPARTY_UNVERIFIED', code, `missing or lapsed proof: ${missing.join(', ')}`)]
    }
  }
}

/** Why it is not known: without a card, or because what the caller knows leads to nobody in particular. */
function unknown(attribution: Attribution | undefined) {
  switch (attribution?.outcome) {
    case 'none':
      return held('COUNTERPARTY_UNKNOWN', 'HINT_UNMATCHED', 'nothing on file leads from the hint to a VASP')
    case 'ambiguous': {
      const several = attribution.counterpartyIds.join(', ')
      return held('COUNTERPARTY_UNKNOWN', 'HINT_AMBIGUOUS', `the hint leads to several VASPs: ${several}`)
    }
    case 'one':
    case undefined:
      return held('COUNTERPARTY_UNKNOWN', 'NO_CARD', 'no card of the counterparty has been imported')
  }
}

/** Nothing is sent to who takes nothing. What was sent before has a clock of its own. */
function silence(peer: Counterparty | undefined, { own }: Facts) {
  if (peer?.silentSince === undefined || (own !== undefined && own.state !== 'started')) return []
  const since = peer.silentSince.toISOString()
  const message = `the counterparty has receipted nothing since ${since}; it is pinged, and the transfer goes on once it answers`
  return [held('COUNTERPARTY_UNREACHABLE', 'COUNTERPARTY_SILENT', message)]
}

function suspended(reason: string) {
  return held(
    'COUNTERPARTY_SUSPENDED',
    reason,
    'the counterparty has been suspended; reinstate it or reject the transfer',
  )
}

function held(reason: HoldReason, code: string, message: string) {
  return { reason, finding: { check: 'counterparty', code, message } as const }
}
