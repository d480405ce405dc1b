/** Envelopes that came: once each, whatever the broker does. And what came and was refused. */
import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { z } from 'zod'
import type { Inbox, SecurityLog } from '../app/ports.ts'

export function postgresInbox(pool: Pool): Inbox {
  return {
    async find(vaspId, iss, jti) {
      const { rows } = await pool.query({
        name: 'find-inbox',
        text: `select sha256, receipt from inbox where vasp_id = $1 and iss = $2 and jti = $3`,
        values: [vaspId, iss, jti],
      })
      return rows.length === 0
        ? undefined
        : z.object({ sha256: z.string(), receipt: z.string() }).parse(rows[0])
    },
  }
}

/** Enough of a refused message for a person to recognise it. */
const KEPT_BYTES_MAX = 4_096

export function postgresSecurityLog(pool: Pool): SecurityLog {
  return {
    async record(event) {
      const sha256 = createHash('sha256').update(event.bytes).digest('hex')
      await pool.query(
        `insert into security_events (vasp_id, reason, subject, claimed_sender, bytes, sha256)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (vasp_id, reason, sha256) do update set times = security_events.times + 1, last_at = now()`,
        [
          event.vaspId,
          event.reason,
          event.subject,
          event.claimedSender ?? null,
          Buffer.from(event.bytes.subarray(0, KEPT_BYTES_MAX)),
          sha256,
        ],
      )
    },
  }
}
