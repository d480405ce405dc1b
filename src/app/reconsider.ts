/** After a counterparty's verdict changed: its held transfers go on if the cause is gone, or are held if it appeared. */
import { verdictOn } from '../domain/counterparty/counterparty.ts'
import { counterpartyJudged } from '../domain/transfer/holds.ts'
import { applyStep } from './apply-step.ts'
import { counterpartyHolds } from './checks.ts'
import { localVasp, type Parts } from './parts.ts'

/** Returns how many transfers changed. */
export async function reconsider(parts: Parts, vaspId: string, counterpartyId: string): Promise<number> {
  const counterparty = await parts.counterparties.find(vaspId, counterpartyId)
  const { policy } = localVasp(parts, vaspId)
  const holding = counterpartyHolds(counterparty, verdictOn(counterparty, policy, parts.clock.now()))
  let changed = 0
  for (const transferId of await parts.transfers.openWith(vaspId, counterpartyId)) {
    const applied = await applyStep(parts, {
      vaspId,
      transferId,
      actor: 'policy',
      decide: (current, ctx) => current && counterpartyJudged(current, holding, ctx),
    })
    if (applied.outcome === 'committed') changed++
  }
  return changed
}
