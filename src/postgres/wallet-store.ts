/** Challenges to wallets' owners, and what was proven. Accounts and customers are found by keyed hashes and lie encrypted. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { FieldVault, WalletStore, WalletWrite } from '../app/ports.ts'
import {
  CHALLENGE_METHODS,
  WALLET_METHODS,
  type Wallet,
  type WalletChallenge,
  type WalletOwner,
} from '../domain/wallet/wallet.ts'
import { commonRecords, guardedCommit, movedBy, outcomeOf } from './commit.ts'
import { deciding } from './newer.ts'
import { decodeToken, encodeToken, TIME_FORM, UUID_FORM } from './pages.ts'

const ISSUE = `moved as (
  insert into wallet_challenges (vasp_id, id, method, data_key, secret, issued_at, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7) returning vasp_id)`

/** Uses the challenge, if there is one: nothing is proven by one that was used. */
const PROVE = `used as (
  update wallet_challenges set used_at = $10 where vasp_id = $1 and id = $6::uuid and used_at is null returning id
), moved as (
  insert into wallets (vasp_id, id, owner_index, account_index, method, challenge_id, data_key, secret, proven_by, proven_at, expires_at)
  select $1::text, $2::uuid, $3::bytea, $4::bytea, $5::text, $6::uuid, $7::bytea, $8::bytea, $9::text, $10::timestamptz, $11::timestamptz
   where $6::uuid is null or exists (select from used) returning vasp_id)`

const REVOKE = `moved as (
  update wallets set revoked_at = $3, revoked_by = $4, revoke_reason = $5
   where vasp_id = $1 and id = $2 and revoked_at is null returning vasp_id)`

const ChallengeSecret = z.object({
  account: z.string(),
  customer: z.string(),
  message: z.string(),
  micro: z.object({ asset: z.string(), amount: z.string(), to: z.string() }).exactOptional(),
})
const OwnerSecret = z.object({ account: z.string(), customer: z.string() })

const ChallengeRow = z.object({
  vasp_id: z.string(),
  id: z.string(),
  method: deciding(CHALLENGE_METHODS),
  data_key: z.instanceof(Buffer),
  secret: z.instanceof(Buffer),
  issued_at: z.date(),
  expires_at: z.date(),
  used_at: z.date().nullable(),
})

const WalletRow = z.object({
  vasp_id: z.string(),
  id: z.string(),
  method: deciding(WALLET_METHODS),
  data_key: z.instanceof(Buffer),
  secret: z.instanceof(Buffer),
  proven_by: z.string(),
  proven_at: z.date(),
  expires_at: z.date(),
  revoked_at: z.date().nullable(),
  revoked_by: z.string().nullable(),
  revoke_reason: z.string().nullable(),
})

const placeOf = (table: 'wallets' | 'wallet_challenges', row: string) => ({ table, row, column: 'secret' })

