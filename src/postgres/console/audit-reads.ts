/**
 * The audit log, newest first, by filters. Entries are text, so that what was hashed is what is stored; they are looked through, not
 * indexed, so that no transfer pays for it. A page looks through a bounded number of them.
 */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { AuditFilter, AuditReads, FoundEntry } from '../../app/console/audit.ts'
import { POSITIONS, PositionRow } from '../evidence-reads.ts'
import { decodeToken, encodeToken, NUMBER_FORM } from '../pages.ts'

const SCAN_MAX = 20_000

const Row = z.object({ xid: z.string(), seq: z.string(), entry: z.string(), leaf: z.string(), n: z.int() })
type Row = z.output<typeof Row>

const Entry = z.object({
  kind: z.string(),
  actor: z.string(),
  subject: z.string(),
  at: z.string(),
  data: z.record(z.string(), z.unknown()),
})

export function postgresAuditReads(pool: Pool): AuditReads {
  return {
    async entries(vaspId, filter, { cursor, limit }) {
      const [xid, seq] =
        cursor === undefined
          ? [null, null]
          : decodeToken(cursor, [NUMBER_FORM, NUMBER_FORM], 'PAGE_TOKEN_INVALID')
      const words = [filter.kind, filter.actor, filter.subject].filter((word) => word !== undefined)
      const { rows } = await pool.query(
        `with scanned as (
           select e.xid, e.seq, e.entry, e.leaf, e.recorded_at, (row_number() over (order by e.xid desc, e.seq desc))::integer as n
             from audit_entries e
            where e.vasp_id = $1 and ($2::text is null or (e.xid, e.seq) < ($2::xid8, $3::bigint))
            order by e.xid desc, e.seq desc limit ${SCAN_MAX})
         select s.xid::text, s.seq::text, s.entry, encode(s.leaf, 'base64') as leaf, s.n from scanned s
          where s.n = ${SCAN_MAX}
             or (($4::timestamptz is null or s.recorded_at >= $4) and ($5::timestamptz is null or s.recorded_at < $5)
                 and coalesce((select bool_and(position(w in s.entry) > 0) from unnest($6::text[]) as w), true))
          order by s.n limit $7`,
        [vaspId, xid, seq, filter.from ?? null, filter.to ?? null, words, limit + 1],
      )
      const scanned = z.array(Row).parse(rows)
      const page = scanned.slice(0, limit)
      const last = page.at(-1)
      // The last one looked at comes along whether it fits or not: there the next page begins.
      const isMore = last !== undefined && (scanned.length > limit || last.n === SCAN_MAX)
      const fitting = page.flatMap((row) => fittingEntry(row, filter))
      return {
        items: await withPositions(pool, vaspId, fitting),
        nextCursor: isMore ? encodeToken(last.xid, last.seq) : undefined,
      }
    },
  }
}

interface Placed {
  readonly row: Row
  readonly entry: Omit<FoundEntry, 'position'>
}

function fittingEntry(row: Row, { kind, actor, subject, from, to }: AuditFilter): Placed[] {
  const entry = entryOf(row.entry)
  const at = Date.parse(entry.at)
  const fits =
    (kind === undefined || entry.kind.startsWith(kind)) &&
    (actor === undefined || entry.actor === actor) &&
    (subject === undefined || entry.subject === subject) &&
    (from === undefined || !(at < from.getTime())) &&
    (to === undefined || !(at >= to.getTime()))
  if (!fits) return []
  return [{ row, entry: { id: `${row.xid}-${row.seq}`, ...entry, leaf: row.leaf, text: row.entry } }]
}

const UNREADABLE = { kind: 'unreadable', actor: '', subject: '', at: new Date(0).toISOString(), data: {} }

/** An altered entry is shown as such; `tamga audit verify` names it. */
function entryOf(text: string): z.output<typeof Entry> {
  try {
    return Entry.parse(JSON.parse(text))
  } catch {
    return UNREADABLE
  }
}

async function withPositions(
  pool: Pool,
  vaspId: string,
  entries: readonly Placed[],
): Promise<readonly FoundEntry[]> {
  if (entries.length === 0) return []
  const { rows } = await pool.query(POSITIONS, [
    vaspId,
    entries.map(({ row }) => row.xid),
    entries.map(({ row }) => row.seq),
  ])
  const positions = z.array(PositionRow).parse(rows)
  return entries.map(({ entry }, n) => {
    const position = positions[n]?.position ?? undefined
    return { ...entry, position: position === undefined ? undefined : Number(position) }
  })
}
