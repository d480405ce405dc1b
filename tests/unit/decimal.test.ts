import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDecimals,
  canonicalDecimal,
  compareDecimals,
  type Decimal,
  formatDecimal,
  isDecimal,
  multiplyDecimals,
  parseDecimal,
} from '../../src/domain/decimal.ts'

function decimal(text: string): Decimal {
  const parsed = parseDecimal(text)
  if (parsed === undefined) throw new Error(`not a decimal: ${text}`)
  return parsed
}

const anyDecimal = fc
  .tuple(fc.bigInt(0n, 10n ** 38n - 1n), fc.integer({ min: 0, max: 30 }), fc.bigInt(0n, 10n ** 30n - 1n))
  .map(([whole, scale, fraction]) =>
    scale === 0 ? whole.toString() : `${whole}.${fraction.toString().padStart(30, '0').slice(0, scale)}`,
  )

describe('decimal text', () => {
  it.each([
    '0',
    '1',
    '0.1',
    '1000.00',
    '0.000000000000000000000000000001',
    '9'.repeat(38),
    `1.${'9'.repeat(30)}`,
  ])('admits %s', (text) => expect(isDecimal(text)).toBe(true))

  it.each([
    '',
    ' ',
    '1 ',
    ' 1',
    '1\n',
    '-1',
    '+1',
    '01',
    '00',
    '00.1',
    '.5',
    '1.',
    '.',
    '1e3',
    '1E3',
    '0x10',
    '1,000',
    '1_000',
    '1.2.3',
    'NaN',
    'Infinity',
    '٣',
    '１',
    '9'.repeat(39),
    `0.${'0'.repeat(30)}1`,
  ])('refuses %j', (text) => expect(parseDecimal(text)).toBeUndefined())

  it('has one canonical spelling', () => {
    expect(['1.50', '0.0', '1000', '10.010'].map(canonicalDecimal)).toEqual(['1.5', '0', '1000', '10.01'])
    expect(canonicalDecimal('1e3')).toBeUndefined()
  })
})

describe('decimal arithmetic', () => {
  it('is exact where numbers are not', () => {
    expect(formatDecimal(addDecimals(decimal('0.1'), decimal('0.2')))).toBe('0.3')
    expect(formatDecimal(multiplyDecimals(decimal('1.005'), decimal('1000')))).toBe('1005')
    expect(compareDecimals(decimal('9007199254740993'), decimal('9007199254740992'))).toBe(1)
  })

  it('compares by value, not by spelling', () => {
    expect(compareDecimals(decimal('1.0'), decimal('1'))).toBe(0)
    expect(compareDecimals(decimal('0.9'), decimal('0.10'))).toBe(1)
  })

  it('keeps canonical text through parsing and formatting', () => {
    fc.assert(
      fc.property(anyDecimal, (text) => {
        const canonical = formatDecimal(decimal(text))
        expect(canonicalDecimal(canonical)).toBe(canonical)
        expect(compareDecimals(decimal(canonical), decimal(text))).toBe(0)
      }),
    )
  })

  it('orders sums and products as integers of the same scale', () => {
    const units = ({ units: value, scale }: Decimal): bigint => value * 10n ** BigInt(60 - scale)
    fc.assert(
      fc.property(anyDecimal, anyDecimal, (a, b) => {
        const [x, y] = [decimal(a), decimal(b)]
        expect(units(addDecimals(x, y))).toBe(units(x) + units(y))
        expect(units(multiplyDecimals(x, y)) * 10n ** 60n).toBe(units(x) * units(y))
        expect(compareDecimals(x, y)).toBe(units(x) === units(y) ? 0 : units(x) < units(y) ? -1 : 1)
      }),
    )
  })
})
