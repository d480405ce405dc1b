/**
 * A counterparty VASP as one local VASP knows it, and the verdict on it: VERIFIED only while every required proof is present and in
 * date. Proofs have a source and an expiry; the verdict is derived, never stored.
 */
import type { Diligence } from './diligence.ts'
import type { CounterpartyPolicy } from './policy.ts'

export const PROOF_KINDS = [
  'identity',
  'licence',
  'reachability',
  'due_diligence',
  'jurisdiction',
  'lei',
] as const
export type ProofKind = (typeof PROOF_KINDS)[number]

/** What VERIFIED takes unless policy says otherwise: `lei` needs a source that knows the LEI, which not every house has. */
export const REQUIRED_PROOFS = PROOF_KINDS.filter((kind) => kind !== 'lei')

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
  /** The source says the contrary, with this code: nothing is proven until something newer says otherwise. */
  readonly refuted?: string
  /** SHA-256 (hex) of the document that was seen, where there is one. */
  readonly documentSha256?: string
  /** In which perimeter of its country a licence was given. */
  readonly perimeter?: Perimeter
}

/** Kazakhstan has two: the Astana International Financial Centre with a law and regulator of its own, and the rest. */
export const PERIMETERS = ['AIFC', 'NATIONAL'] as const
export type Perimeter = (typeof PERIMETERS)[number]

export interface Counterparty {
  readonly id: string
  readonly legalName: string
  readonly country: string
  readonly lei?: string
  /** The compact JWS that was pinned. */
  readonly card: string
  readonly cardVersion: number
  readonly proofs: readonly Proof[]
  readonly diligence?: Diligence
  readonly suspension?: { readonly reason: string; readonly by: string; readonly at: Date }
  /** It has receipted nothing since then, pings neither. Absent while it answers. */
  readonly silentSince?: Date
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
  /** ISO 3166-1 alpha-2 countries whose VASPs are not dealt with. */
  readonly deniedCountries: readonly string[]
  readonly counterparties?: CounterpartyPolicy
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
  const lapses = policy.requiredProofs.flatMap((kind) => expiries(counterparty, kind, policy))
  return {
    verdict: 'VERIFIED',
    missing,
    expiresAt: lapses.length === 0 ? undefined : new Date(Math.min(...lapses)),
  }
}

function proven(counterparty: Counterparty, kind: ProofKind, policy: VerdictPolicy, now: Date): boolean {
  if (kind === 'jurisdiction') return !policy.deniedCountries.includes(counterparty.country)
  return expiries(counterparty, kind, policy).some((expiry) => expiry > now.getTime())
}

/** When the newest proof of a kind lapses, if there is any that counts. */
function expiries(counterparty: Counterparty, kind: ProofKind, policy: VerdictPolicy): number[] {
  const newest = newestProof(counterparty.proofs, kind)
  if (newest === undefined || newest.refuted !== undefined) return []
  return kind === 'licence' && !isInPerimeter(counterparty, newest, policy)
    ? []
    : [newest.expiresAt.getTime()]
}

/** What is said of a kind now takes the place of what was said before, be it by a person or a register. */
function newestProof(proofs: readonly Proof[], kind: ProofKind): Proof | undefined {
  return proofs
    .filter((proof) => proof.kind === kind)
    .toSorted((a, b) => b.provenAt.getTime() - a.provenAt.getTime())[0]
}

/** Of a VASP in Kazakhstan the proof must say in which perimeter it is licensed, where policy asks for one. */
function isInPerimeter({ country }: Counterparty, { perimeter }: Proof, policy: VerdictPolicy): boolean {
  const accepted = policy.counterparties?.perimeters
  if (country !== 'KZ' || accepted === undefined) return true
  return perimeter !== undefined && accepted.includes(perimeter)
}

/** What is said of a kind now takes the place of what was said before. */
export function withProofs(counterparty: Counterparty, proofs: readonly Proof[]): Counterparty {
  const replaced = new Set<ProofKind>(proofs.map(({ kind }) => kind))
  return {
    ...counterparty,
    proofs: [...counterparty.proofs.filter(({ kind }) => !replaced.has(kind)), ...proofs],
  }
}
