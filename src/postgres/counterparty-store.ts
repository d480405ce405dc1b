import type { Pool } from 'pg'
import { z } from 'zod'
import { type CounterpartyStore, RECENT_MILLISECONDS_MAX } from '../app/ports.ts'
import type { Counterparty } from '../domain/counterparty/counterparty.ts'
import { ALGORITHM_OF } from '../domain/envelope/public-key.ts'
import { commonRecords, guardedCommit, movedBy, outcomeOf } from './commit.ts'
import { COUNTERPARTY_SELECT, CounterpartyRow, DomainRow, KeyRow, taskJson } from './counterparty-rows.ts'
import { decodeToken, encodeToken } from './pages.ts'
import { transaction } from './transaction.ts'

const RECENT_MAX = 10_000

const FIELDS = [
  'legal_name',
  'country',
  'lei',
  'card',
  'card_version',
  'suspension',
  'version',
  'diligence',
] as const
const values = FIELDS.map((_, i) => `$${i + 3}`).join(', ')
const CREATE = `insert into counterparties (vasp_id, id, ${FIELDS.join(', ')}) values ($1, $2, ${values}) returning vasp_id, id`
const UPDATE = `update counterparties set ${FIELDS.map((field, i) => `${field} = $${i + 3}`).join(', ')}, updated_at = now()
  where vasp_id = $1 and id = $2 and version = $9::integer - 1 returning vasp_id, id`

/** A newer replica may have pinned keys of other algorithms: here they sign, seal and revoke nothing, and stay as they are. */
const ALGORITHMS = Object.values(ALGORITHM_OF)
  .map((alg) => `'${alg}'`)
  .join(', ')

/**
 * A key keeps its validity, except that a later card of the same VASP may shorten it; another VASP's card cannot touch it. A key that still
 * counts and that the newest card no longer lists was revoked; after a repinning ($14) whatever is not listed is.
 */
const MORE = `, pinned as (
    insert into counterparty_keys (vasp_id, counterparty_id, kid, use, alg, jwk, not_before, not_after)
    select m.vasp_id, m.id, k.kid, k.use, k.alg, k.jwk, k."notBefore", k."notAfter"
      from moved m, jsonb_to_recordset($11) as k(kid text, use text, alg text, jwk jsonb, "notBefore" timestamptz, "notAfter" timestamptz)
    on conflict (vasp_id, kid) do update set not_after = least(counterparty_keys.not_after, excluded.not_after),
      revoked_at = case when $14::boolean then null else counterparty_keys.revoked_at end
      where counterparty_keys.counterparty_id = excluded.counterparty_id
  ), proven as (
    insert into counterparty_proofs (vasp_id, counterparty_id, kind, source, reference, proven_at, expires_at, refuted, document_sha256, perimeter)
    select m.vasp_id, m.id, p.kind, p.source, p.reference, p."provenAt", p."expiresAt", p.refuted, p."documentSha256", p.perimeter
      from moved m, jsonb_to_recordset($12) as p(kind text, source text, reference text, "provenAt" timestamptz, "expiresAt" timestamptz,
        refuted text, "documentSha256" text, perimeter text)
    on conflict do nothing
  ), unclaimed as (
    delete from counterparty_domains d using moved m, jsonb_to_recordset($13) as n(source text, names text[])
     where d.vasp_id = m.vasp_id and d.counterparty_id = m.id and d.source = n.source and d.domain <> all (n.names)
  ), claimed as (
    insert into counterparty_domains (vasp_id, domain, counterparty_id, source, reference, seen_at)
    select m.vasp_id, lower(domain), m.id, n.source, n.reference, n."seenAt"
      from moved m, jsonb_to_recordset($13) as n(source text, reference text, names text[], "seenAt" timestamptz), unnest(n.names) domain
    on conflict (vasp_id, domain, counterparty_id, source) do update set reference = excluded.reference, seen_at = excluded.seen_at
  ), revoked as (
    update counterparty_keys k set revoked_at = now() from moved m
     where ($14::boolean or (jsonb_array_length($11) > 0 and k.not_after > now()))
       and k.vasp_id = m.vasp_id and k.counterparty_id = m.id and k.revoked_at is null
       and k.alg in (${ALGORITHMS})
       and not exists (select from jsonb_to_recordset($11) as n(kid text) where n.kid = k.kid)
  ), answered as (
    insert into counterparty_questionnaires (vasp_id, counterparty_id, id, form, answers, recorded_by, recorded_at)
    select m.vasp_id, m.id, q.id, q.form, q.answers, q."recordedBy", q."recordedAt"
      from moved m, jsonb_to_recordset($15) as q(id uuid, form text, answers jsonb, "recordedBy" text, "recordedAt" timestamptz)
  ), tasked as (
    insert into counterparty_tasks (vasp_id, id, counterparty_id, kind, finding, card, state, opened_at, deadline, decision, reason,
      reference, decider, decider_person, decided_at, approver, approver_person, approved_at, escalated_at)
    select m.vasp_id, t.id, m.id, t.kind, t.finding, t.card, t.state, t.opened_at, t.deadline, t.decision, t.reason,
           t.reference, t.decider, t.decider_person, t.decided_at, t.approver, t.approver_person, t.approved_at, t.escalated_at
      from moved m, jsonb_to_recordset($16) as t(id uuid, kind text, finding jsonb, card text, state text, opened_at timestamptz,
        deadline timestamptz, decision text, reason text, reference text, decider text, decider_person text, decided_at timestamptz,
        approver text, approver_person text, approved_at timestamptz, escalated_at timestamptz)
    on conflict (vasp_id, id) do update set state = excluded.state, decision = excluded.decision, reason = excluded.reason,
      reference = excluded.reference, decider = excluded.decider, decider_person = excluded.decider_person,
      decided_at = excluded.decided_at, approver = excluded.approver, approver_person = excluded.approver_person,
      approved_at = excluded.approved_at, escalated_at = excluded.escalated_at
  )`

