import type { CounterpartyView, LookupView } from '../../app/gateway.ts'
import type {
  LookupCounterpartyResponse,
  Counterparty as WireCounterparty,
} from '../../gen/travelrule/v1/counterparty.ts'
import { CONFIDENCE_NUMBERS, PROOF_KIND_NUMBERS, VERDICT_NUMBERS } from './words.ts'

export function counterpartyToWire({
  counterparty,
  verdict,
  keys,
  checks,
}: CounterpartyView): WireCounterparty {
  return {
    vaspId: counterparty.id,
    legalName: counterparty.legalName,
    country: counterparty.country,
    lei: counterparty.lei ?? '',
    verdict: VERDICT_NUMBERS[verdict.verdict],
    missing: verdict.missing.map((kind) => PROOF_KIND_NUMBERS[kind]),
    proofs: counterparty.proofs.map((proof) => ({
      kind: PROOF_KIND_NUMBERS[proof.kind],
      source: proof.source,
      reference: proof.reference,
      provenAt: proof.provenAt,
      expiresAt: proof.expiresAt,
      refuted: proof.refuted ?? '',
      documentSha256: proof.documentSha256 ?? '',
      perimeter: proof.perimeter ?? '',
    })),
    keys: keys.map(({ kid, use, notBefore, notAfter }) => ({ kid, use, notBefore, notAfter })),
    cardVersion: BigInt(counterparty.cardVersion),
    suspensionReason: counterparty.suspension?.reason ?? '',
    verdictExpiresAt: verdict.expiresAt,
    checks: checks.map((check) => ({
      source: check.source,
      outcome: check.outcome ?? '',
      code: check.code ?? '',
      reference: check.reference ?? '',
      checkedAt: check.checkedAt,
      nextAt: check.nextAt,
      failures: check.failures,
    })),
  }
}

export function lookupToWire({ confidence, evidence, ...found }: LookupView): LookupCounterpartyResponse {
  return {
    counterparty: counterpartyToWire(found),
    confidence: CONFIDENCE_NUMBERS[confidence],
    evidence: evidence.map((one) => ({
      kind: one.kind,
      source: one.source,
      reference: one.reference,
      confidence: CONFIDENCE_NUMBERS[one.confidence],
      seenAt: one.seenAt,
    })),
  }
}
