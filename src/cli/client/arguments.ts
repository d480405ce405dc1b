/** Reading what was typed: options into values, values into the words of the API. Every mistake is a UsageError that says what to type. */
import { readFileSync } from 'node:fs'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from '../command.ts'

export function readArguments<const T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'unreadable arguments')
  }
}

/** The values of the named options. Throws UsageError that names all that are missing. */
export function required<const K extends string>(
  command: string,
  values: Readonly<Record<string, unknown>>,
  names: readonly K[],
): Readonly<Record<K, string>> {
  const missing = names.filter((name) => typeof values[name] !== 'string' || values[name] === '')
  if (missing.length > 0)
    throw new UsageError(`${command} needs ${missing.map((name) => `--${name}`).join(', ')}`)
  const found = Object.fromEntries(names.map((name) => [name, values[name]]))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each is a string, as checked above
  return found as Record<K, string>
}

/** The one positional that `command` takes. */
export function only(command: string, what: string, positionals: readonly string[]): string {
  const [one, ...more] = positionals
  if (one === undefined || more.length > 0) throw new UsageError(`${command} takes one ${what}`)
  return one
}

/** A whole number of seconds, or of anything else. */
export function whole(option: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (!/^\d{1,12}$/.test(text) || value < min || value > max)
    throw new UsageError(`${option} is a whole number from ${min} to ${max}`)
  return value
}

/** `2027-06-30`, meaning the end of that day in UTC, or an RFC 3339 time. */
export function instant(option: string, text: string): Date {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const time = new Date(day ? `${text}T23:59:59Z` : text)
  const form = day || /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)
  if (!form || Number.isNaN(time.getTime()) || (day && time.toISOString().slice(0, 10) !== text))
    throw new UsageError(`${option} is a date as in 2027-06-30, or a time as in 2027-06-30T12:00:00Z`)
  return time
}

/** `1250.00 USD`, `1250.00:USD` or `1250.00USD`. */
export function fiat(text: string): { readonly amount: string; readonly currency: string } {
  const { amount, currency } = /^(?<amount>[0-9.]+)[ :]?(?<currency>[A-Z]{3})$/.exec(text)?.groups ?? {}
  if (amount === undefined || currency === undefined)
    throw new UsageError('--fiat is an amount and a currency, as in "1250.00 USD"')
  return { amount, currency }
}

/** `PATH:CODE:MESSAGE`; the message may have colons. */
export function correction(text: string): {
  readonly path: string
  readonly code: string
  readonly message: string
} {
  const { path, code, message } =
    /^(?<path>\/[^:]*):(?<code>[A-Z0-9_]+):(?<message>.+)$/s.exec(text)?.groups ?? {}
  if (path === undefined || code === undefined || message === undefined)
    throw new UsageError(
      '--field is PATH:CODE:MESSAGE, as in "/originator/accountNumber/0:ACCOUNT_UNKNOWN:check the account number"',
    )
  return { path, code, message }
}

/** A value of a generated enum, by its name in any case, as in `pending` for `ExchangeState.PENDING`. */
export function enumValue<T extends number>(
  option: string,
  table: Readonly<Record<string, T>>,
  text: string,
): T {
  const name = text.toUpperCase().replaceAll('-', '_')
  const value = Object.hasOwn(table, name) ? table[name] : undefined
  if (value === undefined || value <= 0) {
    const names = Object.entries(table).flatMap(([word, number]) => (number > 0 ? [word] : []))
    throw new UsageError(`${option} is one of ${names.join(', ')}`)
  }
  return value
}

const FILE_BYTES_MAX = 262_144

/** The text of a file, or of standard input for `-`. Throws an Error that names the file, never its content. */
/** A file as it is, for a hash of it. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new Error(`cannot read ${file} (${code})`, { cause: error })
  }
}

export function readText(file: string): string {
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new Error(`cannot read ${file} (${code})`, { cause: error })
  }
  if (Buffer.byteLength(text) > FILE_BYTES_MAX)
    throw new Error(`${file} is larger than ${FILE_BYTES_MAX} bytes`)
  return text
}
