import type { CounterpartyCase, CounterpartyListing } from '../../../app/console/counterparties.ts'
import type { CounterpartyView } from '../../../app/gateway.ts'
import type { PinnedKey } from '../../../app/ports.ts'
import type { Proof, VerdictPolicy } from '../../../domain/counterparty/counterparty.ts'
import { iso, isoOrNull } from './basics.ts'
import { actionJson } from './holds.ts'

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

export function counterpartyItemJson({ view, openTransfers, openHolds, lastHeardAt }: CounterpartyListing) {
  const { counterparty, verdict } = view
  return {
    id: counterparty.id,
    legalName: counterparty.legalName,
    country: counterparty.country,
    verdict: verdict.verdict,
    missing: [...verdict.missing],
    expiresAt: isoOrNull(verdict.expiresAt),
    suspended: counterparty.suspension !== undefined,
    openTransfers,
    openHolds,
    lastHeardAt: isoOrNull(lastHeardAt),
  }
}

export function counterpartyDetailJson(found: CounterpartyCase, policy: VerdictPolicy, now: Date) {
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
    openTransfers: found.openTransfers,
    openHolds: found.openHolds,
    actions: found.offers.map(actionJson),
  }
}

function keyJson({ kid, use, alg, notBefore, notAfter, revokedAt }: PinnedKey, now: Date) {
  return {
    kid,
    use,
    alg,
    notBefore: iso(notBefore),
    notAfter: iso(notAfter),
    revokedAt: isoOrNull(revokedAt),
    state: keyState(notBefore, notAfter, revokedAt, now),
  }
}

function keyState(notBefore: Date, notAfter: Date, revokedAt: Date | undefined, now: Date) {
  if (revokedAt !== undefined) return 'revoked' as const
  if (notAfter <= now) return 'expired' as const
  return notBefore > now ? ('coming' as const) : ('current' as const)
}
