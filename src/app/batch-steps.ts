/** What a step of one member of a batch means for the others. */
import { BATCH_STOPPED, isOut, mayGo, othersOf } from '../domain/transfer/batch.ts'
import { cancel } from '../domain/transfer/originator.ts'
import { isFinal } from '../domain/transfer/states.ts'
import { begin } from '../domain/transfer/step.ts'
import type { Transfer } from '../domain/transfer/transfer.ts'
import type { applyStep, Work } from './apply-step.ts'
import type { Parts } from './parts.ts'

/** Whether all the others are there and may go. */
export async function othersMayGo(parts: Pick<Parts, 'transfers'>, transfer: Transfer): Promise<boolean> {
  const ids = othersOf(transfer)
  if (ids.length === 0) return true
  const others = await parts.transfers.findMany(transfer.vaspId, ids)
  return others.length === ids.length && others.every(mayGo)
}

/** After a step of `member`: all get their permits when the last one may go, and all are withdrawn when one is out. */
export async function advanceBatch(parts: Parts, member: Transfer, apply: typeof applyStep): Promise<void> {
  if (!isOut(member) && !mayGo(member)) return
  for (const transferId of othersOf(member)) {
    const work: Work = {
      vaspId: member.vaspId,
      transferId,
      actor: 'policy',
      isForBatch: true,
      async decide(current, ctx) {
        if (current === undefined || isFinal(current.state)) return undefined
        if (isOut(member))
          return current.permit?.redeemedAt === undefined ? cancel(current, BATCH_STOPPED, ctx) : undefined
        const isDue = mayGo(current) && current.permit === undefined && (await othersMayGo(parts, current))
        return isDue ? begin(current, ctx) : undefined
      },
    }
    await apply(parts, work)
  }
}
