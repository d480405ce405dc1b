/** The judge bites: whatever is broken on purpose, some night soon shows it, and under its right name. */
import { expect, test } from 'vitest'
import type { Parts } from '../../src/app/parts.ts'
import type { Commit, Outbox, TransferStore } from '../../src/app/ports.ts'
import type { Verdict } from '../../src/chaos/judge/findings.ts'
import { parseEnvelopeClaims } from '../../src/domain/envelope/envelope.ts'
import type { Transfer } from '../../src/domain/transfer/transfer.ts'
import { partly } from './partial.ts'
import { simulate } from './simulate.ts'
import type { Options } from './world.ts'

const SEEDS_MAX = 40

/** Every commit goes through `change` first. */
const committing =
  (change: (commit: Commit) => Commit) =>
  (parts: Parts): Parts => ({
    ...parts,
    transfers: partly<TransferStore>('transfers', {
      ...parts.transfers,
      commit: (commit) => parts.transfers.commit(change(commit)),
    }),
  })

const sending =
  (change: (outbox: Outbox) => Partial<Outbox>) =>
  (parts: Parts): Parts => ({
    ...parts,
    outbox: partly<Outbox>('outbox', { ...parts.outbox, ...change(parts.outbox) }),
  })

const withNext = (commit: Commit, patch: Partial<Transfer>): Commit => ({
  ...commit,
  next: { ...commit.next, ...patch },
})

/** A permit in the step that sends the request: nobody has answered yet. */
function permitBeforeAnswer(commit: Commit): Commit {
  const { next } = commit
  if (next.role !== 'originator' || next.state !== 'pending' || next.permit !== undefined) return commit
  const expiresAt = new Date(next.updatedAt.getTime() + 600_000)
  const permit = { jti: next.id, issuedAt: next.updatedAt, expiresAt }
  return {
    ...withNext(commit, { permit, state: 'accepted' }),
    events: [...commit.events, { type: 'permit-issued', actor: 'policy' }],
  }
}

/** A clock that ends what it finds open. */
function releasedByClock(commit: Commit): Commit {
  const due = commit.events.some(({ type }) => type === 'hold-overdue')
  if (!due) return commit
  const ended = { at: commit.next.updatedAt, by: 'clock', reason: 'DEADLINE' }
  return withNext(commit, {
    holds: commit.next.holds.map((hold) =>
      hold.state === 'open' ? { ...hold, state: 'released', ended } : hold,
    ),
  })
}

/** Redeeming a permit leaves it as it was. */
function unspent(commit: Commit): Commit {
  const { permit } = commit.next
  if (permit?.redeemedAt === undefined) return commit
  const { redeemedAt: _, ...good } = permit
  return withNext(commit, { permit: good })
}

const digestOf = (envelope: string) =>
  parseEnvelopeClaims(envelope.slice(0, envelope.lastIndexOf('}') + 1)).digest

const BROKEN: Readonly<Record<string, Options & { readonly shows: readonly Verdict[] }>> = {
  'copies of envelopes are not recognised': {
    rules: { inboxKey: false },
    sabotage: (parts) => ({ ...parts, inbox: { find: async () => undefined } }),
    shows: ['illegal'],
  },
  'a repeated request is done again': {
    rules: { idempotencyKey: false },
    shows: ['phantom'],
  },
  'a permit is not spent': { sabotage: committing(unspent), shows: ['doubled'] },
  'a slower writer overwrites a faster one': {
    rules: { versions: false },
    shows: ['illegal'],
  },
  'the broker’s word closes an outbox row': {
    sabotage: sending((outbox) => ({
      async claim(now, limit) {
        const claimed = await outbox.claim(now, limit)
        await outbox.close(
          claimed.map(({ vaspId, receiver, jti, envelope }) => ({
            vaspId,
            from: receiver,
            jti,
            status: 'stored' as const,
            receipt: '',
            digest: digestOf(envelope),
          })),
          now,
        )
        return claimed
      },
    })),
    shows: ['lost', 'disagreement'],
  },
  'envelopes are not part of the commit': {
    sabotage: committing((commit) => ({
      ...commit,
      outbox: commit.next.version % 2 === 0 ? [] : commit.outbox,
    })),
    shows: ['lost'],
  },
  'a permit comes before the answer': {
    sabotage: committing(permitBeforeAnswer),
    shows: ['permit_without_decision', 'illegal'],
  },
  'a clock releases holds': { sabotage: committing(releasedByClock), shows: ['released_by_nobody'] },
  'a decision leaves no trace': {
    sabotage: committing((commit) => ({
      ...commit,
      audit: commit.events.some(({ type }) => type === 'accepted') ? [] : commit.audit,
    })),
    shows: ['decision_without_evidence'],
  },
  'nothing is sent again': {
    sabotage: sending(() => ({ claim: async () => [] })),
    shows: ['unresolved'],
  },
  'an answer is stored and its state is not': {
    sabotage: committing((commit) =>
      commit.inbox?.type === 'transfer.answer' && commit.next.state === 'rejected'
        ? withNext(commit, { state: 'pending' })
        : commit,
    ),
    shows: ['illegal', 'disagreement'],
  },
}

test.each(Object.entries(BROKEN))('it finds out when %s', async (_, { shows, ...options }) => {
  const found = new Set<string>()
  for (let seed = 1; seed <= SEEDS_MAX && !shows.every((verdict) => found.has(verdict)); seed++)
    for (const { verdict } of (await simulate(seed, options)).findings) found.add(verdict)
  expect([...found]).toEqual(expect.arrayContaining([...shows]))
})
