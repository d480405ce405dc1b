/**
 * Screening: are the parties, or the addresses, on a sanctions list, and does blockchain analysis rate an address risky? What a provider
 * said is kept as ids, list versions and scores, never as names or addresses. No answer is never a clean answer.
 */
import type { Finding, HoldReason, ShownReason } from '../hold/hold.ts'
import type { NameSet } from '../names/index.ts'

/** `ref` names the subject without naming it: `originator/0`, `beneficiary/1`, `counterparty`, `destination`, `source/0`. */
export type ScreeningSubject =
  | { readonly ref: string; readonly kind: 'natural' | 'legal'; readonly names: NameSet }
  /** CAIP-10, canonical. */
  | { readonly ref: string; readonly kind: 'address'; readonly account: string }

export interface ScreeningList {
  readonly id: string
  readonly version: string
  /** YYYY-MM-DD, as its publisher dates it. */
  readonly date: string
}

export interface ScreeningHit {
  readonly ref: string
  readonly about: 'sanctions' | 'risk'
  /** The provider's id of the entry or of the rule that fired. */
  readonly entry: string
  readonly certainty: 'potential' | 'confirmed'
  /** 0 to 100. */
  readonly score: number
}

/** Why a provider's answer cannot be used. Codes are public: add, never rename. */
export const SCREENING_FAILURES = [
  'SCREENING_TIMEOUT',
  'SCREENING_ERROR',
  'SCREENING_INCOMPLETE',
  'SCREENING_LIST_STALE',
  'SCREENING_LIST_UNTRUSTED',
  'SCREENING_STALE',
] as const
export type ScreeningFailure = (typeof SCREENING_FAILURES)[number]

export interface ProviderResult {
  readonly provider: string
  readonly lists: readonly ScreeningList[]
  readonly hits: readonly ScreeningHit[]
  /** Present when there is no usable answer: then lists and hits say nothing. */
  readonly failure?: ScreeningFailure
  readonly milliseconds: number
}

/** Who was looked for, without naming it: SHA-256 (base64url) over a salt and the subject commits to it. */
export interface CommittedSubject {
  readonly ref: string
  readonly kind: ScreeningSubject['kind']
  readonly commitment: string
}

/** What a commitment was made of. Personal data. */
export interface SubjectOpening {
  readonly ref: string
  /** base64url. */
  readonly salt: string
  readonly subject: ScreeningSubject
}

/** What is kept in clear of a screening, and may be shown to an auditor. */
export interface ScreeningRecord {
  readonly at: Date
  readonly subjects: readonly CommittedSubject[]
  readonly results: readonly ProviderResult[]
}

/** One screening of one transfer, by every provider that policy names. */
export interface Screening {
  readonly record: ScreeningRecord
  /** SHA-256 (base64url) of the record in RFC 8785 form: what the audit log has of it. */
  readonly digest: string
  readonly openings: readonly SubjectOpening[]
}

/** What a local VASP wants screened, and what of an answer holds a transfer. */
export interface ScreeningPolicy {
  /** Names of providers of this deployment; all are asked. */
  readonly providers: readonly string[]
  readonly timeoutMilliseconds: number
  /** The least certainty of a sanctions hit that holds. */
  readonly holdFrom: 'potential' | 'confirmed'
  /** The least risk score, 0 to 100, that holds. */
  readonly riskScoreFrom: number
  /** How long a screening is good. A permit is issued only within it. */
  readonly validSeconds: number
}

/** What a transfer remembers of its last screening. Hits as `provider:entry:ref`. */
export interface ScreenedMark {
  readonly at: Date
  readonly lists: readonly string[]
  readonly hits: readonly string[]
}

export interface ScreeningFinding {
  readonly reason: HoldReason
  readonly finding: Finding
  /** The hits behind it; empty where there was no answer. */
  readonly keys: readonly string[]
}

function hitKey(provider: string, { entry, ref }: ScreeningHit): string {
  return `${provider}:${entry}:${ref}`
}

export function markOf({ record: { at, results } }: Screening): ScreenedMark {
  return {
    at,
    lists: results.flatMap(({ lists }) => lists.map(({ id, version }) => `${id}@${version}`)),
    hits: results.flatMap(({ provider, hits }) => hits.map((hit) => hitKey(provider, hit))),
  }
}

/** What holds, at most one finding per reason: the gravest hit speaks for all of a kind. */
export function findingsOf(
  { record: { results } }: Screening,
  policy: ScreeningPolicy,
): readonly ScreeningFinding[] {
  const found = results.flatMap((result) => result.hits.map((hit) => ({ result, hit })))
  const sanctions = found.filter(
    ({ hit }) =>
      hit.about === 'sanctions' && (policy.holdFrom === 'potential' || hit.certainty === 'confirmed'),
  )
  const risks = found.filter(({ hit }) => hit.about === 'risk' && hit.score >= policy.riskScoreFrom)
  return [
    ...gravest('SANCTIONS_HIT', sanctions),
    ...gravest('KYT_RISK', risks),
    ...results.flatMap(unavailable).slice(0, 1),
  ]
}

type Found = { readonly result: ProviderResult; readonly hit: ScreeningHit }

function gravest(reason: 'SANCTIONS_HIT' | 'KYT_RISK', found: readonly Found[]): ScreeningFinding[] {
  const worst = found.toSorted((a, b) => b.hit.score - a.hit.score)[0]
  if (worst === undefined) return []
  const { hit, result } = worst
  const code =
    reason === 'KYT_RISK' ? 'RISK_SCORE' : hit.certainty === 'confirmed' ? 'LISTED' : 'POSSIBLY_LISTED'
  const lists = result.lists.map(({ id, version }) => `${id} version ${version}`).join(', ')
  const others = found.length === 1 ? '' : `, and ${found.length - 1} more`
  return [
    {
      reason,
      finding: {
        check: 'screening',
        code,
        message: `${hit.ref}: entry ${hit.entry} by ${result.provider} (${lists}), score ${hit.score}${others}`,
      },
      keys: found.map((one) => hitKey(one.result.provider, one.hit)),
    },
  ]
}

function unavailable({ provider, failure }: ProviderResult): ScreeningFinding[] {
  if (failure === undefined) return []
  const message = `no usable answer of ${provider}; the gateway asks again by itself`
  return [
    { reason: 'SCREENING_UNAVAILABLE', finding: { check: 'screening', code: failure, message }, keys: [] },
  ]
}

/** A counterparty or customer learns nothing from the word: it is the same for any check that failed. */
const NEUTRAL_REJECTION = 'COMPLIANCE_CHECK_FAIL'
const SCREENED: ReadonlySet<ShownReason> = new Set(['SANCTIONS_HIT', 'KYT_RISK', 'SCREENING_UNAVAILABLE'])

/** The reason code that may leave the house when a person rejects because of such a hold. */
export function outwardCode(reason: ShownReason, code: string): string {
  return SCREENED.has(reason) ? NEUTRAL_REJECTION : code
}

export function isStale(
  mark: ScreenedMark | undefined,
  policy: ScreeningPolicy | undefined,
  now: Date,
): boolean {
  if (policy === undefined) return false
  return mark === undefined || mark.at.getTime() + policy.validSeconds * 1000 <= now.getTime()
}
