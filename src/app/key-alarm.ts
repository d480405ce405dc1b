/**
 * Keys that change outside the pinned set. Whoever holds a counterparty's keys is that counterparty: so a card that no pinned key vouches
 * for suspends it, is kept with its thumbprints for people to compare, and is taken by two of them or not at all.
 */
import { type Counterparty, withProofs } from '../domain/counterparty/counterparty.ts'
import type { CounterpartyTask } from '../domain/counterparty/task.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Parts } from './parts.ts'
import type { CardContent, CounterpartyCommit } from './ports.ts'
import { reconsider } from './reconsider.ts'

export const KEYS_CHANGED = 'KEYS_CHANGED'
const ROUNDS_MAX = 5
const TASK_SECONDS = 86_400

/** Records the alarm, holds every open transfer with the counterparty, and asks for two persons. The same card again adds nothing. */
export async function raiseKeyAlarm(
  parts: Parts,
  vaspId: string,
  card: string,
  content: CardContent,
  actor: string,
): Promise<void> {
  const id = content.vaspId
  const subject = `card:${id}`
  await parts.securityLog.record({
    vaspId,
    reason: KEYS_CHANGED,
    subject,
    claimedSender: id,
    bytes: Buffer.from(card),
  })
  parts.log.warn('keys outside the pinned set', { vaspId, counterpartyId: id })
  for (let round = 0; round < ROUNDS_MAX; round++) {
    if ((await parts.diligence.openTask(vaspId, id, KEYS_CHANGED)) !== undefined) break
    const current = await parts.counterparties.find(vaspId, id)
    if (current === undefined) throw new Refusal('COUNTERPARTY_NOT_FOUND')
    const change = alarm(parts, current, card, content, actor)
    const outcome = await parts.counterparties.save({
      vaspId,
      previousVersion: current.version,
      outbox: [],
      ...change,
    })
    if (outcome === 'committed') break
  }
  await reconsider(parts, vaspId, id)
}

function alarm(
  parts: Parts,
  current: Counterparty,
  card: string,
  { digest, keys, version }: CardContent,
  actor: string,
): Pick<CounterpartyCommit, 'next' | 'tasks' | 'fences' | 'audit'> {
  const now = parts.clock.now()
  const thumbprints = keys.map(({ kid, use }) => `${use}:${kid}`).join(' ')
  const task: CounterpartyTask = {
    id: parts.newId(),
    counterpartyId: current.id,
    kind: KEYS_CHANGED,
    finding: { digest, version, keys: thumbprints, came_by: actor },
    card,
    state: 'open',
    openedAt: now,
    deadline: new Date(now.getTime() + TASK_SECONDS * 1000),
  }
  return {
    next: {
      ...current,
      // One that is suspended for another reason stays so.
      suspension: current.suspension ?? { reason: KEYS_CHANGED, by: 'policy', at: now },
      version: current.version + 1,
    },
    tasks: [task],
    fences: true,
    audit: [
      {
        kind: 'counterparty.keys-changed',
        actor,
        subject: current.id,
        data: { task: task.id, digest, keys: thumbprints },
      },
    ],
  }
}

/** What accepting the new keys writes: they are pinned, all others revoked, and the suspension that the alarm was ends. */
export async function acceptedKeys(
  parts: Parts,
  current: Counterparty,
  { card = '' }: CounterpartyTask,
  now: Date,
): Promise<Pick<CounterpartyCommit, 'next' | 'keys' | 'revokesOthers' | 'domains'>> {
  // Judged as a first card: sound, in date, and of this VASP; the pins are what people have just put aside.
  const { content } = await parts.cards.judge(card, [], undefined, now)
  if (content.vaspId !== current.id) throw new Refusal('CARD_INVALID', 'of another VASP')
  const { suspension, lei: _, ...rest } = current
  const next: Counterparty = {
    ...rest,
    ...(suspension !== undefined && suspension.reason !== KEYS_CHANGED && { suspension }),
    legalName: content.legalName,
    country: content.country,
    ...(content.lei !== undefined && { lei: content.lei }),
    card,
    cardVersion: content.version,
  }
  const proof = {
    kind: 'identity',
    source: 'card',
    reference: content.digest,
    provenAt: now,
    expiresAt: content.expiresAt,
  } as const
  return {
    next: withProofs(next, [proof]),
    keys: content.keys,
    revokesOthers: true,
    domains: { source: 'card', reference: `card version ${content.version}`, names: content.hosts },
  }
}
