/** What one local VASP has decided for itself about counterparties, besides what a proof is worth. docs/counterparties.md tells of each. */
import type { Perimeter } from './counterparty.ts'

export interface CounterpartyPolicy {
  /** Take a settled transfer to the same account for a hint at the counterparty where the caller gives none. */
  readonly discoverByAccount?: boolean
  /** Where a VASP of Kazakhstan may be licensed; absent: anywhere, and the proof need not say. */
  readonly perimeters?: readonly Perimeter[]
}
