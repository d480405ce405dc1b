import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CLAIM_RULES,
  checkEnvelopeTimes,
  ENVELOPE_TYPES,
  type EnvelopeClaims,
  type EnvelopeType,
  parseEnvelopeClaims,
  writeEnvelopeClaims,
} from '../../../src/domain/envelope/envelope.ts'
import { EnvelopeRefusal } from '../../../src/domain/envelope/refusal.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const IAT = NOW.getTime() / 1000
const DIGEST = `${'A'.repeat(42)}E`
const EVERY = {
  transferId: '0199f2a0-1111-7abc-8def-0123456789ab',
  seq: 1,
  inReplyTo: '0199f2a0-2222-7abc-8def-0123456789ab',
  digest: DIGEST,
  body: 'e30..AA.AA.AA',
  status: 'refused',
  reason: 'SIGNATURE',
} as const

const CLAIMS = ['transferId', 'seq', 'inReplyTo', 'digest', 'body', 'status', 'reason'] as const

/** A sound envelope of the type with everything that it may have. */
function anEnvelope(type: EnvelopeType, changes: Partial<EnvelopeClaims> = {}): EnvelopeClaims {
  const allowed = CLAIMS.filter((name) => CLAIM_RULES[type][name] !== 'none').map((name) => [
    name,
    EVERY[name],
  ])
  return {
    iss: 'alice',
    aud: 'bob',
    jti: '0199f2a0-0000-7abc-8def-0123456789ab',
    iat: IAT,
    exp: IAT + 3_600,
    type,
    ...Object.fromEntries(allowed),
    ...changes,
  }
}

function reasonOf(work: () => unknown): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    if (error instanceof EnvelopeRefusal) return error.reason
    throw error
  }
}

function parsing(claims: object): string {
  return reasonOf(() => parseEnvelopeClaims(JSON.stringify(claims)))
}

/** As on the wire, with changes there. */
function wire(type: EnvelopeType, changes: object = {}): object {
  const members: object = JSON.parse(writeEnvelopeClaims(anEnvelope(type)))
  return { ...members, ...changes }
}

