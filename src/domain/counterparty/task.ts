/**
 * What a person must decide about a counterparty. New keys that no pinned key vouches for are accepted by two natural persons; everything
 * else by one. A task has a deadline: after it only the MLRO decides, where policy names one; no clock decides anything.
 */
import { isMlro, naturalPerson, type PeoplePolicy } from '../people.ts'
import { Refusal } from '../refusal.ts'

export const TASK_KINDS = ['KEYS_CHANGED', 'REPEATED_FAILURE'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

export const TASK_STATES = ['open', 'proposed', 'done'] as const
export type TaskState = (typeof TASK_STATES)[number]

/**
 * - ACCEPT_KEYS, REFUSE_KEYS: of changed keys. Refused, the counterparty stays suspended until somebody reinstates it.
 * - WARN: the counterparty is written to; transfers go on.
 * - RESTRICT: each transfer with it is looked at.
 * - DISMISS: the failures have another cause.
 */
export const TASK_DECISIONS = ['ACCEPT_KEYS', 'REFUSE_KEYS', 'WARN', 'RESTRICT', 'DISMISS'] as const
export type TaskDecision = (typeof TASK_DECISIONS)[number]

export const FITTING: { readonly [K in TaskKind]: readonly TaskDecision[] } = {
  KEYS_CHANGED: ['ACCEPT_KEYS', 'REFUSE_KEYS'],
  REPEATED_FAILURE: ['WARN', 'RESTRICT', 'DISMISS'],
}

/** An account, the natural person behind it, and when. */
interface Act {
  readonly by: string
  readonly person: string
  readonly at: Date
}

export interface CounterpartyTask {
  readonly id: string
  readonly counterpartyId: string
  readonly kind: TaskKind
  /** Codes, figures and thumbprints. */
  readonly finding: { readonly [name: string]: string | number }
  /** The card with the new keys. */
  readonly card?: string
  readonly state: TaskState
  readonly openedAt: Date
  readonly deadline: Date
  /** It was overdue then, and only the MLRO or a deputy decides since. */
  readonly escalatedAt?: Date
  readonly decided?: Act & {
    readonly decision: TaskDecision
    readonly reason: string
    /** As in the number of a letter. */
    readonly reference?: string
  }
  readonly approved?: Act
}

export interface Deciding {
  readonly decision: TaskDecision
  readonly reason: string
  readonly reference?: string
  readonly person: string
}

/** The task as the MLRO's; undefined where it is not overdue, or there is nobody to escalate it to. */
export function escalated(
  task: CounterpartyTask,
  { mlros = [] }: PeoplePolicy,
  now: Date,
): CounterpartyTask | undefined {
  const isDue = task.state !== 'done' && task.deadline <= now && task.escalatedAt === undefined
  return isDue && mlros.length > 0 ? { ...task, escalatedAt: now } : undefined
}

/** That the task waits for the MLRO, and this is another person. */
export function isOutOfHands(task: CounterpartyTask, by: string, policy: PeoplePolicy): boolean {
  const { mlros = [] } = policy
  return task.escalatedAt !== undefined && mlros.length > 0 && !isMlro(policy, by)
}

/** Throws Refusal TASK_DONE, TASK_DECISION_UNFIT or PERSON_DENIED. New keys are only proposed. */
export function decideTask(
  task: CounterpartyTask,
  { person: by, ...what }: Deciding,
  policy: PeoplePolicy,
  now: Date,
): CounterpartyTask {
  if (task.state === 'done') throw new Refusal('TASK_DONE')
  if (isOutOfHands(task, by, policy)) throw new Refusal('PERSON_DENIED', 'the task was escalated to the MLRO')
  if (!FITTING[task.kind].includes(what.decision)) throw new Refusal('TASK_DECISION_UNFIT', task.kind)
  const state = what.decision === 'ACCEPT_KEYS' ? 'proposed' : 'done'
  return { ...task, state, decided: { ...what, by, person: naturalPerson(policy, by), at: now } }
}

/** The second person's consent. Throws Refusal PROPOSAL_NOT_OPEN, PROPOSAL_EXPIRED or SECOND_PERSON_REQUIRED. */
export function approveTask(
  task: CounterpartyTask,
  by: string,
  policy: PeoplePolicy,
  proposalSeconds: number,
  now: Date,
): CounterpartyTask {
  const { decided } = task
  if (task.state !== 'proposed' || decided === undefined) throw new Refusal('PROPOSAL_NOT_OPEN')
  if (decided.at.getTime() + proposalSeconds * 1000 <= now.getTime()) throw new Refusal('PROPOSAL_EXPIRED')
  const person = naturalPerson(policy, by)
  if (isDecider(task, by, policy)) throw new Refusal('SECOND_PERSON_REQUIRED')
  return { ...task, state: 'done', approved: { by, person, at: now } }
}

/** Whether this account is of whoever decided; also when policy learned only since that two accounts are one person. */
export function isDecider({ decided }: CounterpartyTask, by: string, policy: PeoplePolicy): boolean {
  const person = naturalPerson(policy, by)
  return (
    decided !== undefined &&
    (decided.by === by || decided.person === person || naturalPerson(policy, decided.by) === person)
  )
}
