import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson, StrictJsonError, type StrictJsonReason } from '../../../src/domain/strict-json.ts'

function reasonOf(
  text: string,
  limits?: Parameters<typeof parseStrictJson>[1],
): StrictJsonReason | 'accepted' {
  try {
    parseStrictJson(text, limits)
    return 'accepted'
  } catch (error) {
    if (error instanceof StrictJsonError) return error.reason
    throw error
  }
}

function resultOf(parse: () => unknown): unknown {
  try {
    return parse()
  } catch {
    return 'refused'
  }
}

describe('strict JSON', () => {
  it('reads what JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false, maxDepth: 6 }),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent)
          const expected: unknown = JSON.parse(text)
          const verdict = reasonOf(text, { lengthMax: 1_000_000, depthMax: 64, nodesMax: 100_000 })
          // fast-check writes numbers and members that we refuse on purpose.
          if (verdict === 'NUMBER' || verdict === 'NUL' || verdict === 'FORBIDDEN_MEMBER') return
          expect(verdict).toBe('accepted')
          expect(parseStrictJson(text, { lengthMax: 1_000_000, depthMax: 64, nodesMax: 100_000 })).toEqual(
            expected,
          )
        },
      ),
    )
  })

  it('accepts no text that JSON.parse refuses', () => {
    const pieces = fc.constantFrom(
      ...Array.from('{}[]",:\\ \n\t0123456789.-+eEtruefalsn/u\u00a0\ufeff'),
      '""',
      '"a"',
      'null',
      '1',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const ours = resultOf(() => parseStrictJson(text))
        expect(ours).toEqual(ours === 'refused' ? 'refused' : resultOf(() => JSON.parse(text)))
      }),
      { numRuns: 5_000 },
    )
  })

  it.each<[string, StrictJsonReason]>([
    ['{"a":1,"a":2}', 'DUPLICATE_MEMBER'],
    ['{"a":1,"\\u0061":2}', 'DUPLICATE_MEMBER'],
    ['[{"b":{"a":null,"c":1,"a":null}}]', 'DUPLICATE_MEMBER'],
    ['{"toString":1,"toString":2}', 'DUPLICATE_MEMBER'],
    ['{"__proto__":{"admin":true}}', 'FORBIDDEN_MEMBER'],
    ['{"\\u005f_proto__":1}', 'FORBIDDEN_MEMBER'],
    ['"\ud800"', 'LONE_SURROGATE'],
    ['"\\ud800"', 'LONE_SURROGATE'],
    ['"\\udc00\\ud800"', 'LONE_SURROGATE'],
    ['{"\\udfff":1}', 'LONE_SURROGATE'],
    ['"\\u0000"', 'NUL'],
    ['{"\\u0000":1}', 'NUL'],
    ['9007199254740993', 'NUMBER'],
    ['-9007199254740992', 'NUMBER'],
    ['1e400', 'NUMBER'],
    ['1e20', 'NUMBER'],
    ['', 'SYNTAX'],
    ['\ufeff1', 'SYNTAX'],
    ['1 1', 'SYNTAX'],
    ['01', 'SYNTAX'],
    ['+1', 'SYNTAX'],
    ['.5', 'SYNTAX'],
    ['1.', 'SYNTAX'],
    ['NaN', 'SYNTAX'],
    ['Infinity', 'SYNTAX'],
    ['[1,]', 'SYNTAX'],
    ['{"a":1,}', 'SYNTAX'],
    ['{a:1}', 'SYNTAX'],
    ["{'a':1}", 'SYNTAX'],
    ['{"a" 1}', 'SYNTAX'],
    ['[1', 'SYNTAX'],
    ['"a', 'SYNTAX'],
    ['"a\\"', 'SYNTAX'],
    ['"\n"', 'SYNTAX'],
    ['"\u0000"', 'SYNTAX'],
    ['"\\x41"', 'SYNTAX'],
    ['"\\u12"', 'SYNTAX'],
    ['\u00a01', 'SYNTAX'],
    ['/**/1', 'SYNTAX'],
    ['nul', 'SYNTAX'],
    ['True', 'SYNTAX'],
  ])('refuses %j: %s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason)
  })

  it('keeps members that other objects inherit as plain members', () => {
    expect(parseStrictJson('{"constructor":1,"toString":2}')).toEqual({ constructor: 1, toString: 2 })
    expect({}.constructor).toBe(Object)
  })

  it('keeps strings as they are, escapes resolved', () => {
    expect(parseStrictJson('["\\ud83d\\ude00","\\"\\\\\\/\\b\\f\\n\\r\\t","Ә\u2028\u007f"]')).toEqual([
      '😀',
      '"\\/\b\f\n\r\t',
      'Ә\u2028\u007f',
    ])
  })

  it('stops at each of its limits, and not one before', () => {
    const limits = { lengthMax: 20, depthMax: 3, nodesMax: 5 }
    expect(reasonOf(' '.repeat(19) + '1', limits)).toBe('accepted')
    expect(reasonOf(' '.repeat(20) + '1', limits)).toBe('OVERSIZED')
    expect(reasonOf('[[[]]]', limits)).toBe('accepted')
    expect(reasonOf('[[[[]]]]', limits)).toBe('DEPTH')
    expect(reasonOf('[1,2,3,4]', limits)).toBe('accepted')
    expect(reasonOf('[1,2,3,4,5]', limits)).toBe('NODES')
  })

  it('refuses a bomb of brackets without reading on', () => {
    const started = performance.now()
    expect(reasonOf('['.repeat(5_000_000), { lengthMax: 10_000_000, depthMax: 16, nodesMax: 2_000 })).toBe(
      'DEPTH',
    )
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('says where, and never what', () => {
    expect(() => parseStrictJson('{"Aigul Secret":1,"Aigul Secret":2}')).toThrow(/^DUPLICATE_MEMBER at 18$/)
  })
})
