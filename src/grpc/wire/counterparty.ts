import type { CounterpartyView } from '../../app/gateway.ts'
import type { Counterparty as WireCounterparty } from '../../gen/travelrule/v1/counterparty.ts'
import { PROOF_KIND_NUMBERS, VERDICT_NUMBERS } from './words.ts'

export function counterpartyToWire({ counterparty, verdict, keys }: CounterpartyView): WireCounterparty {
  return {
    vaspId: counterparty.id,
    legalName: counterparty.legalName,
    country: counterparty.country,
    lei: counterparty.lei ?? '',
    verdict: VERDICT_NUMBERS[verdict.verdict],
    missing: verdict.missing.map((kind) => PROOF_KIND_NUMBERS[kind]),
    proofs: counterparty.proofs.map((proof) => ({ ...proof, kind: PROOF_KIND_NUMBERS[proof.kind] })),
    keys: keys.map(({ kid, use, notBefore, notAfter }) => ({ kid, use, notBefore, notAfter })),
    cardVersion: BigInt(counterparty.cardVersion),
    suspensionReason: counterparty.suspension?.reason ?? '',
    verdictExpiresAt: verdict.expiresAt,
  }
}
