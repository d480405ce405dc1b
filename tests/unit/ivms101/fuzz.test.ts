import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { convertIvms101, PROFILE_NAMES, parseIvms101 } from '../../../src/domain/ivms101/index.ts'
import { mutate, randomFrom } from './mutate.ts'
import { base2020, get, type Json, judge, TODAY, vectorText } from './support.ts'

const CORPUS = readdirSync(new URL('../../vectors/ivms101/payloads', import.meta.url)).map((file) =>
  vectorText(`payloads/${file}`),
)

/** Codes whose pointer leads to what is not there. */
const MISSING = new Set([
  'REQUIRED',
  'PARTIAL',
  'TOWN_REQUIRED',
  'C9',
  'PAYLOAD_VERSION_MISSING',
  'SEQUENCE_OMITTED',
])

/** What is wrong with the answer to a text, or undefined when it is a sound answer. */
function complaint(text: string, seed: number): string | undefined {
  const profile = PROFILE_NAMES[seed % PROFILE_NAMES.length] ?? 'interop'
  const result = parseIvms101(text, { profile, emptyAsAbsent: seed % 3 === 0, today: TODAY })
  if (result.valid !== (result.errors.length === 0)) return 'valid does not say whether there are errors'
  if (result.payload === undefined) return result.valid ? 'valid without a payload' : undefined
  const json: Json = JSON.parse(text.replace(/^\ufeff/, ''))
  for (const { path, code } of [...result.errors, ...result.warnings, ...result.liberties]) {
    if (MISSING.has(code) || path.includes('?')) continue
    if (get(json, path) === undefined) return `${code} points to ${path}, where nothing is`
  }
  for (const to of ['2020', '2023'] as const) {
    const converted = JSON.stringify(convertIvms101(result.payload, to, profile).json)
    const again = parseIvms101(converted, { profile, today: TODAY, limits: UNLIMITED })
    if (again.payload === undefined) return `cannot be read after conversion to ${to}`
  }
  return undefined
}

/** Any UTF-16 units, halves of pairs among them. */
const anyText = fc.array(fc.nat(0xffff), { maxLength: 200 }).map((units) => String.fromCharCode(...units))

const UNLIMITED = { bytesMax: 1e6, depthMax: 40, nodesMax: 1e5 }

describe('whatever arrives', () => {
  it('is answered: any text', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (text, seed) => {
        expect(complaint(text, seed)).toBeUndefined()
      }),
    )
  })

  it('is answered: any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, seed) => {
        expect(complaint(text, seed)).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it('is answered: 5,000 damaged vectors, with pointers that lead somewhere', { timeout: 60_000 }, () => {
    for (let seed = 0; seed < 5_000; seed += 1) {
      const random = randomFrom(seed)
      expect(
        complaint(mutate(CORPUS[random(CORPUS.length)] ?? '', random), seed),
        `seed ${seed}`,
      ).toBeUndefined()
    }
  })

  it.each([
    [
      'an object of 1,900 unknown members',
      `{${Array.from({ length: 1_900 }, (_, at) => `"k${at}":0`).join(',')}}`,
    ],
    ['1,900 persons without a name', `{"originator":{"originatorPersons":[${'{},'.repeat(1_899)}{}]}}`],
    ['1,900 persons that are numbers', `{"originator":{"originatorPersons":[${'0,'.repeat(1_899)}0]}}`],
    ['1,900 intermediaries', `{"transferPath":[${'{},'.repeat(1_899)}{}]}`],
    ['one account number of 60,000 characters', `{"originator":{"accountNumber":["${'-'.repeat(60_000)}"]}}`],
    [
      'joiners between look-alikes',
      `{"originator":{"originatorPersons":[{"naturalPerson":{"name":{"localNameIdentifier":[{"primaryIdentifier":"${'\u200dа'.repeat(12_000)}"}]}}}]}}`,
    ],
    ['a member name of 60,000 characters', `{"${'a_'.repeat(30_000)}":1}`],
    ['lists to a depth of 65,000', '['.repeat(65_000)],
    ['10,000 NULs', `"${'\\u0000'.repeat(10_000)}"`],
  ])('is answered within two seconds when it is built to be slow: %s', (_, text) => {
    const start = performance.now()
    parseIvms101(text, { profile: 'interop', today: TODAY })
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})

it('no value ever appears in what is reported', { timeout: 60_000 }, () => {
  const marked = (json: Json): Json[] => {
    const places: Json[] = []
    const visit = (node: Json, set: (value: Json) => void): void => {
      set('SECRET-é')
      places.push(structuredClone(root))
      set('secret')
      places.push(structuredClone(root))
      set(node)
      if (Array.isArray(node))
        for (const [at, item] of node.entries()) visit(item, (value) => (node[at] = value))
      else if (typeof node === 'object' && node !== null) {
        for (const [key, item] of Object.entries(node)) visit(item, (value) => Reflect.set(node, key, value))
      }
    }
    const root: { payload: Json } = { payload: json }
    visit(json, (value) => (root.payload = value))
    return places
  }
  for (const place of marked(base2020())) {
    for (const profile of PROFILE_NAMES) {
      const { errors, warnings, liberties } = judge(place, { profile })
      expect(JSON.stringify([errors, warnings, liberties])).not.toMatch(/secret/i)
    }
  }
})
