/** The schema of a pack, and the sense behind it: what a pack must be before any transfer is judged by it. */
import { isDecimal } from '../decimal.ts'
import { CALENDARS } from './calendars.ts'
import { parseFieldTree } from './field-tree.ts'
import { isDay } from './moment.ts'
import type { PackData } from './pack.ts'

export interface PackProblem {
  readonly rule: string
  /** Dotted path in the pack. */
  readonly path: string
  readonly message: string
}

type Fields = Readonly<Record<string, unknown>>
type Report = (path: string, message: string) => void

const TIMING = ['before-transfer', 'with-transfer', 'unknown']
const ORDERING = ['do-not-execute', 'risk-based', 'unknown']
const BENEFICIARY = [
  'reject-or-return',
  'hold-or-return',
  'execute-reject-return-or-suspend',
  'risk-based',
  'unknown',
]
const SUNRISE = ['do-not-execute', 'collect-and-keep', 'risk-based', 'unknown']
const CLOCKS = ['obtain-missing-data', 'supply-on-request', 'report-repeated-failure']
const WHEN = ['always', 'inside-regime', 'outside-regime', 'intermediated', 'domestic']

/** A pack is its data when the linter finds nothing wrong with it. */
export function isPackData(pack: unknown): pack is PackData {
  return lintPack(pack).length === 0
}

/** Every problem of one pack, empty when it may be used. Takes anything, throws never. */
export function lintPack(pack: unknown): readonly PackProblem[] {
  const problems: PackProblem[] = []
  const fields = fieldsOf(pack)
  const rule = typeof fields['rule'] === 'string' ? fields['rule'] : '?'
  const report: Report = (path, message) => problems.push({ rule, path, message })
  for (const name of ['rule', 'name', 'regulator', 'instrument', 'family', 'timeZone', 'calendar']) {
    requireText(fields[name], name, report)
  }
  if (!/^\d+(\.\d+){0,2}$/.test(String(fields['version'])))
    report('version', 'must be dotted whole numbers, as in 2026.11.1')
  requireTexts(fields['selectors'], 'selectors', report)
  requireTexts(fields['countries'], 'countries', report)
  if (!isTimeZone(fields['timeZone'])) report('timeZone', 'must be an IANA time zone')
  if (!Object.hasOwn(CALENDARS, String(fields['calendar']))) report('calendar', 'must name a known calendar')
  lintEffective(fieldsOf(fields['effective']), report)
  lintAmounts(fields, report)
  lintFields(fields, report)
  lintConduct(fields, report)
  lintConditions(fields, report)
  return problems
}

function lintEffective(effective: Fields, report: Report): void {
  requireCited(effective, 'effective', report)
  const from = effective['from']
  const until = effective['until']
  if (typeof from !== 'string' || !isDay(from)) report('effective.from', 'must be a day, YYYY-MM-DD')
  if (until === undefined) return
  if (typeof until !== 'string' || !isDay(until)) report('effective.until', 'must be a day, YYYY-MM-DD')
  else if (String(from) > until) report('effective.until', 'must not be before effective.from')
}

function lintAmounts(fields: Fields, report: Report): void {
  for (const name of ['inScope', 'fullData']) {
    const threshold = fieldsOf(fields[name])
    requireCited(threshold, name, report)
    if (threshold['amount'] !== null) requireThreshold(threshold, name, report)
    else if (threshold['confidence'] !== 'L')
      report(`${name}.confidence`, 'an unknown amount has confidence L')
  }
  const proof = fieldsOf(fields['selfHosted'])
  requireCited(proof, 'selfHosted', report)
  requireOneOf(proof['proof'], ['amount', 'risk-based', 'none', 'unknown'], 'selfHosted.proof', report)
  if (proof['proof'] === 'amount')
    requireThreshold(fieldsOf(proof['threshold']), 'selfHosted.threshold', report)
  else if (proof['threshold'] !== undefined) report('selfHosted.threshold', 'belongs to proof by amount only')
  if (fields['basic'] === null && !sameAmount(fieldsOf(fields['inScope']), fieldsOf(fields['fullData']))) {
    report('basic', 'must say what is due between the scope and the full-data amounts, which differ')
  }
}

function lintFields(fields: Fields, report: Report): void {
  const full = fieldsOf(fields['full'])
  requireTree(full['natural'], 'full.natural', report)
  requireTree(full['legal'], 'full.legal', report)
  if (fields['basic'] !== null) requireTree(fields['basic'], 'basic', report)
}

