/** What an operator's commands conclude from files and times: `tamga doctor` and `tamga keys`. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lapsing } from '../../src/cli/doctor/counterparties.ts'
import { checkFiles } from '../../src/cli/doctor/files.ts'
import { checkOwnKeys } from '../../src/cli/doctor/own-keys.ts'
import { exitOf, reportLines } from '../../src/cli/doctor/report.ts'
import { command as doctor, problemsOf } from '../../src/cli/doctor.ts'
import { stateOf } from '../../src/cli/keys/describe.ts'
import { checkOwner, rotateKeys } from '../../src/cli/keys/rotate.ts'
import { command as keys } from '../../src/cli/keys.ts'
import type { Config } from '../../src/config.ts'
import type { Counterparty, Proof } from '../../src/domain/counterparty/counterparty.ts'
import { issueServer, makeAuthority } from '../../src/local/certificates.ts'
import { writeRevocationList } from '../../src/local/revocation-list.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { run } from '../support/cli.ts'

const DAY = 86_400_000
const NOW = new Date()
const Told = z.object({ findings: z.array(z.object({ message: z.string() })), looked: z.array(z.string()) })
const later = (days: number) => new Date(NOW.getTime() + days * DAY)

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamga-operator-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

describe('the report', () => {
  const finding = { code: 'KEY_ENDING', subject: 'alice', message: 'rotate it' }

  it('ends with 0 for nothing, 1 for something, 2 when it could not look', () => {
    expect(exitOf({ looked: ['keys'], unseen: [], findings: [] })).toBe(0)
    expect(exitOf({ looked: ['keys'], unseen: [], findings: [finding] })).toBe(1)
    expect(exitOf({ looked: [], unseen: ['keys'], findings: [] })).toBe(2)
    expect(reportLines({ looked: ['nats'], unseen: ['keys'], findings: [finding] })).toEqual([
      'KEY_ENDING  alice: rotate it',
      'not looked at: keys',
      '1 finding(s); looked at nats',
    ])
  })

  it('tells every problem of the settings at once, and that nothing else was looked at', async () => {
    const ran = await run(doctor, ['--json'], { TAMGA_MODE: 'demo', TAMGA_TYPO: '1' })
    expect(ran.exit).toBe(2)
    const { findings, looked } = ran.answer(Told)
    const said = findings.map(({ message }) => message).join('\n')
    expect(said).toMatch(/TAMGA_MODE/)
    expect(said).toMatch(/TAMGA_TYPO is not a setting/)
    expect(said).toMatch(/TAMGA_VASPS_FILE is not set/)
    expect(looked).toEqual([])
  })

  it('reads a problem with the place that stands below it', () => {
    expect(problemsOf('file:\n✖ Too small\n  → at [0].policy.permitSeconds\n✖ Unknown')).toEqual([
      'Too small at [0].policy.permitSeconds',
      'Unknown',
    ])
    expect(problemsOf('vasps.json: not readable JSON')).toEqual(['vasps.json: not readable JSON'])
  })
})

describe('files', () => {
  it('are reported when a certificate ends within 30 days, a key is another one, or a secret is open to all', async () => {
    const directory = join(folder, 'certs')
    const authority = await makeAuthority('ca', directory)
    const about = { directory, hosts: ['localhost'] }
    const long = await issueServer(authority, { ...about, name: 'long', days: 90 })
    const short = await issueServer(authority, { ...about, name: 'short', days: 12 })
    const url = join(folder, 'database-url')
    writeFileSync(url, 'postgres://', { mode: 0o600 })
    const config = (cert: string, key: string, crl?: string): Config => ({
      mode: 'production',
      databaseUrl: '',
      databaseConnections: 2,
      vaspsFile: '',
      keysDirectory: '',
      trustDomain: 'x',
      custody: { kind: 'file' },
      grpc: { listen: '', cert, key, ca: authority.cert, crl },
      httpListen: '',
      adminListen: '',
      limits: { callsPerSecond: 1, callsBurst: 1, callsPerCaller: 1, watchesPerCaller: 1 },
      nats: { servers: [] },
      webhooks: { allow: [], http: false },
      clockOffsetSeconds: 0,
      logLevel: 'info',
    })
    const codes = (of: Config) =>
      checkFiles(of, new Map(), url, NOW).map(({ code, subject }) => [code, subject])
    expect(codes(config(long.cert, long.key))).toEqual([])
    expect(codes(config(short.cert, short.key))).toEqual([['CERTIFICATE_ENDING', short.cert]])
    expect(codes(config(long.cert, short.key))).toEqual([['CERTIFICATE_KEY', short.key]])
    expect(codes(config(join(folder, 'none.pem'), long.key)).map(([code]) => code)).toEqual([
      'FILE_UNREADABLE',
      'FILE_UNREADABLE',
    ])
    const revoking = { directory: folder, names: [], days: 1 }
    const list = await writeRevocationList(authority, revoking)
    expect(codes(config(long.cert, long.key, list))).toEqual([])
    const lapsed = await writeRevocationList(authority, { ...revoking, days: -1 })
    expect(codes(config(long.cert, long.key, lapsed))).toEqual([['REVOCATION_LIST_OLD', lapsed]])
    const tls = { cert: short.cert, key: long.key }
    const oidc = { clientId: 'c', clientSecretFile: url, scopes: 'openid', sessionSeconds: 3_600 }
    const served = { ...config(long.cert, long.key), console: { listen: '', origin: undefined, tls, oidc } }
    expect(codes(served)).toEqual([
      ['CERTIFICATE_ENDING', short.cert],
      ['CERTIFICATE_KEY', long.key],
    ])
    chmodSync(url, 0o644)
    expect(checkFiles(served, new Map(), undefined, NOW).at(-1)).toMatchObject({
      code: 'SECRET_READABLE',
      subject: url,
    })
    expect(codes(config(long.cert, long.key))).toEqual([['SECRET_READABLE', url]])
  })
})

describe('own keys', () => {
  it('are reported when others may read them, when they end, and when there are none', async () => {
    const directory = join(folder, 'keys')
    const codes = async (at: Date, ids = ['alice']) =>
      (await checkOwnKeys(directory, ids, at)).map(({ code, subject }) => `${code} ${subject}`)
    expect(await codes(NOW)).toEqual([`KEYS_UNREADABLE ${directory}`])
    await fileKeyStore(directory, { validityDays: 60 }).init('alice', NOW)
    expect(await codes(later(1))).toEqual([])
    expect(await codes(later(31))).toEqual(['KEY_ENDING alice', 'KEY_ENDING alice'])
    expect(await codes(later(61))).toEqual(['KEY_ENDED alice', 'KEY_ENDED alice'])
    expect(await codes(later(1), ['alice', 'bob'])).toEqual(Array(4).fill('KEY_MISSING bob'))
    const kek = readdirSync(directory).find((name) => name.includes('.kek.')) ?? ''
    chmodSync(join(directory, kek), 0o644)
    expect(await codes(later(1))).toEqual([`KEY_MODE ${join(directory, kek)}`, 'KEY_MISSING alice'])
  })
})

describe('proofs', () => {
  const proof = (kind: Proof['kind'], expiresAt: Date): Proof => ({
    kind,
    source: 'card',
    reference: 'r',
    provenAt: NOW,
    expiresAt,
  })
  const bob: Counterparty = {
    id: 'bob',
    legalName: 'Bob',
    country: 'LU',
    card: '',
    cardVersion: 1,
    version: 1,
    proofs: [],
  }
  const policy = { requiredProofs: ['licence', 'reachability', 'due_diligence'] } as const
  const codes = (counterparty: Counterparty) =>
    lapsing(counterparty, policy, NOW, 'alice').map(({ code }) => code)

  it('are told when they lapse within two weeks, or have; the newest of a kind counts', () => {
    expect(codes({ ...bob, proofs: [proof('licence', later(15))] })).toEqual([])
    expect(codes({ ...bob, proofs: [proof('licence', later(13))] })).toEqual(['PROOF_LAPSING'])
    expect(codes({ ...bob, proofs: [proof('licence', later(-1))] })).toEqual(['PROOF_LAPSED'])
    expect(codes({ ...bob, proofs: [proof('licence', later(-1)), proof('licence', later(90))] })).toEqual([])
  })

  it('leave alone what renews itself, what was never proven, and what is not asked for', () => {
    expect(codes({ ...bob, proofs: [proof('reachability', later(1)), proof('identity', later(1))] })).toEqual(
      [],
    )
    expect(codes({ ...bob, proofs: [proof('reachability', later(-1))] })).toEqual(['PROOF_LAPSED'])
    const suspension = { reason: 'R', by: 'person:a', at: NOW }
    expect(codes({ ...bob, suspension, proofs: [proof('licence', later(-1))] })).toEqual([])
  })
})

describe('rotating keys', () => {
  it('publishes the new key before it is used, and refuses a second one until then', async () => {
    const directory = join(folder, 'rotated')
    const store = fileKeyStore(directory)
    await store.init('alice', later(-1))
    const rotation = { vaspId: 'alice', uses: ['sig'], leadSeconds: 60, overlapSeconds: 600 } as const
    const [made] = await rotateKeys(store, rotation)
    const own = await store.publicKeys('alice')
    const states = (at: Date) =>
      own.filter(({ use }) => use === 'sig').map((key) => [key.kid === made?.kid, stateOf(key, own, at)])
    const after = (seconds: number) => new Date((made?.notBefore.getTime() ?? 0) + seconds * 1000)
    expect(states(after(-1))).toEqual([
      [false, 'current'],
      [true, 'coming'],
    ])
    expect(states(after(1))).toEqual([
      [false, 'overlapping'],
      [true, 'current'],
    ])
    expect(states(after(601))).toEqual([
      [false, 'past'],
      [true, 'current'],
    ])
    await expect(rotateKeys(store, rotation)).rejects.toThrow(
      /takes over at .* tamga keys announce --vasp alice/,
    )
  })

  it('is refused to a user whose files the gateway could not read', async () => {
    await expect(checkOwner(folder, 4_294_967)).rejects.toThrow('run this as that user')
    await expect(checkOwner(folder)).resolves.toBeUndefined()
  })

  it.each([
    [['rotate', '--vasp', 'alice', '--lead', '3'], '--lead is a whole number from 10'],
    [['rotate', '--vasp', 'alice', '--use', 'aes'], '--use is sig, enc or kek'],
    [['rotate'], 'keys rotate needs --vasp'],
  ])('says what is wrong with %j before it touches anything', async (args, message) => {
    await expect(async () => run(keys, args)).rejects.toThrow(message)
  })
})
