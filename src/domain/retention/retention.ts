/** How long the data of a transfer is kept: as long as the regime that binds longest says, from the transfer's end on. */
import type { RegimeAssessment } from '../rules/index.ts'

/** FATF Recommendation 11: records of transactions are kept for at least five years. */
export const RETENTION_YEARS = 5

export interface Retention {
  readonly years: number
  /** Whose figure it is: rule ids, or `policy` where the VASP's own floor is the longest. */
  readonly rules: readonly string[]
  /** Before this moment the data stays. */
  readonly until: Date
}

/** A regime that binds only the counterparty is the counterparty's to keep to. */
export function retentionOf(
  regimes: readonly Pick<RegimeAssessment, 'rule' | 'binds' | 'retentionYears'>[],
  floorYears: number,
  endedAt: Date,
): Retention {
  const binding = regimes.filter(({ binds }) => binds !== 'counterparty')
  const years = Math.max(floorYears, ...binding.map(({ retentionYears }) => retentionYears))
  const rules = binding.filter(({ retentionYears }) => retentionYears === years).map(({ rule }) => rule)
  const named = [...new Set(rules)].toSorted()
  return { years, rules: named.length === 0 ? ['policy'] : named, until: yearsAfter(endedAt, years) }
}

/** The same day and time so many years later; 29 February becomes 1 March, so that nothing is kept too short. */
export function yearsAfter(at: Date, years: number): Date {
  const then = new Date(at)
  then.setUTCFullYear(then.getUTCFullYear() + years)
  return then
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/** What a message says in codes only names nobody, and its signature is worth keeping whole. */
export function isCodesOnly(type: string, content: unknown): boolean {
  if (typeof content !== 'object' || content === null) return false
  const said = new Map<string, unknown>(Object.entries(content))
  const isCode = (name: string) => CODE.test(String(said.get(name)))
  if (type === 'transfer.cancel') return isCode('reason')
  if (type !== 'transfer.answer') return false
  const answer = said.get('answer')
  return answer === 'accept' || answer === 'review' || (answer === 'reject' && isCode('code'))
}
