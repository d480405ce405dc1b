/** `tamga travel-address`: what a `ta…` string leads to, and the string for a URL. Nothing is looked up or called. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import {
  decodeTravelAddress,
  encodeTravelAddress,
  makeTravelAddress,
  TRAVEL_ADDRESS_PROBLEMS,
  type TravelAddressResult,
} from '../domain/travel-address.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'

export const command: Command = {
  usage:
    'encode [--json] URL|FILE… | make [--json] URL|FILE… | decode [--json] ADDRESS|FILE… (FILE: one a line, or JSON lines {id, input}; - is standard input)',
  summary:
    'Reads and writes travel addresses (ta…), offline. `encode` takes the URL as it must be inside, `make` as people write it.',
  run(args, io) {
    const [verb = '', ...rest] = args
    const translate = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
    if (translate === undefined)
      throw new UsageError('travel-address needs encode, make or decode; see tamga travel-address --help')
    return Promise.resolve(run(translate, rest, io))
  },
}

type Translate = (text: string) => TravelAddressResult

const VERBS: Readonly<Record<string, Translate>> = {
  encode: (text) => encodeTravelAddress(text, sha256),
  make: (text) => makeTravelAddress(text, sha256),
  decode: (text) => decodeTravelAddress(text, sha256),
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

function run(translate: Translate, args: readonly string[], io: Io): ExitCode {
  const { values, positionals } = readArguments(args)
  const inputs = positionals.flatMap(inputsOf)
  if (inputs.length === 0) throw new UsageError('name at least one URL, travel address or file')
  let invalid = 0
  for (const { id, text } of inputs) {
    const result = text === undefined ? undefined : translate(text)
    if (result === undefined || 'problem' in result) invalid += 1
    if (values.json) io.out(JSON.stringify(answerOf(id, text, result)))
    else show(text, result, translate === VERBS['decode'], io)
  }
  return invalid === 0 ? 0 : 1
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
  } catch (error) {
    throw new UsageError('travel-address takes --json and URLs, travel addresses or files', { cause: error })
  }
}

/** One thing to translate; `text` is undefined when its line has the form of JSON but not the content. */
interface Input {
  readonly id?: string | undefined
  readonly text: string | undefined
}

/** A file that exists is read; anything else is the thing itself. */
function inputsOf(argument: string): readonly Input[] {
  if (argument !== '-' && !existsSync(argument)) return [{ text: argument }]
  return readFile(argument)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(inputOf)
}

function readFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UsageError(`cannot read ${file} (${code}); give one URL or travel address a line`, {
      cause: error,
    })
  }
}

const Line = z.union([
  z.string().transform((text) => ({ text })),
  z
    .object({ id: z.string().optional(), input: z.string() })
    .transform(({ id, input }) => ({ id, text: input })),
])

function inputOf(line: string): Input {
  if (!/^["{]/.test(line)) return { text: line }
  try {
    return Line.parse(JSON.parse(line))
  } catch {
    return { text: undefined }
  }
}

function answerOf(
  id: string | undefined,
  input: string | undefined,
  result: TravelAddressResult | undefined,
) {
  const named = { ...(id === undefined ? {} : { id }), input: input ?? null }
  if (result === undefined) {
    return { ...named, valid: false, error: 'INVALID_LINE', message: 'the line is not JSON with an "input"' }
  }
  if ('problem' in result) {
    return { ...named, valid: false, error: result.problem, message: TRAVEL_ADDRESS_PROBLEMS[result.problem] }
  }
  const { address, uri, url, host, hostKind } = result
  return { ...named, valid: true, address, uri, url, host, host_kind: hostKind }
}

function show(text: string | undefined, result: TravelAddressResult | undefined, decoding: boolean, io: Io) {
  if (result !== undefined && !('problem' in result)) return io.out(decoding ? result.url : result.address)
  const why =
    result === undefined
      ? 'the line is not JSON with an "input" (INVALID_LINE)'
      : `${TRAVEL_ADDRESS_PROBLEMS[result.problem]} (${result.problem})`
  io.err(`tamga: ${JSON.stringify(text?.slice(0, 80) ?? '')}: ${why}`)
}
