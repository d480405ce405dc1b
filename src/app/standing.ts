/** What a counterparty's standing and its limits make of a transfer, besides the verdict. */
import type { Counterparty } from '../domain/counterparty/counterparty.ts'
import { limitsFor } from '../domain/counterparty/diligence.ts'
import { limitFindings, NOTHING_SENT, standingFindings } from '../domain/counterparty/limits.ts'
import type { Finding, HoldReason } from '../domain/hold/hold.ts'
import type { Money } from '../domain/rules/index.ts'
import type { Role } from '../domain/transfer/states.ts'
import { localVasp, type Parts } from './parts.ts'

interface Held {
  readonly reason: HoldReason
  readonly finding: Finding
}

const DAY_MILLISECONDS = 86_400_000

/** `own` is the transfer in question once it is stored: its value is not counted twice, and later ones do not count against it. */
export async function standing(
  parts: Parts,
  vaspId: string,
  peer: Counterparty,
  fiat: Money | undefined,
  own?: { readonly id: string; readonly createdAt: Date },
): Promise<readonly Finding[]> {
  const { policy } = localVasp(parts, vaspId)
  return [
    ...standingFindings(peer, policy),
    ...(await exceeded(parts, vaspId, { peer, fiat, role: 'originator' }, own)),
  ]
}

/** The limits of the counterparty that a transfer of this role exceeds; each direction is counted for itself. */
export async function exceeded(
  parts: Pick<Parts, 'vasps' | 'clock' | 'transfers'>,
  vaspId: string,
  {
    peer,
    fiat,
    role,
  }: { readonly peer: Counterparty; readonly fiat: Money | undefined; readonly role: Role },
  own?: { readonly id: string; readonly createdAt: Date },
): Promise<readonly Finding[]> {
  const { policy } = localVasp(parts, vaspId)
  const now = parts.clock.now()
  const since = new Date(now.getTime() - DAY_MILLISECONDS)
  const isCounted = limitsFor(peer, policy, now)?.perDay !== undefined
  const day = isCounted
    ? await parts.transfers.valueWith(vaspId, peer.id, { role, since }, own)
    : NOTHING_SENT
  return limitFindings(peer, policy, { fiat, rates: policy.rates, now }, day)
}

export function asPolicy(findings: readonly Finding[]): readonly Held[] {
  return findings.map((finding) => ({ reason: 'POLICY', finding }))
}

/** A transfer has one hold of each reason: several findings of one reason are told in it together. */
export function oneEach(holds: readonly Held[], { reason, finding }: Held): readonly Held[] {
  const known = holds.find((held) => held.reason === reason)
  if (known === undefined) return [...holds, { reason, finding }]
  const code = `${known.finding.code}_AND_${finding.code}`
  const joined = { ...known.finding, code, message: `${known.finding.message}; ${finding.message}` }
  return holds.map((held) => (held === known ? { reason, finding: joined } : held))
}
