/** When a transfer happens, and which day that is under each law: a rule begins at midnight where it is law, not in UTC. */

/** RFC 3339 with an offset: local time without one names no instant. */
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** An instant, or a day of which the hour is not known. */
export interface Moment {
  readonly text: string
  /** Milliseconds since 1970 of the instant, or of the day's last in UTC. */
  readonly latest: number
  /** Set when only the day is known: it is then the day in every zone. */
  readonly day: string | undefined
}

/** Reads `2026-06-30T00:00:00+01:00` or `2026-06-30`. Undefined for anything else, and for a day no calendar has. */
export function parseMoment(text: string): Moment | undefined {
  if (DAY.test(text)) {
    if (!isDay(text)) return undefined
    return { text, latest: Date.parse(`${text}T23:59:59.999Z`), day: text }
  }
  const [, day] = INSTANT.exec(text) ?? []
  if (day === undefined || !isDay(day)) return undefined
  return { text, latest: Date.parse(text.toUpperCase()), day: undefined }
}

/** `YYYY-MM-DD` and calendar-true. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** A zone's day changes at a whole quarter of an hour: within one, it is the same for every moment. */
const QUARTER_MS = 15 * 60_000
const lastDays = new Map<string, { readonly quarter: number; readonly day: string }>()

/** The day, `YYYY-MM-DD`, on which the moment falls in an IANA time zone. */
export function dayIn(timeZone: string, moment: Moment): string {
  if (moment.day !== undefined) return moment.day
  const quarter = Math.floor(moment.latest / QUARTER_MS)
  const known = lastDays.get(timeZone)
  if (known?.quarter === quarter) return known.day
  const day = formatDay(timeZone, moment.latest)
  lastDays.set(timeZone, { quarter, day })
  return day
}

function formatDay(timeZone: string, time: number): string {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const parts = new Map(format.formatToParts(time).map((part) => [part.type, part.value]))
  return `${(parts.get('year') ?? '').padStart(4, '0')}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`
}

/** `days` later on the calendar; both `YYYY-MM-DD`. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** `months` later, on the same day of the month or that month's last. */
export function addMonths(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  const wanted = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(wanted, last))
  return date.toISOString().slice(0, 10)
}
