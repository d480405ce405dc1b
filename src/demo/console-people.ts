/** Who works at the demo's consoles: accounts that are made once, with passwords that stay from start to start. */
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operatorUseCases } from '../app/operators.ts'
import type { PersonRole } from '../domain/people.ts'
import type { Network, NetworkVasp } from '../local/network.ts'
import { commonPasswords } from '../people/common-passwords.ts'
import { oneTimeCodes } from '../people/one-time-codes.ts'
import { openPool } from '../postgres/open-pool.ts'
import { postgresOperatorStore } from '../postgres/operator-store.ts'
import { fieldVault } from '../sealing/field-vault.ts'
import { fileKeyStore } from '../sealing/file-key-store.ts'

export interface DemoLogin {
  readonly vasp: string
  readonly login: string
  readonly name: string
  readonly role: PersonRole
  readonly password: string
}

const STAFF: readonly Omit<DemoLogin, 'password'>[] = [
  { vasp: 'alice', login: 'aida@alice.example', name: 'Aida Seitkali', role: 'analyst' },
  { vasp: 'alice', login: 'berik@alice.example', name: 'Berik Omarov', role: 'senior' },
  { vasp: 'alice', login: 'madina@alice.example', name: 'Madina Akhmet', role: 'mlro' },
  { vasp: 'alice', login: 'oleg@alice.example', name: 'Oleg Kim', role: 'auditor' },
  { vasp: 'bob', login: 'clara@bob.example', name: 'Clara Weber', role: 'analyst' },
  { vasp: 'bob', login: 'david@bob.example', name: 'David Klein', role: 'senior' },
  { vasp: 'bob', login: 'emma@bob.example', name: 'Emma Thill', role: 'mlro' },
]

/** The VASPs with an MLRO, and with releases that take two persons where it matters. */
export function staffed(vasp: NetworkVasp): NetworkVasp {
  const officer = STAFF.find(({ vasp: id, role }) => id === vasp.id && role === 'mlro')
  if (officer === undefined) return vasp
  const policy = {
    ...vasp.policy,
    mlros: [{ subject: officer.login, deputies: [] }],
    fourEyes: [
      { reasons: ['NAME_MISMATCH', 'COUNTERPARTY_UNVERIFIED', 'UNSOLICITED_DEPOSIT', 'SANCTIONS_HIT'] },
      { reasons: ['MANUAL'], minFiat: { amount: '10000', currency: 'EUR' } },
    ],
    // A visitor may come back after lunch: what waits should wait for that long.
    exchangeSeconds: 12 * 3_600,
    review: { deadlineSeconds: 12 * 3_600, outcome: 'REJECT' },
    settlementSeconds: 6 * 3_600,
    holds: { NAME_MISMATCH: { deadlineSeconds: 4 * 3_600, outcome: 'REJECT' } },
  }
  return { ...vasp, policy }
}

/** Makes the accounts that are not there yet. They have no second factor: their passwords stand on the screen anyway. */
export async function hireStaff(network: Network): Promise<readonly DemoLogin[]> {
  const passwords = passwordsIn(join(network.directory, 'secrets', 'console-passwords.json'))
  const logins = STAFF.map((person) => ({ ...person, password: passwords(person.login) }))
  for (const vasp of new Set(STAFF.map(({ vasp: id }) => id)))
    await addMissing(
      network,
      vasp,
      logins.filter((login) => login.vasp === vasp),
    )
  return logins
}

async function addMissing(network: Network, vaspId: string, logins: readonly DemoLogin[]): Promise<void> {
  const pool = openPool({ url: network.databaseUrl(vaspId), connectionsMax: 1, name: 'tamga-demo-staff' })
  try {
    const vault = fieldVault(fileKeyStore(join(network.directory, vaspId, 'keys')))
    const operators = postgresOperatorStore(pool, vault)
    const accounts = operatorUseCases({
      clock: { now: () => new Date() },
      operators,
      oneTimeCodes: oneTimeCodes(),
      commonPasswords: commonPasswords(),
    })
    for (const { login, name, role, password } of logins) {
      if ((await operators.find(login)) !== undefined) continue
      const account = {
        subject: login,
        vaspId,
        displayName: name,
        roles: { [vaspId]: [role] },
        password,
        totp: false,
      }
      await accounts.add(account, 'operator:demo')
    }
  } finally {
    await pool.end()
  }
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Drawn at random once, so that no two demos share one; long enough, and short enough to be typed. */
function passwordsIn(file: string): (login: string) => string {
  const known: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  return (login) => {
    known[login] ??= Array.from({ length: 4 }, () => word()).join('-')
    writeFileSync(file, JSON.stringify(known, null, 2), { mode: 0o600 })
    return known[login]
  }
}

function word(): string {
  return Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}
