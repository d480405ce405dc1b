/**
 * Amounts against thresholds, exactly. A value is a fraction of integers, so that a rate quoted the other way round divides without
 * rounding, and one unit in the thirtieth decimal place decides as the law does.
 */
import { addDecimals, type Decimal, formatDecimal, parseDecimal } from '../decimal.ts'
import type { Moment } from './moment.ts'
import { parseMoment } from './moment.ts'

export interface Rate {
  readonly from: string
  readonly to: string
  /** Units of `to` for one unit of `from`, decimal text. */
  readonly rate: string
  /** RFC 3339 instant of the quotation. */
  readonly at: string
  readonly source: string
}

export interface Money {
  readonly amount: string
  readonly currency: string
}

/** A non-negative fraction. */
export interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

export interface RateUse extends Rate {
  /** Quoted as to→from: the amount was divided by it. */
  readonly inverted: boolean
}

export type Conversion =
  | { readonly known: true; readonly value: Ratio; readonly rates: readonly RateUse[] }
  | { readonly known: false; readonly from: string; readonly to: string }

/**
 * The sum of `parts` in `currency`. Unknown as soon as one part has no usable rate: a rate is never guessed, nor crossed through a
 * third currency. Parts of one currency are added first, so that a long list cannot grow the fraction.
 */
export function convert(
  parts: readonly Money[],
  currency: string,
  rates: readonly Rate[],
  at: Moment,
): Conversion {
  let value: Ratio = { numerator: 0n, denominator: 1n }
  const used: RateUse[] = []
  for (const [from, amount] of sumByCurrency(parts)) {
    const rate = from === currency ? undefined : chooseRate(rates, from, currency, at)
    if (amount === undefined || (from !== currency && rate === undefined)) {
      return { known: false, from, to: currency }
    }
    value = add(value, rate === undefined ? ratioOf(amount) : apply(amount, rate))
    if (rate !== undefined) used.push(rate)
  }
  return { known: true, value, rates: used }
}

/** Undefined for a currency of which one amount cannot be read. */
function sumByCurrency(parts: readonly Money[]): ReadonlyMap<string, Decimal | undefined> {
  const sums = new Map<string, Decimal | undefined>()
  for (const { currency, amount: text } of parts) {
    const amount = parseDecimal(text)
    const sum = sums.has(currency) ? sums.get(currency) : { units: 0n, scale: 0 }
    sums.set(currency, sum === undefined || amount === undefined ? undefined : addDecimals(sum, amount))
  }
  return sums
}

export function compareWithThreshold(value: Ratio, threshold: Decimal): -1 | 0 | 1 {
  const left = value.numerator * 10n ** BigInt(threshold.scale)
  const right = threshold.units * value.denominator
  if (left === right) return 0
  return left < right ? -1 : 1
}

export function isZero(parts: readonly Money[]): boolean {
  return parts.every((part) => parseDecimal(part.amount)?.units === 0n)
}

/** For people to read: at most 18 digits after the point, cut off, never rounded up over a threshold. */
export function formatRatio(value: Ratio): string {
  const units = (value.numerator * 10n ** 18n) / value.denominator
  return formatDecimal({ units, scale: 18 })
}

/** A rate that says when and by whom it was quoted, and is a positive number; anything else is no evidence. */
export function isUsableRate(rate: Rate): boolean {
  const value = parseDecimal(rate.rate)
  return (
    value !== undefined && value.units > 0n && rate.source.trim() !== '' && parseMoment(rate.at) !== undefined
  )
}

/**
 * The latest quotation not after the transfer, else the first after it; a direct quotation before an inverse one of the same time.
 * The order of `rates` never matters.
 */
function chooseRate(rates: readonly Rate[], from: string, to: string, at: Moment): RateUse | undefined {
  const candidates = rates
    .filter(isUsableRate)
    .filter((rate) => (rate.from === from && rate.to === to) || (rate.from === to && rate.to === from))
    .map((rate) => ({ use: { ...rate, inverted: rate.from !== from }, distance: distance(rate, at) }))
  candidates.sort(
    (a, b) =>
      Number(a.distance.isAfter) - Number(b.distance.isAfter) ||
      a.distance.milliseconds - b.distance.milliseconds ||
      Number(a.use.inverted) - Number(b.use.inverted) ||
      (a.use.rate < b.use.rate ? -1 : 1),
  )
  return candidates[0]?.use
}

/** How far a quotation lies from the transfer. A transfer known by its day only counts from that day's end. */
export function distance(
  rate: Rate,
  at: Moment,
): { readonly isAfter: boolean; readonly milliseconds: number } {
  const quoted = parseMoment(rate.at)?.latest ?? 0
  return { isAfter: quoted > at.latest, milliseconds: Math.abs(at.latest - quoted) }
}

function ratioOf(decimal: Decimal): Ratio {
  return { numerator: decimal.units, denominator: 10n ** BigInt(decimal.scale) }
}

function apply(amount: Decimal, rate: RateUse): Ratio {
  const a = ratioOf(amount)
  const parsed = parseDecimal(rate.rate)
  const r: Ratio = parsed === undefined ? { numerator: 0n, denominator: 1n } : ratioOf(parsed)
  return rate.inverted
    ? { numerator: a.numerator * r.denominator, denominator: a.denominator * r.numerator }
    : { numerator: a.numerator * r.numerator, denominator: a.denominator * r.denominator }
}

function add(a: Ratio, b: Ratio): Ratio {
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  }
}
