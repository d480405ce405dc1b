import { z } from 'zod'
import type { TaskFilter } from '../../app/ports.ts'
import type { Deciding } from '../../domain/counterparty/task.ts'
import { RISK_LEVEL_NUMBERS, TASK_DECISION_NUMBERS, TASK_STATE_NUMBERS, wordOf } from '../wire/words.ts'
import * as fields from './fields.ts'
import { defined } from './parse.ts'

const ANSWERS_BYTES_MAX = 16_384

/** A JSON object; what its members say is the form's to judge. */
const answers = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= ANSWERS_BYTES_MAX, 'must have at most 16384 bytes')
  .transform((text, ctx): { readonly [id: string]: unknown } => {
    const read = z.record(z.string(), z.unknown()).safeParse(jsonIn(text))
    if (read.success) return read.data
    ctx.addIssue({ code: 'custom', message: 'must be a JSON object' })
    return z.NEVER
  })

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const RecordQuestionnaire = z.strictObject({
  requestId: fields.requestId,
  vaspId: fields.vaspId,
  form: fields.printable(1, 64),
  answers,
  person: fields.person,
})

const limit = z.strictObject({
  amount: fields.amount,
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, as in USD'),
})
const limits = z
  .strictObject({ perTransfer: limit.optional(), perDay: limit.optional() })
  .transform((given) => defined(given))

export const SetCounterpartyTerms = z
  .strictObject({
    requestId: fields.requestId,
    vaspId: fields.vaspId,
    limits: limits.optional(),
    riskFloor: z
      .number()
      .refine(
        (level) => level === 0 || wordOf(RISK_LEVEL_NUMBERS, level) !== undefined,
        'must be a known level',
      ),
    restricted: z.boolean(),
    reason: fields.reasonCode,
    person: fields.person,
  })
  .transform(({ requestId, vaspId, riskFloor, ...rest }) => ({
    requestId,
    vaspId,
    terms: defined({ ...rest, riskFloor: wordOf(RISK_LEVEL_NUMBERS, riskFloor) }),
  }))

export const ListCounterpartyTasks = z
  .strictObject({
    pageSize: fields.pageSize,
    pageToken: fields.pageToken,
    vaspId: fields.optional(fields.vaspId),
    states: z.array(fields.word(TASK_STATE_NUMBERS)).max(3, 'must name at most 3 states'),
  })
  .transform(
    ({ vaspId: counterpartyId, states, ...page }): TaskFilter => ({
      ...defined({ ...page, counterpartyId }),
      ...(states.length > 0 && { states }),
    }),
  )

export const DecideCounterpartyTask = z
  .strictObject({
    requestId: fields.requestId,
    taskId: fields.uuid,
    decision: fields.word(TASK_DECISION_NUMBERS),
    reason: fields.reasonCode,
    reference: fields.optional(fields.printable(1, 128)),
    person: fields.person,
  })
  .transform(({ requestId, taskId, ...deciding }) => ({
    requestId,
    taskId,
    deciding: defined(deciding) satisfies Deciding,
  }))

export const ApproveCounterpartyTask = z.strictObject({
  requestId: fields.requestId,
  taskId: fields.uuid,
  person: fields.person,
})

const PERIOD_MAX_MS = 400 * 86_400_000
const time = z.date('is required')

export const GetCounterpartyReport = z
  .strictObject({ vaspId: fields.vaspId, from: time, to: time })
  .refine(({ from, to }) => from < to && to.getTime() - from.getTime() <= PERIOD_MAX_MS, {
    path: ['to'],
    message: 'must be after from, by at most 400 days',
  })
