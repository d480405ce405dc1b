import type { Pool } from 'pg'
import { z } from 'zod'
import {
  type CounterpartyStore,
  type DomainClaim,
  type PinnedKey,
  RECENT_MILLISECONDS_MAX,
} from '../app/ports.ts'
import { type Counterparty, PERIMETERS, PROOF_KINDS } from '../domain/counterparty/counterparty.ts'
import { commonRecords, guardedCommit, movedBy, outcomeOf } from './commit.ts'
import { decodeToken, encodeToken } from './pages.ts'
import { transaction } from './transaction.ts'

const date = z.union([z.date(), z.string()]).transform((value) => new Date(value))

const Row = z
  .object({
    id: z.string(),
    legal_name: z.string(),
    country: z.string(),
    lei: z.string().nullable(),
    card: z.string(),
    card_version: z.int(),
    suspension: z.object({ reason: z.string(), by: z.string(), at: date }).nullable(),
    version: z.int(),
    proofs: z
      .array(
        z.object({
          kind: z.enum(PROOF_KINDS),
          source: z.string(),
          reference: z.string(),
          proven_at: date,
          expires_at: date,
          refuted: z.string().nullable(),
          document_sha256: z.string().nullable(),
          perimeter: z.enum(PERIMETERS).nullable(),
        }),
      )
      .nullable(),
  })
  .transform(
    (row): Counterparty => ({
      id: row.id,
      legalName: row.legal_name,
      country: row.country,
      ...(row.lei !== null && { lei: row.lei }),
      card: row.card,
      cardVersion: row.card_version,
      ...(row.suspension && { suspension: row.suspension }),
      version: row.version,
      proofs: (row.proofs ?? []).map((proof) => ({
        kind: proof.kind,
        source: proof.source,
        reference: proof.reference,
        provenAt: proof.proven_at,
        expiresAt: proof.expires_at,
        ...(proof.refuted !== null && { refuted: proof.refuted }),
        ...(proof.document_sha256 !== null && { documentSha256: proof.document_sha256 }),
        ...(proof.perimeter !== null && { perimeter: proof.perimeter }),
      })),
    }),
  )

/** The newest proof of each kind. */
const SELECT = `
  select c.*, (select jsonb_agg(p) from (
                 select distinct on (kind) * from counterparty_proofs p
                  where p.vasp_id = c.vasp_id and p.counterparty_id = c.id
                  order by kind, proven_at desc) p) as proofs
    from counterparties c`

const KeyRow = z
  .object({
    vasp_id: z.string(),
    counterparty_id: z.string(),
    kid: z.string(),
    use: z.enum(['sig', 'enc']),
    alg: z.string(),
    jwk: z.record(z.string(), z.string()),
    not_before: z.date(),
    not_after: z.date(),
    revoked_at: z.date().nullable(),
  })
  .transform(
    (row): PinnedKey => ({
      kid: row.kid,
      vaspId: row.counterparty_id,
      use: row.use,
      alg: row.alg,
      jwk: row.jwk,
      notBefore: row.not_before,
      notAfter: row.not_after,
      ...(row.revoked_at && { revokedAt: row.revoked_at }),
    }),
  )

const DomainRow = z
  .object({
    domain: z.string(),
    counterparty_id: z.string(),
    source: z.string(),
    reference: z.string(),
    seen_at: z.date(),
  })
  .transform(
    ({ counterparty_id: counterpartyId, seen_at: seenAt, ...row }): DomainClaim => ({
      ...row,
      counterpartyId,
      seenAt,
    }),
  )

const RECENT_MAX = 10_000

const FIELDS = ['legal_name', 'country', 'lei', 'card', 'card_version', 'suspension', 'version'] as const
const values = FIELDS.map((_, i) => `$${i + 3}`).join(', ')
const CREATE = `insert into counterparties (vasp_id, id, ${FIELDS.join(', ')}) values ($1, $2, ${values}) returning vasp_id, id`
const UPDATE = `update counterparties set ${FIELDS.map((field, i) => `${field} = $${i + 3}`).join(', ')}, updated_at = now()
  where vasp_id = $1 and id = $2 and version = $9::integer - 1 returning vasp_id, id`

