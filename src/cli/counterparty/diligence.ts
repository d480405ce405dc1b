/** `tamga counterparty questionnaire|terms|tasks|decide|approve`: what an officer knows of a counterparty and decides about it. */
import { randomUUID } from 'node:crypto'
import type { CounterpartyTask } from '../../gen/travelrule/v1/counterparty.ts'
import { RiskLevel, TaskDecision, TaskState } from '../../gen/travelrule/v1/counterparty.ts'
import { fiat, only, readArguments, readText, required } from '../client/arguments.ts'
import { counterpartyJson, taskJson } from '../client/json.ts'
import { CONNECTION_OPTIONS } from '../client/profile.ts'
import { pageLines, withGateway } from '../client/session.ts'
import { counterpartyLines, taskLine } from '../client/show-counterparty.ts'
import type { Verb } from '../client/verbs.ts'
import { UsageError } from '../command.ts'

const CHANGE = {
  ...CONNECTION_OPTIONS,
  person: { type: 'string' },
  'request-id': { type: 'string' },
} as const

const requestIdOf = (values: { readonly 'request-id'?: string | undefined }) =>
  values['request-id'] ?? randomUUID()

export const questionnaire: Verb = {
  usage: 'VASP ANSWERSFILE --person SUBJECT [--form VERSION] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      form: { type: 'string', default: 'tamga-ddq/1' },
    })
    const [vaspId, file, ...more] = positionals
    if (vaspId === undefined || file === undefined || more.length > 0)
      throw new UsageError('counterparty questionnaire takes a VASP id and a file of answers')
    const { person } = required('counterparty questionnaire', values, ['person'])
    const request = {
      requestId: requestIdOf(values),
      vaspId,
      form: values.form,
      answers: readText(file),
      person: { subject: person },
    }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { counterparty } = await client.counterparties.recordQuestionnaire(request)
      if (counterparty !== undefined) answer(counterpartyJson(counterparty), counterpartyLines(counterparty))
      return 0
    })
  },
}

export const terms: Verb = {
  usage:
    'VASP --reason CODE --person SUBJECT [--per-transfer "AMOUNT CURRENCY"] [--per-day "AMOUNT CURRENCY"] [--risk-floor low|medium|high] [--restrict] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      reason: { type: 'string' },
      'per-transfer': { type: 'string' },
      'per-day': { type: 'string' },
      'risk-floor': { type: 'string' },
      restrict: { type: 'boolean', default: false },
    })
    const vaspId = only('counterparty terms', 'VASP id', positionals)
    const { person, reason } = required('counterparty terms', values, ['reason', 'person'])
    const perTransfer = values['per-transfer']
    const perDay = values['per-day']
    const isLimited = perTransfer !== undefined || perDay !== undefined
    const request = {
      requestId: requestIdOf(values),
      vaspId,
      ...(isLimited && {
        limits: {
          ...(perTransfer !== undefined && { perTransfer: fiat(perTransfer) }),
          ...(perDay !== undefined && { perDay: fiat(perDay) }),
        },
      }),
      riskFloor: levelOf(values['risk-floor']),
      restricted: values.restrict,
      reason,
      person: { subject: person },
    }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { counterparty } = await client.counterparties.setCounterpartyTerms(request)
      if (counterparty !== undefined) answer(counterpartyJson(counterparty), counterpartyLines(counterparty))
      return 0
    })
  },
}

function levelOf(text: string | undefined): RiskLevel {
  if (text === undefined) return RiskLevel.UNSPECIFIED
  const levels: Readonly<Record<string, RiskLevel>> = {
    low: RiskLevel.LOW,
    medium: RiskLevel.MEDIUM,
    high: RiskLevel.HIGH,
  }
  const level = Object.hasOwn(levels, text) ? levels[text] : undefined
  if (level === undefined) throw new UsageError('--risk-floor is low, medium or high')
  return level
}

export const tasks: Verb = {
  usage: '[VASP] [--all] [--page TOKEN]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      all: { type: 'boolean', default: false },
      page: { type: 'string' },
    })
    if (positionals.length > 1) throw new UsageError('counterparty tasks takes one VASP id, or none')
    const states = values.all ? [TaskState.OPEN, TaskState.PROPOSED, TaskState.DONE] : []
    const request = { pageSize: 50, pageToken: values.page ?? '', vaspId: positionals[0] ?? '', states }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { tasks: found, nextPageToken } = await client.counterparties.listCounterpartyTasks(request)
      const lines = pageLines(found.map(taskLine), 'nothing to decide about counterparties', nextPageToken)
      answer({ tasks: found.map(taskJson), next_page_token: nextPageToken }, lines)
      return 0
    })
  },
}

export const decide: Verb = {
  usage:
    'TASK --decision accept-keys|refuse-keys|warn|restrict|dismiss --reason CODE --person SUBJECT [--reference TEXT] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      decision: { type: 'string' },
      reason: { type: 'string' },
      reference: { type: 'string', default: '' },
    })
    const taskId = only('counterparty decide', 'task id', positionals)
    const given = required('counterparty decide', values, ['decision', 'reason', 'person'])
    const request = {
      requestId: requestIdOf(values),
      taskId,
      decision: decisionOf(given.decision),
      reason: given.reason,
      reference: values.reference,
      person: { subject: given.person },
    }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { counterparty } = await client.counterparties.decideCounterpartyTask(request)
      if (counterparty === undefined) throw new Error('the gateway answered without a counterparty')
      answer(counterpartyJson(counterparty), counterpartyLines(counterparty))
      // Proposed is not done: another person must approve.
      return isProposed(counterparty.tasks, taskId) ? 1 : 0
    })
  },
}

function isProposed(open: readonly CounterpartyTask[], taskId: string): boolean {
  return open.some((task) => task.taskId === taskId && task.state === TaskState.PROPOSED)
}

function decisionOf(text: string): TaskDecision {
  const decisions: Readonly<Record<string, TaskDecision>> = {
    'accept-keys': TaskDecision.ACCEPT_KEYS,
    'refuse-keys': TaskDecision.REFUSE_KEYS,
    warn: TaskDecision.WARN,
    restrict: TaskDecision.RESTRICT,
    dismiss: TaskDecision.DISMISS,
  }
  const decision = Object.hasOwn(decisions, text) ? decisions[text] : undefined
  if (decision === undefined)
    throw new UsageError(`--decision is one of ${Object.keys(decisions).join(', ')}`)
  return decision
}

export const approve: Verb = {
  usage: 'TASK --person SUBJECT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, CHANGE)
    const taskId = only('counterparty approve', 'task id', positionals)
    const { person } = required('counterparty approve', values, ['person'])
    const request = { requestId: requestIdOf(values), taskId, person: { subject: person } }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { counterparty } = await client.counterparties.approveCounterpartyTask(request)
      if (counterparty !== undefined) answer(counterpartyJson(counterparty), counterpartyLines(counterparty))
      return 0
    })
  },
}
