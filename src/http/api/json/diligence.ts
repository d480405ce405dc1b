import type { z } from 'zod'
import type { CounterpartyCase } from '../../../app/console/counterparties.ts'
import type { KeyChange, TaskCase } from '../../../app/console/tasks.ts'
import type { Attestation } from '../../../app/gateway.ts'
import type { Decided } from '../../../domain/counterparty/diligence.ts'
import { formOf, type QuestionnaireForm } from '../../../domain/counterparty/questionnaire.ts'
import { type CounterpartyTask, FITTING } from '../../../domain/counterparty/task.ts'
import type { Attest } from '../schemas/diligence.ts'
import { byJson, iso, isoOrNull, type Names } from './basics.ts'
import { actionJson } from './holds.ts'
import { keyJson } from './keys.ts'

export function termsJson({ view, day }: CounterpartyCase, names: Names) {
  const { risk, limits, counterparty } = view
  const { limits: own, riskFloor, restriction } = counterparty.diligence ?? {}
  const byPolicy = limits === undefined ? ('none' as const) : ('policy' as const)
  return {
    risk: risk.level,
    riskInputs: risk.inputs.map(({ code, level }) => ({ code, level })),
    riskFloor: riskFloor === undefined ? null : { level: riskFloor.level, ...decidedJson(riskFloor, names) },
    limitsBy: own === undefined ? byPolicy : ('officer' as const),
    perTransfer: limits?.perTransfer ? { ...limits.perTransfer } : null,
    perDay: limits?.perDay ? { ...limits.perDay } : null,
    limitsDecided: own === undefined ? null : decidedJson(own, names),
    day: { sums: day.sums.map(({ amount, currency }) => ({ amount, currency })), unknown: day.unknown },
    restriction: restriction === undefined ? null : decidedJson(restriction, names),
  }
}

function decidedJson({ by, at, reason }: Decided, names: Names) {
  return { by: byJson(by, names), at: iso(at), reason }
}

export function questionnaireJson({ view, questionnaires }: CounterpartyCase, names: Names) {
  const given = view.counterparty.diligence?.questionnaire
  if (given === undefined) return null
  const { form, answers, recordedBy, recordedAt } = given
  const questions = formOf(form)?.questions ?? []
  return {
    form,
    recordedBy: byJson(recordedBy, names),
    recordedAt: iso(recordedAt),
    count: questionnaires,
    answers: Object.entries(answers).map(([id, answer]) => ({
      id,
      asks: questions.find((question) => question.id === id)?.asks ?? id,
      answer: typeof answer === 'string' ? answer : answer.join(', '),
    })),
  }
}

export function formJson({ version, questions }: QuestionnaireForm) {
  return {
    form: version,
    questions: questions.map(({ id, type, required, asks }) => ({ id, type, required, asks })),
  }
}

export function attestationOf({
  kind,
  reference,
  expiresAt,
  documentSha256,
  perimeter,
}: z.output<typeof Attest>['attestations'][number]): Attestation {
  return {
    kind,
    reference,
    expiresAt: new Date(expiresAt),
    ...(documentSha256 !== null && { documentSha256 }),
    ...(perimeter !== null && { perimeter }),
  }
}

export function checksJson({ view }: CounterpartyCase) {
  return view.checks.map(({ source, outcome, code, checkedAt, nextAt }) => ({
    source,
    outcome: outcome ?? null,
    code: code ?? null,
    checkedAt: isoOrNull(checkedAt),
    nextAt: iso(nextAt),
  }))
}

export function taskItemJson(task: CounterpartyTask, legalName: string | undefined, now: Date) {
  const isOverdue = task.state !== 'done' && task.deadline <= now
  return {
    ...taskFields(task, isOverdue),
    counterparty: { id: task.counterpartyId, legalName: legalName ?? null },
  }
}

export function taskJson(
  { task, isOverdue, proposalExpiresAt, keyChange, offers }: TaskCase,
  now: Date,
  names: Names,
) {
  const { finding, decided } = task
  return {
    ...taskFields(task, isOverdue),
    finding: { ...finding },
    decided:
      decided === undefined
        ? null
        : {
            decision: decided.decision,
            reference: decided.reference ?? null,
            ...decidedJson(decided, names),
          },
    proposalExpiresAt: isoOrNull(proposalExpiresAt),
    keyChange: keyChange === undefined ? null : keyChangeJson(keyChange, now),
    decisions: [...FITTING[task.kind]],
    actions: offers.map(actionJson),
  }
}

function taskFields(
  { id, kind, state, openedAt, deadline, escalatedAt }: CounterpartyTask,
  isOverdue: boolean,
) {
  return {
    id,
    kind,
    state,
    openedAt: iso(openedAt),
    deadline: iso(deadline),
    overdue: isOverdue,
    escalatedAt: isoOrNull(escalatedAt),
  }
}

function keyChangeJson({ added, revoked, said }: KeyChange, now: Date) {
  return {
    added: added.map((key) => keyJson(key, now)),
    revoked: revoked.map((key) => keyJson(key, now)),
    said: said.map(({ about, before, after }) => ({ about, before: before ?? null, after: after ?? null })),
  }
}
