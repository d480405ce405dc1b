/** Whom a robot knows: the keys on the cards of other VASPs. In memory only: a robot is introduced anew at every start. */
import { newestValid, type PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { verifyCard } from '../sealing/cards.ts'

export interface Peers {
  /** Pins the keys of a VASP's card and gives the VASP's id. A later card must be signed by a pinned key. Throws EnvelopeRefusal. */
  meet(card: string): Promise<string>
  byKid(kid: string): PublicKeyRecord | undefined
  /** The key to seal for. Throws when the robot has not met the VASP. */
  sealingKey(vaspId: string): PublicKeyRecord
}

export function rememberedPeers(): Peers {
  const keys = new Map<string, PublicKeyRecord>()
  const keysOf = (vaspId: string) => [...keys.values()].filter((key) => key.vaspId === vaspId)
  return {
    async meet(token) {
      const now = new Date()
      const { card } = await verifyCard(token, 'self', now)
      const pinned = keysOf(card.vaspId)
      if (pinned.length > 0) await verifyCard(token, new Set(pinned.map(({ kid }) => kid)), now)
      for (const key of card.keys) keys.set(key.kid, key)
      return card.vaspId
    },
    byKid: (kid) => keys.get(kid),
    sealingKey(vaspId) {
      const key = newestValid(keysOf(vaspId), 'enc', new Date())
      if (key === undefined) throw new Error(`the robot has no card of ${vaspId}`)
      return key
    },
  }
}
