/** Sign-ins by the identity provider that are under way, and how often somebody has tried. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { AttemptStore, PendingSignInStore } from '../../app/console/ports.ts'

const PendingRow = z
  .object({
    nonce: z.string(),
    code_verifier: z.string(),
    return_to: z.string(),
    former: z.string().nullable(),
    former_of: z.string().nullable(),
  })
  .transform(
    ({ nonce, code_verifier: codeVerifier, return_to: returnTo, former: id, former_of: subject }) => ({
      nonce,
      codeVerifier,
      returnTo,
      ...(id !== null && subject !== null && { former: { id, subject } }),
    }),
  )

export function postgresPendingSignIns(pool: Pool): PendingSignInStore {
  return {
    async add(stateHash, browserHash, { nonce, codeVerifier, returnTo, former }, expiresAt) {
      const replaced = [former?.id ?? null, former?.subject ?? null]
      await pool.query(
        `insert into console_sign_ins (state_hash, browser_hash, nonce, code_verifier, return_to, expires_at, former, former_of)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [stateHash, browserHash, nonce, codeVerifier, returnTo, expiresAt, ...replaced],
      )
    },

    async take(stateHash, browserHash, now) {
      const { rows } = await pool.query(
        `delete from console_sign_ins where state_hash = $1 and browser_hash = $2 and expires_at > $3
         returning nonce, code_verifier, return_to, former, former_of`,
        [stateHash, browserHash, now],
      )
      return rows.length === 0 ? undefined : PendingRow.parse(rows[0])
    },

    async sweep(now) {
      await pool.query(`delete from console_sign_ins where expires_at <= $1`, [now])
    },
  }
}

const AttemptRow = z.object({ attempts: z.int(), seconds_left: z.coerce.number() })

/** By the clock of the database, which all replicas share. */
export function postgresAttempts(pool: Pool): AttemptStore {
  return {
    async count(who, periodSeconds) {
      const { rows } = await pool.query({
        name: 'count-attempts',
        text: `
          insert into console_attempts as a (who, began_at, attempts)
          select w.who, now(), 1 from unnest($1::bytea[]) with ordinality as w(who, place) order by w.place
          on conflict (who) do update
            set attempts = case when a.began_at + make_interval(secs => $2) > now() then a.attempts + 1 else 1 end,
                began_at = case when a.began_at + make_interval(secs => $2) > now() then a.began_at else now() end
          returning attempts, extract(epoch from began_at + make_interval(secs => $2) - now()) as seconds_left`,
        values: [who, periodSeconds],
      })
      return z
        .array(AttemptRow)
        .parse(rows)
        .map(({ attempts, seconds_left: left }) => ({
          count: attempts,
          secondsLeft: Math.max(1, Math.ceil(left)),
        }))
    },

    async sweep(periodSeconds) {
      await pool.query(`delete from console_attempts where began_at + make_interval(secs => $1) <= now()`, [
        periodSeconds,
      ])
    },
  }
}
