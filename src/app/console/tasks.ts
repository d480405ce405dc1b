/** Tasks about counterparties as the console shows them: what a card with other keys would change, and what this person may decide. */
import type { Counterparty } from '../../domain/counterparty/counterparty.ts'
import { type CounterpartyTask, isDecider, isOutOfHands } from '../../domain/counterparty/task.ts'
import { proposalSeconds } from '../../domain/policy.ts'
import { Refusal, type RefusalCode } from '../../domain/refusal.ts'
import { localVasp, type Parts } from '../parts.ts'
import type { CardContent, PinnedKey } from '../ports.ts'
import type { ActionOffer } from './actions.ts'
import { denial, type Viewer } from './viewer.ts'

/** What accepting the keys would pin and revoke, and what else the card says otherwise than the one on file. */
export interface KeyChange {
  readonly added: readonly PinnedKey[]
  readonly revoked: readonly PinnedKey[]
  readonly said: readonly {
    readonly about: 'legalName' | 'country' | 'lei'
    readonly before: string | undefined
    readonly after: string | undefined
  }[]
}

export interface TaskCase {
  readonly task: CounterpartyTask
  readonly isOverdue: boolean
  /** Until when the second person may approve; undefined where nothing is proposed. */
  readonly proposalExpiresAt: Date | undefined
  /** Undefined where the card no longer reads, as when it has expired. */
  readonly keyChange: KeyChange | undefined
  readonly offers: readonly ActionOffer[]
}

export type TaskParts = Pick<Parts, 'vasps' | 'clock' | 'cards'>

export async function taskCase(
  parts: TaskParts,
  viewer: Viewer,
  task: CounterpartyTask,
  about: { readonly counterparty: Counterparty; readonly pinned: readonly PinnedKey[] },
): Promise<TaskCase> {
  const { policy } = localVasp(parts, viewer.vaspId)
  const now = parts.clock.now()
  const expiresAt =
    task.state === 'proposed' && task.decided !== undefined
      ? new Date(task.decided.at.getTime() + proposalSeconds(policy) * 1000)
      : undefined
  return {
    task,
    isOverdue: task.state !== 'done' && task.deadline <= now,
    proposalExpiresAt: expiresAt,
    keyChange: await keyChangeOf(parts, task, about, now),
    offers: offers(viewer, task, expiresAt, now),
  }
}

async function keyChangeOf(
  { cards }: TaskParts,
  { card }: CounterpartyTask,
  { counterparty, pinned }: { readonly counterparty: Counterparty; readonly pinned: readonly PinnedKey[] },
  now: Date,
): Promise<KeyChange | undefined> {
  const content = card === undefined ? undefined : await contentOf(cards, card, now)
  if (content === undefined) return undefined
  const known = new Set(pinned.map(({ kid }) => kid))
  const kept = new Set(content.keys.map(({ kid }) => kid))
  const said = (['legalName', 'country', 'lei'] as const).map((about) => ({
    about,
    before: counterparty[about],
    after: content[about],
  }))
  return {
    added: content.keys.filter(({ kid }) => !known.has(kid)),
    revoked: pinned.filter(({ kid, revokedAt }) => revokedAt === undefined && !kept.has(kid)),
    said: said.filter(({ before, after }) => before !== after),
  }
}

async function contentOf(cards: Parts['cards'], card: string, now: Date): Promise<CardContent | undefined> {
  try {
    return (await cards.judge(card, [], undefined, now)).content
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function offers(
  viewer: Viewer,
  task: CounterpartyTask,
  expiresAt: Date | undefined,
  now: Date,
): readonly ActionOffer[] {
  const { subject } = viewer.person
  const values = { counterparty: task.counterpartyId }
  const outOfHands: RefusalCode | undefined = isOutOfHands(task, subject, viewer.people)
    ? 'PERSON_DENIED'
    : undefined
  const decide: ActionOffer = {
    action: 'decide-task',
    why: denial(viewer, 'decide-counterparty-task') ?? outOfHands,
    consequence: task.kind === 'KEYS_CHANGED' ? 'task.keys' : 'task.failure',
    values,
  }
  if (expiresAt === undefined) return [decide]
  const second: RefusalCode | undefined = isDecider(task, subject, viewer.people)
    ? 'SECOND_PERSON_REQUIRED'
    : expiresAt <= now
      ? 'PROPOSAL_EXPIRED'
      : undefined
  const why = denial(viewer, 'approve-counterparty-task') ?? second
  return [{ action: 'approve-task', why, consequence: 'task.approve', values }, decide]
}