/** The exclusive side of the lock that every new transfer with this counterparty takes (transfers_counterparty_free). */
const FENCE = `select pg_advisory_xact_lock(counterparty_lock($1, $2))`

export function postgresCounterpartyStore(pool: Pool): CounterpartyStore {
  const recent = new Map<string, { readonly counterparty: Counterparty; readonly until: number }>()
  return {
    async recent(vaspId, id) {
      const key = `${vaspId}/${id}`
      const known = recent.get(key)
      if (known !== undefined && known.until > performance.now()) return known.counterparty
      const counterparty = await this.find(vaspId, id)
      if (recent.size >= RECENT_MAX) recent.clear()
      if (counterparty === undefined) recent.delete(key)
      else recent.set(key, { counterparty, until: performance.now() + RECENT_MILLISECONDS_MAX })
      return counterparty
    },

    async find(vaspId, id) {
      const { rows } = await pool.query({
        name: 'find-counterparty',
        text: `${COUNTERPARTY_SELECT} where c.vasp_id = $1 and c.id = $2`,
        values: [vaspId, id],
      })
      return rows.length === 0 ? undefined : CounterpartyRow.parse(rows[0])
    },

    async findByLei(vaspId, lei) {
      const { rows } = await pool.query(`${COUNTERPARTY_SELECT} where c.vasp_id = $1 and c.lei = $2`, [
        vaspId,
        lei,
      ])
      return z.array(CounterpartyRow).parse(rows)
    },

    async findByDomains(vaspId, domains) {
      const { rows } = await pool.query(
        `select domain, counterparty_id, source, reference, seen_at from counterparty_domains
          where vasp_id = $1 and domain = any($2) order by domain, counterparty_id, source`,
        [vaspId, domains],
      )
      return z.array(DomainRow).parse(rows)
    },

    async list(vaspId, pageSize, pageToken) {
      const [after] =
        pageToken === undefined
          ? ['']
          : decodeToken(pageToken, [/^[a-z0-9_]{1,32}$/, /^$/], 'PAGE_TOKEN_INVALID')
      const { rows } = await pool.query(
        `${COUNTERPARTY_SELECT} where c.vasp_id = $1 and c.id > $2 order by c.id limit $3`,
        [vaspId, after, pageSize + 1],
      )
      const items = z.array(CounterpartyRow).parse(rows.slice(0, pageSize))
      const last = items.at(-1)
      return {
        items,
        nextPageToken: rows.length > pageSize && last !== undefined ? encodeToken(last.id, '') : undefined,
      }
    },

    save({ vaspId, previousVersion, next, keys, domains, fences = false, ...common }) {
      const { revokesOthers = false, questionnaire, tasks = [] } = common
      recent.delete(`${vaspId}/${next.id}`)
      const [kind, write] = previousVersion === 0 ? ['create', CREATE] : ['update', UPDATE]
      const { outbox, inbox, idempotency, audit } = common
      const records = commonRecords({ outbox, inbox, idempotency, resourceId: next.id, audit }, new Date())
      const row = [
        vaspId,
        next.id,
        next.legalName,
        next.country,
        next.lei ?? null,
        next.card,
        next.cardVersion,
        next.suspension === undefined ? null : JSON.stringify(next.suspension),
        next.version,
        JSON.stringify(next.diligence ?? {}),
        JSON.stringify(keys ?? []),
        JSON.stringify(next.proofs),
        JSON.stringify(domains === undefined ? [] : [{ ...domains, seenAt: new Date() }]),
        revokesOthers,
        JSON.stringify(questionnaire === undefined ? [] : [questionnaire]),
        JSON.stringify(tasks.map(taskJson)),
      ]
      const head = `moved as (${write})${MORE}`
      const commit = guardedCommit(`${kind}-counterparty`, head, row, records)
      const run = async (client: Pick<Pool, 'query'>) => movedBy(await client.query(commit))
      if (!fences) return outcomeOf(() => run(pool))
      return outcomeOf(() =>
        transaction(pool, async (tx) => {
          await tx.query(FENCE, [vaspId, next.id])
          return run(tx)
        }),
      )
    },

    async keys(vaspId, id) {
      const { rows } = await pool.query(
        `select * from counterparty_keys where vasp_id = $1 and counterparty_id = $2 and alg in (${ALGORITHMS})
          order by not_before, kid`,
        [vaspId, id],
      )
      return z.array(KeyRow).parse(rows)
    },

    async key(vaspId, kid) {
      const { rows } = await pool.query({
        name: 'find-key',
        text: `select * from counterparty_keys where vasp_id = $1 and kid = $2 and alg in (${ALGORITHMS})`,
        values: [vaspId, kid],
      })
      return rows.length === 0 ? undefined : KeyRow.parse(rows[0])
    },
  }
}
