/**
 * Exact decimals: asset amounts, fiat values and rates. A JavaScript number cannot hold 0.1 or a wei amount, so text goes
 * straight to an integer and a scale; nothing here ever rounds.
 */

/** The number `units` / 10^`scale`. Never negative: no amount, value or rate in a transfer is. */
export interface Decimal {
  readonly units: bigint
  /** Digits after the point, as written: `1.50` has scale 2. */
  readonly scale: number
}

/** 38 digits hold every fiat value and every 18-decimals token supply; 30 after the point hold any on-chain unit. */
const INTEGER_DIGITS_MAX = 38
const FRACTION_DIGITS_MAX = 30

const SHAPE = new RegExp(
  `^(?:0|[1-9][0-9]{0,${INTEGER_DIGITS_MAX - 1}})(?:\\.[0-9]{1,${FRACTION_DIGITS_MAX}})?$`,
)

export function isDecimal(text: string): boolean {
  return SHAPE.test(text)
}

/**
 * Reads `0`, `12`, `0.5`, `1000.00`. No sign, exponent, space, grouping, leading zero (but `0.`), leading or trailing point;
 * at most 38 digits before and 30 after the point. Anything else is undefined.
 */
export function parseDecimal(text: string): Decimal | undefined {
  if (!isDecimal(text)) return undefined
  const point = text.indexOf('.')
  if (point === -1) return { units: BigInt(text), scale: 0 }
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 }
}

export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  const [left, right] = atSameScale(a, b)
  if (left === right) return 0
  return left < right ? -1 : 1
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [left, right] = atSameScale(a, b)
  return { units: left + right, scale: Math.max(a.scale, b.scale) }
}

/** Exact product; it may have more digits than `parseDecimal` admits. */
export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, scale: a.scale + b.scale }
}

/** The one canonical spelling of a number: no trailing zeros after the point, no point without digits (`1.50` ⇒ `1.5`). */
export function formatDecimal(decimal: Decimal): string {
  const digits = decimal.units.toString().padStart(decimal.scale + 1, '0')
  const whole = digits.slice(0, digits.length - decimal.scale)
  const fraction = digits.slice(digits.length - decimal.scale).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** Canonical spelling of decimal text, for comparison, hashing and signing; undefined when the text is no decimal. */
export function canonicalDecimal(text: string): string | undefined {
  const decimal = parseDecimal(text)
  return decimal === undefined ? undefined : formatDecimal(decimal)
}

function atSameScale(a: Decimal, b: Decimal): readonly [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale)
  return [a.units * 10n ** BigInt(scale - a.scale), b.units * 10n ** BigInt(scale - b.scale)]
}
