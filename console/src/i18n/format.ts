/** Dates, numbers and lengths of time in the reader's language. */
import { type Locale, useLanguage } from './i18n.tsx'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export interface Format {
  number(value: number): string
  percent(share: number): string
  /** A decimal string, exactly as long as it is. */
  decimal(value: string): string
  money(amount: string, currency: string): string
  date(at: Date): string
  /** Day and month of a date in UTC, for axes. */
  day(at: Date): string
  /** Month and year of a date in UTC. */
  month(at: Date): string
  time(at: Date): string
  /** Day, time and zone: for records. */
  moment(at: Date): string
  /** As short as it can be said without doubt: the time today, with the day this year, else the date. */
  short(at: Date): string
  /** `3 h 12 min`, `45 s`. */
  span(milliseconds: number): string
  /** `in 5 minutes`, `2 days ago`. */
  relative(milliseconds: number): string
  country(code: string): string
}

export function useFormat(): Format {
  const { locale } = useLanguage()
  const known = formats.get(locale) ?? formatIn(locale)
  formats.set(locale, known)
  return known
}

/** Making one takes a millisecond: too long for every cell of every row. */
const formats = new Map<Locale, Format>()

/** English as written where people use 24 hours and put the day first. */
const TAGS: Readonly<Record<Locale, string>> = { en: 'en-GB', ru: 'ru', kk: 'kk' }

/** Browsers without Kazakh data (Chromium has none) write numbers and dates as in Russian, in digits; the words are ours. */
const KAZAKH_SHORT = { day: 'күн', hour: 'сағ', minute: 'мин', second: 'с' } as const
const KAZAKH_LONG = { day: 'күн', hour: 'сағат', minute: 'минут', second: 'секунд' } as const
type Unit = keyof typeof KAZAKH_SHORT

const NAMED: Intl.DateTimeFormatOptions = { dateStyle: 'medium' }
const DIGITS: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' }

function formatIn(locale: Locale): Format {
  const isLacking = locale === 'kk' && !hasKazakh()
  const tag = isLacking ? 'ru' : TAGS[locale]
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
  const decimal = new Intl.NumberFormat(tag, { maximumFractionDigits: 30 })
  const date = new Intl.DateTimeFormat(tag, isLacking ? DIGITS : NAMED)
  const time = new Intl.DateTimeFormat(tag, { timeStyle: 'short' })
  const seconds = new Intl.DateTimeFormat(tag, { timeStyle: 'medium' })
  const dayForm = { day: 'numeric', month: isLacking ? '2-digit' : 'short' } as const
  const day = new Intl.DateTimeFormat(tag, dayForm)
  const dayInUtc = new Intl.DateTimeFormat(tag, { ...dayForm, timeZone: 'UTC' })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const countries = new Intl.DisplayNames(tag, { type: 'region', fallback: 'code' })
  const span = (value: number, unit: Unit) =>
    isLacking ? `${number.format(value)} ${KAZAKH_SHORT[unit]}` : unitFormat(tag, unit).format(value)
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    decimal: (value) => decimal.format(value as `${number}`),
    money: (amount, currency) => `${decimal.format(amount as `${number}`)} ${currency}`,
    date: (at) => date.format(at),
    day: (at) => dayInUtc.format(at),
    month: (at) => monthIn(tag, isLacking).format(at),
    time: (at) => time.format(at),
    moment: (at) => `${date.format(at)}, ${seconds.format(at)}`,
    short(at) {
      if (isToday(at)) return time.format(at)
      return isThisYear(at) ? `${day.format(at)}, ${time.format(at)}` : date.format(at)
    },
    span: (milliseconds) => spanOf(milliseconds, span),
    relative(milliseconds) {
      const [value, unit] = unitOf(milliseconds)
      if (!isLacking) return relative.format(value, unit)
      return value === 0 ? 'қазір' : `${number.format(Math.abs(value))} ${KAZAKH_LONG[unit]} бұрын`
    },
    // Throws at what cannot be a code, as one that is being typed.
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
  }
}

/** Asked by its words: Chromium says that it supports the language, and has the data of none. */
function hasKazakh(): boolean {
  return /\p{Script=Cyrillic}/u.test(unitFormat('kk', 'day').format(2))
}

function monthIn(tag: string, isLacking: boolean): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(tag, {
    month: isLacking ? '2-digit' : 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
}

function isThisYear(at: Date): boolean {
  return at.getFullYear() === new Date().getFullYear()
}

function isToday(at: Date): boolean {
  return at.toDateString() === new Date().toDateString()
}

function unitOf(milliseconds: number): [number, Unit] {
  const size = Math.abs(milliseconds)
  if (size < MINUTE) return [Math.round(milliseconds / 1000), 'second']
  if (size < HOUR) return [Math.round(milliseconds / MINUTE), 'minute']
  if (size < DAY) return [Math.round(milliseconds / HOUR), 'hour']
  return [Math.round(milliseconds / DAY), 'day']
}

/** The two largest units that say something; seconds only below ten minutes. */
function spanOf(milliseconds: number, say: (value: number, unit: Unit) => string): string {
  const size = Math.abs(milliseconds)
  const parts: readonly [number, Unit][] = [
    [Math.floor(size / DAY), 'day'],
    [Math.floor((size % DAY) / HOUR), 'hour'],
    [Math.floor((size % HOUR) / MINUTE), 'minute'],
    [Math.floor((size % MINUTE) / 1000), 'second'],
  ]
  const first = parts.findIndex(([value]) => value > 0)
  if (first < 0) return say(0, 'second')
  const shown = parts.slice(first, first + 2).filter(([value]) => value > 0)
  const isLong = size >= 10 * MINUTE
  return shown
    .filter(([, unit]) => !isLong || unit !== 'second')
    .map(([value, unit]) => say(value, unit))
    .join(' ')
}

const units = new Map<string, Intl.NumberFormat>()

function unitFormat(tag: string, unit: Unit): Intl.NumberFormat {
  const key = `${tag} ${unit}`
  const known = units.get(key) ?? new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' })
  units.set(key, known)
  return known
}
