/** Dates, numbers and lengths of time in the reader's language. */
import { useMemo } from 'react'
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
  time(at: Date): string
  /** Day, time and zone: for records. */
  moment(at: Date): string
  /** As short as it can be said without doubt: the time today, else with the day. */
  short(at: Date): string
  /** `3 h 12 min`, `45 s`. */
  span(milliseconds: number): string
  /** `in 5 minutes`, `2 days ago`. */
  relative(milliseconds: number): string
  country(code: string): string
}

export function useFormat(): Format {
  const { locale } = useLanguage()
  return useMemo(() => formatIn(locale), [locale])
}

function formatIn(locale: Locale): Format {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 30 })
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'medium',
  })
  const day = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const countries = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' })
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    decimal: (value) => decimal.format(value as `${number}`),
    money: (amount, currency) => `${decimal.format(amount as `${number}`)} ${currency}`,
    date: (at) => date.format(at),
    time: (at) => time.format(at),
    moment: (at) => moment.format(at),
    short: (at) => (isToday(at) ? time : day).format(at),
    span: (milliseconds) => span(locale, milliseconds),
    relative: (milliseconds) => relative.format(...unitOf(milliseconds)),
    country: (code) => countries.of(code) ?? code,
  }
}

function isToday(at: Date): boolean {
  return at.toDateString() === new Date().toDateString()
}

function unitOf(milliseconds: number): [number, Intl.RelativeTimeFormatUnit] {
  const size = Math.abs(milliseconds)
  if (size < MINUTE) return [Math.round(milliseconds / 1000), 'second']
  if (size < HOUR) return [Math.round(milliseconds / MINUTE), 'minute']
  if (size < DAY) return [Math.round(milliseconds / HOUR), 'hour']
  return [Math.round(milliseconds / DAY), 'day']
}

function span(locale: Locale, milliseconds: number): string {
  const size = Math.abs(milliseconds)
  const [days, hours] = [Math.floor(size / DAY), Math.floor((size % DAY) / HOUR)]
  const [minutes, seconds] = [Math.floor((size % HOUR) / MINUTE), Math.floor((size % MINUTE) / 1000)]
  if (days >= 1) return joined(locale, [days, 'day'], [hours, 'hour'])
  if (hours >= 1) return joined(locale, [hours, 'hour'], [minutes, 'minute'])
  if (minutes >= 10) return joined(locale, [minutes, 'minute'])
  return joined(locale, [minutes, 'minute'], [seconds, 'second'])
}

function joined(locale: Locale, ...parts: [number, string][]): string {
  const [first] = parts
  return parts
    .filter(([value]) => value > 0 || parts.length === 1 || first?.[0] === 0)
    .filter(([value], at) => !(at === 0 && value === 0 && parts.length > 1))
    .map(([value, unit]) => unitFormat(locale, unit).format(value))
    .join(' ')
}

const units = new Map<string, Intl.NumberFormat>()

function unitFormat(locale: Locale, unit: string): Intl.NumberFormat {
  const key = `${locale} ${unit}`
  const known = units.get(key) ?? new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' })
  units.set(key, known)
  return known
}
