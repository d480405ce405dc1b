/** Counterparties, their keys and domains, as rows; and what is written of them as JSON. */
import { z } from 'zod'
import type { DomainClaim, PinnedKey } from '../app/ports.ts'
import {
  type Counterparty,
  PERIMETERS,
  PROOF_KINDS,
  type ProofKind,
} from '../domain/counterparty/counterparty.ts'
import { RISK_LEVELS } from '../domain/counterparty/diligence.ts'
import type { CounterpartyTask } from '../domain/counterparty/task.ts'
import { deciding } from './newer.ts'

const date = z.union([z.date(), z.string()]).transform((value) => new Date(value))

const byPerson = { by: z.string(), at: date, reason: z.string() }
const money = z.object({ amount: z.string(), currency: z.string() })

const Diligence = z.looseObject({
  limits: z
    .looseObject({ perTransfer: money.exactOptional(), perDay: money.exactOptional(), ...byPerson })
    .exactOptional(),
  riskFloor: z.looseObject({ level: deciding(RISK_LEVELS), ...byPerson }).exactOptional(),
  questionnaire: z
    .looseObject({
      id: z.string(),
      form: z.string(),
      answers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
      recordedBy: z.string(),
      recordedAt: date,
    })
    .exactOptional(),
  failing: z.looseObject({ taskId: z.string(), at: date }).exactOptional(),
  restriction: z.looseObject(byPerson).exactOptional(),
})

export const CounterpartyRow = z
  .object({
    id: z.string(),
    legal_name: z.string(),
    country: z.string(),
    lei: z.string().nullable(),
    card: z.string(),
    card_version: z.int(),
    suspension: z.object({ reason: z.string(), by: z.string(), at: date }).nullable(),
    version: z.int(),
    diligence: Diligence,
    silent_since: z.date().nullable(),
    proofs: z
      .array(
        z.object({
          kind: z.string(),
          source: z.string(),
          reference: z.string(),
          proven_at: date,
          expires_at: date,
          refuted: z.string().nullable(),
          document_sha256: z.string().nullable(),
          perimeter: deciding(PERIMETERS).nullable(),
        }),
      )
      .nullable(),
  })
  .transform(
    (row): Counterparty => ({
      id: row.id,
      legalName: row.legal_name,
      country: row.country,
      ...(row.lei !== null && { lei: row.lei }),
      card: row.card,
      cardVersion: row.card_version,
      ...(row.suspension && { suspension: row.suspension }),
      version: row.version,
      ...(row.silent_since && { silentSince: row.silent_since }),
      ...(Object.keys(row.diligence).length > 0 && { diligence: row.diligence }),
      proofs: (row.proofs ?? []).filter(isOfKnownKind).map((proof) => ({
        kind: proof.kind,
        source: proof.source,
        reference: proof.reference,
        provenAt: proof.proven_at,
        expiresAt: proof.expires_at,
        ...(proof.refuted !== null && { refuted: proof.refuted }),
        ...(proof.document_sha256 !== null && { documentSha256: proof.document_sha256 }),
        ...(proof.perimeter !== null && { perimeter: proof.perimeter }),
      })),
    }),
  )

/** What another kind proves, this version asks of nobody. */
function isOfKnownKind<P extends { readonly kind: string }>(
  proof: P,
): proof is P & { readonly kind: ProofKind } {
  return PROOF_KINDS.some((kind) => kind === proof.kind)
}

/** The newest proof of each kind. */
export const COUNTERPARTY_SELECT = `
  select c.*, (select jsonb_agg(p) from (
                 select distinct on (kind) * from counterparty_proofs p
                  where p.vasp_id = c.vasp_id and p.counterparty_id = c.id
                  order by kind, proven_at desc) p) as proofs,
         (select k.opened_at from counterparty_circuits k
           where k.vasp_id = c.vasp_id and k.counterparty_id = c.id) as silent_since
    from counterparties c`

export const KeyRow = z
  .object({
    vasp_id: z.string(),
    counterparty_id: z.string(),
    kid: z.string(),
    use: deciding(['sig', 'enc']),
    alg: z.string(),
    jwk: z.record(z.string(), z.string()),
    not_before: z.date(),
    not_after: z.date(),
    revoked_at: z.date().nullable(),
  })
  .transform(
    (row): PinnedKey => ({
      kid: row.kid,
      vaspId: row.counterparty_id,
      use: row.use,
      alg: row.alg,
      jwk: row.jwk,
      notBefore: row.not_before,
      notAfter: row.not_after,
      ...(row.revoked_at && { revokedAt: row.revoked_at }),
    }),
  )

export const DomainRow = z
  .object({
    domain: z.string(),
    counterparty_id: z.string(),
    source: z.string(),
    reference: z.string(),
    seen_at: z.date(),
  })
  .transform(
    ({ counterparty_id: counterpartyId, seen_at: seenAt, ...row }): DomainClaim => ({
      ...row,
      counterpartyId,
      seenAt,
    }),
  )

export function taskJson({ id, kind, finding, card, state, deadline, ...task }: CounterpartyTask) {
  const { openedAt, escalatedAt, decided, approved } = task
  return {
    id,
    kind,
    finding,
    card,
    state,
    deadline,
    opened_at: openedAt,
    escalated_at: escalatedAt,
    ...(decided && {
      decision: decided.decision,
      reason: decided.reason,
      reference: decided.reference,
      decider: decided.by,
      decider_person: decided.person,
      decided_at: decided.at,
    }),
    ...(approved && { approver: approved.by, approver_person: approved.person, approved_at: approved.at }),
  }
}
