/** What people do with held transfers. */
import { type Hold, isOpen } from '../domain/hold/hold.ts'
import { checkPerson } from '../domain/people.ts'
import { approvalsRequired } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { assignHold, escalateHold } from '../domain/transfer/assignment.ts'
import { holdByPerson, rejectHeld, releaseHold } from '../domain/transfer/holds.ts'
import { approveRelease, breakGlass, proposeRelease, withdrawRelease } from '../domain/transfer/release.ts'
import { begin, type Context, note as tell } from '../domain/transfer/step.ts'
import type { Step, Transfer } from '../domain/transfer/transfer.ts'
import { peopleFor } from './acting.ts'
import { applyStep } from './apply-step.ts'
import type { HoldView, Outcome, PersonDecision, Request, ReviewUseCases } from './gateway.ts'
import { keyOf, once } from './idempotency.ts'
import { localVasp, type Parts } from './parts.ts'
import type { HoldNote } from './ports.ts'
import { revealIdentity } from './reveal.ts'
import { loadHold, seenHash } from './views.ts'

/** One person's act on one hold. */
interface Act {
  readonly holdId: string
  readonly person: string
  readonly note?: string
  /** What the person saw: anything that changed since refuses the act. */
  readonly seenHash?: string
  step(held: Held, ctx: Context, noteId: string): Step
}

interface Held {
  readonly transfer: Transfer
  readonly hold: Hold
}

