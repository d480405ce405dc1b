/** The checks of data that came after their deposit: those of any request, over what the chain has shown. */
import type { Screening } from '../domain/screening/screening.ts'
import type { RequestContent, Transfer } from '../domain/transfer/transfer.ts'
import { checkInbound } from './checks.ts'
import { localVasp, type Parts } from './parts.ts'
import { screen } from './screen.ts'
import { exceeded } from './standing.ts'

export async function checkLate(parts: Parts, deposit: Transfer, from: string, content: RequestContent) {
  const { vaspId, id, asset, amount, secret } = deposit
  const vasp = localVasp(parts, vaspId)
  const peer = await parts.counterparties.find(vaspId, from)
  const { fiat: valued, identity } = content
  const fiat = valued && { ...valued, pricedAt: new Date(valued.priced_at) }
  const facts = { vaspId, counterpartyId: from, asset, amount, fiat, identity }
  const screening: Screening | undefined = await screen(parts, vasp, {
    caseId: id,
    direction: 'inbound',
    asset,
    amount,
    fiat,
    identity,
    peer,
    destination: secret.destination,
    sources: secret.sources ?? [],
  })
  const limits =
    peer === undefined ? [] : await exceeded(parts, vaspId, { peer, fiat, role: 'beneficiary' }, deposit)
  return { ...checkInbound(vasp, peer, facts, parts.clock.now(), limits), screening }
}
