/** Showing personal data to a person for a purpose: written down before anything is shown. */
import { Refusal } from '../../domain/refusal.ts'
import type { Transfer } from '../../domain/transfer/transfer.ts'
import type { Parts } from '../parts.ts'
import type { AuditEntry } from '../ports.ts'
import { compareIdentity } from './comparison.ts'
import { demand, type Viewer } from './viewer.ts'

export const REVEAL_PURPOSES = [
  'NAME_MATCH',
  'SANCTIONS_REVIEW',
  'MISSING_DATA',
  'CUSTOMER_REQUEST',
  'REGULATOR_REQUEST',
  'OTHER',
] as const
export type RevealPurpose = (typeof REVEAL_PURPOSES)[number]

export interface Reveal {
  readonly id: string
  readonly vaspId: string
  readonly transferId: string
  readonly person: string
  readonly purpose: RevealPurpose
  /** Names of fields, never values. */
  readonly fields: readonly string[]
  readonly note?: string
  readonly at: Date
}

export interface RevealStore {
  /** Both are durable when it resolves, or neither is. */
  add(reveal: Reveal, audit: AuditEntry): Promise<void>
}

export interface RevealRequest {
  readonly purpose: RevealPurpose
  readonly note?: string
  readonly fields?: readonly string[]
}

export interface RevealedField {
  readonly path: string
  readonly sent: string | undefined
  readonly held: string | undefined
}

export type RevealParts = Pick<Parts, 'clock' | 'newId'> & {
  readonly transfers: Pick<Parts['transfers'], 'find'>
  readonly reveals: RevealStore
}

/** How long the console shows it. */
const SHOWN_SECONDS = 60

export async function revealTransfer(
  parts: RevealParts,
  viewer: Viewer,
  transferId: string,
  { purpose, note, fields: wanted }: RevealRequest,
): Promise<{ readonly until: Date; readonly fields: readonly RevealedField[] }> {
  demand(viewer, 'reveal')
  const transfer = await parts.transfers.find(viewer.vaspId, transferId)
  if (transfer === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
  const now = parts.clock.now()
  const fields = valuesOf(transfer, now).filter(({ path }) => wanted === undefined || wanted.includes(path))
  const paths = fields.map(({ path }) => path)
  const person = viewer.person.subject
  await parts.reveals.add(
    {
      id: parts.newId(),
      vaspId: viewer.vaspId,
      transferId,
      person,
      purpose,
      fields: paths,
      ...(note !== undefined && { note }),
      at: now,
    },
    {
      kind: 'identity.revealed',
      actor: `person:${person}`,
      subject: transferId,
      data: { purpose, paths },
    },
  )
  return { until: new Date(now.getTime() + SHOWN_SECONDS * 1000), fields }
}

function valuesOf(transfer: Transfer, now: Date): readonly RevealedField[] {
  const { destination, tag, txId } = transfer.secret
  const own = (path: string, sent: string | undefined) =>
    sent === undefined ? [] : [{ path, sent, held: undefined }]
  const identity = compareIdentity(transfer, now).fields.map(({ path, sent, held }) => ({ path, sent, held }))
  return [...own('destination', destination), ...own('tag', tag), ...own('txId', txId), ...identity]
}
