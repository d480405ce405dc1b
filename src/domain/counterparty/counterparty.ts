/**
 * A counterparty VASP as one local VASP knows it, and the verdict on it: VERIFIED only while every required proof is present and in
 * date. Proofs have a source and an expiry; the verdict is derived, never stored.
 */
export const PROOF_KINDS = ['identity', 'licence', 'reachability', 'due_diligence', 'jurisdiction'] as const
export type ProofKind = (typeof PROOF_KINDS)[number]

export const VERDICTS = ['VERIFIED', 'UNVERIFIED', 'SUSPENDED', 'UNKNOWN'] as const
export type Verdict = (typeof VERDICTS)[number]

export interface Proof {
  readonly kind: ProofKind
  /** `card`, `ping`, `policy` or `person:<subject>`. */
  readonly source: string
  /** What the evidence is, as in a register number or the digest of a card. */
  readonly reference: string
  readonly provenAt: Date
  readonly expiresAt: Date
}

export interface Counterparty {
  readonly id: string
  readonly legalName: string
  readonly country: string
  readonly lei?: string
  /** The compact JWS that was pinned. */
  readonly card: string
  readonly cardVersion: number
  readonly proofs: readonly Proof[]
  readonly suspension?: { readonly reason: string; readonly by: string; readonly at: Date }
  readonly version: number
}

export interface VerdictOn {
  readonly verdict: Verdict
  /** Required proofs that are absent or have lapsed. */
  readonly missing: readonly ProofKind[]
  /** When the first required proof lapses; undefined unless VERIFIED. */
  readonly expiresAt: Date | undefined
}

export interface VerdictPolicy {
  readonly requiredProofs: readonly ProofKind[]
  readonly deniedCountries: readonly string[]
}

export function verdictOn(
  counterparty: Counterparty | undefined,
  policy: VerdictPolicy,
  now: Date,
): VerdictOn {
  if (counterparty === undefined) return { verdict: 'UNKNOWN', missing: ['identity'], expiresAt: undefined }
  const missing = policy.requiredProofs.filter((kind) => !proven(counterparty, kind, policy, now))
  if (counterparty.suspension !== undefined) return { verdict: 'SUSPENDED', missing, expiresAt: undefined }
  if (missing.length > 0) return { verdict: 'UNVERIFIED', missing, expiresAt: undefined }
  const lapses = policy.requiredProofs.flatMap((kind) => expiries(counterparty, kind))
  return {
    verdict: 'VERIFIED',
    missing,
    expiresAt: lapses.length === 0 ? undefined : new Date(Math.min(...lapses)),
  }
}

function proven(counterparty: Counterparty, kind: ProofKind, policy: VerdictPolicy, now: Date): boolean {
  if (kind === 'jurisdiction') return !policy.deniedCountries.includes(counterparty.country)
  return expiries(counterparty, kind).some((expiry) => expiry > now.getTime())
}

/** When the newest proof of a kind lapses, if there is any: what an officer attests now takes the place of what was attested before. */
function expiries(counterparty: Counterparty, kind: ProofKind): number[] {
  const newest = counterparty.proofs
    .filter((proof) => proof.kind === kind)
    .toSorted((a, b) => b.provenAt.getTime() - a.provenAt.getTime())[0]
  return newest === undefined ? [] : [newest.expiresAt.getTime()]
}
