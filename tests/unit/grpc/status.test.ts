import { Metadata, status } from '@grpc/grpc-js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { RETRY_AFTER_MS, toStatus } from '../../../src/grpc/status.ts'
import { decodeDetails, encodeDetails } from '../../../src/grpc/status-details.ts'
import { REFUSAL_CODES } from './refusals.ts'

/** What is wrong with such a call is wrong with one field of it. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['CURSOR_INVALID', 'cursor'],
  ['PAGE_TOKEN_INVALID', 'page_token'],
  ['PERMIT_INVALID', 'permit'],
  ['CARD_INVALID', 'card'],
  ['WEBHOOK_URL_REFUSED', 'url'],
])

describe('a refusal on the wire', () => {
  it.each(REFUSAL_CODES)(
    '%s carries its code as the reason, and never looks like success or a fault',
    (code) => {
      const answer = toStatus(new Refusal(code))
      expect([status.OK, status.INTERNAL, status.UNKNOWN]).not.toContain(answer.code)
      expect(decodeDetails(answer.metadata)).toEqual({
        reason: code,
        fields: NAMED.has(code) ? [{ field: NAMED.get(code), description: answer.details }] : [],
        ...(RETRY_AFTER_MS[code] === undefined ? {} : { retryDelayMs: RETRY_AFTER_MS[code] }),
      })
    },
  )

  it('asks for a repetition only of calls that lost a race, met a full house or an outage', () => {
    expect(Object.keys(RETRY_AFTER_MS).toSorted()).toEqual([
      'IDENTITY_PROVIDER_UNAVAILABLE',
      'OVERLOADED',
      'REPLICA_OUTDATED',
      'REQUEST_IN_FLIGHT',
      'STORE_UNAVAILABLE',
      'TRANSFER_CHANGED',
    ])
  })

  it('passes on the fields that a use case names', () => {
    const fields = [{ field: 'identity.ivms101/originator', description: 'is required' }]
    expect(
      decodeDetails(toStatus(new Refusal('IDENTITY_INVALID', undefined, { fields })).metadata).fields,
    ).toEqual(fields)
  })

  it('keeps whatever details it is given', () => {
    const field = fc.record({
      field: fc.string({ maxLength: 40 }),
      description: fc.string({ maxLength: 80 }),
    })
    fc.assert(
      fc.property(fc.array(field, { maxLength: 8 }), fc.nat(100_000), (fields, retryDelayMs) => {
        const details = { reason: 'ANY', fields, retryDelayMs }
        expect(decodeDetails(encodeDetails(3, 'message', details))).toEqual(details)
      }),
    )
  })

  it('stays within the trailers that clients accept, and says how many fields it left out', () => {
    const fields = Array.from({ length: 900 }, (_, i) => ({
      field: `fields[${i}].path`,
      description: 'must be a JSON pointer',
    }))
    const metadata = encodeDetails(3, 'message', { reason: 'REQUEST_INVALID', fields })
    const [bytes] = metadata.get('grpc-status-details-bin')
    expect(Buffer.from(bytes ?? '').toString('base64').length).toBeLessThan(8_192)
    const told = decodeDetails(metadata).fields
    expect(told.at(-1)).toEqual({ field: '', description: `${900 - (told.length - 1)} more, not listed` })
  })

  it('is not invented from metadata that has none', () => {
    expect(decodeDetails(new Metadata())).toEqual({ fields: [] })
    expect(decodeDetails(undefined)).toEqual({ fields: [] })
  })
})

describe('an outage of the database on the wire', () => {
  it.each([
    Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
    Object.assign(new Error('sorry, too many clients already'), { code: '53300' }),
    new Error('Connection terminated unexpectedly'),
  ])('asks to repeat, and names no host', (thrown) => {
    const answer = toStatus(thrown)
    expect(answer).toMatchObject({ code: status.UNAVAILABLE, reason: 'STORE_UNAVAILABLE' })
    expect(answer.details).not.toMatch(/10\.0\.0\.1|terminat|clients/)
  })

  it('is not any other error of the database', () => {
    const thrown = Object.assign(new Error('duplicate key'), { code: '23505' })
    expect(toStatus(thrown).code).toBe(status.INTERNAL)
  })
})

describe('a fault on the wire', () => {
  it.each([new Error('password=hunter2'), 'a string', undefined, { code: 5, details: 'x' }])(
    'tells nothing',
    (thrown) => {
      expect(toStatus(thrown)).toEqual({ code: status.INTERNAL, details: 'internal error' })
    },
  )
})
