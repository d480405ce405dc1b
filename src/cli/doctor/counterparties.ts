/** Counterparties whose proofs have lapsed, or will while nobody looks. */
import type { Pool } from 'pg'
import type { Counterparty } from '../../domain/counterparty/counterparty.ts'
import type { VaspPolicy } from '../../domain/policy.ts'
import { postgresCounterpartyStore } from '../../postgres/counterparty-store.ts'
import type { ConfiguredVasp } from '../../vasps.ts'
import { DAY_MILLISECONDS, daysUntil, type Finding } from './report.ts'

const PROOF_DAYS = 14
const PAGE = 200

export async function checkCounterparties(
  pool: Pool,
  vasps: ReadonlyMap<string, ConfiguredVasp>,
  now: Date,
): Promise<readonly Finding[]> {
  const store = postgresCounterpartyStore(pool)
  const findings: Finding[] = []
  for (const [vaspId, { policy }] of vasps) {
    let page: string | undefined
    do {
      const { items, nextPageToken } = await store.list(vaspId, PAGE, page)
      findings.push(...items.flatMap((one) => lapsing(one, policy, now, vaspId)))
      page = nextPageToken
    } while (page !== undefined)
  }
  return findings
}

/** A proof that never was is a decision to take, not a lapse. Reachability renews itself while the counterparty answers. */
export function lapsing(
  { id, proofs, suspension }: Counterparty,
  { requiredProofs }: Pick<VaspPolicy, 'requiredProofs'>,
  now: Date,
  vaspId: string,
): readonly Finding[] {
  if (suspension !== undefined) return []
  return requiredProofs.flatMap((kind) => {
    const ends = proofs.filter((proof) => proof.kind === kind).map(({ expiresAt }) => expiresAt.getTime())
    if (ends.length === 0) return []
    const end = new Date(Math.max(...ends))
    const days = kind === 'reachability' ? 0 : PROOF_DAYS
    if (end.getTime() - now.getTime() > days * DAY_MILLISECONDS) return []
    const message = `the ${kind} proof of ${id} ${daysUntil(end, now)}; ${WAY[kind] ?? 'see tamga counterparty get'}`
    return [{ code: end < now ? 'PROOF_LAPSED' : 'PROOF_LAPSING', subject: vaspId, message }]
  })
}

const WAY: { readonly [kind: string]: string } = {
  identity: 'import its newer card',
  licence: 'see the register and attest it again with tamga counterparty verify',
  due_diligence: 'renew it and attest it again with tamga counterparty verify',
  reachability: 'it does not answer pings; ask whether its gateway runs',
}
