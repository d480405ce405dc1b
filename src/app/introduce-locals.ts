/**
 * The VASPs of one deployment have each other's cards without a person: their keys lie in the same key store, so that there is nobody in
 * between. What else a counterparty must prove to be verified (licence, due diligence) it must prove here, too.
 */
import { Refusal } from '../domain/refusal.ts'
import { importing } from './counterparty-use-cases.ts'
import type { Parts } from './parts.ts'
import { pingLetter } from './ping.ts'

/** Both ways, unless it is done or the other is no VASP of this deployment. Safe to repeat, by several replicas at once. */
export async function introduceLocal(parts: Parts, vaspId: string, other: string | undefined): Promise<void> {
  if (other === undefined || other === vaspId || !parts.vasps.has(other)) return
  for (const [at, to] of [
    [vaspId, other],
    [other, vaspId],
  ] as const)
    if ((await parts.counterparties.recent(at, to)) === undefined) await introduce(parts, at, to)
}

async function introduce(parts: Parts, vaspId: string, other: string): Promise<void> {
  try {
    const card = await parts.cards.own(other, parts.clock.now())
    const change = await importing(parts, vaspId, card, 'deployment')
    // Another replica may be faster: then the card is there.
    if (change.verdict !== 'same') await parts.counterparties.save(change)
    const ping = await parts.envelopes.write(pingLetter(parts, vaspId, other), parts.clock.now())
    await parts.outbox.add(vaspId, [ping], [])
    parts.dispatch(vaspId, [ping])
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // A card that its pinned keys did not sign is a person's to look at, as of any other VASP.
    parts.log.warn('local VASP not introduced', { vaspId, counterparty: other, reason: error.code })
  }
}
