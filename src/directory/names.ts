/** Whether a register means the VASP whose card we have, by its name. */
import { compareNames } from '../domain/names/index.ts'

/** The best that any of the register's names comes to. */
export function legalNameOutcome(ours: string, theirs: readonly string[]): 'match' | 'review' | 'mismatch' {
  const held = { legalNames: [{ name: ours, type: 'LEGL' as const }] }
  const outcomes = theirs
    .filter((name) => name.trim() !== '')
    .map((name) => compareNames('legal', { legalNames: [{ name, type: 'LEGL' }] }, held).outcome)
  if (outcomes.includes('match')) return 'match'
  return outcomes.includes('review') ? 'review' : 'mismatch'
}
