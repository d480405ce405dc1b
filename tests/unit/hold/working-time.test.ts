import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deadlineFrom, openHold } from '../../../src/domain/hold/hold.ts'
import { addWorkingSeconds, type WorkingTime } from '../../../src/domain/hold/working-time.ts'

const HOUR = 3_600
const LUXEMBOURG: WorkingTime = { timeZone: 'Europe/Luxembourg', calendar: 'EU', from: '09:00', to: '18:00' }
const due = (start: string, hours: number, time: WorkingTime = LUXEMBOURG) =>
  addWorkingSeconds(new Date(start), hours * HOUR, time).toISOString()

describe('a deadline in working time', () => {
  it('counts within the day, and goes on the next one', () => {
    expect(due('2026-06-03T08:00:00Z', 2)).toBe('2026-06-03T10:00:00.000Z')
    expect(due('2026-06-03T15:00:00Z', 2)).toBe('2026-06-04T08:00:00.000Z')
  })

  it('begins at the next opening when it starts at night, and ends at closing, not at the next opening', () => {
    expect(due('2026-06-03T20:00:00Z', 1)).toBe('2026-06-04T08:00:00.000Z')
    expect(due('2026-06-03T02:00:00Z', 9)).toBe('2026-06-03T16:00:00.000Z')
  })

  it('skips weekends and the holidays of the calendar', () => {
    // Maundy Thursday, 17:00 at Luxembourg: Good Friday, the weekend and Easter Monday do not count.
    expect(due('2026-04-02T15:00:00Z', 2)).toBe('2026-04-07T08:00:00.000Z')
    expect(due('2026-12-24T16:30:00Z', 1)).toBe('2026-12-28T08:30:00.000Z')
  })

  it('skips the days that the firm adds', () => {
    const time = { ...LUXEMBOURG, holidays: ['2026-06-04', '2026-06-05'] }
    expect(due('2026-06-03T15:30:00Z', 1, time)).toBe('2026-06-08T07:30:00.000Z')
  })

  it('keeps local hours when clocks go forward, and when they go back', () => {
    // Friday 17:00 (UTC+1); on Monday it is UTC+2.
    expect(due('2026-03-27T16:00:00Z', 2)).toBe('2026-03-30T08:00:00.000Z')
    // Friday 17:00 (UTC+2); on Monday it is UTC+1.
    expect(due('2026-10-23T15:00:00Z', 2)).toBe('2026-10-26T09:00:00.000Z')
  })

  // At Cairo clocks change at midnight between working days: Friday 24 April 2026 has 23 hours, Thursday 29 October 2026 has 25.
  const CAIRO: WorkingTime = { timeZone: 'Africa/Cairo', calendar: 'weekdays', from: '00:00', to: '24:00' }

  it('counts real hours of a day that is worked through while clocks change', () => {
    expect(due('2026-04-23T22:00:00Z', 23, CAIRO)).toBe('2026-04-24T21:00:00.000Z')
    expect(due('2026-04-23T22:00:00Z', 24, CAIRO)).toBe('2026-04-26T22:00:00.000Z')
    expect(due('2026-10-28T21:00:00Z', 25, CAIRO)).toBe('2026-10-29T22:00:00.000Z')
    expect(due('2026-10-28T21:00:00Z', 26, CAIRO)).toBe('2026-10-29T23:00:00.000Z')
  })

  it('opens as much later as clocks skip, where they skip the opening', () => {
    // 00:30 does not exist on that Friday; 01:30 in summer time is the same moment.
    const early = { ...CAIRO, from: '00:30', to: '08:00' }
    expect(due('2026-04-23T20:00:00Z', 1, early)).toBe('2026-04-23T23:30:00.000Z')
  })

  it('is where another zone has it: the same moment is another working day', () => {
    const almaty: WorkingTime = { timeZone: 'Asia/Almaty', calendar: 'KZ', from: '09:00', to: '18:00' }
    // Friday 20:00 UTC is Saturday at Almaty (UTC+5).
    expect(due('2026-06-05T20:00:00Z', 1, almaty)).toBe('2026-06-08T05:00:00.000Z')
    // Nauryz, 21 to 23 March.
    expect(due('2026-03-20T12:30:00Z', 1, almaty)).toBe('2026-03-24T04:30:00.000Z')
  })

  it('refuses a firm that never works rather than looking for ever', () => {
    const never = { ...LUXEMBOURG, from: '18:00', to: '18:00' }
    expect(() => due('2026-06-03T08:00:00Z', 1, never)).toThrow('no working day')
  })

  const times = fc.record({
    timeZone: fc.constantFrom(
      'Europe/Luxembourg',
      'Asia/Almaty',
      'America/New_York',
      'Australia/Lord_Howe',
      'UTC',
    ),
    calendar: fc.constantFrom('EU', 'GB', 'KZ', 'weekdays'),
    from: fc.constantFrom('00:00', '08:30', '09:00'),
    to: fc.constantFrom('17:00', '18:15', '24:00'),
  })
  const starts = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
  const amounts = fc.integer({ min: 1, max: 40 * 9 * HOUR })

  it('comes to the same in one step or in two, and never earlier than the time itself', () => {
    fc.assert(
      fc.property(starts, amounts, amounts, times, (start, first, second, time) => {
        const once = addWorkingSeconds(start, first + second, time)
        const twice = addWorkingSeconds(addWorkingSeconds(start, first, time), second, time)
        expect(twice).toEqual(once)
        expect(once.getTime()).toBeGreaterThanOrEqual(start.getTime() + (first + second) * 1000)
      }),
      { numRuns: 300 },
    )
  })

  it('is never earlier for a later start', () => {
    fc.assert(
      fc.property(
        starts,
        fc.integer({ min: 0, max: 10 * 86_400 }),
        amounts,
        times,
        (start, later, amount, time) => {
          const other = new Date(start.getTime() + later * 1000)
          expect(addWorkingSeconds(other, amount, time) >= addWorkingSeconds(start, amount, time)).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a hold whose clock is working time', () => {
  const finding = { check: 'policy', code: 'X', message: 'x' } as const
  const now = new Date('2026-04-02T15:00:00Z')

  it('has its deadline there, and one without has it in real time', () => {
    const terms = { deadlineSeconds: 2 * HOUR, outcome: 'REJECT' as const }
    const working = openHold('h', 'MANUAL', finding, { ...terms, workingTime: LUXEMBOURG }, now)
    expect(working.deadline.toISOString()).toBe('2026-04-07T08:00:00.000Z')
    expect(deadlineFrom(now, terms).toISOString()).toBe('2026-04-02T17:00:00.000Z')
  })
})
