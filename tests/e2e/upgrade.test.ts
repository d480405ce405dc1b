/**
 * A rolling upgrade from the version before the newest migration to this one, under traffic: the old program at work, the schema migrated
 * under it, then one replica after the other replaced. Needs that version's files from git; without them, as in a released archive, the
 * rules of tests/unit/migrations.test.ts are what there is.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { converged, type Records, recordsOf } from '../../src/chaos/records.ts'
import { ordersTo, startTraffic } from '../../src/chaos/traffic.ts'
import { ALICE, BOB } from '../../src/local/demo-vasps.ts'
import { introduceAll } from '../../src/local/introduce.ts'
import { type Network, startNetwork } from '../../src/local/network.ts'
import { migrate } from '../../src/postgres/migrate.ts'
import { openPool } from '../../src/postgres/open-pool.ts'

const ROOT = join(import.meta.dirname, '../..')
const MIGRATIONS = 'src/postgres/migrations'
const NEWEST = readdirSync(join(ROOT, MIGRATIONS)).toSorted().at(-1) ?? ''
/** Receipts travel together since this file came: a program older than it, none of them released, does not read them. */
const READS_TOGETHER = 'src/app/post-receipts.ts'
const TRANSFERS = 120
const PACE_MILLISECONDS = 150
/** As for chaos: a busy machine takes its time. */
const AGREED_WITHIN_MILLISECONDS = 300_000

const directory = mkdtempSync(join(tmpdir(), 'tamga-upgrade-'))
const before = join(directory, 'before')
const hasBefore = unpack()

let network: Network
let records: Records
/** What the next replica that starts runs. */
let program = join(before, 'bin/tamga')

/** The files as they were before the newest migration came; false where git does not have them. */
function unpack(): boolean {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 256 * 1024 * 1024,
    })
  try {
    const came = (file: string) =>
      git('log', '-1', '--format=%H', '--diff-filter=A', '--', file).toString().trim()
    const parent = `${came(`${MIGRATIONS}/${NEWEST}`)}^`
    const reads = git('ls-tree', '--name-only', parent, '--', READS_TOGETHER).length > 0
    const files = git('archive', reads ? parent : came(READS_TOGETHER))
    mkdirSync(before)
    execFileSync('tar', ['-x', '-C', before], { input: files })
  } catch {
    return false
  }
  symlinkSync(join(ROOT, 'node_modules'), join(before, 'node_modules'))
  // Generated code only grows: `buf breaking` sees to it.
  cpSync(join(ROOT, 'src/gen'), join(before, 'src/gen'), { recursive: true })
  return !existsSync(join(before, MIGRATIONS, NEWEST))
}

beforeAll(async () => {
  if (!hasBefore) return
  network = await startNetwork({
    directory,
    vasps: [ALICE, { ...BOB, policy: { ...BOB.policy, inbound: 'ask' } }],
    replicas: 2,
    logLevel: 'warn',
    program: () => program,
  })
  await introduceAll(network)
  records = recordsOf(network)
})
afterAll(async () => {
  await records?.close()
  await network?.stop()
  rmSync(directory, { recursive: true, force: true })
})

async function migrations(vaspId: string): Promise<readonly string[]> {
  const rows = await records.query(vaspId, 'select name from migrations order by name')
  return rows.map(({ name }) => String(name))
}

test.skipIf(!hasBefore)(
  'old and new replicas work side by side on the new schema, and nothing is lost on the way',
  // Once: a second attempt would begin on the new schema.
  { timeout: 480_000, retry: 0 },
  async () => {
    expect(await migrations('alice')).not.toContain(NEWEST)
    let turn = 0
    const traffic = startTraffic(network, {
      orders: ordersTo('bob'),
      offices: ['bob'],
      replica: () => turn++ % 2,
    })
    try {
      const sending = traffic.send('upgrade', TRANSFERS, PACE_MILLISECONDS)
      sending.catch(() => undefined)
      await sleep(2_000)
      for (const vaspId of network.replicas.keys()) {
        const pool = openPool({ url: network.databaseUrl(vaspId), connectionsMax: 1, name: 'tamga-migrate' })
        expect(await migrate(pool)).toContain(NEWEST)
        await pool.end()
      }
      // Old programs alone on the new schema, then beside new ones.
      await sleep(3_000)
      program = join(ROOT, 'bin/tamga')
      for (const index of [0, 1])
        for (const replicas of network.replicas.values()) {
          await replicas[index]?.restart()
          await sleep(2_000)
        }
      await sending
      const judged = await converged(records, {
        told: () => traffic.told,
        quiet: () => traffic.underWay() === 0,
        withinMs: AGREED_WITHIN_MILLISECONDS,
      })
      expect(judged.findings).toEqual([])
      expect(traffic.surprises).toEqual([])
      expect(network.deaths).toEqual([])
      expect(new Set(traffic.told.map(({ transferId }) => transferId)).size).toBe(TRANSFERS)
    } finally {
      await traffic.stop()
    }
  },
)
