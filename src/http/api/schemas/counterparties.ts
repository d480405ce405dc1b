/** Other VASPs as this one knows them. */
import { z } from 'zod'
import { CIRCUIT_CONDITIONS } from '../../../app/console/counterparties.ts'
import { PROOF_KINDS, VERDICTS } from '../../../domain/counterparty/counterparty.ts'
import { Action, Hash, many, Paging, pageOf, Time, VaspId } from './common.ts'
import { DirectoryCheck, GivenQuestionnaire, Key, Task, Terms } from './diligence.ts'

const Verdict = z.enum(VERDICTS).meta({ id: 'Verdict' })
const ProofKind = z.enum(PROOF_KINDS).meta({ id: 'ProofKind' })

const Proof = z
  .object({
    kind: ProofKind,
    /** `card`, `ping`, `policy` or `person:<subject>`. */
    source: z.string(),
    reference: z.string(),
    provenAt: Time,
    expiresAt: Time,
    required: z.boolean(),
    state: z.enum(['current', 'expired']),
  })
  .meta({ id: 'Proof' })

export const CounterpartyCard = z
  .object({
    id: VaspId,
    legalName: z.string(),
    country: z.string(),
    lei: z.string().nullable(),
    verdict: Verdict,
    missing: z.array(ProofKind),
    /** When the verdict lapses; null unless VERIFIED. */
    expiresAt: Time.nullable(),
    proofs: z.array(Proof),
    suspension: z.object({ reason: z.string(), by: z.string(), at: Time }).nullable(),
    version: z.int(),
  })
  .meta({ id: 'CounterpartyCard' })

/** Whether it answers: what of it counts stands in docs/reliability.md. */
const Circuit = z
  .object({
    condition: z.enum(CIRCUIT_CONDITIONS),
    /** Null: it was never in question. */
    since: Time.nullable(),
    /** When it is pinged next; null where it is unsuspected. */
    nextPingAt: Time.nullable(),
  })
  .meta({ id: 'Circuit' })

const CounterpartyItem = z
  .object({
    id: VaspId,
    legalName: z.string(),
    country: z.string(),
    verdict: Verdict,
    missing: z.array(ProofKind),
    expiresAt: Time.nullable(),
    suspended: z.boolean(),
    openTransfers: z.int(),
    openHolds: z.int(),
    /** Null: never. */
    lastHeardAt: Time.nullable(),
    circuit: Circuit,
  })
  .meta({ id: 'CounterpartyItem' })

export const CounterpartyQuery = z.object({
  verdict: many(Verdict),
  /** Part of the id or the legal name. */
  q: z.string().trim().min(1).max(200).optional(),
  ...Paging,
})
export const CounterpartyPage = pageOf('CounterpartyPage', CounterpartyItem)

/** Of the last 30 days; times are in milliseconds, null where there was none to measure. */
const Conduct = z
  .object({
    days: z.int(),
    sent: z.int(),
    received: z.int(),
    answered: z.int(),
    /** From our request to its answer. */
    answerP50Ms: z.number().nullable(),
    answerP95Ms: z.number().nullable(),
    /** From publishing to its receipt. */
    receiptP50Ms: z.number().nullable(),
    receiptP95Ms: z.number().nullable(),
    lastHeardAt: Time.nullable(),
    failures: z.array(
      z.object({ kind: z.string(), count: z.int(), lastAt: Time.nullable() }).meta({ id: 'ConductFailure' }),
    ),
  })
  .meta({ id: 'Conduct' })

export const CounterpartyDetail = z
  .object({
    counterparty: CounterpartyCard,
    /** The ETag, without its quotes. */
    etag: Hash,
    keys: z.array(Key),
    conduct: Conduct,
    circuit: Circuit,
    openTransfers: z.int(),
    openHolds: z.int(),
    terms: Terms,
    questionnaire: GivenQuestionnaire.nullable(),
    checks: z.array(DirectoryCheck),
    tasks: z.array(Task),
    actions: z.array(Action),
  })
  .meta({ id: 'CounterpartyDetail' })

export const CounterpartyParams = z.object({ id: VaspId })
/** Told to nobody outside the house; no personal data. */
export const Suspend = z
  .strictObject({ reason: z.string().regex(/^[A-Z0-9_]{1,64}$/, 'must match [A-Z0-9_]{1,64}') })
  .meta({ id: 'Suspend' })
