/** A shredded transfer in an evidence bundle: its tombstone is signed, recorded in the audit log, and about this very transfer. */
import { z } from 'zod'
import type { Checkpoint } from '../domain/audit/checkpoint.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { sha256 } from './evidence-bundle.ts'
import { type Case, whyOf } from './evidence-case.ts'
import { isProven } from './evidence-log.ts'
import { parseTombstone, TOMBSTONE_BYTES_MAX, TOMBSTONE_TYP } from './tombstones.ts'

const Entry = z.looseObject({
  kind: z.literal('transfer.shredded'),
  subject: z.string(),
  actor: z.string(),
  data: z.looseObject({ tombstone: z.string() }),
})

export async function checkShredding(given: Case, checkpoint: Checkpoint | undefined): Promise<void> {
  const { bundle, fail, say, verify } = given
  const { shredding, transfer, exporter } = bundle
  if ((shredding !== null) !== transfer.shredded)
    fail('TOMBSTONE', 'shredding', 'it is missing, or one too many')
  if (shredding === null) return
  const { tombstone: token, entry } = shredding
  try {
    const signed = await verify(token, {
      typ: TOMBSTONE_TYP,
      bytesMax: TOMBSTONE_BYTES_MAX,
      vaspId: exporter,
    })
    const tombstone = parseTombstone(signed.payload)
    const { iss, iat, transfer_id: id, version, state, by, kept, early } = tombstone
    signed.checkTime(iat, new Date(iat * 1000))
    if (iss !== exporter || id !== transfer.id || version !== transfer.version || state !== transfer.state)
      throw new EnvelopeRefusal('CLAIMS', 'it is for another transfer')
    const logged = parsedEntry(entry.entry)
    if (logged?.subject !== id || logged.actor !== by || logged.data.tombstone !== sha256(token))
      throw new EnvelopeRefusal('CLAIMS', 'the audit log has another one')
    if (!isProven(entry, checkpoint)) fail('PROOF', `entry #${entry.position}`)
    given.tombstone = tombstone
    const why = early === null ? `kept for ${kept.years} years (${kept.rules.join(', ')})` : `early: ${early}`
    const how = `signature good, entry #${entry.position} of ${exporter}'s audit log`
    say(new Date(iat * 1000), `${exporter} shredded the personal data, by ${by}; ${why}`, how)
  } catch (error) {
    fail('TOMBSTONE', 'shredding', whyOf(error))
  }
}

function parsedEntry(text: string): z.infer<typeof Entry> | undefined {
  try {
    return Entry.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
