import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EVENT_TYPES } from '../../src/domain/transfer/transfer.ts'
import {
  type Attempted,
  concludeRound,
  FAILING_DAYS,
  PAUSE_SECONDS,
  RETRY_SECONDS,
  type Round,
  type Tried,
} from '../../src/domain/webhook/round.ts'
import { eventOf, messageBody, WEBHOOK_TYPES } from '../../src/domain/webhook/webhook.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const attempted: fc.Arbitrary<Attempted> = fc.oneof(
  fc.constant({ outcome: 'ok' } as const),
  fc.constant({ outcome: 'moot' } as const),
  fc.constant({ outcome: 'failed', code: 'HTTP_500' } as const),
)
const tried = (prefix: string) =>
  fc
    .array(fc.record({ attempts: fc.nat(12), attempted }), { maxLength: 12 })
    .map((list) => list.map((one, index): Tried => ({ ...one, cursor: `${prefix}${index}` })))
const round = fc.record({
  kind: fc.constantFrom('events', 'decision'),
  failures: fc.nat(20),
  failingSince: fc.option(fc.date({ min: new Date(0), max: NOW, noInvalidDate: true }), { nil: undefined }),
  again: tried('a'),
  stream: tried('s').map((list) => list.map((one) => ({ ...one, attempts: 0 }))),
  streamEnd: fc.constant('end'),
}) satisfies fc.Arbitrary<Round>

describe('a round of deliveries', () => {
  it('loses no message: each is taken, moot, tried again, given up after the schedule, or still in the stream', () => {
    fc.assert(
      fc.property(round, (given) => {
        const { cursor, retries, done } = concludeRound(given, NOW)
        const failed = ({ attempted: { outcome } }: Tried) => outcome === 'failed'
        const kept = new Set(retries.map((retry) => retry.cursor))
        for (const one of given.again)
          expect(failed(one) ? kept.has(one.cursor) : done.includes(one.cursor)).toBe(true)
        for (const one of given.stream)
          expect(failed(one) ? cursor === undefined || kept.has(one.cursor) : true).toBe(true)
      }),
    )
  })

  it('gives a message up only after ten attempts, and a decision never', () => {
    fc.assert(
      fc.property(round, (given) => {
        for (const { attempts, nextAttemptAt } of concludeRound(given, NOW).retries)
          expect(nextAttemptAt === undefined).toBe(given.kind === 'events' && attempts > RETRY_SECONDS.length)
      }),
    )
  })

  it('moves the stream on unless all of several failed, and pauses only then', () => {
    fc.assert(
      fc.property(round, (given) => {
        const { cursor, nextAttemptAt } = concludeRound(given, NOW)
        const isDown =
          given.stream.length > 1 && given.stream.every(({ attempted: { outcome } }) => outcome === 'failed')
        expect(cursor === undefined).toBe(isDown)
        expect(nextAttemptAt > NOW).toBe(isDown)
      }),
    )
  })

  it('has the schedule of Standard Webhooks, 75 h 35 min 5 s in all, and pauses of half an hour at most', () => {
    expect(RETRY_SECONDS.reduce((sum, seconds) => sum + seconds)).toBe(75 * 3_600 + 35 * 60 + 5)
    expect(Math.max(...PAUSE_SECONDS)).toBe(1_800)
  })

  it('disables after 410 at once and after days of failure, and never who decides', () => {
    const gone: Tried = { cursor: 'c', attempts: 0, attempted: { outcome: 'gone' } }
    const failed: Tried = { cursor: 'c', attempts: 0, attempted: { outcome: 'failed', code: 'TIMEOUT' } }
    const since = (days: number) => new Date(NOW.getTime() - days * 86_400_000)
    const about = { kind: 'events', failures: 0, failingSince: undefined, again: [], streamEnd: '' } as const
    expect(concludeRound({ ...about, stream: [gone] }, NOW).disable).toBe('GONE')
    const long = { ...about, stream: [failed], failingSince: since(FAILING_DAYS) }
    expect(concludeRound(long, NOW).disable).toBe('FAILING')
    expect(concludeRound({ ...long, failingSince: since(FAILING_DAYS - 0.1) }, NOW).disable).toBeUndefined()
    expect(concludeRound({ ...long, kind: 'decision' }, NOW).disable).toBeUndefined()
  })
})

describe('a message', () => {
  it('has ids, codes and the version, whatever the event carries', () => {
    const data = fc.dictionary(
      fc.oneof(fc.constantFrom('hold_id', 'reason', 'proposer', 'changed', 'why'), fc.string()),
      fc.oneof(fc.string(), fc.constant('Жібек Қасымова'), fc.integer()),
    )
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_TYPES), data, (type, carried) => {
        const happened = { cursor: 'c', transferId: 't', version: 3, occurredAt: NOW }
        const body = messageBody('alice', {
          ...happened,
          event: { type, actor: 'person:aida@alice', data: carried },
        })
        const message: { data: Record<string, unknown> } = JSON.parse(body)
        const allowed = [
          'vasp_id',
          'transfer_id',
          'version',
          'cursor',
          'hold_id',
          'reason',
          'state',
          'code',
          'clock',
          'proposal_id',
          'why',
          'jti',
        ]
        expect(Object.keys(message.data).filter((name) => !allowed.includes(name))).toEqual([])
        expect(body).not.toMatch(/aida|Жібек/)
      }),
    )
  })

  it('has a type of its own for each event, by which endpoints choose', () => {
    expect(new Set(WEBHOOK_TYPES).size).toBe(EVENT_TYPES.length)
    expect(WEBHOOK_TYPES).toContain('transfer.repair_asked')
    expect(WEBHOOK_TYPES.map(eventOf)).toEqual(EVENT_TYPES)
  })
})
