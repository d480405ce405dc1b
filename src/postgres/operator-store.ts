/** Local operator accounts: what names a person or opens an account lies encrypted under the account's own data key. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { AuditEntry, DataKey, FieldPlace, FieldVault, Operator, OperatorStore } from '../app/ports.ts'
import { isPersonRole, PERSON_ROLES, type PersonRole } from '../domain/people.ts'
import { commonRecords, guardedCommit, movedBy, outcomeOf } from './commit.ts'

const Row = z.object({
  subject: z.string(),
  vasp_id: z.string(),
  natural_person: z.string(),
  password_hash: z.string(),
  data_key: z.instanceof(Buffer),
  display_name: z.instanceof(Buffer),
  totp_secret: z.instanceof(Buffer).nullable(),
  spent_step: z.coerce.number().int(),
  failures: z.int(),
  locked_until: z.date().nullable(),
  disabled_at: z.date().nullable(),
  valid_from: z.date(),
  version: z.int(),
  roles: z.array(z.object({ vasp_id: z.string(), role: z.string() })).nullable(),
})

const SELECT = `
  select o.*, (select jsonb_agg(jsonb_build_object('vasp_id', r.vasp_id, 'role', r.role) order by r.vasp_id, r.role)
                 from operator_roles r where r.subject = o.subject) as roles
    from operators o`

/** $1 the account, $2 its roles, $3 the roles that there are: those of a newer replica stay. The ciphertexts travel as base64. */
const SAVE = `moved as (
   insert into operators (subject, vasp_id, natural_person, password_hash, data_key, display_name, totp_secret, spent_step, failures,
     locked_until, disabled_at, valid_from, version)
   select o.subject, o.vasp_id, o.natural_person, o.password_hash, decode(o.data_key, 'base64'), decode(o.display_name, 'base64'),
          decode(o.totp_secret, 'base64'), o.spent_step, o.failures, o.locked_until, o.disabled_at, o.valid_from, o.version
     from jsonb_to_record($1) as o(subject text, vasp_id text, natural_person text, password_hash text, data_key text,
       display_name text, totp_secret text, spent_step bigint, failures integer, locked_until timestamptz, disabled_at timestamptz,
       valid_from timestamptz, version integer)
   on conflict (subject) do update set natural_person = excluded.natural_person, password_hash = excluded.password_hash,
     data_key = excluded.data_key, display_name = excluded.display_name, totp_secret = excluded.totp_secret,
     spent_step = excluded.spent_step, failures = excluded.failures, locked_until = excluded.locked_until,
     disabled_at = excluded.disabled_at, valid_from = excluded.valid_from, version = excluded.version
   where operators.version = excluded.version - 1 and operators.vasp_id = excluded.vasp_id
   returning vasp_id, subject
  ), granted as (
    insert into operator_roles (vasp_id, subject, role)
    select r.vasp_id, m.subject, r.role from moved m, jsonb_to_recordset($2) as r(vasp_id text, role text)
    on conflict do nothing
  ), revoked as (
    delete from operator_roles o using moved m where o.subject = m.subject and o.role = any($3)
       and not exists (select from jsonb_to_recordset($2) as r(vasp_id text, role text)
                        where r.vasp_id = o.vasp_id and r.role = o.role)
  )`

export function postgresOperatorStore(pool: Pool, vault: FieldVault): OperatorStore {
  return {
    async find(subject) {
      const { rows } = await pool.query(`${SELECT} where o.subject = $1`, [subject])
      return rows[0] === undefined ? undefined : fromRow(rows[0], vault)
    },

    async list(vaspId) {
      const at = `where $1::text is null or exists (select from operator_roles r where r.subject = o.subject and r.vasp_id = $1)`
      const { rows } = await pool.query(`${SELECT} ${at} order by o.subject`, [vaspId ?? null])
      return Promise.all(rows.map((row) => fromRow(row, vault)))
    },

    async save(next, audit) {
      const account = await toRow(next, vault)
      const roles = Object.entries(next.roles).flatMap(([vaspId, words]) =>
        words.map((role) => ({ vasp_id: vaspId, role })),
      )
      const values = [JSON.stringify(account), JSON.stringify(roles), PERSON_ROLES]
      const commit = guardedCommit('save-operator', SAVE, values, recordsOf(next, audit))
      const outcome = await outcomeOf(async () => movedBy(await pool.query(commit)))
      return outcome === 'committed' ? outcome : 'conflict'
    },
  }
}

function recordsOf({ subject }: Operator, audit: readonly AuditEntry[]) {
  const nothing = { outbox: [], inbox: undefined, idempotency: undefined }
  return commonRecords({ ...nothing, resourceId: subject, audit }, new Date())
}

async function fromRow(row: unknown, vault: FieldVault): Promise<Operator> {
  const r = Row.parse(row)
  const key = await vault.openDataKey(r.vasp_id, r.data_key)
  const roles = new Map<string, PersonRole[]>()
  for (const { vasp_id: vaspId, role } of r.roles ?? [])
    if (isPersonRole(role)) roles.set(vaspId, [...(roles.get(vaspId) ?? []), role])
  return {
    subject: r.subject,
    vaspId: r.vasp_id,
    naturalPerson: r.natural_person,
    displayName: vault.decrypt(key, placeOf(r.subject, 'display_name'), r.display_name),
    roles: Object.fromEntries(roles),
    passwordHash: r.password_hash,
    ...(r.totp_secret && {
      totpSecret: vault.decrypt(key, placeOf(r.subject, 'totp_secret'), r.totp_secret),
    }),
    spentStep: r.spent_step,
    failures: r.failures,
    ...(r.locked_until && { lockedUntil: r.locked_until }),
    ...(r.disabled_at && { disabledAt: r.disabled_at }),
    validFrom: r.valid_from,
    version: r.version,
  }
}

/** Accounts change seldom: each change has a data key of its own. */
async function toRow(operator: Operator, vault: FieldVault) {
  const { subject, vaspId, displayName, totpSecret } = operator
  const key = await vault.newDataKey(vaspId)
  return {
    subject,
    vasp_id: vaspId,
    natural_person: operator.naturalPerson,
    password_hash: operator.passwordHash,
    data_key: base64(key.wrapped),
    display_name: sealed(vault, key, placeOf(subject, 'display_name'), displayName),
    totp_secret: totpSecret && sealed(vault, key, placeOf(subject, 'totp_secret'), totpSecret),
    spent_step: operator.spentStep,
    failures: operator.failures,
    locked_until: operator.lockedUntil ?? null,
    disabled_at: operator.disabledAt ?? null,
    valid_from: operator.validFrom,
    version: operator.version,
  }
}

function sealed(vault: FieldVault, key: DataKey, place: FieldPlace, text: string): string {
  return base64(vault.encrypt(key, place, text))
}

function placeOf(subject: string, column: string): FieldPlace {
  return { table: 'operators', row: subject, column }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
