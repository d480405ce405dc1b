/** Cards in a shell: fetched, checked, and shown with the thumbprints that two people compare. */
import type { Card } from '../../domain/counterparty/card.ts'
import { EnvelopeRefusal } from '../../domain/envelope/refusal.ts'
import { verifyCard } from '../../sealing/cards.ts'
import { timeOf } from './show-hold.ts'

const FETCH_MILLISECONDS = 10_000
const CARD_BYTES_MAX = 40_000

/** `url` is the card's own, or the base of a gateway's HTTP door. Throws an Error that says what did not work. */
export async function fetchCard(url: string, vaspId: string | undefined): Promise<string> {
  const place = placeOf(url, vaspId)
  let response: Response
  try {
    response = await fetch(place, { redirect: 'error', signal: AbortSignal.timeout(FETCH_MILLISECONDS) })
  } catch (error) {
    throw new Error(`no answer from ${place.origin}; is the gateway's HTTP door there?`, { cause: error })
  }
  if (!response.ok) throw new Error(`no card at ${place.href} (HTTP ${response.status})`)
  const text = (await response.text()).trim()
  if (text.length > CARD_BYTES_MAX) throw new Error(`what ${place.href} sent is too large for a card`)
  return text
}

export function placeOf(url: string, vaspId: string | undefined): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !['http:', 'https:'].includes(base.protocol))
    throw new Error('--url is an http or https URL, as in https://gateway.example')
  if (base.pathname !== '/') return base
  if (vaspId === undefined) throw new Error('say whose card: tamga counterparty card VASP --url URL')
  return new URL(`/.well-known/tamga/cards/${encodeURIComponent(vaspId)}`, base)
}

/** Checks that the card is sound and signed by one of its own keys; whose keys they are only people can tell. */
export async function soundCard(token: string): Promise<Card> {
  try {
    return (await verifyCard(token, 'self', new Date())).card
  } catch (error) {
    if (!(error instanceof EnvelopeRefusal)) throw error
    throw new Error(`this is no valid card (${error.reason}); ask its owner for a new one`, { cause: error })
  }
}

export function cardLines({
  vaspId,
  legalName,
  country,
  lei,
  licence,
  keys,
  version,
}: Card): readonly string[] {
  return [
    `card of ${vaspId}, version ${version}: ${legalName}, ${country}${lei === undefined ? '' : `, LEI ${lei}`}`,
    `  licence  ${licence.regulator} ${licence.number}`,
    ...keys.map(
      ({ kid, use, notBefore, notAfter }) =>
        `  key      ${kid}  ${use}  ${timeOf(notBefore)} to ${timeOf(notAfter)}`,
    ),
  ]
}

export const COMPARE =
  'compare these key thumbprints with the VASP by another channel (a call, a meeting): the card alone proves nothing about who made it'

export function cardJson({ vaspId, legalName, country, lei, version, keys }: Card, token: string): object {
  return {
    vasp_id: vaspId,
    legal_name: legalName,
    country,
    ...(lei !== undefined && { lei }),
    version,
    keys: keys.map(({ kid, use, notBefore, notAfter }) => ({
      kid,
      use,
      not_before: notBefore,
      not_after: notAfter,
    })),
    card: token,
  }
}
