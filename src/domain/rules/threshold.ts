/** One amount of a pack against one transfer: reached, not reached, or not to be said without a rate. */
import { parseDecimal } from '../decimal.ts'
import type { PathStep } from './assessment.ts'
import type { Moment } from './moment.ts'
import type { Money, Rate } from './money.ts'
import { compareWithThreshold, convert, formatRatio, isZero } from './money.ts'
import type { Cited, Comparator } from './pack.ts'

export interface Amounts {
  /** This transfer and those linked with it. */
  readonly parts: readonly Money[]
  readonly rates: readonly Rate[]
  readonly at: Moment
}

export type ThresholdStep = Extract<PathStep, { readonly value: string | null }>

interface Bound extends Cited {
  readonly amount: string | null
  readonly currency: string
  readonly comparator: Comparator
}

/**
 * Compares exactly, in the threshold's currency. Zero needs no rate: every amount is at least nothing. An amount of the law that is
 * not known counts as reached, which is the careful side, and its confidence says so.
 */
export function reaches(step: ThresholdStep['step'], bound: Bound, amounts: Amounts): ThresholdStep {
  const answer = (
    result: boolean | 'unknown',
    value: string | null = null,
    rates: ThresholdStep['rates'] = [],
  ): ThresholdStep => ({
    step,
    value,
    comparator: bound.comparator,
    threshold: bound.amount,
    currency: bound.currency,
    rates,
    result,
    clause: bound.clause,
    confidence: bound.confidence,
  })
  const limit = bound.amount === null ? undefined : parseDecimal(bound.amount)
  if (limit === undefined) return answer(true)
  if (limit.units === 0n) return answer(bound.comparator === '>=' || !isZero(amounts.parts))
  const converted = convert(amounts.parts, bound.currency, amounts.rates, amounts.at)
  if (!converted.known) return answer('unknown')
  const order = compareWithThreshold(converted.value, limit)
  return answer(
    bound.comparator === '>=' ? order >= 0 : order > 0,
    formatRatio(converted.value),
    converted.rates,
  )
}
