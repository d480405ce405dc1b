/** What people do with held transfers. */
import { approvalsRequired } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { holdByPerson, rejectHeld, releaseHold } from '../domain/transfer/holds.ts'
import { begin, type Context } from '../domain/transfer/step.ts'
import { openHolds, type Step, type Transfer } from '../domain/transfer/transfer.ts'
import { applyStep } from './apply-step.ts'
import type { HoldView, Outcome, PersonDecision, Request, ReviewUseCases } from './gateway.ts'
import { keyOf, once } from './idempotency.ts'
import { localVasp, type Parts } from './parts.ts'
import type { HoldNote } from './ports.ts'
import { loadHold, seenHash } from './views.ts'

export function reviewUseCases(parts: Parts): ReviewUseCases {
  const noteOf = (holdId: string, person: string, text: string): HoldNote => ({
    id: parts.newId(),
    holdId,
    person,
    text,
    writtenAt: parts.clock.now(),
  })

  /** Binds the decision to what the person saw: anything that changed since voids it. */
  function decide(
    request: Request,
    decision: PersonDecision,
    step: (transfer: Transfer, ctx: Context) => Step,
  ): Promise<Outcome<HoldView>> {
    const { vaspId } = request.caller
    const work = async () => {
      const { transferId } = await find(parts, vaspId, decision.holdId)
      const applied = await applyStep(parts, {
        vaspId,
        transferId,
        actor: `person:${decision.person}`,
        idempotency: keyOf(request),
        notes: () => [noteOf(decision.holdId, decision.person, decision.note)],
        decide: async (current, ctx) => step(await unchanged(parts, vaspId, current, decision), ctx),
      })
      return { outcome: applied.outcome, resourceId: transferId }
    }
    return once(parts.transfers, request, work, () => loadHold(parts, request.caller, decision.holdId))
  }

  return {
    async list({ vaspId }, filter) {
      const { policy } = localVasp(parts, vaspId)
      const page = await parts.transfers.listHolds(vaspId, filter)
      const items = page.items.map(({ hold, transferId }) => ({
        hold,
        transferId,
        approvalsRequired: approvalsRequired(policy, hold.reason),
      }))
      return { ...page, items }
    },

    get: (caller, holdId) => loadHold(parts, caller, holdId),

    async comment(request, holdId, person, text) {
      const { vaspId } = request.caller
      const note = noteOf(holdId, person, text)
      const work = async () => {
        const { transferId } = await find(parts, vaspId, holdId)
        const applied = await applyStep(parts, {
          vaspId,
          transferId,
          actor: `person:${person}`,
          idempotency: keyOf(request),
          notes: () => [note],
          decide: (current, ctx) => current && begin(current, ctx),
        })
        return { outcome: applied.outcome, resourceId: transferId, value: note }
      }
      const load = async (): Promise<HoldNote> => {
        const notes = await parts.transfers.notes(vaspId, holdId)
        return notes.findLast((earlier) => earlier.person === person && earlier.text === text) ?? note
      }
      return once(parts.transfers, request, work, load)
    },

    hold(request, transferId, { person, reason, note }) {
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
          idempotency: keyOf(request),
          notes: () => notes,
          decide(current, ctx) {
            if (current === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
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

    release(request, decision) {
      return decide(request, decision, (transfer, ctx) => {
        const hold = openHolds(transfer).find(({ id }) => id === decision.holdId)
        if (hold !== undefined && approvalsRequired(ctx.policy, hold.reason, transfer) > 1)
          throw new Refusal(
            'HOLD_NOT_RELEASABLE',
            'it takes two persons, which this version cannot record yet',
          )
        return releaseHold(transfer, decision.holdId, decision.reason, ctx)
      })
    },

    reject: (request, decision) =>
      decide(request, decision, (transfer, ctx) =>
        rejectHeld(transfer, decision.holdId, decision.reason, ctx),
      ),
  }
}

async function find(parts: Parts, vaspId: string, holdId: string) {
  const found = await parts.transfers.findHold(vaspId, holdId)
  if (found === undefined) throw new Refusal('HOLD_NOT_FOUND')
  return found
}

/** Throws Refusal HOLD_ENDED or HOLD_CHANGED. */
async function unchanged(
  parts: Parts,
  vaspId: string,
  transfer: Transfer | undefined,
  { holdId, seenHash: seen }: PersonDecision,
): Promise<Transfer> {
  const hold = transfer?.holds.find(({ id }) => id === holdId)
  if (transfer === undefined || hold === undefined) throw new Refusal('HOLD_ENDED')
  const notes = await parts.transfers.notes(vaspId, holdId)
  if (seenHash(hold, transfer, notes) !== seen) throw new Refusal('HOLD_CHANGED')
  return transfer
}
