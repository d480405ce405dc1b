/** Date, IVMS 101, 5.3: `YYYY-MM-DD` of the Gregorian calendar (ISO 8601 extended form). */
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export type DateFinding = 'DATE_FORMAT' | 'DATE_INVALID' | 'C2'

/**
 * What is wrong with a date of birth. Both dates are `YYYY-MM-DD`, so they compare as text; today itself fails,
 * because C2 wants a date "prior to the current date".
 */
export function dateOfBirthFinding(text: string, today: string): DateFinding | undefined {
  const match = DATE.exec(text)
  if (match === null) return 'DATE_FORMAT'
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (day < 1 || day > daysIn(year, month)) return 'DATE_INVALID'
  return text >= today ? 'C2' : undefined
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0)
}
