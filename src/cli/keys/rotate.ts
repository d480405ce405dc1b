/** New keys for a VASP whose gateways are running: published first, used later, the old ones good long enough for what is under way. */
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AuditEntry } from '../../app/ports.ts'
import type { KeyUse, PublicKeyRecord } from '../../domain/envelope/public-key.ts'
import type { KeyStore } from '../../sealing/key-store.ts'

export interface RotateOptions {
  readonly vaspId: string
  readonly uses: readonly KeyUse[]
  readonly leadSeconds: number
  readonly overlapSeconds: number
}

/** As many keys as a card may list (src/domain/counterparty/card.ts). */
const CARD_KEYS_MAX = 16
/**
 * A card's version is its second, and a gateway may go by its last reading of the keys for one second: a card of this many seconds
 * later is newer than any that still lists the old keys only.
 */
export const SETTLE_MILLISECONDS = 2_100

/** Throws an Error that says what to do instead when the keys cannot be rotated now. */
export async function rotateKeys(
  keyStore: KeyStore,
  { vaspId, uses, leadSeconds, overlapSeconds }: RotateOptions,
): Promise<readonly PublicKeyRecord[]> {
  const at = new Date()
  const keys = await keyStore.publicKeys(vaspId)
  const coming = keys.find(({ use, notBefore }) => uses.includes(use) && notBefore > at)
  if (coming !== undefined)
    throw new Error(
      `the ${coming.use} key ${coming.kid} of ${vaspId} takes over at ${coming.notBefore.toISOString()}; rotate again after that, or send its card once more with: tamga keys announce --vasp ${vaspId}`,
    )
  const listed = keys.filter(({ notAfter, revokedAt }) => notAfter > at && revokedAt === undefined).length
  if (listed + uses.length > CARD_KEYS_MAX)
    throw new Error(
      `a card lists ${CARD_KEYS_MAX} keys at most and ${vaspId} has ${listed}; wait until one has ended`,
    )
  const made: PublicKeyRecord[] = []
  for (const use of uses) made.push(await keyStore.rotate(vaspId, use, { at, leadSeconds, overlapSeconds }))
  await sleep(SETTLE_MILLISECONDS)
  return made
}

/** A key file of another user would stop every gateway that reads the directory. */
export async function checkOwner(directory: string, uid = process.getuid?.()): Promise<void> {
  const owner = (await stat(directory)).uid
  if (uid !== undefined && uid !== owner)
    throw new Error(
      `${directory} belongs to user ${owner}; run this as that user, or the gateway cannot read the new key`,
    )
}

export function rotationAudit(made: readonly PublicKeyRecord[], actor: string): readonly AuditEntry[] {
  return made.map(({ kid, use, vaspId, notBefore, notAfter }) => ({
    kind: 'keys.rotated',
    actor,
    subject: vaspId,
    data: { kid, use, not_before: notBefore.toISOString(), not_after: notAfter.toISOString() },
  }))
}
