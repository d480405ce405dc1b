/** What officers know of counterparties and decide about them: questionnaires, limits, risk, tasks. */
import type { Counterparty } from '../domain/counterparty/counterparty.ts'
import { withoutKey } from '../domain/counterparty/diligence.ts'
import { FORMS, formOf, readAnswers } from '../domain/counterparty/questionnaire.ts'
import { approveTask, type CounterpartyTask, decideTask } from '../domain/counterparty/task.ts'
import { proposalSeconds } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { checkActing } from './acting.ts'
import { untilWritten } from './again.ts'
import { counterpartyReport } from './counterparty-report.ts'
import type { CounterpartyView, DiligenceUseCases, Outcome, Request } from './gateway.ts'
import { keyOf, once } from './idempotency.ts'
import { acceptedKeys } from './key-alarm.ts'
import type { Parts } from './parts.ts'
import type { CounterpartyCommit } from './ports.ts'
import { reconsider } from './reconsider.ts'
import { counterpartyTag, loadCounterparty } from './views.ts'

type Change = Pick<CounterpartyCommit, 'next' | 'audit'> & Partial<CounterpartyCommit>

export function diligenceUseCases(parts: Parts): DiligenceUseCases {
  /** Changes a counterparty once per request, then looks at the transfers that it touches. */
  async function act(
    request: Request,
    { id, seen }: { readonly id: string; readonly seen?: string | undefined },
    edit: (current: Counterparty, now: Date) => Promise<Change> | Change,
  ): Promise<Outcome<CounterpartyView>> {
    const { vaspId } = request.caller
    const attempt = async () => {
      const current = await parts.counterparties.find(vaspId, id)
      if (current === undefined) throw new Refusal('COUNTERPARTY_NOT_FOUND')
      if (seen !== undefined && seen !== counterpartyTag(current)) throw new Refusal('HOLD_CHANGED')
      const change = await edit(current, parts.clock.now())
      return parts.counterparties.save({
        vaspId,
        previousVersion: current.version,
        outbox: [],
        ...change,
        next: { ...change.next, version: current.version + 1 },
        idempotency: keyOf(request),
      })
    }
    const work = async () => ({ outcome: await untilWritten('the counterparty', attempt), resourceId: id })
    const done = await once(parts.transfers, request, work, (found) => loadCounterparty(parts, vaspId, found))
    await reconsider(parts, vaspId, id)
    return done
  }

  /** One person's act on one task. */
  async function onTask(
    request: Request,
    { taskId, seen }: { readonly taskId: string; readonly seen: string | undefined },
    step: (task: CounterpartyTask, current: Counterparty, now: Date) => Promise<Change> | Change,
  ): Promise<Outcome<CounterpartyView>> {
    const find = async () => {
      const task = await parts.diligence.task(request.caller.vaspId, taskId)
      if (task === undefined) throw new Refusal('TASK_NOT_FOUND')
      return task
    }
    const { counterpartyId } = await find()
    return act(request, { id: counterpartyId, seen }, async (current, now) =>
      step(await find(), current, now),
    )
  }

  const auditOf = (
    kind: string,
    person: string,
    subject: string,
    data: CounterpartyCommit['audit'][number]['data'],
  ) => [{ kind, actor: `person:${person}`, subject, data }]

  return {
    recordQuestionnaire: (request, id, { form, answers, person }, seen) =>
      act(request, { id, seen }, async (current, now) => {
        await checkActing(parts, request.caller, person, 'record-questionnaire')
        const asked = formOf(form)
        if (asked === undefined)
          throw new Refusal(
            'QUESTIONNAIRE_INVALID',
            `the forms are ${FORMS.map(({ version }) => version).join(', ')}`,
          )
        const read = readAnswers(asked, answers)
        if ('problems' in read)
          throw new Refusal('QUESTIONNAIRE_INVALID', undefined, {
            fields: read.problems.map(({ id: question, problem }) => ({
              field: `answers.${question.slice(0, 64)}`,
              description: problem,
            })),
          })
        const questionnaire = {
          id: parts.newId(),
          form,
          answers: read.answers,
          recordedBy: `person:${person}`,
          recordedAt: now,
        }
        return {
          next: { ...current, diligence: { ...current.diligence, questionnaire } },
          questionnaire,
          audit: auditOf('counterparty.questionnaire', person, id, { form, id: questionnaire.id }),
        }
      }),

    setTerms: (request, id, { limits, riskFloor, restricted, reason, person }, seen) =>
      act(request, { id, seen }, async (current, now) => {
        await checkActing(parts, request.caller, person, 'set-counterparty-terms')
        const decided = { by: `person:${person}`, at: now, reason }
        const kept = withoutKey(current.diligence ?? {}, 'limits', 'riskFloor', 'restriction')
        const next = {
          ...current,
          diligence: {
            ...kept,
            ...(limits && { limits: { ...limits, ...decided } }),
            ...(riskFloor && { riskFloor: { level: riskFloor, ...decided } }),
            ...(restricted && { restriction: decided }),
          },
        }
        const money = (one: { amount: string; currency: string } | undefined) =>
          one === undefined ? '' : `${one.amount} ${one.currency}`
        const data = {
          reason,
          per_transfer: money(limits?.perTransfer),
          per_day: money(limits?.perDay),
          risk_floor: riskFloor ?? '',
          restricted,
        }
        return { next, audit: auditOf('counterparty.terms', person, id, data) }
      }),

    async listTasks({ vaspId }, filter) {
      return parts.diligence.tasks(vaspId, filter)
    },

    decideTask: (request, taskId, deciding, seen) =>
      onTask(request, { taskId, seen }, async (task, current, now) => {
        const { person, decision, reason, reference = '' } = deciding
        const policy = await checkActing(parts, request.caller, person, 'decide-counterparty-task')
        const decided = decideTask(task, deciding, policy, now)
        const restriction = { by: `person:${person}`, at: now, reason }
        const diligence = withoutKey(
          current.diligence ?? {},
          ...(decided.state === 'done' ? (['failing'] as const) : []),
        )
        return {
          next: { ...current, diligence: { ...diligence, ...(decision === 'RESTRICT' && { restriction }) } },
          tasks: [decided],
          audit: auditOf('counterparty.task-decided', person, current.id, {
            task: task.id,
            task_kind: task.kind,
            decision,
            reason,
            reference,
          }),
        }
      }),

    approveTask: (request, taskId, person, seen) =>
      onTask(request, { taskId, seen }, async (task, current, now) => {
        const policy = await checkActing(parts, request.caller, person, 'approve-counterparty-task')
        const approved = approveTask(task, person, policy, proposalSeconds(policy), now)
        const accepted = await acceptedKeys(parts, current, task, now)
        return {
          ...accepted,
          tasks: [approved],
          audit: auditOf('counterparty.task-approved', person, current.id, {
            task: task.id,
            task_kind: task.kind,
            proposer: task.decided?.by ?? '',
          }),
        }
      }),

    report: (caller, id, from, to) => counterpartyReport(parts, caller.vaspId, id, from, to),
  }
}
