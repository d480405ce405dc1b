/** Console sessions and saved views. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { SavedView, SavedViewStore, SessionStore, StoredSession } from '../../app/console/ports.ts'
import { PERSON_ROLES } from '../../domain/people.ts'
import { commonRecords, guardedCommit, movedBy } from '../commit.ts'
import { deciding, knownOf } from '../newer.ts'

const Row = z
  .object({
    id: z.string(),
    person: z.object({
      subject: z.string(),
      naturalPerson: z.string(),
      displayName: z.string(),
      roles: z.record(z.string(), knownOf(PERSON_ROLES)),
      vaspIds: z.array(z.string()),
      source: deciding(['local', 'oidc']),
      providerSession: z.string().optional(),
    }),
    vasp_id: z.string().nullable(),
    user_agent: z.string(),
    signed_in_at: z.date(),
    last_seen_at: z.date(),
    expires_at: z.date(),
  })
  .transform(({ person: { providerSession, ...person }, ...row }): StoredSession => {
    return {
      id: row.id,
      person,
      vaspId: row.vasp_id ?? undefined,
      userAgent: row.user_agent,
      signedInAt: row.signed_in_at,
      lastSeenAt: row.last_seen_at,
      expiresAt: row.expires_at,
      ...(providerSession !== undefined && { providerSession }),
    }
  })

const ADD = `moved as (
  insert into console_sessions (id, token_hash, subject, person, vasp_id, user_agent, signed_in_at, last_seen_at, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning vasp_id)`

export function postgresSessionStore(pool: Pool): SessionStore {
  return {
    async add(session, tokenHash, audit) {
      const nothing = { outbox: [], inbox: undefined, idempotency: undefined }
      const entries = audit === undefined ? [] : [audit]
      const records = commonRecords(
        { ...nothing, resourceId: session.id, audit: entries },
        session.signedInAt,
      )
      const row = [
        session.id,
        tokenHash,
        session.person.subject,
        JSON.stringify({ ...session.person, providerSession: session.providerSession }),
        session.vaspId ?? null,
        session.userAgent,
        session.signedInAt,
        session.lastSeenAt,
        session.expiresAt,
      ]
      movedBy(await pool.query(guardedCommit('add-session', ADD, row, records)))
    },

    async find(tokenHash) {
      const { rows } = await pool.query({
        name: 'find-session',
        text: `select * from console_sessions where token_hash = $1`,
        values: [tokenHash],
      })
      return rows.length === 0 ? undefined : Row.parse(rows[0])
    },

    async seen(id, at) {
      await pool.query(`update console_sessions set last_seen_at = $2 where id = $1`, [id, at])
    },

    async select(id, vaspId) {
      await pool.query(`update console_sessions set vasp_id = $2 where id = $1`, [id, vaspId])
    },

    async end(id, subject) {
      const { rowCount } = await pool.query(`delete from console_sessions where id = $1 and subject = $2`, [
        id,
        subject,
      ])
      return rowCount === 1
    },

    async listOf(subject) {
      const { rows } = await pool.query(
        `select * from console_sessions where subject = $1 order by signed_in_at desc limit 100`,
        [subject],
      )
      return z.array(Row).parse(rows)
    },

    async endProvided({ subject, providerSession }, until) {
      await pool.query(
        `delete from console_sessions
          where person ->> 'source' = 'oidc' and signed_in_at <= $3
            and ($1::text is null or subject = $1) and ($2::text is null or person ->> 'providerSession' = $2)
            and ($1::text is not null or $2::text is not null)`,
        [subject ?? null, providerSession ?? null, until],
      )
    },

    async sweep(idleBefore, now) {
      await pool.query(`delete from console_sessions where last_seen_at <= $1 or expires_at <= $2`, [
        idleBefore,
        now,
      ])
    },
  }
}

const ViewRow = z.object({
  id: z.string(),
  name: z.string(),
  page: z.string(),
  query: z.string(),
})

/** A view of a page that this version has not is of no use here. */
function isOfKnownPage<V extends { readonly page: string }>(view: V): view is V & Pick<SavedView, 'page'> {
  return ['holds', 'transfers', 'counterparties', 'audit'].includes(view.page)
}

export function postgresSavedViewStore(pool: Pool): SavedViewStore {
  return {
    async list(vaspId, subject) {
      const { rows } = await pool.query(
        `select id, name, page, query from console_views where vasp_id = $1 and subject = $2 order by name, id`,
        [vaspId, subject],
      )
      return z.array(ViewRow).parse(rows).filter(isOfKnownPage)
    },

    async save(vaspId, subject, { id, name, page, query }, max) {
      const { rowCount } = await pool.query(
        `insert into console_views (vasp_id, subject, id, name, page, query)
         select $1, $2, $3, $4, $5, $6
          where exists (select from console_views where vasp_id = $1 and subject = $2 and id = $3)
             or (select count(*) from console_views where vasp_id = $1 and subject = $2) < $7
         on conflict (vasp_id, subject, id) do update set name = excluded.name, page = excluded.page, query = excluded.query`,
        [vaspId, subject, id, name, page, query, max],
      )
      return rowCount === 1
    },

    async delete(vaspId, subject, id) {
      await pool.query(`delete from console_views where vasp_id = $1 and subject = $2 and id = $3`, [
        vaspId,
        subject,
        id,
      ])
    },
  }
}
