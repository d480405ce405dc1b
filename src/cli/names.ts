/** `tamga names compare`: JSON lines of two name sets in, one verdict a line out. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { compareNames, type NameSet, type NameVerdict, REASONS } from '../domain/names/index.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { namesMemberTwice } from './twice-named.ts'

/** A line longer than this is no pair of names. */
const LINE_LENGTH_MAX = 1_000_000

// An unknown type of name is never taken for the legal one.
const naturalName = z.object({
  primary: z.string(),
  secondary: z.string().nullish(),
  type: z.enum(['LEGL', 'ALIA', 'BIRT', 'MAID', 'MISC']).catch('MISC'),
})
const legalName = z.object({ name: z.string(), type: z.enum(['LEGL', 'SHRT', 'TRAD']).catch('TRAD') })
const either = z.union([naturalName, legalName])
const nameSet = z.object({
  names: z.array(naturalName).nullish(),
  legalNames: z.array(legalName).nullish(),
  local: z.array(either).nullish(),
  phonetic: z.array(either).nullish(),
  dateOfBirth: z.string().nullish(),
})
const request = z.object({
  id: z.string(),
  kind: z.enum(['natural', 'legal']),
  received: nameSet,
  held: nameSet,
})

export const command: Command = {
  usage: 'compare [--json] FILE',
  summary:
    'Says for each JSON line {id, kind, received, held} whether the two are one person: match, review or mismatch.',
  run,
}

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseArguments(args)
  const [verb, file] = positionals
  if (verb !== 'compare' || file === undefined || positionals.length > 2) {
    throw new UsageError(`say "tamga names ${command.usage}"; FILE may be - for standard input`)
  }
  const input = file === '-' ? process.stdin : createReadStream(file, 'utf8')
  let malformed = 0
  let lineNumber = 0
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      lineNumber += 1
      if (line.trim() === '') continue
      const answer = answerTo(line, lineNumber)
      if ('error' in answer) malformed += 1
      io.out(values.json === true ? JSON.stringify(answer) : asText(answer))
    }
  } catch (error) {
    io.err(
      `tamga: cannot read ${file} (${codeOf(error)}); give a file of JSON lines, or - for standard input`,
    )
    return 2
  }
  return malformed === 0 ? 0 : 1
}

function parseArguments(args: readonly string[]): {
  values: { json?: boolean | undefined }
  positionals: string[]
} {
  try {
    return parseArgs({ args: [...args], options: { json: { type: 'boolean' } }, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`say "tamga names ${command.usage}"`, { cause: error })
  }
}

interface Malformed {
  readonly id: string | null
  readonly line: number
  readonly error: string
}

interface Answer {
  readonly id: string
  readonly outcome: NameVerdict['outcome']
  readonly score: number
  readonly why: string
  readonly reasons: NameVerdict['reasons']
  readonly rules: readonly string[]
}

/** The error names the field and never repeats a value: it may be a customer's name. */
function answerTo(line: string, lineNumber: number): Answer | Malformed {
  if (line.length > LINE_LENGTH_MAX) return { id: null, line: lineNumber, error: 'the line is too long' }
  let parsed: unknown
  try {
    // Editors put a byte order mark in front of a file.
    parsed = JSON.parse(lineNumber === 1 ? line.replace(/^\uFEFF/, '') : line)
  } catch {
    return { id: null, line: lineNumber, error: 'not JSON' }
  }
  if (namesMemberTwice(line)) return { id: null, line: lineNumber, error: 'a member is named twice' }
  const checked = request.safeParse(parsed)
  if (!checked.success) {
    const paths = new Set(checked.error.issues.map((issue) => `/${issue.path.join('/')}`))
    return {
      id: idOf(parsed),
      line: lineNumber,
      error: `missing or of another type: ${[...paths].join(', ')}`,
    }
  }
  const { id, kind, received, held } = checked.data
  const verdict = compareNames(kind, withoutNull(received), withoutNull(held))
  const why = verdict.reasons.map((reason) => `${reason}: ${REASONS[reason]}`).join('; ')
  return {
    id,
    outcome: verdict.outcome,
    score: verdict.score,
    why,
    reasons: verdict.reasons,
    rules: verdict.evidence.rules,
  }
}

function idOf(parsed: unknown): string | null {
  const id = z.object({ id: z.string() }).safeParse(parsed)
  return id.success ? id.data.id : null
}

type NaturalOrLegal = z.infer<typeof either>

function withoutNull(set: z.infer<typeof nameSet>): NameSet {
  return {
    ...(set.names ? { names: set.names.map(plainNatural) } : {}),
    ...(set.legalNames ? { legalNames: set.legalNames } : {}),
    ...(set.local ? { local: set.local.map(plain) } : {}),
    ...(set.phonetic ? { phonetic: set.phonetic.map(plain) } : {}),
    ...(typeof set.dateOfBirth === 'string' ? { dateOfBirth: set.dateOfBirth } : {}),
  }
}

function plainNatural(name: z.infer<typeof naturalName>): {
  primary: string
  secondary: string
  type: typeof name.type
} {
  return { primary: name.primary, secondary: name.secondary ?? '', type: name.type }
}

function plain(name: NaturalOrLegal): NonNullable<NameSet['local']>[number] {
  return 'primary' in name ? plainNatural(name) : name
}

function asText(answer: Answer | Malformed): string {
  if ('error' in answer) return `line ${answer.line}: ${answer.error}`
  return `${answer.outcome.padEnd(8)}  ${answer.score.toFixed(2)}  ${answer.id}  ${answer.why}`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
}
