/** Two real gateways on their hosts: the running audit worker, and the commands that an officer and a stranger type. */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { sha256 } from '../../src/app/audit-log.ts'
import { command as audit } from '../../src/cli/audit.ts'
import { command as evidence } from '../../src/cli/evidence.ts'
import { command as retention } from '../../src/cli/retention.ts'
import { parseCheckpoint, parseNotes } from '../../src/domain/audit/checkpoint.ts'
import { isConsistent, leafHash, rootOf } from '../../src/domain/audit/merkle.ts'
import { Decision } from '../../src/gen/travelrule/v1/common.ts'
import { connectAs } from '../../src/local/introduce.ts'
import { checkEvidence } from '../../src/sealing/evidence-check.ts'
import { run } from '../support/cli.ts'
import { LAB_VASPS, type Lab, startLab } from '../support/lab.ts'
import { withdrawal } from '../support/traffic.ts'

let lab: Lab
let transferId: string

beforeAll(async () => {
  lab = await startLab(LAB_VASPS.slice(0, 2), 2)
  const client = connectAs(lab.network.profile('alice', 'integrator'))
  try {
    const wait = { seconds: 10n, nanos: 0 }
    const { transfer } = await client.transfers.authorizeTransfer({
      requestId: 'one',
      wait,
      ...withdrawal('bob', '1'),
    })
    if (transfer?.decision !== Decision.PROCEED) throw new Error('the transfer was not accepted')
    ;({ transferId } = transfer)
  } finally {
    client.close()
  }
}, 120_000)
afterAll(() => lab?.remove())

const at = (name: string) => join(lab.network.directory, name)
const hostOf = (vaspId: string) => lab.network.replicas.get(vaspId)?.[0]?.environment ?? {}
const Logs = z.looseObject({
  sound: z.boolean(),
  logs: z.array(
    z.looseObject({
      size: z.int(),
      waiting: z.int(),
      findings: z.array(z.looseObject({ code: z.string() })),
    }),
  ),
})

function headOf(note: string) {
  const head = parseCheckpoint(parseNotes(note)?.[0]?.text ?? '')
  if (head === undefined) throw new Error('no checkpoint')
  return head
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 15_000; !(await holds()); await sleep(200))
    if (Date.now() > until) throw new Error('it never came true')
}

test('two replicas give every entry its place and sign checkpoints by themselves', async () => {
  await eventually(async () => {
    const { logs } = (await run(audit, ['verify', '--json'], hostOf('alice'))).answer(Logs)
    return logs.every(({ size, waiting }) => size > 0 && waiting === 0)
  })
  const ran = await run(audit, ['verify'], hostOf('bob'))
  expect(ran.exit).toBe(0)
  expect(ran.out.join('\n')).toMatch(/^bob {2}sound: \d+ entries/m)
})

test('each side’s bundle verifies with no gateway at hand, by keys fetched beforehand', async () => {
  const pins: string[] = []
  for (const id of ['alice', 'bob']) {
    const url = lab.network.replicas.get(id)?.[0]?.httpUrl ?? ''
    writeFileSync(at(`${id}.jwks`), await (await fetch(`${url}/.well-known/jwks.json`)).text())
    pins.push('--pinned-keys', at(`${id}.jwks`))
  }
  for (const id of ['alice', 'bob']) {
    const file = at(`${id}.evidence`)
    const made = await run(
      evidence,
      ['export', transferId, '--out', file, '--with-personal-data'],
      hostOf(id),
    )
    expect(made.exit).toBe(0)
    const verdict = await run(evidence, ['verify', file, ...pins], {})
    expect(verdict.out.join('\n')).toContain(
      'bob signed the receipt for transfer.request: stored; signature good',
    )
    expect(verdict.out.at(-1)).toBe('VALID: every signature, digest and proof fits')
    expect(verdict.exit).toBe(0)
    const forged = readFileSync(file, 'utf8').replace('"amount":"1"', '"amount":"2"')
    writeFileSync(at('forged'), forged)
    const judged = await run(evidence, ['verify', at('forged'), '--json'], {})
    expect(judged.exit).toBe(1)
    expect(judged.json()).toMatchObject({
      valid: false,
      findings: expect.arrayContaining([expect.objectContaining({ code: 'SEAL' })]),
    })
  }
})

