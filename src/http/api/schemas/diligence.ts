/** What officers know of a counterparty and decided about it: risk, limits, questionnaire, tasks. */
import { z } from 'zod'
import { PERIMETERS } from '../../../domain/counterparty/counterparty.ts'
import { RISK_LEVELS } from '../../../domain/counterparty/diligence.ts'
import { QUESTION_TYPES } from '../../../domain/counterparty/questionnaire.ts'
import { TASK_DECISIONS, TASK_KINDS, TASK_STATES } from '../../../domain/counterparty/task.ts'
import { Action, Amount, CounterpartyRef, Fiat, Person, ReasonCode, Time, Uuid } from './common.ts'

/** Who decided it, and why. */
const Decided = { by: Person, at: Time, reason: z.string() }

export const Key = z
  .object({
    kid: z.string(),
    use: z.enum(['sig', 'enc']),
    alg: z.string(),
    notBefore: Time,
    notAfter: Time,
    revokedAt: Time.nullable(),
    state: z.enum(['current', 'coming', 'expired', 'revoked']),
  })
  .meta({ id: 'CounterpartyKey' })

const Risk = z.enum(RISK_LEVELS).meta({ id: 'RiskLevel' })

export const Terms = z
  .object({
    /** The highest input decides. */
    risk: Risk,
    riskInputs: z.array(z.object({ code: z.string(), level: Risk }).meta({ id: 'RiskFactor' })),
    riskFloor: z.object({ level: Risk, ...Decided }).nullable(),
    /** `officer`: for this counterparty; `policy`: by its risk; `none`: no limit binds. */
    limitsBy: z.enum(['officer', 'policy', 'none']),
    perTransfer: Fiat.nullable(),
    perDay: Fiat.nullable(),
    limitsDecided: z.object(Decided).nullable(),
    /** What went to it in the last 24 hours, by currency, and how many transfers whose value nobody gave. */
    day: z.object({ sums: z.array(Fiat), unknown: z.int() }),
    /** Every transfer with it is looked at. */
    restriction: z.object(Decided).nullable(),
  })
  .meta({ id: 'CounterpartyTerms' })

export const GivenQuestionnaire = z
  .object({
    form: z.string(),
    recordedBy: Person,
    recordedAt: Time,
    /** How many there are, this one included. */
    count: z.int(),
    answers: z.array(z.object({ id: z.string(), asks: z.string(), answer: z.string() })),
  })
  .meta({ id: 'GivenQuestionnaire' })

/** What a register or directory said last. */
export const DirectoryCheck = z
  .object({
    source: z.string(),
    outcome: z.string().nullable(),
    code: z.string().nullable(),
    checkedAt: Time.nullable(),
    nextAt: Time,
  })
  .meta({ id: 'DirectoryCheck' })

const TaskFields = {
  id: Uuid,
  kind: z.enum(TASK_KINDS),
  state: z.enum(TASK_STATES),
  openedAt: Time,
  deadline: Time,
  overdue: z.boolean(),
  /** Since when only the MLRO decides; null before. */
  escalatedAt: Time.nullable(),
}
const TaskDecision = z.enum(TASK_DECISIONS).meta({ id: 'TaskDecision' })

export const Task = z
  .object({
    ...TaskFields,
    /** Codes, figures and thumbprints. */
    finding: z.record(z.string(), z.union([z.string(), z.number()])),
    decided: z.object({ decision: TaskDecision, reference: z.string().nullable(), ...Decided }).nullable(),
    /** Until when a second person may approve. */
    proposalExpiresAt: Time.nullable(),
    /** What accepting the keys would pin and revoke, and what else the card says otherwise. */
    keyChange: z
      .object({
        added: z.array(Key),
        revoked: z.array(Key),
        said: z.array(
          z.object({
            about: z.enum(['legalName', 'country', 'lei']),
            before: z.string().nullable(),
            after: z.string().nullable(),
          }),
        ),
      })
      .nullable(),
    /** Those that fit its kind. */
    decisions: z.array(TaskDecision),
    actions: z.array(Action),
  })
  .meta({ id: 'CounterpartyTask' })

export const TaskList = z
  .object({
    /** Those that are not done, nearest deadline first; at most 200. */
    items: z.array(z.object({ ...TaskFields, counterparty: CounterpartyRef }).meta({ id: 'TaskItem' })),
  })
  .meta({ id: 'TaskList' })

const Limit = z.strictObject({
  amount: Amount,
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, as in USD'),
})
/** All of it: what is null is taken back. */
export const SetTerms = z
  .strictObject({
    perTransfer: Limit.nullable(),
    perDay: Limit.nullable(),
    riskFloor: Risk.nullable(),
    restricted: z.boolean(),
    reason: ReasonCode,
  })
  .meta({ id: 'SetTerms' })

export const TaskParams = z.object({ id: Uuid })
export const DecideTask = z
  .strictObject({
    decision: TaskDecision,
    reason: ReasonCode,
    /** As in the number of a letter. */
    reference: z
      .string()
      .trim()
      .regex(/^[\x20-\x7e]{1,128}$/, 'must have 1 to 128 printable characters')
      .optional(),
  })
  .meta({ id: 'DecideTask' })

const Question = z
  .object({
    id: z.string(),
    type: z.enum(QUESTION_TYPES),
    required: z.boolean(),
    /** In English; the console says it in its own languages where it can. */
    asks: z.string(),
  })
  .meta({ id: 'Question' })

export const QuestionnaireForms = z
  .object({ items: z.array(z.object({ form: z.string(), questions: z.array(Question) })) })
  .meta({ id: 'QuestionnaireForms' })

const Answer = z.union([z.string().max(400), z.array(z.string().max(10)).max(250)])
export const RecordQuestionnaire = z
  .strictObject({ form: z.string().min(1).max(64), answers: z.record(z.string().max(64), Answer) })
  .meta({ id: 'RecordQuestionnaire' })

const Attestation = z
  .strictObject({
    kind: z.enum(['licence', 'due_diligence']),
    /** What was seen, as in the number of a register or of a letter. */
    reference: z
      .string()
      .trim()
      .regex(/^[^\p{Cc}\p{Cs}]{1,256}$/u, 'must have 1 to 256 characters'),
    expiresAt: Time,
    /** Of the document that was seen, which stays where it is. */
    documentSha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal')
      .nullable(),
    perimeter: z.enum(PERIMETERS).nullable(),
  })
  .refine(({ perimeter, kind }) => perimeter === null || kind === 'licence', {
    path: ['perimeter'],
    message: 'only a licence has one',
  })
  .meta({ id: 'Attestation' })
export const Attest = z
  .strictObject({ attestations: z.array(Attestation).min(1).max(2) })
  .meta({ id: 'Attest' })
