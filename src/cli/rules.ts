/** `tamga rules`: judges transfers under the Travel Rule packs, shows the packs, replays decisions. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { DecisionRecord, PackData, RulePack } from '../domain/rules/index.ts'
import { assessTransfer, lintPack, loadPacks, PACK_DATA, replay, SOURCES } from '../domain/rules/index.ts'
import { type Command, type ExitCode, type Io, UsageError } from './command.ts'
import { answerOf, dutyOf, problemAnswer, readLine } from './rules-line.ts'
import { namesMemberTwice } from './twice-named.ts'

export const command: Command = {
  usage:
    'assess [--json] [--record] [--packs FILE] FILE… | list [--json] | show RULE | lint [FILE…] | replay [--json] [--under recorded|current] [--packs FILE] FILE…',
  summary:
    'Says which Travel Rule duties transfers carry (JSON lines; - is standard input), and under which law.',
  run(args, io) {
    const [verb = '', ...rest] = args
    const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
    if (run === undefined)
      throw new UsageError('rules needs assess, list, show, lint or replay; see tamga rules --help')
    return Promise.resolve(run(rest, io))
  },
}

const VERBS: Readonly<Record<string, (args: readonly string[], io: Io) => ExitCode>> = {
  assess,
  list,
  show,
  lint,
  replay: replayFiles,
}

const OPTIONS = {
  json: { type: 'boolean', default: false },
  record: { type: 'boolean', default: false },
  packs: { type: 'string', multiple: true },
  under: { type: 'string', default: 'current' },
} as const

function readArguments(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
}

function assess(args: readonly string[], io: Io): ExitCode {
  const { values, positionals } = readArguments(args)
  const packs = packsWith(values.packs ?? [])
  let unreadLines = 0
  for (const { at, json } of linesOf(positionals)) {
    const line = readLine(json)
    if ('problems' in line) {
      unreadLines += 1
      if (values.json) io.out(JSON.stringify(problemAnswer(line.id, line.problems)))
      else
        for (const { path, message } of line.problems)
          io.out(`${line.id ?? at}: not read: ${path} ${message}`)
      continue
    }
    const assessment = assessTransfer(line.input, packs)
    const record: DecisionRecord = { input: line.input, assessment }
    const answer = answerOf(line.id, assessment, line.ignored)
    if (values.json) io.out(JSON.stringify(values.record ? { ...answer, record } : answer))
    else for (const text of plainLines(line.id ?? at, record)) io.out(text)
  }
  return unreadLines > 0 ? 1 : 0
}

function plainLines(name: string, { assessment }: DecisionRecord): readonly string[] {
  return [
    `${name}: ${dutyOf(assessment.decision)}${assessment.unverified ? ' (rests on unverified figures)' : ''}`,
    ...assessment.regimes.map(
      (regime) =>
        `  ${regime.rule} ${regime.version} (${regime.binds}): ${regime.tier}; wallet proof ${regime.selfHosted.duty}; ${regime.clause} [${regime.confidence}]`,
    ),
    ...assessment.nearest.map((pointer) => `  missing: ${pointer}`),
    ...assessment.findings.map(
      (finding) =>
        `  ${finding.severity}: ${finding.code}${finding.rule === undefined ? '' : ` ${finding.rule}`}: ${finding.message}`,
    ),
  ]
}

function list(args: readonly string[], io: Io): ExitCode {
  const { values } = readArguments(args)
  for (const pack of packsWith(values.packs ?? [])) {
    const { rule, version, hash, name, effective, inScope, fullData, selfHosted } = pack
    if (values.json) {
      io.out(
        JSON.stringify({
          rule,
          version,
          hash,
          name,
          selectors: pack.selectors,
          effective,
          in_scope: inScope,
          full_data: fullData,
          self_hosted: selfHosted,
        }),
      )
    } else {
      const until = effective.until === undefined ? '' : ` to ${effective.until}`
      io.out(
        `${rule.padEnd(14)} ${version}  ${effective.from}${until}  scope ${amountText(inScope)}, full ${amountText(fullData)}, wallet proof ${proofText(pack)}  ${name}`,
      )
    }
  }
  return 0
}

function amountText(threshold: PackData['inScope']): string {
  const { amount, currency, comparator, confidence } = threshold
  if (amount === null) return `unknown [${confidence}]`
  return amount === '0' && comparator === '>='
    ? `all [${confidence}]`
    : `${comparator} ${currency} ${amount} [${confidence}]`
}

function proofText({ selfHosted }: PackData): string {
  const { proof, threshold, confidence } = selfHosted
  return threshold === undefined
    ? `${proof} [${confidence}]`
    : `${threshold.comparator} ${threshold.currency} ${threshold.amount} [${confidence}]`
}

function show(args: readonly string[], io: Io): ExitCode {
  const { values, positionals } = readArguments(args)
  const [rule = ''] = positionals
  const pack = packsWith(values.packs ?? []).find((one) => one.rule === rule.toUpperCase())
  if (pack === undefined) {
    io.err(`tamga: no rule pack "${rule}"; "tamga rules list" names them`)
    return 1
  }
  const { trees: _, ...data } = pack
  const sources = Object.fromEntries(pack.effective.sources.map((id) => [id, SOURCES[id] ?? null]))
  io.out(JSON.stringify({ ...data, sources }, undefined, 2))
  return 0
}

function lint(args: readonly string[], io: Io): ExitCode {
  const { positionals } = readArguments(args)
  const data = positionals.length === 0 ? PACK_DATA : positionals.flatMap(readPacks)
  const problems = data.flatMap((pack) => lintPack(pack))
  for (const { rule, path, message } of problems) io.out(`${rule} ${path}: ${message}`)
  if (problems.length === 0) io.out(`${data.length} packs, no problem found`)
  return problems.length === 0 ? 0 : 1
}

function replayFiles(args: readonly string[], io: Io): ExitCode {
  const { values, positionals } = readArguments(args)
  const { under } = values
  if (under !== 'recorded' && under !== 'current') throw new UsageError('--under takes recorded or current')
  const packs = packsWith(values.packs ?? [])
  let changed = 0
  for (const { at, json } of linesOf(positionals)) {
    const record = recordOf(json)
    if (record === undefined)
      throw new UsageError(`${at} holds no decision record; make them with "rules assess --json --record"`)
    const { assessment, differences, unavailable } = replay(record, packs, under)
    if (differences.length > 0) changed += 1
    const id = record.input.id ?? null
    if (values.json) {
      io.out(
        JSON.stringify({
          id,
          same: differences.length === 0,
          duty: dutyOf(assessment.decision),
          differences,
          unavailable,
        }),
      )
      continue
    }
    io.out(`${id ?? at}: ${differences.length === 0 ? 'same' : `${differences.length} differences`}`)
    for (const { path, before, after } of differences)
      io.out(`  ${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`)
    for (const pack of unavailable) io.out(`  not at hand: ${pack}`)
  }
  return changed === 0 ? 0 : 1
}

function packsWith(files: readonly string[]): readonly RulePack[] {
  return loadPacks([...PACK_DATA, ...files.flatMap(readPacks)], (text) =>
    createHash('sha256').update(text, 'utf8').digest('hex'),
  )
}

function readPacks(file: string): readonly unknown[] {
  const json = parseJson(readText(file), file)
  return Array.isArray(json) ? json : [json]
}

/** Every line that is not blank, with where it stands for messages. A line that is no JSON, or says one thing twice, reads as undefined. */
function* linesOf(files: readonly string[]): Generator<{ readonly at: string; readonly json: unknown }> {
  if (files.length === 0)
    throw new UsageError('name at least one file of JSON lines, or - for standard input')
  for (const file of files) {
    for (const [index, text] of readText(file).split('\n').entries()) {
      if (text.trim() === '') continue
      yield { at: `${file}:${index + 1}`, json: parseLine(text) }
    }
  }
}

function parseLine(text: string): unknown {
  try {
    return namesMemberTwice(text) ? undefined : JSON.parse(text, asWritten)
  } catch {
    return undefined
  }
}

/** A number that JavaScript would round or respell stays the text that was written: amounts and rates are exact. */
function asWritten(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined) return value
  return source === String(value) && source.length <= 15 ? value : source
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`${file} is not JSON`, { cause })
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '')
  } catch (cause) {
    throw new UsageError(`cannot read ${file}`, { cause })
  }
}

/** A record is our own output: the shape is trusted once both halves are there. */
function recordOf(json: unknown): DecisionRecord | undefined {
  const record = typeof json === 'object' && json !== null && 'record' in json ? json.record : json
  return isRecord(record) ? record : undefined
}

function isRecord(value: unknown): value is DecisionRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'input' in value &&
    'assessment' in value &&
    typeof value.assessment === 'object'
  )
}