test('an auditor reads the log and the bundle over the API, and checks both alone', async () => {
  const auditor = connectAs(lab.network.profile('bob', 'auditor', 1))
  try {
    const before = await auditor.evidence.getCheckpoint({})
    const { bundle } = await auditor.evidence.getEvidence({ transferId })
    const verdict = await checkEvidence(bundle)
    expect(verdict).toMatchObject({ valid: true, exporter: 'bob', transferId, personalData: false })

    // Giving out the bundle was itself recorded: the log has grown.
    const after = await auditor.evidence.getCheckpoint({ consistentWith: before.size })
    const [old, head] = [headOf(before.note), headOf(after.note)]
    expect(head.size).toBeGreaterThan(old.size)
    expect(isConsistent(sha256, old, head, after.consistencyProof)).toBe(true)
    const entries: string[] = []
    for (let pageToken = '', first = true; first || pageToken !== ''; first = false) {
      const page = await auditor.evidence.listAuditEntries({ pageSize: 7, pageToken })
      expect(page.entries.map(({ position }) => Number(position))).toEqual(
        page.entries.map((_, n) => entries.length + n),
      )
      entries.push(...page.entries.map(({ entry }) => entry))
      pageToken = page.nextPageToken
    }
    const leaves = entries.slice(0, head.size).map((entry) => leafHash(sha256, Buffer.from(entry)))
    expect(Buffer.from(rootOf(sha256, leaves))).toEqual(Buffer.from(head.root))

    const tooLong = auditor.evidence.getCheckpoint({ consistentWith: after.size + 1_000n })
    await expect(tooLong).rejects.toMatchObject({ reason: 'AUDIT_LOG_SHORTER' })
    const unknown = auditor.evidence.getEvidence({ transferId: '018f0000-0000-7000-8000-000000000000' })
    await expect(unknown).rejects.toMatchObject({ reason: 'TRANSFER_NOT_FOUND' })
    const junk = auditor.evidence.listAuditEntries({ pageToken: 'x' })
    await expect(junk).rejects.toMatchObject({ reason: 'PAGE_TOKEN_INVALID' })
  } finally {
    auditor.close()
  }
})

/** Ends the transfer on both sides, and gives its sealed bodies as they lie in the databases. */
async function endedBodies(): Promise<readonly Buffer[]> {
  const client = connectAs(lab.network.profile('alice', 'integrator'))
  await client.transfers.cancelTransfer({ requestId: randomUUID(), transferId, reason: 'CUSTOMER' })
  client.close()
  const bodies: Buffer[] = []
  for (const [id, table] of [
    ['alice', 'outbox'],
    ['bob', 'inbox'],
  ] as const) {
    const pool = new pg.Pool({ connectionString: lab.network.databaseUrl(id) })
    await eventually(async () => {
      const { rows } = await pool.query(
        `select from transfers t where id = $1 and state = 'cancelled'
           and not exists (select from outbox where transfer_id = t.id and state = 'waiting')`,
        [transferId],
      )
      return rows.length === 1
    })
    const { rows } = await pool.query<{ envelope: string }>(
      `select envelope from ${table} where transfer_id = $1 and type = 'transfer.request'`,
      [transferId],
    )
    // The end of the ciphertext: what stands before it is alike in all envelopes to one receiver.
    for (const { envelope } of rows) bodies.push(Buffer.from(envelope.slice(-400, -330)))
    await pool.end()
  }
  return bodies
}

