/** Which VASP something belongs to: each piece of evidence names one, together they name exactly one, or nobody is chosen. */

/** In rising order. */
export const CONFIDENCES = ['LOW', 'MEDIUM', 'HIGH'] as const
export type Confidence = (typeof CONFIDENCES)[number]

export const EVIDENCE_KINDS = ['VASP_ID', 'LEI', 'DOMAIN', 'TRANSFERS'] as const
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number]

/** One reason to attribute something to a VASP. */
export interface AttributionEvidence {
  readonly counterpartyId: string
  readonly kind: EvidenceKind
  /** `card` (its own word), the name of a register or directory, or `transfers`. */
  readonly source: string
  readonly reference: string
  readonly confidence: Confidence
  readonly seenAt: Date
}

export type Attribution =
  | {
      readonly outcome: 'one'
      readonly counterpartyId: string
      /** That of the strongest evidence. */
      readonly confidence: Confidence
      /** Strongest first. */
      readonly evidence: readonly AttributionEvidence[]
    }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'ambiguous'; readonly counterpartyIds: readonly string[] }

/** Two VASPs make it ambiguous, however strong the evidence for one of them: an impostor's claim must be looked at, not outvoted. */
export function attribute(evidence: readonly AttributionEvidence[]): Attribution {
  const counterpartyIds = [...new Set(evidence.map(({ counterpartyId }) => counterpartyId))].toSorted()
  const [counterpartyId, ...others] = counterpartyIds
  if (counterpartyId === undefined) return { outcome: 'none' }
  if (others.length > 0) return { outcome: 'ambiguous', counterpartyIds }
  const sorted = evidence.toSorted((a, b) => rank(b.confidence) - rank(a.confidence))
  return {
    outcome: 'one',
    counterpartyId,
    confidence: sorted[0]?.confidence ?? 'LOW',
    evidence: sorted,
  }
}

export function isAtLeast(confidence: Confidence, least: Confidence): boolean {
  return rank(confidence) >= rank(least)
}

function rank(confidence: Confidence): number {
  return CONFIDENCES.indexOf(confidence)
}

/** The names under which a host may be on file: itself, and each parent with at least two labels. */
export function domainsAbove(host: string): readonly string[] {
  const labels = host.toLowerCase().split('.')
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'))
}