/** A key keeps its validity, except that a later card may shorten it; one that still counts and is no longer listed was revoked. */
const MORE = `, pinned as (
    insert into counterparty_keys (vasp_id, counterparty_id, kid, use, alg, jwk, not_before, not_after)
    select m.vasp_id, m.id, k.kid, k.use, k.alg, k.jwk, k."notBefore", k."notAfter"
      from moved m, jsonb_to_recordset($10) as k(kid text, use text, alg text, jwk jsonb, "notBefore" timestamptz, "notAfter" timestamptz)
    on conflict (vasp_id, kid) do update set not_after = least(counterparty_keys.not_after, excluded.not_after)
  ), dropped as (
    update counterparty_keys c set revoked_at = now() from moved m
     where jsonb_array_length($10) > 0 and c.vasp_id = m.vasp_id and c.counterparty_id = m.id and c.revoked_at is null
       and c.not_after > now() and not exists (select from jsonb_to_recordset($10) as k(kid text) where k.kid = c.kid)
  ), proven as (
    insert into counterparty_proofs (vasp_id, counterparty_id, kind, source, reference, proven_at, expires_at, refuted, document_sha256, perimeter)
    select m.vasp_id, m.id, p.kind, p.source, p.reference, p."provenAt", p."expiresAt", p.refuted, p."documentSha256", p.perimeter
      from moved m, jsonb_to_recordset($11) as p(kind text, source text, reference text, "provenAt" timestamptz, "expiresAt" timestamptz,
        refuted text, "documentSha256" text, perimeter text)
    on conflict do nothing
  ), unclaimed as (
    delete from counterparty_domains d using moved m, jsonb_to_recordset($12) as n(source text, names text[])
     where d.vasp_id = m.vasp_id and d.counterparty_id = m.id and d.source = n.source and d.domain <> all (n.names)
  ), claimed as (
    insert into counterparty_domains (vasp_id, domain, counterparty_id, source, reference, seen_at)
    select m.vasp_id, lower(domain), m.id, n.source, n.reference, n."seenAt"
      from moved m, jsonb_to_recordset($12) as n(source text, reference text, names text[], "seenAt" timestamptz), unnest(n.names) domain
    on conflict (vasp_id, domain, counterparty_id, source) do update set reference = excluded.reference, seen_at = excluded.seen_at
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
        text: `${SELECT} where c.vasp_id = $1 and c.id = $2`,
        values: [vaspId, id],
      })
      return rows.length === 0 ? undefined : Row.parse(rows[0])
    },

    async findByLei(vaspId, lei) {
      const { rows } = await pool.query(`${SELECT} where c.vasp_id = $1 and c.lei = $2`, [vaspId, lei])
      return z.array(Row).parse(rows)
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
        `${SELECT} where c.vasp_id = $1 and c.id > $2 order by c.id limit $3`,
        [vaspId, after, pageSize + 1],
      )
      const items = z.array(Row).parse(rows.slice(0, pageSize))
      const last = items.at(-1)
      return {
        items,
        nextPageToken: rows.length > pageSize && last !== undefined ? encodeToken(last.id, '') : undefined,
      }
    },

    save({ vaspId, previousVersion, next, keys, domains, fences = false, ...common }) {
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
        JSON.stringify(keys ?? []),
        JSON.stringify(next.proofs),
        JSON.stringify(domains === undefined ? [] : [{ ...domains, seenAt: new Date() }]),
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
        `select * from counterparty_keys where vasp_id = $1 and counterparty_id = $2 order by not_before, kid`,
        [vaspId, id],
      )
      return z.array(KeyRow).parse(rows)
    },

    async key(vaspId, kid) {
      const { rows } = await pool.query({
        name: 'find-key',
        text: `select * from counterparty_keys where vasp_id = $1 and kid = $2`,
        values: [vaspId, kid],
      })
      return rows.length === 0 ? undefined : KeyRow.parse(rows[0])
    },
  }
}
