/** Which VASP a hint belongs to, by what is on file: cards, registers, and the own transfers of before. */
import { createHash } from 'node:crypto'
import {
  type Attribution,
  type AttributionEvidence,
  attribute,
  domainsAbove,
} from '../domain/counterparty/attribution.ts'
import { decodeTravelAddress } from '../domain/travel-address.ts'
import type { CounterpartyHint } from './gateway.ts'
import type { Parts } from './parts.ts'

export function discover(parts: Parts, vaspId: string, hint: CounterpartyHint): Promise<Attribution> {
  return evidenceFor(parts, vaspId, hint).then(attribute)
}

async function evidenceFor(
  parts: Parts,
  vaspId: string,
  { vaspId: id, lei, domain, travelAddress, account }: CounterpartyHint,
): Promise<readonly AttributionEvidence[]> {
  return [
    ...(id === undefined ? [] : [named(id, parts.clock.now())]),
    ...(lei === undefined ? [] : await byLei(parts, vaspId, lei)),
    ...(domain === undefined ? [] : await byHost(parts, vaspId, domain)),
    ...(travelAddress === undefined ? [] : await byTravelAddress(parts, vaspId, travelAddress)),
    ...(account === undefined ? [] : await parts.transfers.sentTo(vaspId, account)),
  ]
}

/** A VASP id is taken as it is, known or not, so that a hold can name it. */
function named(counterpartyId: string, seenAt: Date): AttributionEvidence {
  return { counterpartyId, kind: 'VASP_ID', source: 'caller', reference: 'named', confidence: 'HIGH', seenAt }
}

/** The LEI stands in the VASP's card; a proof of it, as from GLEIF, makes it certain. */
async function byLei(parts: Parts, vaspId: string, lei: string): Promise<readonly AttributionEvidence[]> {
  const now = parts.clock.now()
  return (await parts.counterparties.findByLei(vaspId, lei)).map(({ id, cardVersion, proofs }) => {
    const proof = proofs.find((one) => one.kind === 'lei' && one.expiresAt > now && one.refuted === undefined)
    return {
      counterpartyId: id,
      kind: 'LEI',
      source: proof?.source ?? 'card',
      reference: proof?.reference ?? `card version ${cardVersion}`,
      confidence: proof === undefined ? 'MEDIUM' : 'HIGH',
      seenAt: proof?.provenAt ?? now,
    }
  })
}

/** A host that a card names exactly, or one at or below a domain that a register names: cards speak only for what they name. */
async function byHost(parts: Parts, vaspId: string, host: string): Promise<readonly AttributionEvidence[]> {
  const found = await parts.counterparties.findByDomains(vaspId, domainsAbove(host))
  return found
    .filter(({ source, domain }) => source !== OWN_WORD || domain === host.toLowerCase())
    .map(({ counterpartyId, source, reference, seenAt, domain }) => ({
      counterpartyId,
      kind: 'DOMAIN',
      source,
      reference: `${domain}: ${reference}`,
      confidence: source === OWN_WORD ? 'MEDIUM' : 'HIGH',
      seenAt,
    }))
}

const OWN_WORD = 'card'

/** Literal addresses and `….local` are good inside one house only; they lead to nobody. */
async function byTravelAddress(
  parts: Parts,
  vaspId: string,
  text: string,
): Promise<readonly AttributionEvidence[]> {
  const address = decodeTravelAddress(text, (bytes) => createHash('sha256').update(bytes).digest())
  if ('problem' in address || address.hostKind !== 'domain') return []
  return byHost(parts, vaspId, address.host)
}