export function postgresWalletStore(pool: Pool, vault: FieldVault): WalletStore {
  async function run(kind: string, head: string, values: readonly unknown[], at: Date, write: WalletWrite) {
    const { idempotency, audit } = write
    const common = {
      outbox: [],
      inbox: undefined,
      idempotency,
      resourceId: String(values[1]),
      audit: [audit],
    }
    const statement = guardedCommit(kind, head, values, commonRecords(common, at))
    const outcome = await outcomeOf(async () => movedBy(await pool.query(statement)))
    if (outcome === 'envelope-known') throw new Error('a wallet is no envelope')
    return outcome
  }

  async function sealed(vaspId: string, place: ReturnType<typeof placeOf>, secret: object) {
    const key = await vault.newDataKey(vaspId)
    return [key.wrapped, vault.encrypt(key, place, JSON.stringify(secret))] as const
  }

  const ownerIndex = (vaspId: string, { account, customer }: WalletOwner) =>
    vault.blindIndex(vaspId, 'address', JSON.stringify(['wallet', account, customer]))
  const accountIndex = (vaspId: string, account: string) =>
    vault.blindIndex(vaspId, 'address', JSON.stringify(['wallet', account]))

  async function toWallet(row: unknown): Promise<Wallet> {
    const r = WalletRow.parse(row)
    const key = await vault.openDataKey(r.vasp_id, r.data_key)
    const owner = OwnerSecret.parse(JSON.parse(vault.decrypt(key, placeOf('wallets', r.id), r.secret)))
    return {
      ...owner,
      id: r.id,
      vaspId: r.vasp_id,
      method: r.method,
      provenBy: r.proven_by,
      provenAt: r.proven_at,
      expiresAt: r.expires_at,
      ...(r.revoked_at && {
        revoked: { at: r.revoked_at, by: r.revoked_by ?? '', reason: r.revoke_reason ?? '' },
      }),
    }
  }

  return {
    async challenge(vaspId, id) {
      const { rows } = await pool.query(`select * from wallet_challenges where vasp_id = $1 and id = $2`, [
        vaspId,
        id,
      ])
      if (rows.length === 0) return undefined
      const r = ChallengeRow.parse(rows[0])
      const key = await vault.openDataKey(vaspId, r.data_key)
      const text = vault.decrypt(key, placeOf('wallet_challenges', r.id), r.secret)
      return {
        ...ChallengeSecret.parse(JSON.parse(text)),
        id: r.id,
        vaspId,
        method: r.method,
        issuedAt: r.issued_at,
        expiresAt: r.expires_at,
        ...(r.used_at && { usedAt: r.used_at }),
      }
    },

    async issue(challenge: WalletChallenge, write) {
      const { vaspId, id, method, issuedAt, expiresAt, account, customer, message, micro } = challenge
      const secret = { account, customer, message, ...(micro && { micro }) }
      const row = [vaspId, id, method, ...(await sealed(vaspId, placeOf('wallet_challenges', id), secret))]
      const outcome = await run('issue-challenge', ISSUE, [...row, issuedAt, expiresAt], issuedAt, write)
      if (outcome === 'conflict') throw new Error('the id of a challenge is new')
      return outcome
    },

    async prove(wallet, challengeId, write) {
      const { vaspId, id, method, account, customer, provenBy, provenAt, expiresAt } = wallet
      const values = [
        vaspId,
        id,
        await ownerIndex(vaspId, wallet),
        await accountIndex(vaspId, account),
        method,
        challengeId ?? null,
        ...(await sealed(vaspId, placeOf('wallets', id), { account, customer })),
        provenBy,
        provenAt,
        expiresAt,
      ]
      return run('prove-wallet', PROVE, values, provenAt, write)
    },

    revoke: (vaspId, id, { at, by, reason }, write) =>
      run('revoke-wallet', REVOKE, [vaspId, id, at, by, reason], at, write),

    async find(vaspId, id) {
      const { rows } = await pool.query(`select * from wallets where vasp_id = $1 and id = $2`, [vaspId, id])
      return rows.length === 0 ? undefined : toWallet(rows[0])
    },

    async isProven(vaspId, owner, now) {
      const { rowCount } = await pool.query(
        `select from wallets
          where vasp_id = $1 and owner_index = $2 and revoked_at is null and proven_at <= $3 and expires_at > $3 limit 1`,
        [vaspId, await ownerIndex(vaspId, owner), now],
      )
      return rowCount === 1
    },

    async list(vaspId, { account, pageSize, pageToken }) {
      const [time, id] =
        pageToken === undefined
          ? [null, null]
          : decodeToken(pageToken, [TIME_FORM, UUID_FORM], 'PAGE_TOKEN_INVALID')
      const { rows } = await pool.query(
        `select * from wallets
          where vasp_id = $1 and ($2::bytea is null or account_index = $2)
            and ($3::timestamptz is null or (proven_at, id) < ($3, $4::uuid))
          order by proven_at desc, id desc limit $5`,
        [vaspId, account === undefined ? null : await accountIndex(vaspId, account), time, id, pageSize + 1],
      )
      const items = await Promise.all(rows.slice(0, pageSize).map(toWallet))
      const last = items.at(-1)
      const more = rows.length > pageSize && last !== undefined
      return { items, nextPageToken: more ? encodeToken(last.provenAt.toISOString(), last.id) : undefined }
    },
  }
}
