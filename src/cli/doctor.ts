/** `tamga doctor`: what is wrong with this deployment, on a gateway's host with its environment. Changes nothing. */

import { type Config, loadConfig } from '../config.ts'
import { openPool } from '../postgres/open-pool.ts'
import { type ConfiguredVasp, loadVasps } from '../vasps.ts'
import { readArguments } from './client/arguments.ts'
import type { Command } from './command.ts'
import { checkCounterparties } from './doctor/counterparties.ts'
import { checkClock, checkSchema, checkWork } from './doctor/database.ts'
import { checkFiles } from './doctor/files.ts'
import { checkNats } from './doctor/nats.ts'
import { checkOwnKeys } from './doctor/own-keys.ts'
import { checkProvider } from './doctor/provider.ts'
import { exitOf, type Finding, type Report, reportLines } from './doctor/report.ts'

export const command: Command = {
  usage: '[--json]',
  summary: 'Says what is wrong with this deployment; exit 0 nothing, 1 something to do, 2 could not look.',
  async run(args, io) {
    const { values } = readArguments(args, { json: { type: 'boolean', default: false } })
    const report = await examine(io.env, new Date())
    if (values.json) io.out(JSON.stringify({ healthy: exitOf(report) === 0, ...report }))
    else for (const line of reportLines(report)) io.out(line)
    return exitOf(report)
  },
}

export async function examine(env: NodeJS.ProcessEnv, now: Date): Promise<Report> {
  const settings = attempt('SETTINGS', 'environment', () => loadConfig(env))
  if ('problems' in settings) return blind([], settings.problems, ['vasps', ...BEHIND_SETTINGS])
  const config = settings.value
  const local = attempt('VASPS_FILE', config.vaspsFile, () => loadVasps(config.vaspsFile))
  if ('problems' in local) return blind(['settings'], local.problems, BEHIND_SETTINGS)
  const vasps = local.value
  const database = await examineDatabase(config, vasps, now)
  return {
    looked: [
      'settings',
      'vasps',
      'files',
      'keys',
      'nats',
      ...(config.oidc === undefined ? [] : ['provider']),
      ...database.looked,
    ],
    unseen: database.unseen,
    findings: [
      ...checkFiles(config, vasps, env['TAMGA_DATABASE_URL_FILE'], now),
      ...(await checkOwnKeys(config.keysDirectory, [...vasps.keys()], now)),
      ...(await checkNats(config, vasps)),
      ...(await checkProvider(config)),
      ...database.findings,
    ],
  }
}

const IN_DATABASE = ['schema', 'work', 'counterparties']
const BEHIND_SETTINGS = ['files', 'keys', 'nats', 'database', ...IN_DATABASE]

async function examineDatabase(
  config: Config,
  vasps: ReadonlyMap<string, ConfiguredVasp>,
  now: Date,
): Promise<Report> {
  const pool = openPool({
    url: config.databaseUrl,
    connectionsMax: 1,
    connectMilliseconds: 5_000,
    statementMilliseconds: 10_000,
    name: 'tamga-doctor',
  })
  try {
    const clock = await checkClock(pool)
    const schema = await checkSchema(pool)
    if (schema.some(({ code }) => code === 'SCHEMA_BEHIND'))
      return {
        looked: ['database', 'schema'],
        unseen: ['work', 'counterparties'],
        findings: [...clock, ...schema],
      }
    const findings = [
      ...clock,
      ...schema,
      ...(await checkWork(pool)),
      ...(await checkCounterparties(pool, vasps, now)),
    ]
    return { looked: ['database', ...IN_DATABASE], unseen: [], findings }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
    const message = `it cannot be asked (${code}); see TAMGA_DATABASE_URL_FILE, and whether PostgreSQL runs`
    return {
      looked: [],
      unseen: ['database', ...IN_DATABASE],
      findings: [{ code: 'DATABASE_UNREACHABLE', subject: 'database', message }],
    }
  } finally {
    await pool.end()
  }
}

type Attempt<T> = { readonly value: T } | { readonly problems: readonly Finding[] }

/** Every line of the error is a problem of its own: the loaders tell all at once. */
function attempt<T>(code: string, subject: string, load: () => T): Attempt<T> {
  try {
    return { value: load() }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { problems: problemsOf(message).map((line) => ({ code, subject, message: line })) }
  }
}

/** Zod writes `✖ what is wrong` and below it `→ at where`. */
export function problemsOf(message: string): readonly string[] {
  const joined = message.replaceAll(/\n\s*→ at /g, ' at ')
  const marked = joined.split('\n').filter((line) => line.includes('✖'))
  if (marked.length === 0) return [joined.trim()]
  return marked.map((line) => {
    const unset = /received undefined at (TAMGA_\w+)$/.exec(line)?.[1]
    return unset === undefined
      ? line.replace(/^\s*✖\s*/, '')
      : `${unset} is not set; tamga config tells what it is for`
  })
}

function blind(looked: readonly string[], findings: readonly Finding[], unseen: readonly string[]): Report {
  return { looked, findings, unseen }
}
