import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarOf } from '../../../src/domain/rules/calendars.ts'
import { dueOf } from '../../../src/domain/rules/index.ts'
import { addMonths, dayIn, isDay, parseMoment } from '../../../src/domain/rules/moment.ts'
import { addWorkingDays, isWorkingDay } from '../../../src/domain/rules/working-days.ts'
import { PACKS } from './support.ts'

const WEEKDAYS = calendarOf('weekdays')

function day(timeZone: string, at: string): string | undefined {
  const moment = parseMoment(at)
  return moment === undefined ? undefined : dayIn(timeZone, moment)
}

describe('the day of a transfer', () => {
  it('is the day where the law is in force', () => {
    const at = '2026-08-19T15:00:00Z'
    expect(day('Asia/Seoul', at)).toBe('2026-08-20')
    expect(day('UTC', at)).toBe('2026-08-19')
    expect(day('America/New_York', '2026-01-01T04:59:59Z')).toBe('2025-12-31')
  })

  it('follows Kazakhstan to one time zone in March 2024', () => {
    expect(day('Asia/Almaty', '2024-02-28T18:00:00Z')).toBe('2024-02-29')
    expect(day('Asia/Almaty', '2026-02-27T18:59:59Z')).toBe('2026-02-27')
    expect(day('Asia/Almaty', '2026-02-27T19:00:00Z')).toBe('2026-02-28')
  })

  it.each([
    '2026-09-01T12:00:00',
    '2026-09-01 12:00:00Z',
    '2026-09-01T24:00:00Z',
    '2026-09-01T12:60:00Z',
    '2026-02-29T12:00:00Z',
    '1756728000',
    '',
    '2026-9-1',
  ])('is not read from %j', (text) => expect(parseMoment(text)).toBeUndefined())

  it('is calendar-true', () => {
    expect(['2024-02-29', '2023-02-29', '2026-04-31', '2000-02-29', '1900-02-29'].map(isDay)).toEqual([
      true,
      false,
      false,
      true,
      false,
    ])
  })
})

describe('a legal clock', () => {
  it('starts on the day after and leaves out weekends', () => {
    expect(addWorkingDays('2026-11-20', 1, WEEKDAYS)).toBe('2026-11-23')
    expect(addWorkingDays('2026-11-21', 1, WEEKDAYS)).toBe('2026-11-23')
    expect(addWorkingDays('2026-11-23', 5, WEEKDAYS)).toBe('2026-11-30')
    expect(addWorkingDays('2026-11-21', 0, WEEKDAYS)).toBe('2026-11-21')
  })

  it('leaves out the holidays of its calendar', () => {
    expect(addWorkingDays('2026-12-24', 3, calendarOf('GB'))).toBe('2026-12-31')
    expect(addWorkingDays('2026-12-24', 3, calendarOf('EU'))).toBe('2026-12-30')
    expect(addWorkingDays('2026-03-20', 1, calendarOf('KZ'))).toBe('2026-03-24')
    expect(addWorkingDays('2026-12-24', 3, calendarOf('no such calendar'))).toBe('2026-12-29')
  })

  it('ends on a working day, with as many working days behind it as it runs', () => {
    const anyDay = fc
      .integer({ min: 0, max: 700 })
      .map((days) => new Date(Date.UTC(2026, 0, 1 + days)).toISOString().slice(0, 10))
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: 1, max: 15 }),
        fc.constantFrom('EU', 'GB', 'KZ', 'weekdays'),
        (start, count, id) => {
          const calendar = calendarOf(id)
          const end = addWorkingDays(start, count, calendar)
          expect(isWorkingDay(end, calendar)).toBe(true)
          expect(addWorkingDays(start, count - 1, calendar) < end).toBe(true)
          expect(addWorkingDays(addWorkingDays(start, 1, calendar), count - 1, calendar)).toBe(end)
        },
      ),
    )
  })

  it('starts with the event it is about: a repeated failure, reported within three months of being found', () => {
    const pack = PACKS.find((one) => one.rule === 'EU-TFR')
    const clock = pack?.missing.clocks.find((one) => one.clock === 'report-repeated-failure')
    expect(pack && clock ? dueOf(pack, clock, '2026-11-30') : undefined).toBe('2027-02-28')
  })

  it('runs in months to the same day, or the last of a shorter month', () => {
    expect(['2026-09-01', '2026-11-30', '2026-12-31'].map((start) => addMonths(start, 3))).toEqual([
      '2026-12-01',
      '2027-02-28',
      '2027-03-31',
    ])
  })
})
