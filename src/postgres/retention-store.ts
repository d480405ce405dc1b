/** Retention: what has ended, what holds it, and the one transaction in which everything of a transfer goes. */
import type { Pool, PoolClient } from 'pg'
import { z } from 'zod'
import type {
  IdempotencyKey,
  KeptTransfer,
  LegalHold,
  RetentionStore,
  Shredding,
  ShredOutcome,
} from '../app/ports.ts'
import { Refusal } from '../domain/refusal.ts'
import type { RuleInput } from '../domain/rules/index.ts'
import { commonRecords, guardedCommit, movedBy, outcomeOf } from './commit.ts'
import { decodeToken, encodeToken, TIME_FORM, UUID_FORM } from './pages.ts'
import { transaction } from './transaction.ts'

/** Written by us, and read back by the rules, which take nothing for granted. */
const Input = z.custom<RuleInput>((value) => typeof value === 'object' && value !== null)

const KeptRow = z
  .object({
    vasp_id: z.string(),
    id: z.string(),
    version: z.int(),
    role: z.enum(['originator', 'beneficiary']),
    updated_at: z.date(),
    inputs: z.array(Input).nullable(),
    held: z.boolean(),
  })
  .transform(
    (row): KeptTransfer => ({
      vaspId: row.vasp_id,
      transferId: row.id,
      version: row.version,
      role: row.role,
      endedAt: row.updated_at,
      inputs: row.inputs ?? [],
      held: row.held,
    }),
  )

const ENDED = `t.data_key is not null and t.state in ('completed', 'rejected', 'cancelled', 'expired')`
const LEGALLY_HELD = `exists (select from legal_holds l
  where l.vasp_id = t.vasp_id and l.transfer_id = t.id and l.lifted_at is null)`
const KEPT = `
  select t.vasp_id, t.id, t.version, t.role, t.updated_at, ${LEGALLY_HELD} as held,
         (select jsonb_agg(r.record->'input' order by r.version) from rulings r
           where r.vasp_id = t.vasp_id and r.transfer_id = t.id) as inputs
    from transfers t where t.vasp_id = $1 and ${ENDED}`

const HoldRow = z
  .object({
    vasp_id: z.string(),
    id: z.string(),
    transfer_id: z.string(),
    reason: z.string(),
    set_by: z.string(),
    set_at: z.date(),
    lifted_by: z.string().nullable(),
    lifted_at: z.date().nullable(),
    lift_reason: z.string().nullable(),
  })
  .transform(
    (row): LegalHold => ({
      id: row.id,
      vaspId: row.vasp_id,
      transferId: row.transfer_id,
      reason: row.reason,
      setBy: row.set_by,
      setAt: row.set_at,
      ...(row.lifted_at && {
        lifted: { by: row.lifted_by ?? '', at: row.lifted_at, reason: row.lift_reason ?? '' },
      }),
    }),
  )

const ShreddedRow = z
  .object({ transfer_id: z.string(), shredded_at: z.date(), statement: z.string() })
  .transform((row) => ({
    transferId: row.transfer_id,
    shreddedAt: row.shredded_at,
    tombstone: row.statement,
  }))

/** Nothing of it may still be at work. */
const AT_WORK = `select ${LEGALLY_HELD}
    or exists (select from holds h where h.vasp_id = t.vasp_id and h.transfer_id = t.id and h.state = 'open')
    or exists (select from outbox o where o.vasp_id = t.vasp_id and o.transfer_id = t.id and o.state = 'waiting') as held
  from transfers t where t.vasp_id = $1 and t.id = $2`

const SHRED = `moved as (
     update transfers t
        set data_key = null, identity = null, secret = '', address_index = '', tx_index = null, client_reference = null
      where t.vasp_id = $1 and t.id = $2 and t.version = $3 and ${ENDED} returning t.vasp_id
   ), noted as (
     update hold_notes n set body = '' from moved m, holds h
      where h.vasp_id = m.vasp_id and h.transfer_id = $2 and n.vasp_id = h.vasp_id and n.hold_id = h.id
   ), sent as (
     update outbox o set envelope = '' from moved m
      where o.vasp_id = m.vasp_id and o.transfer_id = $2 and o.jti = any($4)
   ), received as (
     update inbox i set envelope = '' from moved m
      where i.vasp_id = m.vasp_id and i.transfer_id = $2 and i.jti = any($5)
   ), forgotten as (
     update idempotency k set fingerprint = 'shredded' from moved m where k.vasp_id = m.vasp_id and k.resource_id = $2::text
   ), buried as (
     insert into tombstones (vasp_id, transfer_id, statement, shredded_at)
     select m.vasp_id, $2, $6, $7::timestamptz from moved m
   )`

