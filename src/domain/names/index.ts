/** Name comparison: is the beneficiary that was sent the customer we hold? Judgement is ours; docs/names.md lists every rule. */
import { compareLegalSets } from './legal-sets.ts'
import { compareNaturalSets } from './natural-sets.ts'
import type { NameSet, NameVerdict, PersonKind } from './types.ts'

export { mayBeAlike, type NearKeys, nearKeys } from './near-keys.ts'
export { searchWords } from './search-words.ts'
export type { NameSet, NameVerdict, Outcome, PersonKind, ReasonCode } from './types.ts'
export { OUTCOMES, REASONS } from './types.ts'

/**
 * Compares what a message says with what the record says. Symmetric in its cost, bounded in every input, without clock or randomness:
 * the same two name sets always give the same verdict. Only `outcome` and `reasons` may leave the house.
 */
export function compareNames(kind: PersonKind, received: NameSet, held: NameSet): NameVerdict {
  return kind === 'natural' ? compareNaturalSets(received, held) : compareLegalSets(received, held)
}