export function reviewUseCases(parts: Parts): ReviewUseCases {
  const noteOf = (holdId: string, person: string, text: string): HoldNote => ({
    id: parts.newId(),
    holdId,
    person,
    text,
    writtenAt: parts.clock.now(),
  })

  function act(request: Request, { holdId, person, ...about }: Act): Promise<Outcome<HoldView>> {
    const { vaspId } = request.caller
    const note = noteOf(holdId, person, about.note ?? '')
    const work = async () => {
      const { transferId } = await find(parts, vaspId, holdId)
      const applied = await applyStep(parts, {
        vaspId,
        transferId,
        actor: `person:${person}`,
        people: await peopleFor(parts, request.caller),
        idempotency: keyOf(request),
        notes: () => (about.note === undefined ? [] : [note]),
        async decide(current, ctx) {
          const held = openIn(current, holdId)
          if (about.seenHash !== undefined) await unchanged(parts, held, about.seenHash)
          return about.step(held, ctx, note.id)
        },
      })
      return { outcome: applied.outcome, resourceId: transferId }
    }
    return once(parts.transfers, request, work, () => loadHold(parts, request.caller, holdId))
  }

  return {
    async list({ vaspId }, filter) {
      const page = await parts.transfers.listHolds(vaspId, filter)
      const needed = await approvalsOf(parts, vaspId, page.items)
      return { ...page, items: page.items.map((item) => ({ ...item, approvalsRequired: needed(item) })) }
    },

    get: (caller, holdId) => loadHold(parts, caller, holdId),

    async comment(request, holdId, person, text, seen) {
      const { vaspId } = request.caller
      const note = noteOf(holdId, person, text)
      const work = async () => {
        const { transferId } = await find(parts, vaspId, holdId)
        const applied = await applyStep(parts, {
          vaspId,
          transferId,
          actor: `person:${person}`,
          people: await peopleFor(parts, request.caller),
          idempotency: keyOf(request),
          notes: () => [note],
          async decide(current, ctx) {
            checkPerson(ctx.policy, person, 'comment')
            if (seen !== undefined) await unchanged(parts, await anyHold(parts, current, holdId), seen)
            return current && tell(begin(current, ctx), 'hold-commented', ctx, { hold_id: holdId })
          },
        })
        return { outcome: applied.outcome, resourceId: transferId, value: note }
      }
      const load = async (): Promise<HoldNote> => {
        const notes = await parts.transfers.notes(vaspId, holdId)
        return notes.findLast((earlier) => earlier.person === person && earlier.text === text) ?? note
      }
      return once(parts.transfers, request, work, load)
    },

    hold(request, transferId, { person, reason, note, seenVersion }) {
      const { vaspId } = request.caller
      const newest = async (id: string): Promise<string> => {
        const transfer = await parts.transfers.find(vaspId, id)
        const hold = transfer?.holds.findLast((open) => open.reason === 'MANUAL')
        if (hold === undefined) throw new Refusal('HOLD_ENDED')
        return hold.id
      }
      const work = async () => {
        let notes: HoldNote[] = []
        const applied = await applyStep(parts, {
          vaspId,
          transferId,
          actor: `person:${person}`,
          people: await peopleFor(parts, request.caller),
          idempotency: keyOf(request),
          notes: () => notes,
          decide(current, ctx) {
            checkPerson(ctx.policy, person, 'hold')
            if (current === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
            if (seenVersion !== undefined && seenVersion !== current.version)
              throw new Refusal('HOLD_CHANGED')
            const step = holdByPerson(current, reason, ctx)
            const opened = step.next.holds.findLast((open) => open.reason === 'MANUAL')
            notes = opened === undefined ? [] : [noteOf(opened.id, person, note)]
            return step
          },
        })
        return { outcome: applied.outcome, resourceId: transferId }
      }
      const load = async (id: string) => loadHold(parts, request.caller, await newest(id))
      return once(parts.transfers, request, work, load)
    },

    release: (request, decision) =>
      act(request, {
        ...decision,
        step: (held, ctx, noteId) => released(held, decision, noteId, ctx),
      }),

    approve: (request, approval) =>
      act(request, {
        ...approval,
        step({ transfer, hold }, ctx) {
          checkPerson(ctx.policy, approval.person, 'approve', hold)
          return approveRelease(transfer, hold.id, approval.person, ctx)
        },
      }),

    withdraw: (request, holdId, person, seen) =>
      act(request, {
        holdId,
        person,
        ...(seen !== undefined && { seenHash: seen }),
        step({ transfer, hold }, ctx) {
          checkPerson(ctx.policy, person, 'propose', hold)
          return withdrawRelease(transfer, holdId, person, ctx)
        },
      }),

    assign: (request, holdId, { person, assignee, seenHash: seen }) =>
      act(request, {
        holdId,
        person,
        ...(seen !== undefined && { seenHash: seen }),
        step({ transfer }, ctx) {
          checkPerson(ctx.policy, person, 'assign')
          return assignHold(transfer, holdId, assignee, ctx)
        },
      }),

    escalate: (request, holdId, { person, note, seenHash: seen }) =>
      act(request, {
        holdId,
        person,
        note,
        ...(seen !== undefined && { seenHash: seen }),
        step({ transfer }, ctx) {
          checkPerson(ctx.policy, person, 'escalate')
          return escalateHold(transfer, holdId, ctx)
        },
      }),

    async breakGlass(request, decision) {
      const { vaspId } = request.caller
      const done = await act(request, {
        ...decision,
        step({ transfer, hold }, ctx) {
          checkPerson(ctx.policy, decision.person, 'break-glass', hold)
          return breakGlass(transfer, hold.id, decision.reason, ctx)
        },
      })
      if (!done.replayed)
        parts.log.warn('a hold was ended by one person alone', { vaspId, holdId: decision.holdId })
      return done
    },

    reveal: (caller, request) => revealIdentity(parts, caller, request),

    reject: (request, decision) =>
      act(request, {
        ...decision,
        step({ transfer, hold }, ctx) {
          checkPerson(ctx.policy, decision.person, 'reject', hold)
          return rejectHeld(transfer, hold.id, decision.reason, ctx)
        },
      }),
  }
}

/** One person releases where one suffices; else it is proposed to a second one. */
function released(
  { transfer, hold }: Held,
  { person, reason, seenHash: seen }: PersonDecision,
  noteId: string,
  ctx: Context,
): Step {
  const isAlone = approvalsRequired(ctx.policy, hold.reason, transfer) === 1
  checkPerson(ctx.policy, person, isAlone ? 'release' : 'propose', hold)
  if (isAlone) return releaseHold(transfer, hold.id, reason, ctx)
  return proposeRelease(transfer, { holdId: hold.id, proposer: person, reason, noteId, seenHash: seen }, ctx)
}

async function find(parts: Parts, vaspId: string, holdId: string) {
  const found = await parts.transfers.findHold(vaspId, holdId)
  if (found === undefined) throw new Refusal('HOLD_NOT_FOUND')
  return found
}

/** Open or ended: a transfer carries only its open ones. */
async function anyHold(parts: Parts, transfer: Transfer | undefined, holdId: string): Promise<Held> {
  if (transfer === undefined) throw new Refusal('HOLD_NOT_FOUND')
  const carried = transfer.holds.find(({ id }) => id === holdId)
  return { transfer, hold: carried ?? (await find(parts, transfer.vaspId, holdId)).hold }
}

/** Throws Refusal HOLD_ENDED. */
function openIn(transfer: Transfer | undefined, holdId: string): Held {
  const hold = transfer?.holds.find(({ id }) => id === holdId)
  if (transfer === undefined || hold === undefined) throw new Refusal('HOLD_ENDED')
  return { transfer, hold }
}

/** Throws Refusal HOLD_CHANGED, or HOLD_ENDED where somebody was faster: the transfer and the notes are not read at one moment. */
async function unchanged(parts: Parts, { transfer, hold }: Held, seen: string): Promise<void> {
  const notes = await parts.transfers.notes(transfer.vaspId, hold.id)
  if (seenHash(hold, transfer, notes) === seen) return
  const now = await find(parts, transfer.vaspId, hold.id)
  throw new Refusal(isOpen(now.hold) ? 'HOLD_CHANGED' : 'HOLD_ENDED')
}

type Listed = { readonly hold: Hold; readonly transferId: string }

/** Where policy looks at more than the reason, the transfers are read too. */
async function approvalsOf(
  parts: Parts,
  vaspId: string,
  items: readonly Listed[],
): Promise<(item: Listed) => number> {
  const { policy } = localVasp(parts, vaspId)
  const isSimple = (policy.fourEyes ?? []).length === 0
  const ids = isSimple ? [] : [...new Set(items.map(({ transferId }) => transferId))]
  const found = ids.length === 0 ? [] : await parts.transfers.findMany(vaspId, ids)
  const transfers = new Map(found.map((transfer) => [transfer.id, transfer]))
  return ({ hold, transferId }) =>
    approvalsRequired(policy, hold.reason, transfers.get(transferId) ?? NOTHING_KNOWN)
}

const NOTHING_KNOWN = { asset: '', counterpartyId: undefined }
