/**
 * Reads a transfer, lets the domain decide, seals what it says, and writes everything in one transaction. A concurrent writer makes it
 * read and decide again, so that no decision ever rests on a stale row.
 */
import { canonicalAccountId } from '../domain/caip.ts'
import { verdictOn } from '../domain/counterparty/counterparty.ts'
import type { KnownPerson } from '../domain/people.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Screening } from '../domain/screening/screening.ts'
import { voidProposals } from '../domain/transfer/release.ts'
import { holdStaleScreening } from '../domain/transfer/screened.ts'
import type { Context } from '../domain/transfer/step.ts'
import { change, hold, note } from '../domain/transfer/step.ts'
import { openHolds, type Step, type Transfer } from '../domain/transfer/transfer.ts'
import { counterpartyHolds, holdsExempt, UNPROVEN } from './checks.ts'
import { contextOf, type Parts } from './parts.ts'
import type {
  AuditEntry,
  CommitOutcome,
  HoldNote,
  IdempotencyKey,
  InboxEntry,
  Letter,
  OutboxEntry,
  Ruling,
} from './ports.ts'

export interface Work {
  readonly vaspId: string
  readonly transferId: string
  readonly actor: string
  /** Who is known, where a person acts. */
  readonly people?: readonly KnownPerson[]
  /** Undefined leaves everything as it is. Throws Refusal to decline. */
  decide(current: Transfer | undefined, ctx: Context): Step | undefined | Promise<Step | undefined>
  readonly idempotency?: IdempotencyKey
  /** Asked for after `decide`, which may have asked the rules. */
  ruling?(): Ruling | undefined
  /** Asked for after `decide`, which may have screened. */
  screening?(): Screening | undefined
  /** The envelope that the step applies; asked for after `decide`, since its receipt tells what came of it. */
  inbox?(): Promise<InboxEntry>
  /** Asked for after `decide`: see Commit. */
  besidesDeposits?(): boolean
  /** Asked for after `decide`, which may open the hold that they are about. */
  notes?(): readonly HoldNote[]
}

export type Applied =
  | { readonly outcome: 'committed'; readonly transfer: Transfer }
  | { readonly outcome: 'unchanged'; readonly transfer: Transfer | undefined }
  | { readonly outcome: 'request-known' | 'envelope-known' }

/** Each round loses only to a writer that got through, so few rounds mean many writers. */
const ROUNDS_MAX = 12

/** Where the current transfer comes from: `new` says that there is none, `recent` tries what this replica wrote last. */
export type Origin = 'stored' | 'recent' | 'new'

export async function applyStep(parts: Parts, work: Work, origin: Origin = 'stored'): Promise<Applied> {
  const { vaspId, transferId } = work
  let recent = origin === 'recent' ? parts.recent.get(vaspId, transferId) : undefined
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const isNew = origin === 'new' && round === 0
    const current = isNew ? undefined : (recent ?? (await parts.transfers.find(vaspId, transferId)))
    const applied = await tryStep(parts, work, current).catch((error: unknown) => {
      if (recent === undefined) throw error
      return 'conflict' as const
    })
    // What a recent transfer came to counts only if it was written: else it may have been stale.
    const isFirm = applied !== 'conflict' && (recent === undefined || applied.outcome !== 'unchanged')
    if (isFirm) return applied
    recent = undefined
    parts.recent.forget(vaspId, transferId)
  }
  throw new Refusal('TRANSFER_CHANGED')
}

async function tryStep(
  parts: Parts,
  work: Work,
  current: Transfer | undefined,
): Promise<Applied | 'conflict'> {
  const ctx = contextOf(parts, work.vaspId, work.actor, work.people)
  const decided = await work.decide(current, ctx)
  if (decided === undefined) return { outcome: 'unchanged', transfer: current }
  const settled = current === undefined ? decided : withoutStale(current, decided, work, ctx)
  const step = await withPermit(parts, settled, ctx)
  const outcome = await write(parts, step, work, current, ctx)
  if (outcome === 'conflict') return outcome
  return outcome === 'committed' ? { outcome, transfer: step.next } : { outcome }
}

/** Proposed releases of what is no longer so are void; a step in which nothing happened and nobody wrote anything leaves them. */
function withoutStale(current: Transfer, step: Step, work: Work, ctx: Context): Step {
  const isQuiet = step.events.length === 0 && (work.notes?.() ?? []).length === 0
  return voidProposals(current, isQuiet ? { ...step, keepsProposals: true } : step, ctx)
}

async function write(
  parts: Parts,
  step: Step,
  work: Work,
  current: Transfer | undefined,
  ctx: Context,
): Promise<CommitOutcome> {
  const { next, events } = step
  const letters = [
    ...step.messages.map((message) => letterOf(next, message)),
    ...(step.asides ?? []).map((aside) => ({ ...aside, from: next.vaspId })),
  ]
  const written = await Promise.all(letters.map((letter) => parts.envelopes.write(letter, ctx.now)))
  // Whatever the counterparty calls it.
  const outbox = written.map((entry) => ({ ...entry, transferId: next.id }))
  const ruling = work.ruling?.()
  const screening = work.screening?.()
  const outcome = await parts.transfers.commit({
    previousVersion: current?.version ?? 0,
    keepsIdentity: current !== undefined && current.secret.identity === next.secret.identity,
    next,
    events,
    outbox,
    audit: [auditOf(step, ctx)],
    ...(work.idempotency && { idempotency: work.idempotency }),
    ...(work.inbox && { inbox: await work.inbox() }),
    ...(work.notes && { notes: work.notes() }),
    ...(ruling && { ruling }),
    ...(screening && { screening }),
    ...(next.exchangeId !== undefined &&
      next.exchangeId !== current?.exchangeId && { exchangeId: next.exchangeId }),
    ...(work.besidesDeposits?.() === true && { besidesDeposits: true }),
    ...(step.proposals && { proposals: step.proposals }),
  })
  if (outcome === 'committed') {
    parts.recent.put(next)
    parts.dispatch(next.vaspId, outbox)
    measure(parts, step)
    traceSent(parts, next, outbox, ctx.now)
    parts.doorbell.ring(next.vaspId, next.id)
  }
  return outcome
}