describe('the claims of an envelope', () => {
  it.each(ENVELOPE_TYPES)('of type %s survive the wire', (type) => {
    const envelope = anEnvelope(type)
    expect(parseEnvelopeClaims(writeEnvelopeClaims(envelope))).toEqual(envelope)
  })

  it('are called on the wire as the design calls them', () => {
    expect(Object.keys(wire('transfer.answer')).toSorted()).toEqual(
      [
        'aud',
        'body',
        'digest',
        'exp',
        'iat',
        'in_reply_to',
        'iss',
        'jti',
        'seq',
        'transfer_id',
        'type',
      ].toSorted(),
    )
    expect(Object.keys(wire('receipt'))).toEqual(
      expect.arrayContaining(['status', 'reason', 'digest', 'in_reply_to', 'transfer_id']),
    )
  })

  const cells = ENVELOPE_TYPES.flatMap((type) =>
    CLAIMS.map((claim) => [type, claim, CLAIM_RULES[type][claim]] as const),
  )
  it.each(cells)('%s: %s %s be there', (type, claim, presence) => {
    // These pairs go together, so they come and go together.
    const pair: Partial<Record<string, readonly (keyof typeof EVERY)[]>> =
      type === 'receipt' ? {} : { digest: ['digest', 'body'], body: ['digest', 'body'] }
    const names = pair[claim] ?? [claim]
    const without = anEnvelope(type, Object.fromEntries(names.map((name) => [name, undefined])))
    // A receipt that refuses must say why; one that does not must not.
    const settled =
      type === 'receipt' && claim === 'reason' ? { ...without, status: 'stored' as const } : without
    expect(reasonOf(() => parseEnvelopeClaims(writeEnvelopeClaims(settled)))).toBe(
      presence === 'must' ? 'CLAIMS' : 'accepted',
    )
    const withIt = anEnvelope(type, Object.fromEntries(names.map((name) => [name, EVERY[name]])))
    expect(reasonOf(() => parseEnvelopeClaims(writeEnvelopeClaims(withIt)))).toBe(
      presence === 'none' ? 'CLAIMS' : 'accepted',
    )
  })

  it('tie digest and body together, and reason to refusal', () => {
    expect(parsing(wire('ping', { digest: undefined }))).toBe('CLAIMS')
    expect(parsing(wire('ping', { body: undefined }))).toBe('CLAIMS')
    expect(parsing(wire('receipt', { status: 'stored' }))).toBe('CLAIMS')
    expect(parsing(wire('receipt', { reason: undefined }))).toBe('CLAIMS')
  })

  it.each<[string, object]>([
    ['an issuer in capitals', { iss: 'Alice' }],
    ['an issuer with a dot, which a subject would split', { iss: 'al.ice' }],
    ['an issuer of 33 characters', { iss: 'a'.repeat(33) }],
    ['an empty issuer', { iss: '' }],
    ['an audience with a wildcard', { aud: '*' }],
    ['a short jti', { jti: 'abc' }],
    ['a jti of 65 characters', { jti: 'a'.repeat(65) }],
    ['a numeric jti', { jti: 7 }],
    ['an iat with a fraction', { iat: IAT + 0.5 }],
    ['an iat as text', { iat: String(IAT) }],
    ['a negative iat', { iat: -1 }],
    ['an iat in milliseconds', { iat: IAT * 1000 }],
    ['no exp', { exp: undefined }],
    ['an unknown type', { type: 'transfer.approve' }],
    ['an inherited type', { type: 'constructor' }],
    ['a transfer id in capitals', { transfer_id: EVERY.transferId.toUpperCase() }],
    ['a transfer id that is no UUID', { transfer_id: '../../x' }],
    ['seq 0', { seq: 0 }],
    ['seq as text', { seq: '1' }],
    ['seq beyond 31 bits', { seq: 2 ** 31 }],
    ['a digest in hex', { digest: 'a'.repeat(64) }],
    ['a digest with stray bits', { digest: `${'A'.repeat(42)}B` }],
    ['a body that is a JWS', { body: 'AA.AA.AA' }],
    ['null for absent', { in_reply_to: null }],
    ['a claim of its own', { nbf: IAT }],
    ['our own names instead of the wire’s', { transferId: EVERY.transferId }],
  ])('refuse %s', (_, changes) => {
    expect(parsing(wire('transfer.request', changes))).toBe('CLAIMS')
  })

  it('refuse a reason that is not a code', () => {
    expect(parsing(wire('receipt', { reason: 'Aigul is on a list' }))).toBe('CLAIMS')
  })

  it.each([
    ['{"iss":"alice","iss":"bob"}', 'DUPLICATE_MEMBER'],
    ['{"iss":{"a":1}}', 'DEPTH'],
    ['{"aud":["bob","carol"]}', 'DEPTH'],
    ['{', 'JSON'],
    ['[]', 'CLAIMS'],
    ['null', 'CLAIMS'],
    [`{"iss":"${'a'.repeat(90_000)}"}`, 'OVERSIZED'],
  ])('refuse other texts with the matching reason', (text, reason) => {
    expect(reasonOf(() => parseEnvelopeClaims(text))).toBe(reason)
  })

  it('never throw anything but a refusal, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(reasonOf(() => parseEnvelopeClaims(text))).not.toBe('accepted')
      }),
    )
  })

  it('keep values out of the message', () => {
    const text = JSON.stringify(wire('transfer.request', { iss: 'Aigul Secret', 'Aigul Secret': 1 }))
    expect(() => parseEnvelopeClaims(text)).toThrow(expect.not.stringContaining('Aigul'))
  })
})

describe('the times of an envelope', () => {
  it.each([
    ['now', 0, 3_600, 'accepted'],
    ['60 s ahead', 60, 3_600, 'accepted'],
    ['61 s ahead', 61, 3_600, 'FROM_THE_FUTURE'],
    ['a year ahead', 31_536_000, 3_600, 'FROM_THE_FUTURE'],
    ['expired 60 s ago', -3_660, 3_600, 'accepted'],
    ['expired 61 s ago', -3_661, 3_600, 'EXPIRED'],
    ['for 8 days', 0, 8 * 86_400, 'accepted'],
    ['for 8 days and a second', 0, 8 * 86_400 + 1, 'LIFETIME'],
    ['for no time', 0, 0, 'LIFETIME'],
    ['backwards', 0, -1, 'LIFETIME'],
  ])('%s', (_, ahead, lifetime, verdict) => {
    const claims = anEnvelope('ping', { iat: IAT + ahead, exp: IAT + ahead + lifetime })
    expect(reasonOf(() => checkEnvelopeTimes(claims, NOW))).toBe(verdict)
  })
})
