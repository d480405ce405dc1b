import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, operatorUseCases } from '../../src/app/operators.ts'
import { peopleUseCases } from '../../src/app/people-use-cases.ts'
import { commonPasswords } from '../../src/people/common-passwords.ts'
import { oneTimeCodes } from '../../src/people/one-time-codes.ts'
import { postgresOperatorStore } from '../../src/postgres/operator-store.ts'
import { postgresPeopleDirectory } from '../../src/postgres/people-directory.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import { fileKeyStore } from '../../src/sealing/file-key-store.ts'
import { personTokens } from '../../src/sealing/person-tokens.ts'
import { freshDatabase } from '../support/postgres.ts'

const PASSWORD = 'correct horse battery'
let ahead = 0
const clock = { now: () => new Date(Date.now() + ahead) }
const forward = (seconds: number) => {
  ahead += seconds * 1000
}

const directory = mkdtempSync(join(tmpdir(), 'tamga-test-people-'))
const keyStore = fileKeyStore(directory)
let database: Awaited<ReturnType<typeof freshDatabase>>
let parts: Parameters<typeof peopleUseCases>[0]
let count = 0

beforeAll(async () => {
  for (const id of ['alice', 'bob']) await keyStore.init(id, new Date(Date.now() - 86_400_000))
  database = await freshDatabase()
  parts = {
    clock,
    newId: () => `id-${(count += 1)}`,
    vasps: new Map(),
    peopleDirectory: postgresPeopleDirectory(database.pool),
    operators: postgresOperatorStore(database.pool, fieldVault(keyStore)),
    oneTimeCodes: oneTimeCodes(),
    commonPasswords: commonPasswords(),
    personTokens: personTokens(keyStore, ['alice', 'bob'], clock.now),
  }
})
afterAll(async () => {
  await database.drop()
  rmSync(directory, { recursive: true, force: true })
})

/** A new account with a second factor, and its owner's way of signing in. */
async function anOperator(
  given: { readonly totp?: boolean; readonly roles?: object; readonly subject?: string } = {},
) {
  const { subject = `aida${(count += 1)}@alice.example` } = given
  const made = await operatorUseCases(parts).add(
    {
      subject,
      vaspId: 'alice',
      displayName: 'Aida Sultanbekova',
      naturalPerson: 'p-17',
      roles: { alice: ['senior'], bob: ['analyst'] },
      password: PASSWORD,
      totp: given.totp ?? true,
    },
    'operator:test',
  )
  return { subject, made, code: () => codeOf(made) }
}

function codeOf({ totpUri = '' }: Credentials): string {
  const secret = new URL(totpUri).searchParams.get('secret') ?? ''
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() })
}

const people = () => peopleUseCases(parts)
const signIn = (login: string, password: string, totp = '') => people().signIn({ login, password, totp })

