/** What a counterparty has told of its audit log in its receipts: checkpoints that are pinned here, outside its reach. */
import { z } from 'zod'
import { originOf, parseCheckpoint, parseNotes, toBase64 } from '../../domain/audit/checkpoint.ts'
import { postgresCounterpartyStore } from '../../postgres/counterparty-store.ts'
import { signerOfNote } from '../../sealing/notes.ts'
import { recordOf } from '../../sealing/pinned-keys.ts'
import type { Host } from '../client/host.ts'

export interface Pins {
  /** Signed notes, one a size, the smallest first. */
  readonly notes: readonly string[]
  /** Sizes for which it has signed two different logs. */
  readonly forks: readonly number[]
}

const Claims = z.looseObject({ checkpoint: z.string().optional() })

export async function pinsOf(
  { pool }: Pick<Host, 'pool'>,
  vaspId: string,
  counterpartyId: string,
): Promise<Pins> {
  const keys = (await postgresCounterpartyStore(pool).keys(vaspId, counterpartyId)).map(recordOf)
  const { rows } = await pool.query(
    `select receipt from outbox where vasp_id = $1 and receiver = $2 and receipt is not null order by closed_at, jti`,
    [vaspId, counterpartyId],
  )
  const origin = originOf(counterpartyId)
  const bySize = new Map<number, { readonly root: string; readonly note: string }>()
  const forks = new Set<number>()
  for (const { receipt } of z.array(z.object({ receipt: z.string() })).parse(rows)) {
    // Verified when it came.
    const payload = Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString('utf8')
    const { checkpoint: note } = Claims.parse(JSON.parse(payload))
    const [parsed] = note === undefined ? [] : (parseNotes(note) ?? [])
    const head = parsed && parseCheckpoint(parsed.text)
    if (note === undefined || parsed === undefined || head?.origin !== origin) continue
    if (signerOfNote(parsed, origin, keys) === undefined) continue
    const root = toBase64(head.root)
    const known = bySize.get(head.size)
    if (known !== undefined && known.root !== root) forks.add(head.size)
    else bySize.set(head.size, { root, note })
  }
  const sizes = [...bySize].toSorted(([one], [other]) => one - other)
  return { notes: sizes.map(([, { note }]) => note), forks: [...forks] }
}