/** Files of the network outside its databases: the broker's store, logs, settings. What an officer exported is another matter. */
function ourFiles(): readonly string[] {
  return readdirSync(lab.network.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('postgres'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(evidence|forged|shredded)$/.test(file))
}

test('an officer shreds a transfer, unless a legal hold is set; what is left proves it, and no copy lies about', async () => {
  const bodies = await endedBodies()
  expect(bodies).toHaveLength(2)
  const person = ['--person', 'olga', '--reason', 'CASE-1']
  const on = (args: readonly string[], id = 'alice') => run(retention, args, hostOf(id))
  expect((await on(['due'])).out).toEqual([])
  const soon = await on(['due', '--at', '2038-01-01', '--json'])
  expect(soon.json()).toMatchObject({ due: [{ transfer_id: transferId, vasp_id: 'alice', held: false }] })
  const early = await on(['shred', transferId])
  expect([early.exit, early.err.join()]).toEqual([1, expect.stringContaining('RETENTION_NOT_OVER')])
  const held = await on(['hold', ...person, '--json', transferId])
  const id = z.object({ legal_hold: z.string() }).parse(held.json()).legal_hold
  expect((await on(['holds'])).out.join()).toContain(`transfer ${transferId}  CASE-1  set by person:olga`)
  expect((await on(['shred', '--early', ...person, transferId])).err.join()).toContain('LEGAL_HOLD')
  expect((await on(['lift', ...person, id])).exit).toBe(0)
  expect((await on(['lift', ...person, id])).exit).toBe(1)
  for (const side of ['alice', 'bob']) {
    expect((await on(['shred', '--early', ...person, transferId], side)).exit).toBe(0)
    expect((await on(['shred', '--early', ...person, transferId], side)).exit).toBe(1)
  }
  for (const side of ['alice', 'bob']) {
    const file = at(`${side}.shredded`)
    await run(evidence, ['export', transferId, '--out', file, '--with-personal-data'], hostOf(side))
    const pins = ['alice', 'bob'].flatMap((vaspId) => ['--pinned-keys', at(`${vaspId}.jwks`)])
    const verdict = await run(evidence, ['verify', file, ...pins], {})
    expect(verdict.out.at(-1)).toBe('VALID: every signature, digest and proof fits')
    expect(verdict.out.join('\n')).toContain('shredded the personal data, by person:olga; early: CASE-1')
  }
  const files = ourFiles()
  expect(files.filter((file) => file.endsWith('.blk'))).not.toEqual([])
  expect(files.filter((file) => bodies.some((body) => readFileSync(file).includes(body)))).toEqual([])
})

test('a pinned checkpoint catches a log that was altered beneath a running gateway', async () => {
  const pin = await run(audit, ['checkpoint'], hostOf('alice'))
  writeFileSync(at('pins'), `${pin.out.join('\n')}\n`)
  const before = await run(audit, ['verify', '--pinned', at('pins'), '--json'], hostOf('alice'))
  expect(before.answer(Logs)).toMatchObject({ sound: true, logs: [{ pinned: 1 }] })

  const pool = new pg.Pool({ connectionString: lab.network.databaseUrl('alice') })
  try {
    await pool.query('alter table audit_entries disable trigger user')
    await pool.query(
      `update audit_entries set entry = replace(entry, '"accepted"', '"rejected"') where position($1 in entry) > 0`,
      [transferId],
    )
  } finally {
    await pool.end()
  }
  const ran = await run(audit, ['verify', '--pinned', at('pins')], hostOf('alice'))
  expect(ran.exit).toBe(1)
  expect(ran.out.join('\n')).toMatch(/ENTRY_EDITED {2}entry #\d+ \(row \d+\/\d+\) was edited/)
})

test('what is no bundle, no transfer and no pin is said so', async () => {
  writeFileSync(at('junk'), '{"format":"tamga-evidence/1"}')
  expect((await run(evidence, ['verify', at('junk')], {})).exit).toBe(1)
  const unknown = '018f0000-0000-7000-8000-000000000000'
  expect((await run(evidence, ['export', unknown], hostOf('bob'))).exit).toBe(1)
  await expect(run(evidence, ['export', 'x'], hostOf('bob'))).rejects.toThrow('is a UUID')
  await expect(run(audit, ['verify', '--pinned', at('junk')], hostOf('bob'))).rejects.toThrow('--pinned')
})
