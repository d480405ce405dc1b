import { type Attribution, isAtLeast } from '../domain/counterparty/attribution.ts'
import { discover } from './discover.ts'
import type { CounterpartyHint } from './gateway.ts'
import type { Parts } from './parts.ts'

/** The counterparty that a hint leads to: exactly one, with at least middling confidence, or none. */
export async function resolve(
  parts: Parts,
  vaspId: string,
  hint: CounterpartyHint,
): Promise<{ readonly counterpartyId: string | undefined; readonly attribution: Attribution }> {
  const attribution = await discover(parts, vaspId, hint)
  const isGood = attribution.outcome === 'one' && isAtLeast(attribution.confidence, 'MEDIUM')
  if (!isGood && attribution.outcome === 'one')
    return { counterpartyId: undefined, attribution: { outcome: 'none' } }
  return { counterpartyId: isGood ? attribution.counterpartyId : undefined, attribution }
}