export function postgresRetentionStore(pool: Pool): RetentionStore {
  return {
    async ended(vaspId, endedBy, limit, after) {
      const { rows } = await pool.query(
        `${KEPT} and t.updated_at <= $2 and ($4::timestamptz is null or (t.updated_at, t.id) > ($4, $5::uuid))
          order by t.updated_at, t.id limit $3`,
        [vaspId, endedBy, limit, after?.endedAt ?? null, after?.transferId ?? null],
      )
      return z.array(KeptRow).parse(rows)
    },

    async find(vaspId, transferId) {
      const { rows } = await pool.query(`${KEPT} and t.id = $2`, [vaspId, transferId])
      return rows.length === 0 ? undefined : KeptRow.parse(rows[0])
    },

    shred: (shredding) => transaction(pool, (tx) => shred(tx, shredding)),

    async setHold(hold, audit, idempotency) {
      const outcome = await outcomeOf(() =>
        transaction(pool, async (tx) => {
          const { rows } = await tx.query(LOCK, [hold.vaspId, hold.transferId])
          if (rows.length === 0) throw new Refusal('TRANSFER_NOT_FOUND')
          if (z.object({ shredded: z.boolean() }).parse(rows[0]).shredded)
            throw new Refusal('TRANSFER_SHREDDED')
          const row = [hold.vaspId, hold.id, hold.transferId, hold.reason, hold.setBy, hold.setAt]
          const records = onlyAudit(audit, hold.setAt, idempotency, hold.id)
          return movedBy(await tx.query(guardedCommit('set-legal-hold', SET_HOLD, row, records)))
        }),
      )
      return outcome === 'request-known' ? outcome : 'committed'
    },

    async liftHold(vaspId, holdId, { by, at, reason }, audit, idempotency) {
      const row = [vaspId, holdId, by, at, reason]
      const records = onlyAudit(audit, at, idempotency, holdId)
      const commit = guardedCommit('lift-legal-hold', LIFT_HOLD, row, records)
      const outcome = await outcomeOf(async () => movedBy(await pool.query(commit)))
      if (outcome === 'conflict') throw new Refusal('LEGAL_HOLD_NOT_FOUND')
      return outcome === 'request-known' ? outcome : 'committed'
    },

    async holds(vaspId, transferId) {
      const { rows } = await pool.query(
        `select * from legal_holds where vasp_id = $1 and (transfer_id = $2 or ($2::uuid is null and lifted_at is null))
          order by set_at, id`,
        [vaspId, transferId ?? null],
      )
      return z.array(HoldRow).parse(rows)
    },

    async hold(vaspId, holdId) {
      const { rows } = await pool.query('select * from legal_holds where vasp_id = $1 and id = $2', [
        vaspId,
        holdId,
      ])
      return rows.length === 0 ? undefined : HoldRow.parse(rows[0])
    },

    async shredded(vaspId, limit, pageToken) {
      const [at, id] =
        pageToken === undefined
          ? [null, null]
          : decodeToken(pageToken, [TIME_FORM, UUID_FORM], 'PAGE_TOKEN_INVALID')
      const { rows } = await pool.query(
        `select transfer_id, shredded_at, statement from tombstones
          where vasp_id = $1 and ($2::timestamptz is null or (shredded_at, transfer_id) < ($2, $3::uuid))
          order by shredded_at desc, transfer_id desc limit $4`,
        [vaspId, at, id, limit + 1],
      )
      const items = z.array(ShreddedRow).parse(rows.slice(0, limit))
      const last = items.at(-1)
      const more = rows.length > limit && last !== undefined
      return {
        items,
        nextPageToken: more ? encodeToken(last.shreddedAt.toISOString(), last.transferId) : undefined,
      }
    },

    async forgetRefused(before) {
      const { rowCount } = await pool.query(
        `update security_events set bytes = '' where last_at < $1 and bytes <> ''`,
        [before],
      )
      return rowCount ?? 0
    },
  }
}

/** Whoever sets a hold and whoever shreds wait for each other here. */
const LOCK = `select data_key is null as shredded from transfers where vasp_id = $1 and id = $2 for update`

const SET_HOLD = `moved as (
  insert into legal_holds (vasp_id, id, transfer_id, reason, set_by, set_at)
  values ($1, $2, $3, $4, $5, $6) returning vasp_id)`

const LIFT_HOLD = `moved as (
  update legal_holds set lifted_by = $3, lifted_at = $4, lift_reason = $5
   where vasp_id = $1 and id = $2 and lifted_at is null returning vasp_id)`

async function shred(tx: PoolClient, shredding: Shredding): Promise<ShredOutcome> {
  const { vaspId, transferId, version, tombstone, bodies, audit, at } = shredding
  await tx.query(LOCK, [vaspId, transferId])
  // A statement of its own: what was set before we had the lock is seen.
  const { rows: atWork } = await tx.query(AT_WORK, [vaspId, transferId])
  if (z.array(z.object({ held: z.boolean() })).parse(atWork)[0]?.held === true) return 'held'
  const row = [vaspId, transferId, version, jtisOf(bodies, 'sent'), jtisOf(bodies, 'received'), tombstone, at]
  const moved = movedBy(await tx.query(guardedCommit('shred', SHRED, row, onlyAudit(audit, at))))
  return moved === 0 ? 'gone' : 'shredded'
}

function jtisOf(bodies: Shredding['bodies'], of: 'sent' | 'received'): readonly string[] {
  return bodies.filter(({ direction }) => direction === of).map(({ jti }) => jti)
}

function onlyAudit(audit: Shredding['audit'], at: Date, idempotency?: IdempotencyKey, resourceId = '') {
  return commonRecords({ outbox: [], inbox: undefined, idempotency, resourceId, audit }, at)
}
