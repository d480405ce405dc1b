/** `tamga counterparty report`: the pack about failures that EU TFR 17(2) and UK MLR 64D ask for, as JSON, CSV or text. */
import type { GetCounterpartyReportResponse } from '../../gen/travelrule/v1/counterparty.ts'
import { instant, only, readArguments, required } from '../client/arguments.ts'
import { counterpartyJson, type Json, plainJson } from '../client/json.ts'
import { CONNECTION_OPTIONS } from '../client/profile.ts'
import { withGateway } from '../client/session.ts'
import { counterpartyLines } from '../client/show-counterparty.ts'
import type { Verb } from '../client/verbs.ts'
import { UsageError } from '../command.ts'

export const report: Verb = {
  usage: 'VASP --from DATE [--to DATE] [--csv]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      from: { type: 'string' },
      to: { type: 'string' },
      csv: { type: 'boolean', default: false },
    })
    const vaspId = only('counterparty report', 'VASP id', positionals)
    const { from } = required('counterparty report', values, ['from'])
    if (values.csv && values.json)
      throw new UsageError('counterparty report prints --json or --csv, not both')
    const until = values.to === undefined ? new Date() : instant('--to', values.to)
    const request = { vaspId, from: beginning(from), to: until }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const found = await client.counterparties.getCounterpartyReport(request)
      answer(reportJson(found), values.csv ? csvOf(found) : linesOf(found))
      return 0
    })
  },
}

/** A date alone means its first moment, in UTC. */
function beginning(text: string): Date {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? instant('--from', `${text}T00:00:00Z`) : instant('--from', text)
}

function reportJson(report_: GetCounterpartyReportResponse): { [name: string]: Json } {
  const { counterparty, steps } = report_
  return {
    format: 'tamga-counterparty-report/1',
    ...plainJson(report_),
    ...(counterparty && { counterparty: counterpartyJson(counterparty) }),
    steps: steps.map((step) => ({ ...plainJson(step), data: JSON.parse(step.data) })),
  }
}

function linesOf({
  basis,
  from,
  to,
  counterparty,
  figures,
  steps,
  foundAt,
  reportBy,
}: GetCounterpartyReportResponse) {
  return [
    `${day(from)} to ${day(to)}`,
    ...(counterparty === undefined ? [] : counterpartyLines(counterparty)),
    ...figures.map(
      ({ name, value, unit, definition }) => `  ${name.padEnd(18)} ${value} ${unit}: ${definition}`,
    ),
    ...steps.map(({ at, kind, actor, data }) => `  ${at?.toISOString() ?? ''}  ${kind} by ${actor}: ${data}`),
    ...(foundAt === undefined ? [] : [`  found ${day(foundAt)}, to be reported by ${day(reportBy)}`]),
    ...basis.map((rule) => `  asked for by: ${rule}`),
  ]
}

function day(date: Date | undefined): string {
  return date?.toISOString().slice(0, 10) ?? ''
}

/** RFC 4180, one line for each figure and step. */
export function csvOf(report_: GetCounterpartyReportResponse): readonly string[] {
  const { counterparty, from, to, figures, steps, reporterVaspId } = report_
  const period = [reporterVaspId, counterparty?.vaspId ?? '', counterparty?.lei ?? '', day(from), day(to)]
  return [
    ['reporter', 'counterparty', 'lei', 'from', 'to', 'what', 'name', 'value', 'unit', 'definition'],
    ...figures.map(({ name, value, unit, definition }) => [
      ...period,
      'figure',
      name,
      String(value),
      unit,
      definition,
    ]),
    ...steps.map(({ at, kind, actor, data }) => [
      ...period,
      'step',
      kind,
      at?.toISOString() ?? '',
      actor,
      data,
    ]),
  ].map((row) => row.map(cell).join(','))
}

/** Quoted where it must be; what a spreadsheet would take for a formula is made text (OWASP, CSV injection). */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
