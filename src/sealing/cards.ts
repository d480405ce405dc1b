/** Cards as compact JWS, signed by a key that the card itself lists. */
import {
  CARD_BYTES_MAX,
  type Card,
  checkCardTimes,
  parseCard,
  type VerifiedCard,
  writeCard,
} from '../domain/counterparty/card.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { checkKeyTime, signCompactJws, verifyCompactJws } from './compact-jws.ts'
import { fromBase64url, fromUtf8 } from './encoding.ts'
import type { KeyStore } from './key-store.ts'
import { checkPublicKey } from './keys.ts'

const CARD_TYP = 'tamga-card+jws'

/** Throws EnvelopeRefusal when the card breaks the rules that its reader will check, KeyStoreError when no key is valid. */
export async function signCard(keyStore: KeyStore, card: Card): Promise<string> {
  const issuedAt = new Date(card.iat * 1000)
  const { kid } = await keyStore.signingKey(card.vaspId, issuedAt)
  const token = await signCompactJws(CARD_TYP, kid, writeCard(card), (bytes) => keyStore.sign(kid, bytes))
  // A card that its readers would refuse must not leave the house.
  await verifyCard(token, 'self', issuedAt)
  return token
}

/**
 * Checks that the card is sound and signed by one of its own keys, valid now. With `pinnedKids` the key must be a pinned one too,
 * which is why a rotated card lists the old key until its overlap ends. Throws EnvelopeRefusal.
 */
export async function verifyCard(
  token: string,
  pinnedKids: ReadonlySet<string> | 'self',
  now: Date,
): Promise<VerifiedCard> {
  const listed = listedKeys(token)
  const signed = await verifyCompactJws(token, {
    typ: CARD_TYP,
    keyFor: (kid) => listed().find((key) => key.kid === kid),
    bytesMax: CARD_BYTES_MAX,
  })
  const card = parseCard(signed.payload)
  checkKeyTime(signed.key, card.iat, now)
  checkCardTimes(card, now)
  if (pinnedKids !== 'self' && !pinnedKids.has(signed.kid)) throw new EnvelopeRefusal('KEY_NOT_PINNED')
  return { card, kid: signed.kid, token }
}

/** The keys that the unverified card claims; sound ones at least. Called once the form of the token is known to be right. */
function listedKeys(token: string) {
  return () => {
    const { keys } = parseCard(fromUtf8(fromBase64url(token.split('.')[1] ?? '')))
    for (const key of keys) checkPublicKey(key)
    return keys
  }
}