describe('signing in to a local account', () => {
  it('has names that nothing else is written with', async () => {
    for (const subject of ['auth0|5f7c8ec7', 'aida sultan', 'Аида', ''])
      await expect(anOperator({ subject })).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
  })

  it('names the person with the roles at each VASP', async () => {
    const { subject, code } = await anOperator()
    expect(await signIn(subject, PASSWORD, code())).toEqual({
      subject,
      naturalPerson: 'p-17',
      displayName: 'Aida Sultanbekova',
      roles: { alice: ['senior'], bob: ['analyst'] },
      vaspIds: ['alice', 'bob'],
      source: 'local',
    })
  })

  it('says the same to a wrong name, password or code', async () => {
    const { subject, code } = await anOperator()
    const refusals = await Promise.all([
      signIn('nobody@alice.example', PASSWORD, code()).catch(String),
      signIn('no name at all', PASSWORD, code()).catch(String),
      signIn(subject, 'another password', code()).catch(String),
    ])
    forward(60)
    refusals.push(await signIn(subject, PASSWORD, '000000').catch(String))
    refusals.push(await signIn(subject, PASSWORD).catch(String))
    expect(new Set(refusals)).toEqual(
      new Set([expect.stringContaining('the name, the password or the code')]),
    )
  })

  it('takes its time to refuse, whether or not somebody has the name', async () => {
    const { subject } = await anOperator({ totp: false })
    for (const login of [subject, 'nobody@alice.example', 'no name at all']) {
      const startedAt = performance.now()
      await signIn(login, 'another password').catch(() => undefined)
      expect(performance.now() - startedAt).toBeGreaterThan(240)
    }
  })

  it('takes no code twice, nor an earlier one after a later one', async () => {
    const { subject, code } = await anOperator()
    const early = code()
    forward(30)
    const late = code()
    await signIn(subject, PASSWORD, late)
    for (const spent of [late, early])
      await expect(signIn(subject, PASSWORD, spent)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
    forward(30)
    await signIn(subject, PASSWORD, code())
  })

  it('takes a code once, however many attempts bring it at the same time', async () => {
    const { subject, code } = await anOperator()
    const attempts = Array.from({ length: 4 }, () => signIn(subject, PASSWORD, code()))
    const outcomes = await Promise.allSettled(attempts)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('locks after five failures, longer each time, and lets the right password in once the lock has passed', async () => {
    const { subject } = await anOperator({ totp: false })
    const wrong = () => signIn(subject, 'another password').catch(() => undefined)
    for (let n = 0; n < 5; n++) await wrong()
    await expect(signIn(subject, PASSWORD)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
    forward(31)
    await wrong()
    forward(31)
    await expect(signIn(subject, PASSWORD)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
    forward(31)
    await signIn(subject, PASSWORD)
    await signIn(subject, PASSWORD)
  })

  it('judges no more guesses than the lock allows, however many come at once', async () => {
    const { subject } = await anOperator({ totp: false })
    const guesses = Array.from({ length: 9 }, (_, n) => signIn(subject, `another password ${n}`))
    await Promise.allSettled(guesses)
    const { rows } = await database.pool.query('select failures from operators where subject = $1', [subject])
    expect(rows[0].failures).toBe(5)
  })

  it('refuses a disabled account, whose tokens and sessions end at once', async () => {
    const { subject } = await anOperator({ totp: false })
    const person = await signIn(subject, PASSWORD)
    const { token } = await people().issueToken(person, 'alice')
    expect(await people().personOfToken(token)).toMatchObject({ subject, vaspIds: ['alice'] })
    await operatorUseCases(parts).disable(subject, 'operator:test')
    await expect(signIn(subject, PASSWORD)).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
    await expect(people().personOfToken(token)).rejects.toMatchObject({ code: 'PERSON_TOKEN_INVALID' })
    expect(await people().personOfSession(person, clock.now())).toBeUndefined()
  })

  it('changes a password for whoever knows the old one, which ends all tokens', async () => {
    const { subject, code } = await anOperator()
    const { token } = await people().issueToken(await signIn(subject, PASSWORD, code()), 'alice')
    forward(30)
    const attempt = { login: subject, password: PASSWORD, totp: code() }
    await people().changePassword(attempt, 'another long password')
    await expect(people().personOfToken(token)).rejects.toMatchObject({ code: 'PERSON_TOKEN_INVALID' })
    forward(30)
    await expect(signIn(subject, PASSWORD, code())).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
    await signIn(subject, 'another long password', code())
  })

  it('takes no password that is short or contains the name', async () => {
    const { subject } = await anOperator({ totp: false })
    for (const unfit of ['short', `xx${subject}xx`])
      await expect(
        people().changePassword({ login: subject, password: PASSWORD }, unfit),
      ).rejects.toMatchObject({ code: 'PASSWORD_UNFIT' })
  })

  it('takes no password that many have chosen before, at making, changing or resetting', async () => {
    const { subject } = await anOperator({ totp: false })
    const common = { code: 'PASSWORD_COMMON' }
    const accounts = operatorUseCases(parts)
    for (const password of ['qwertyqwerty', 'LeaveMeAlone', 'motherfucker']) {
      await expect(
        people().changePassword({ login: subject, password: PASSWORD }, password),
      ).rejects.toMatchObject(common)
      await expect(accounts.reset(subject, 'operator:test', password)).rejects.toMatchObject(common)
      const account = { subject: 'newcomer', vaspId: 'alice', displayName: 'N', roles: {}, totp: false }
      await expect(accounts.add({ ...account, password }, 'operator:test')).rejects.toMatchObject(common)
    }
    // What it was before still counts.
    await signIn(subject, PASSWORD)
  })

  it('tells the audit log who signed in, and who tried, without a password or a name of a human being', async () => {
    const { subject } = await anOperator({ totp: false })
    await signIn(subject, 'another password').catch(() => undefined)
    await signIn(subject, PASSWORD)
    const { rows } = await database.pool.query<{ entry: string }>(
      `select entry from audit_entries where entry::jsonb ->> 'subject' = $1 order by seq`,
      [subject],
    )
    expect(rows.map(({ entry }) => JSON.parse(entry).kind)).toEqual([
      'operator.added',
      'person.sign-in-refused',
      'person.signed-in',
    ])
    expect(JSON.stringify(rows)).not.toMatch(/Sultanbekova|battery|another/)
  })

  it('keeps display names and secrets of second factors encrypted', async () => {
    const { subject, made } = await anOperator()
    const { rows } = await database.pool.query(`select * from operators where subject = $1`, [subject])
    const bytes = Buffer.concat([rows[0].display_name, rows[0].totp_secret, rows[0].data_key])
    const secret = new URL(made.totpUri ?? '').searchParams.get('secret') ?? 'none'
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    for (const clear of ['Sultanbekova', secret]) expect(bytes.includes(clear)).toBe(false)
    await expect(
      database.pool.query(`update operators set totp_secret = display_name where subject = $1`, [subject]),
    ).resolves.toBeDefined()
    await expect(parts.operators.find(subject)).rejects.toThrow('does not open')
  })
})

describe('a token of this gateway', () => {
  it('counts for an hour, at the VASP that it was made for, with the roles of now', async () => {
    const { subject } = await anOperator({ totp: false })
    const { token } = await people().issueToken(await signIn(subject, PASSWORD), 'bob')
    expect((await people().personOfToken(token)).vaspIds).toEqual(['bob'])
    await operatorUseCases(parts).setRoles(subject, { bob: ['auditor'] }, 'operator:test')
    expect((await people().personOfToken(token)).roles).toEqual({ bob: ['auditor'] })
    await operatorUseCases(parts).setRoles(subject, { alice: ['senior'] }, 'operator:test')
    await expect(people().personOfToken(token)).rejects.toMatchObject({ code: 'PERSON_TOKEN_INVALID' })
    await operatorUseCases(parts).setRoles(subject, { bob: ['senior'] }, 'operator:test')
    forward(3_601)
    await expect(people().personOfToken(token)).rejects.toMatchObject({ code: 'PERSON_TOKEN_INVALID' })
  })

  it('is refused when a single byte of it was changed, and so is what never was one', async () => {
    const { subject } = await anOperator({ totp: false })
    const { token } = await people().issueToken(await signIn(subject, PASSWORD), 'alice')
    const [header = '', payload = '', signature = ''] = token.split('.')
    const other = Buffer.from(
      Buffer.from(payload, 'base64url').toString().replace(subject, 'marat@alice.example'),
    )
    const forged = [
      `${header}.${other.toString('base64url')}.${signature}`,
      `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      `${Buffer.from('{"alg":"none","typ":"tamga-person+jws"}').toString('base64url')}.${payload}.`,
      `${header}.${payload}`,
      'junk',
      '',
    ]
    for (const bad of forged)
      await expect(people().personOfToken(bad)).rejects.toMatchObject({ code: 'PERSON_TOKEN_INVALID' })
  })
})
