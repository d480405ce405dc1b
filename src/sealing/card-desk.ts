/** The card port: the local VASP's own card, and judgement on those of others. */
import { createHash } from 'node:crypto'
import type { CardContent, Cards } from '../app/ports.ts'
import { type Card, cardSuccession, hostsOf, type VerifiedCard } from '../domain/counterparty/card.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import type { LocalVasp } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { signCard, verifyCard } from './cards.ts'
import type { KeyStore } from './key-store.ts'
import { recordOf } from './pinned-keys.ts'

const CARD_DAYS = 400

export function cardDesk(keyStore: KeyStore, vasps: ReadonlyMap<string, LocalVasp>): Cards {
  return {
    async own(vaspId, now) {
      const vasp = vasps.get(vaspId)
      if (vasp === undefined) throw new Error(`${vaspId} is not a VASP of this deployment`)
      const keys = await keyStore.publicKeys(vaspId)
      const iat = Math.floor(now.getTime() / 1000)
      const card: Card = {
        vaspId,
        legalName: vasp.legalName,
        ...(vasp.lei !== undefined && { lei: vasp.lei }),
        country: vasp.country,
        licence: vasp.licence,
        keys: keys.filter(({ notAfter, revokedAt }) => notAfter > now && revokedAt === undefined),
        reach: [{ protocol: 'nats', subject: `tr.v1.${vaspId}` }],
        contacts: vasp.contacts,
        // Every key that ever was raises it, and so does every newer day: what follows is always greater.
        version: iat - CARD_EPOCH_SECONDS,
        iat,
        exp: iat + CARD_DAYS * 86_400,
      }
      return signCard(keyStore, card)
    },

    async judge(token, pinned, known, now) {
      const verified = await verify(token, now)
      const content = contentOf(verified)
      if (known === undefined) return { verdict: 'first', content }
      const keys = pinned.map(recordOf)
      const { vaspId } = content
      const last = { vaspId, version: known.version, token: known.card, keys }
      return { verdict: cardSuccession(last, verified, now), content }
    },
  }
}

/** 2026-01-01: keeps versions small and growing by the second. */
const CARD_EPOCH_SECONDS = 1_767_225_600

async function verify(token: string, now: Date): Promise<VerifiedCard> {
  try {
    return await verifyCard(token, 'self', now)
  } catch (error) {
    if (!(error instanceof EnvelopeRefusal)) throw error
    throw new Refusal('CARD_INVALID', error.reason, { cause: error })
  }
}

function contentOf({ card, token }: VerifiedCard): CardContent {
  return {
    vaspId: card.vaspId,
    legalName: card.legalName,
    country: card.country,
    ...(card.lei !== undefined && { lei: card.lei }),
    version: card.version,
    expiresAt: new Date(card.exp * 1000),
    keys: card.keys,
    hosts: hostsOf(card),
    digest: createHash('sha256').update(token).digest('base64url'),
  }
}
