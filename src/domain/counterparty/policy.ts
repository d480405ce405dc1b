/** What one local VASP has decided for itself about counterparties, besides what a proof is worth. docs/counterparties.md tells of each. */
import type { Perimeter } from './counterparty.ts'
import type { Limits, RiskLevel } from './diligence.ts'
import type { FailurePolicy } from './failures.ts'

export interface CounterpartyPolicy {
  /** Take a settled transfer to the same account for a hint at the counterparty where the caller gives none. */
  readonly discoverByAccount?: boolean
  /** Where a VASP of Kazakhstan may be licensed; absent: anywhere, and the proof need not say. */
  readonly perimeters?: readonly Perimeter[]
  /** Transfers with VASPs of these countries are for a person to look at. */
  readonly reviewCountries?: readonly string[]
  /** Limits of outbound transfers by the counterparty's risk; an officer's own for a counterparty take their place. */
  readonly limits?: { readonly [L in RiskLevel]?: Limits }
  /** What a proof that lapses does: it stops the next transfer, or holds the open ones, too. */
  readonly lapsedProofs?: 'next-transfer' | 'open-transfers'
  /** From when on failure counts as repeated; absent: nobody counts. */
  readonly failures?: FailurePolicy
}
