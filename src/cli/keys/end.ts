/** The end of a key: revoked when somebody else may have it, destroyed when nothing needs it any more. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditEntry } from '../../app/ports.ts'
import { newestValid, type PublicKeyRecord } from '../../domain/envelope/public-key.ts'
import { postgresOutbox } from '../../postgres/outbox.ts'
import type { FileKeyStore } from '../../sealing/file-key-store.ts'
import type { Desk } from './announce.ts'
import { wrapsOf } from './kek.ts'
import { SETTLE_MILLISECONDS } from './rotate.ts'

export interface EndOrder {
  readonly vaspId: string
  readonly kid: string
  readonly actor: string
  readonly reason: string
}

export interface Revoked {
  readonly key: PublicKeyRecord
  /** A new key that had to be made, since none was left. */
  readonly successor: PublicKeyRecord | undefined
  /** Nobody has pinned any signing key that is left: a card signed by one is believed by nobody. */
  readonly byHand: boolean
}

/** What the revoked key signed or was sealed for until now stays readable here. */
const OVERLAP_SECONDS = 8 * 86_400

/** Throws an Error that says what to do instead. */
export async function revokeKey(
  desk: Desk & { readonly keyStore: FileKeyStore },
  order: EndOrder,
): Promise<Revoked> {
  const { keyStore } = desk
  const { vaspId, kid } = order
  const now = new Date()
  const keys = await keyStore.publicKeys(vaspId)
  const key = keys.find((one) => one.kid === kid)
  if (key === undefined)
    throw new Error(`${vaspId} has no signing or sealing key ${kid}; see tamga keys list`)
  if (key.revokedAt !== undefined) throw new Error(`${kid} was revoked at ${key.revokedAt.toISOString()}`)
  const left = newestValid(
    keys.filter((one) => one.kid !== kid),
    key.use,
    now,
  )
  const plan = { at: now, leadSeconds: 0, overlapSeconds: OVERLAP_SECONDS }
  const successor = left === undefined ? await keyStore.rotate(vaspId, key.use, plan) : undefined
  await keyStore.revoke(kid, now)
  await record(desk, 'keys.revoked', order, { kid, use: key.use, reason: order.reason })
  await sleep(SETTLE_MILLISECONDS)
  return { key, successor, byHand: key.use === 'sig' && successor !== undefined }
}

/** Throws an Error that says what to do first. */
export async function destroyKey(
  desk: Desk & { readonly keyStore: FileKeyStore },
  order: EndOrder,
): Promise<void> {
  const { keyStore } = desk
  const { vaspId, kid } = order
  const [newest, ...older] = await keyStore.keks(vaspId)
  const key = (await keyStore.publicKeys(vaspId)).find((one) => one.kid === kid)
  if (newest?.kid === kid)
    throw new Error(`${kid} wraps all new data keys; rotate first: tamga keys rotate --use kek`)
  if (older.some((kek) => kek.kid === kid)) {
    const wraps = await wrapsOf(desk, vaspId, kid)
    if (wraps > 0)
      throw new Error(`${kid} still wraps ${wraps} data keys; first: tamga keys rewrap --vasp ${vaspId}`)
  } else if (key === undefined) throw new Error(`${vaspId} has no key ${kid}; see tamga keys list`)
  else if (key.use === 'sig')
    throw new Error(`${kid} is a signing key: its public half proves what it signed; revoke it instead`)
  else if (key.notAfter > new Date() && key.revokedAt === undefined)
    throw new Error(
      `${kid} counts until ${key.notAfter.toISOString()}; envelopes sealed for it may be under way`,
    )
  // Before the deed: afterwards there may be nobody to tell it.
  await record(desk, 'keys.destroyed', order, { kid, reason: order.reason })
  await keyStore.destroy(kid)
}

async function record(
  { pool }: Desk,
  kind: string,
  { vaspId, actor }: EndOrder,
  data: AuditEntry['data'],
): Promise<void> {
  await postgresOutbox(pool).add(vaspId, [], [{ kind, actor, subject: vaspId, data }])
}
