import { describe, expect, it } from 'vitest'
import { COUNTRIES } from '../../../src/domain/ivms101/countries.ts'
import { GLEIF_2022_03_23, parseIvms101 } from '../../../src/domain/ivms101/index.ts'
import { TODAY, vector, vectorText } from './support.ts'

interface Expected {
  readonly code: string
  readonly path: string
}

interface Fixture {
  readonly file: string
  readonly ivmsVersion: string
  readonly why?: string
  readonly expected: {
    readonly strict: 'valid' | 'invalid'
    readonly emptyAsAbsent: 'valid' | 'invalid'
    readonly errors: readonly Expected[]
    readonly errorsEmptyAsAbsent?: readonly Expected[]
    readonly warnings: readonly Expected[]
  }
}

const { fixtures }: { readonly fixtures: readonly Fixture[] } = JSON.parse(vectorText('manifest.json'))
const named = (issues: readonly { code: string; path: string }[]) =>
  issues.map(({ code, path }) => `${code} ${path}`).toSorted()
const found = (issues: readonly { code: string; element: string }[]) =>
  issues.map(({ code, element }) => `${code} ${element}`).toSorted()

describe.each(fixtures)('$file ($why)', ({ file, ivmsVersion, expected }) => {
  it.each([
    ['strict', expected.errors],
    ['emptyAsAbsent', expected.errorsEmptyAsAbsent ?? expected.errors],
  ] as const)('is judged as the manifest says, %s', (mode, errors) => {
    const result = parseIvms101(vectorText(file), {
      profile: 'interop',
      emptyAsAbsent: mode === 'emptyAsAbsent',
      today: TODAY,
    })
    expect(result.valid).toBe(expected[mode] === 'valid')
    expect(result.version).toBe(ivmsVersion)
    expect(found(result.errors)).toEqual(named(errors))
    expect(found(result.warnings)).toEqual(named(expected.warnings))
  })
})

it('has the GLEIF list as it was published', () => {
  expect([...GLEIF_2022_03_23.codes]).toEqual(vector('gleif-ra-codes-v1.7-2022-03-23.json'))
})

it('has the 249 countries of ISO 3166-1 and XX, and none that is only reserved', () => {
  expect(COUNTRIES.size).toBe(250)
  for (const other of ['XK', 'UK', 'EU', 'AN', 'SU', 'ZZ']) expect(COUNTRIES.has(other)).toBe(false)
})