/** Said is what is durable: publishing and its repetitions are the outbox's. */
function traceSent(parts: Parts, next: Transfer, outbox: readonly OutboxEntry[], begun: Date): void {
  const { tracer, clock } = parts
  if (tracer === undefined) return
  const about = { kind: 'send', vaspId: next.vaspId, transferId: next.exchangeId ?? next.id } as const
  for (const { type: name, jti, receiver } of outbox)
    tracer.record({ ...about, name, jti, counterpartyId: receiver, begun, ended: clock.now() })
}

const OUTCOMES = {
  accepted: 'accepted',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'expired',
  settled: 'completed',
} as const

function measure({ meter }: Parts, { next, events }: Step): void {
  if (meter === undefined) return
  const seconds = (next.updatedAt.getTime() - next.createdAt.getTime()) / 1000
  for (const { type } of events) {
    const outcome = isOutcome(type) ? OUTCOMES[type] : undefined
    if (outcome !== undefined) meter.outcome({ vaspId: next.vaspId, role: next.role, outcome, seconds })
  }
}

function isOutcome(type: string): type is keyof typeof OUTCOMES {
  return type in OUTCOMES
}

/** One entry a step: who did what, to which version, and into which state. */
function auditOf({ next, events }: Step, { actor }: Context): AuditEntry {
  const what = events.map(({ type, data }) => (data === undefined ? type : { type, ...data }))
  return {
    kind: 'transfer',
    actor,
    subject: next.id,
    data: { version: next.version, state: next.state, events: what },
  }
}

function letterOf(transfer: Transfer, message: Step['messages'][number]): Letter {
  if (transfer.counterpartyId === undefined) throw new Error('a message needs a counterparty')
  return {
    ...message,
    from: transfer.vaspId,
    to: transfer.counterpartyId,
    transferId: transfer.exchangeId ?? transfer.id,
    ...(transfer.peerJti !== undefined && { inReplyTo: transfer.peerJti }),
  }
}

/** The counterparty is judged once more at the moment that counts: it may have been suspended while its answer was under way. */
async function holdUnproven(parts: Parts, step: Step, ctx: Context): Promise<Step> {
  const { vaspId, counterpartyId, exempt } = step.next
  const peer =
    counterpartyId === undefined ? undefined : await parts.counterparties.recent(vaspId, counterpartyId)
  const all = counterpartyHolds(peer, verdictOn(peer, ctx.policy, ctx.now))
  const holding = exempt ? all.filter(holdsExempt) : all
  return holding.reduce((held, { reason, finding }) => hold(held, reason, finding, ctx), step)
}

/** The proof of a self-hosted wallet may have lapsed, or been revoked, since the transfer was checked. */
async function holdUnprovenWallet(parts: Parts, step: Step, ctx: Context): Promise<Step> {
  const { otherSide, vaspId, secret } = step.next
  if (otherSide?.kind !== 'self-hosted' || !otherSide.needsProof) return step
  const account = canonicalAccountId(secret.destination) ?? secret.destination
  const owner = { account, customer: secret.customer ?? '' }
  if (await parts.wallets.isProven(vaspId, owner, ctx.now)) return step
  return hold(step, UNPROVEN.reason, UNPROVEN.finding, ctx)
}

/** An accepted outbound transfer with no open hold gets its permit in the same step: PROCEED and permit come together. */
async function withPermit(parts: Parts, step: Step, ctx: Context): Promise<Step> {
  const { next } = step
  if (next.role !== 'originator' || next.state !== 'accepted') return step
  if (next.permit !== undefined || openHolds(next).length > 0) return step
  const screened = holdStaleScreening(step, ctx)
  const proven = await holdUnprovenWallet(parts, screened, ctx)
  const held = await holdUnproven(parts, proven, ctx)
  if (openHolds(held.next).length > 0) return held
  // Whole seconds, as the claims have them.
  const issuedAt = new Date(Math.floor(ctx.now.getTime() / 1000) * 1000)
  const record = {
    jti: parts.newId(),
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + ctx.policy.permitSeconds * 1000),
  }
  const permit = await parts.permits.issue({
    ...record,
    transferId: next.id,
    vaspId: next.vaspId,
    counterpartyId: next.counterpartyId,
    asset: next.asset,
    amount: next.amount,
    destination: next.secret.destination,
    tag: next.secret.tag,
    ruleVersion: next.rule && `${next.rule.pack}@${next.rule.version}`,
    approvers: next.approvers,
  })
  const issued = change(step, { permit: record, secret: { ...next.secret, permit } })
  return note(issued, 'permit-issued', ctx, { jti: record.jti })
}
