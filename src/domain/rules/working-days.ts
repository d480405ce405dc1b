/**
 * Legal clocks in working days. The first working day is the one after the event (Reg. (EEC, Euratom) 1182/71 art. 3(1), and the
 * common rule elsewhere). A holiday a calendar does not know makes a deadline earlier, never later: errors fall on the careful side.
 */
import type { Calendar } from './calendars.ts'
import { addDays } from './moment.ts'

export function isWorkingDay(day: string, calendar: Calendar): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return !calendar.weekend.includes(weekday) && !calendar.holidays.includes(day)
}

/** The day on which the `count`th working day after `day` falls. `count` is a whole number from 0; 0 is the day itself. */
export function addWorkingDays(day: string, count: number, calendar: Calendar): string {
  let current = day
  let left = count
  while (left > 0) {
    current = addDays(current, 1)
    if (isWorkingDay(current, calendar)) left -= 1
  }
  return current
}
