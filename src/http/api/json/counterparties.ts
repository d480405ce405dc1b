import type { Circuit, CounterpartyCase, CounterpartyListing } from '../../../app/console/counterparties.ts'
import type { CounterpartyView } from '../../../app/gateway.ts'
import type { Proof, VerdictPolicy } from '../../../domain/counterparty/counterparty.ts'
import { iso, isoOrNull, type Names } from './basics.ts'
import { checksJson, questionnaireJson, taskJson, termsJson } from './diligence.ts'
import { actionJson } from './holds.ts'
import { keyJson } from './keys.ts'

export function cardJson({ counterparty, verdict }: CounterpartyView, policy: VerdictPolicy, now: Date) {
  const { id, legalName, country, lei, suspension, version, proofs } = counterparty
  return {
    id,
    legalName,
    country,
    lei: lei ?? null,
    verdict: verdict.verdict,
    missing: [...verdict.missing],
    expiresAt: isoOrNull(verdict.expiresAt),
    proofs: proofs.map((proof) => proofJson(proof, policy, now)),
    suspension:
      suspension === undefined
        ? null
        : { reason: suspension.reason, by: suspension.by, at: iso(suspension.at) },
    version,
  }
}

function proofJson(
  { kind, source, reference, provenAt, expiresAt }: Proof,
  policy: VerdictPolicy,
  now: Date,
) {
  return {
    kind,
    source,
    reference,
    provenAt: iso(provenAt),
    expiresAt: iso(expiresAt),
    required: policy.requiredProofs.includes(kind),
    state: expiresAt > now ? ('current' as const) : ('expired' as const),
  }
}

function circuitJson({ condition, since, nextPingAt }: Circuit) {
  return { condition, since: isoOrNull(since), nextPingAt: isoOrNull(nextPingAt) }
}

export function counterpartyItemJson({ view, circuit, ...load }: CounterpartyListing) {
  const { counterparty, verdict } = view
  return {
    id: counterparty.id,
    legalName: counterparty.legalName,
    country: counterparty.country,
    verdict: verdict.verdict,
    missing: [...verdict.missing],
    expiresAt: isoOrNull(verdict.expiresAt),
    suspended: counterparty.suspension !== undefined,
    openTransfers: load.openTransfers,
    openHolds: load.openHolds,
    lastHeardAt: isoOrNull(load.lastHeardAt),
    circuit: circuitJson(circuit),
  }
}

export function counterpartyDetailJson(
  found: CounterpartyCase,
  policy: VerdictPolicy,
  now: Date,
  names: Names,
) {
  const { conduct } = found
  return {
    counterparty: cardJson(found.view, policy, now),
    etag: found.etag,
    keys: found.keys.map((key) => keyJson(key, now)),
    conduct: {
      days: conduct.days,
      sent: conduct.sent,
      received: conduct.received,
      answered: conduct.answered,
      answerP50Ms: conduct.answerP50Ms ?? null,
      answerP95Ms: conduct.answerP95Ms ?? null,
      receiptP50Ms: conduct.receiptP50Ms ?? null,
      receiptP95Ms: conduct.receiptP95Ms ?? null,
      lastHeardAt: isoOrNull(conduct.lastHeardAt),
      failures: conduct.failures.map(({ kind, count, lastAt }) => ({
        kind,
        count,
        lastAt: isoOrNull(lastAt),
      })),
    },
    circuit: circuitJson(found.circuit),
    openTransfers: found.openTransfers,
    openHolds: found.openHolds,
    terms: termsJson(found, names),
    questionnaire: questionnaireJson(found, names),
    checks: checksJson(found),
    tasks: found.tasks.map((task) => taskJson(task, now, names)),
    actions: found.offers.map(actionJson),
  }
}
