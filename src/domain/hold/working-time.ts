/**
 * Deadlines for people in working time: seconds count only within the working hours of working days, in the zone where the people are.
 * What elapses is real time, so a day on which clocks change has an hour less or more if it is worked through. A holiday that the
 * calendar does not know makes a deadline earlier, never later.
 */
import { calendarOf } from '../rules/calendars.ts'
import { addDays } from '../rules/moment.ts'
import { isWorkingDay } from '../rules/working-days.ts'

export interface WorkingTime {
  /** IANA, as in Asia/Almaty. */
  readonly timeZone: string
  /** Id of a calendar of `rules/calendars.ts`: weekend and public holidays. */
  readonly calendar: string
  /** `HH:MM`, local time; `to` is after `from`, at most 24:00. */
  readonly from: string
  readonly to: string
  /** More days off, YYYY-MM-DD: decreed ones, the firm's own. */
  readonly holidays?: readonly string[]
}

const DAY_MS = 86_400_000
/** A firm that works on no day at all would look for one for ever. */
const DAYS_MAX = 4_000

/** The end of `seconds` of working time that begin to count at `start`, or at the next opening. */
export function addWorkingSeconds(start: Date, seconds: number, time: WorkingTime): Date {
  const wallClock = wallClockOf(time.timeZone)
  const calendar = calendarOf(time.calendar)
  const off = new Set(time.holidays)
  let left = seconds * 1000
  let day = new Date(wallClock(start.getTime())).toISOString().slice(0, 10)
  for (let looked = 0; looked < DAYS_MAX; looked++, day = addDays(day, 1)) {
    if (!isWorkingDay(day, calendar) || off.has(day)) continue
    const opens = Math.max(start.getTime(), instantOf(day, time.from, wallClock))
    const closes = instantOf(day, time.to, wallClock)
    if (closes <= opens) continue
    if (left <= closes - opens) return new Date(opens + left)
    left -= closes - opens
  }
  throw new Error('the working time has no working day')
}

/** Milliseconds since 1970 that a clock on the wall would show as UTC. */
type WallClock = (instant: number) => number

const formats = new Map<string, Intl.DateTimeFormat>()

function wallClockOf(timeZone: string): WallClock {
  const format = formats.get(timeZone) ?? formatOf(timeZone)
  formats.set(timeZone, format)
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const [year = 0, month = 1, day = 1] = [parts.get('year'), parts.get('month'), parts.get('day')]
    const [hour = 0, minute = 0, second = 0] = [parts.get('hour'), parts.get('minute'), parts.get('second')]
    const milliseconds = ((instant % 1000) + 1000) % 1000
    return Date.UTC(year, month - 1, day, hour, minute, second) + milliseconds
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}

/**
 * When the clock on the wall shows this time: at the first of two such moments when clocks go back; when they skip it, as much later as
 * they skip (RFC 5545, 3.3.5).
 */
function instantOf(day: string, time: string, wallClock: WallClock): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const wall = Date.parse(`${day}T00:00:00Z`) + (hours * 60 + minutes) * 60_000
  const offsetAt = (instant: number) => wallClock(instant) - instant
  const before = wall - offsetAt(wall - DAY_MS)
  const after = wall - offsetAt(wall + DAY_MS)
  const shown = [before, after].filter((instant) => wallClock(instant) === wall)
  return shown.length === 0 ? before : Math.min(...shown)
}
