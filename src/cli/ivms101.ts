/** `tamga ivms101`: judges and converts identity payloads in files. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  convertIvms101,
  type Edition,
  type Ivms101Options,
  type Ivms101Result,
  isProfileName,
  JSON_LIMITS,
  PROFILE_NAMES,
  parseIvms101,
} from '../domain/ivms101/index.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { readBounded } from './read-bounded.ts'

export const command: Command = {
  usage:
    'validate [--json] [--profile P] [--empty-as-absent] [--today DATE] FILE… | convert --to 2020|2023 [--json] [--profile P] FILE',
  summary: `Judges or converts IVMS 101 payloads; FILE may be a directory, or - for standard input. Profiles: ${PROFILE_NAMES.join(', ')}.`,
  run(args, io) {
    const [verb, ...rest] = args
    if (verb === 'validate') return Promise.resolve(validate(rest, io))
    if (verb === 'convert') return Promise.resolve(convert(rest, io))
    throw new UsageError('ivms101 needs "validate" or "convert"; see tamga ivms101 --help')
  },
}

const OPTIONS = {
  json: { type: 'boolean', default: false },
  profile: { type: 'string', default: 'interop' },
  'empty-as-absent': { type: 'boolean', default: false },
  today: { type: 'string' },
  to: { type: 'string' },
} as const

interface Arguments {
  readonly json: boolean
  readonly to: string | undefined
  readonly options: Ivms101Options
  readonly files: readonly string[]
}

function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  const { profile, today = new Date().toISOString().slice(0, 10) } = values
  if (!isProfileName(profile)) {
    throw new UsageError(`no profile "${profile}"; choose one of ${PROFILE_NAMES.join(', ')}`)
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(today)) throw new UsageError('--today takes a date as YYYY-MM-DD')
  if (positionals.length === 0) throw new UsageError('name at least one file or directory')
  // Without the flag the profile decides: some networks' own rules have empty strings for what is absent.
  const emptyAsAbsent = values['empty-as-absent'] ? true : undefined
  return {
    json: values.json,
    to: values.to,
    options: { profile, today, emptyAsAbsent },
    files: positionals,
  }
}

function validate(args: readonly string[], io: Io): ExitCode {
  const { json, options, files } = readArguments(args)
  const count = { valid: 0, invalid: 0, unreadable: 0 }
  const found = files.flatMap(expand)
  // Of nothing there is nothing to say, least of all that it is valid.
  if (found.length === 0) throw new UsageError(`no .json file in ${files.join(', ')}`)
  for (const file of found) {
    const read = readText(file)
    const verdict =
      read.text === undefined ? failed(read.code, read.message) : parseIvms101(read.text, options)
    count[read.text === undefined && read.unread ? 'unreadable' : verdict.valid ? 'valid' : 'invalid'] += 1
    if (json) io.out(jsonLine(file, verdict))
    else for (const line of plainLines(file, verdict)) io.out(line)
  }
  if (!json) io.err(`${count.valid} valid, ${count.invalid} invalid, ${count.unreadable} not read`)
  return count.unreadable > 0 ? 2 : count.invalid > 0 ? 1 : 0
}

function convert(args: readonly string[], io: Io): ExitCode {
  const { json, to, options, files } = readArguments(args)
  if (!isEdition(to)) throw new UsageError('convert needs --to 2020 or --to 2023')
  const [file = '', ...more] = files
  if (more.length > 0) throw new UsageError('convert takes one file')
  const read = readText(file)
  const verdict = read.text === undefined ? failed(read.code, read.message) : parseIvms101(read.text, options)
  const { version, valid, errors, liberties } = verdict
  const payload = 'payload' in verdict ? verdict.payload : undefined
  const converted = payload === undefined ? undefined : convertIvms101(payload, to, options.profile)
  if (json) {
    io.out(
      JSON.stringify({
        file,
        from: version ?? null,
        to,
        payload: converted?.json ?? null,
        losses: converted?.losses ?? [],
        errors,
        liberties,
      }),
    )
  }
  if (converted === undefined) {
    for (const { code, message } of errors) io.err(`tamga: ${file} ${message} (${code})`)
    return read.text === undefined && read.unread ? 2 : 1
  }
  if (!json) {
    io.out(JSON.stringify(converted.json, undefined, 2))
    for (const { code, element, message } of converted.losses)
      io.err(`not carried: ${element}: ${message} (${code})`)
    for (const { code, path, message } of errors) io.err(`error in ${file}: ${path} ${message} (${code})`)
  }
  return valid ? 0 : 1
}

function isEdition(text: string | undefined): text is Edition {
  return text === '2020' || text === '2023'
}

/** The verdict on what could not be read as text; its codes are those of the file, not of IVMS 101. */
interface FileFailure {
  readonly version: undefined
  readonly valid: false
  readonly errors: readonly { code: string; path: string; message: string }[]
  readonly warnings: readonly []
  readonly liberties: readonly []
}

function failed(code: string, message: string): FileFailure {
  return {
    version: undefined,
    valid: false,
    errors: [{ code, path: '', message }],
    warnings: [],
    liberties: [],
  }
}

function jsonLine(file: string, verdict: Ivms101Result | FileFailure): string {
  const { valid, version, errors, warnings, liberties } = verdict
  return JSON.stringify({ file, valid, version: version ?? null, errors, warnings, liberties })
}

function plainLines(file: string, verdict: Ivms101Result | FileFailure): string[] {
  const { valid, version, errors, warnings, liberties } = verdict
  const edition = version === undefined ? '' : ` (${version})`
  const listed = (kind: string, found: readonly { code: string; path: string; message: string }[]) =>
    found.map(({ code, path, message }) => `  ${kind} ${code} ${path || '(root)'}: ${message}`)
  return [
    `${file}: ${valid ? 'valid' : 'invalid'}${edition}`,
    ...listed('error', errors),
    ...listed('warning', warnings),
    ...listed('liberty', liberties),
  ]
}

type Read =
  | { readonly text: string }
  | { readonly text: undefined; readonly unread: boolean; readonly code: string; readonly message: string }

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readText(file: string): Read {
  try {
    const bytes = readBounded(file, JSON_LIMITS.bytesMax)
    if (bytes.length > JSON_LIMITS.bytesMax) {
      const message = `is larger than is accepted (more than ${JSON_LIMITS.bytesMax} bytes)`
      return { text: undefined, unread: false, code: 'JSON_TOO_LARGE', message }
    }
    return { text: UTF8.decode(bytes) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      return { text: undefined, unread: false, code: 'UTF8_INVALID', message: 'is not UTF-8' }
    }
    return { text: undefined, unread: true, code: 'FILE_UNREADABLE', message: `cannot be read (${code})` }
  }
}

/** A directory's `.json` files, at any depth, in order of name; anything else is itself. */
function expand(path: string): readonly string[] {
  try {
    if (path === '-' || !statSync(path).isDirectory()) return [path]
    return readdirSync(path, { withFileTypes: true })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inner = join(path, entry.name)
        if (entry.isDirectory()) return expand(inner)
        return entry.name.endsWith('.json') && !isPipe(inner) ? [inner] : []
      })
  } catch {
    // Named, so that reading it reports why.
    return [path]
  }
}

/** One that nobody writes to would be waited for without end; only a name given by the caller is worth that. */
function isPipe(path: string): boolean {
  try {
    const found = statSync(path)
    return found.isFIFO() || found.isSocket()
  } catch {
    // A link that leads nowhere or in a circle is reported when it is read.
    return false
  }
}