function lintConduct(fields: Fields, report: Report): void {
  for (const name of ['timing', 'missing', 'repeatFailure', 'retention', 'sunrise', 'linked']) {
    requireCited(fieldsOf(fields[name]), name, report)
  }
  const missing = fieldsOf(fields['missing'])
  requireOneOf(fieldsOf(fields['timing'])['latest'], TIMING, 'timing.latest', report)
  requireOneOf(missing['ordering'], ORDERING, 'missing.ordering', report)
  requireOneOf(missing['beneficiary'], BENEFICIARY, 'missing.beneficiary', report)
  requireOneOf(fieldsOf(fields['sunrise'])['conduct'], SUNRISE, 'sunrise.conduct', report)
  const years = fieldsOf(fields['retention'])['years']
  if (!isCount(years) || years > 100) report('retention.years', 'must be whole years from 1 to 100')
  const clocks = missing['clocks']
  if (!Array.isArray(clocks)) report('missing.clocks', 'must be a list')
  else clocks.forEach((clock, index) => lintClock(fieldsOf(clock), `missing.clocks.${index}`, report))
}

function lintConditions(fields: Fields, report: Report): void {
  if (typeof fieldsOf(fields['linked'])['aggregate'] !== 'boolean')
    report('linked.aggregate', 'must be true or false')
  const relief = fields['domesticRelief']
  if (relief !== undefined) {
    requireCited(fieldsOf(relief), 'domesticRelief', report)
    requireTexts(fieldsOf(relief)['countries'], 'domesticRelief.countries', report)
    if (fields['basic'] === null)
      report('domesticRelief', 'leads to the basic tier, which the pack does not have')
  }
  const prohibitions = fields['prohibitions'] ?? []
  if (!Array.isArray(prohibitions)) report('prohibitions', 'must be a list')
  else prohibitions.forEach((one, index) => lintProhibition(fieldsOf(one), `prohibitions.${index}`, report))
}

function lintProhibition(prohibition: Fields, path: string, report: Report): void {
  requireCited(prohibition, path, report)
  requireText(prohibition['text'], `${path}.text`, report)
  const from = prohibition['from']
  if (typeof from !== 'string' || !isDay(from)) report(`${path}.from`, 'must be a day, YYYY-MM-DD')
  const when = fieldsOf(prohibition['when'])
  requireOneOf(
    when['kind'],
    ['counterparty-country', 'anonymity-enhanced-asset', 'asset-symbol'],
    `${path}.when.kind`,
    report,
  )
  if (when['kind'] === 'counterparty-country')
    requireTexts(when['countries'], `${path}.when.countries`, report)
  if (when['kind'] === 'asset-symbol') requireTexts(when['symbols'], `${path}.when.symbols`, report)
}

function lintClock(clock: Fields, path: string, report: Report): void {
  requireOneOf(clock['clock'], CLOCKS, `${path}.clock`, report)
  requireOneOf(clock['when'], WHEN, `${path}.when`, report)
  const lengths = [clock['workingDays'], clock['months']].filter((length) => length !== undefined)
  if (lengths.length !== 1 || !isCount(lengths[0]))
    report(path, 'must run for whole workingDays or months, one of them')
}

function requireThreshold(threshold: Fields, path: string, report: Report): void {
  const amount = threshold['amount']
  if (typeof amount !== 'string' || !isDecimal(amount)) report(`${path}.amount`, 'must be decimal text')
  if (!/^[A-Z]{3}$/.test(String(threshold['currency'])))
    report(`${path}.currency`, 'must be an ISO 4217 code')
  requireOneOf(threshold['comparator'], ['>=', '>'], `${path}.comparator`, report)
}

function requireCited(figure: Fields, path: string, report: Report): void {
  requireText(figure['clause'], `${path}.clause`, report)
  requireOneOf(figure['confidence'], ['H', 'M', 'L'], `${path}.confidence`, report)
  const sources = figure['sources']
  if (!Array.isArray(sources) || sources.length === 0)
    report(`${path}.sources`, 'must name at least one source')
}

function requireTree(rule: unknown, path: string, report: Report): void {
  const fields = fieldsOf(rule)
  requireCited(fields, path, report)
  const tree = fields['tree']
  if (typeof tree !== 'string' || parseFieldTree(tree) === undefined)
    report(`${path}.tree`, 'must be a field tree over known elements')
  const held = fields['ifHeld'] ?? []
  const isSound =
    Array.isArray(held) && held.every((one) => typeof one === 'string' && parseFieldTree(one) !== undefined)
  if (!isSound) report(`${path}.ifHeld`, 'must list known elements')
}

function requireText(value: unknown, path: string, report: Report): void {
  if (typeof value !== 'string' || value.trim() === '') report(path, 'must be text')
}

function requireTexts(value: unknown, path: string, report: Report): void {
  const isSound =
    Array.isArray(value) && value.every((one) => typeof one === 'string' && /^[A-Z0-9-]+$/.test(one))
  if (!isSound) report(path, 'must be a list of upper-case codes')
}

function requireOneOf(value: unknown, allowed: readonly string[], path: string, report: Report): void {
  if (typeof value !== 'string' || !allowed.includes(value))
    report(path, `must be one of ${allowed.join(', ')}`)
}

function sameAmount(a: Fields, b: Fields): boolean {
  return ['amount', 'currency', 'comparator'].every((key) => a[key] === b[key])
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
