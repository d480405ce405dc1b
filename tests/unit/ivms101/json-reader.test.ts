import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toPlain } from '../../../src/domain/ivms101/json.ts'
import { readJson } from '../../../src/domain/ivms101/json-reader.ts'

const findings = (text: string) => readJson(text).findings.map(({ code, path }) => `${code} ${path}`)

describe('the JSON reader', () => {
  it('reads what JSON.parse reads, to the same value', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(undefined, 1, '\t'), (text, indent) => {
        const laidOut = JSON.stringify(JSON.parse(text), undefined, indent)
        const { root } = readJson(laidOut)
        expect(root === undefined ? undefined : toPlain(root)).toEqual(JSON.parse(laidOut))
      }),
    )
  })

  it('agrees with JSON.parse on what is not JSON', () => {
    const soup = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        'a',
        '\\',
        'u0041',
        '1',
        '-',
        '.',
        'e',
        'true',
        'null',
        ' ',
        '\n',
      ),
    )
    fc.assert(
      fc.property(soup, (pieces) => {
        const text = pieces.join('')
        let parsed = true
        try {
          JSON.parse(text)
        } catch {
          parsed = false
        }
        expect(readJson(text).root !== undefined).toBe(parsed)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    '',
    ' ',
    '{',
    '{"a"}',
    '{"a":1,}',
    '[1,]',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    "{'a':1}",
    '"\u0001"',
    '"\\x"',
    '"\\u12G4"',
    '{} {}',
    '\ufeff',
    'nul',
  ])('refuses %j', (text) => expect(findings(text)).toEqual([expect.stringMatching(/^JSON_SYNTAX/)]))

  it('names a member that occurs twice, however it is escaped', () => {
    expect(findings('{"a":{"b":1,"\\u0062":2}}')).toEqual(['DUPLICATE_MEMBER /a/b'])
    const many = Array.from({ length: 40 }, (_, at) => `"k${at}":0`)
    expect(findings(`{${many.join(',')},"k7":1}`)).toEqual(['DUPLICATE_MEMBER /k7'])
  })

  it('finds NUL and half a surrogate pair in values and names, and takes a whole pair', () => {
    expect(findings('["\\u0000"]')).toEqual(['NUL_CHARACTER /0'])
    expect(findings('["\\ud800"]')).toEqual(['LONE_SURROGATE /0'])
    expect(findings(JSON.stringify({ a: 1 }).replace('a', '\udfff'))).toEqual(['LONE_SURROGATE /?'])
    expect(findings('["\\ud842\\udfb7", "𠮷"]')).toEqual([])
  })

  it('says when a number cannot be held as it was written', () => {
    expect(findings('[9007199254740993, 1e400, 0.1, 123456789012345]')).toEqual([
      'NUMBER_PRECISION /0',
      'NUMBER_RANGE /1',
    ])
  })

  it('keeps a member named __proto__ as data', () => {
    const { root } = readJson('{"__proto__":{"polluted":true}}')
    const plain = toPlain(root ?? null)
    expect(Object.keys(plain ?? {})).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype)
  })

  it('bounds depth, values and size, and accepts exactly the limit', () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(findings(deep(16))).toEqual([])
    expect(findings(deep(17))).toEqual([expect.stringMatching(/^JSON_TOO_DEEP/)])
    expect(findings(deep(30_000))).toEqual([expect.stringMatching(/^JSON_TOO_DEEP/)])
    expect(findings(`[${Array.from({ length: 1_999 }, () => 0).join(',')}]`)).toEqual([])
    expect(findings(`[${Array.from({ length: 2_000 }, () => 0).join(',')}]`)).toEqual([
      'JSON_TOO_MANY_NODES /1999',
    ])
    expect(findings(`"${'x'.repeat(65_534)}"`)).toEqual([])
    expect(findings(`"${'x'.repeat(65_535)}"`)).toEqual(['JSON_TOO_LARGE '])
    expect(findings(`"${'é'.repeat(32_767)}"`)).toEqual([])
    expect(findings(`"${'é'.repeat(32_768)}"`)).toEqual(['JSON_TOO_LARGE '])
  })
})
