/** Showing personal data to a person with a purpose: first it is written down, then it is shown. */
import { isTellable, masked } from '../domain/ivms101/index.ts'
import { Refusal } from '../domain/refusal.ts'
import { checkActing } from './acting.ts'
import type { Caller, Revealed, RevealRequest } from './gateway.ts'
import type { Parts } from './parts.ts'

/** Throws Refusal TRANSFER_NOT_FOUND, PERSON_DENIED, or REQUEST_INVALID for a path that is none of IVMS 101. */
export async function revealIdentity(
  parts: Parts,
  caller: Caller,
  { transferId, person, purpose, paths }: RevealRequest,
): Promise<Revealed> {
  await checkActing(parts, caller, person, 'reveal')
  const fields = paths.flatMap((path, index) =>
    isTellable(path) ? [] : [{ field: `paths[${index}]`, description: 'is no path of IVMS 101' }],
  )
  if (fields.length > 0) throw new Refusal('REQUEST_INVALID', undefined, { fields })
  const transfer = await parts.transfers.find(caller.vaspId, transferId)
  if (transfer === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
  const { text, revealed } = masked(transfer.secret.identity ?? '{}', paths)
  if (revealed.length > 0) {
    const data = { purpose, paths: revealed }
    const entry = { kind: 'identity.revealed', actor: `person:${person}`, subject: transferId, data }
    await parts.outbox.add(caller.vaspId, [], [entry])
  }
  return { identity: text, revealed }
}
