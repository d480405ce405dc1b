/**
 * Signed receipts close outbox rows, many in one statement: they come as fast as envelopes, and the order among them means nothing.
 */
import { causeGone } from '../domain/transfer/holds.ts'
import { openHolds } from '../domain/transfer/transfer.ts'
import { applyStep } from './apply-step.ts'
import type { Parts } from './parts.ts'
import type { ReceivedReceipt, VerifiedLetter } from './ports.ts'

/** Resolves once the receipt is durable, so that its delivery may be acknowledged. */
export type TakeReceipt = (vaspId: string, letter: VerifiedLetter) => Promise<'done'>

const BATCH_MAX = 500
const GATHER_MILLISECONDS = 20
const UNREACHABLE = new Set(['COUNTERPARTY_UNREACHABLE'] as const)

export function takeReceipts(parts: Parts, gatherMilliseconds = GATHER_MILLISECONDS): TakeReceipt {
  let waiting: { receipt: ReceivedReceipt; resolve: () => void; reject: (error: unknown) => void }[] = []
  let busy = false

  async function closeWaiting(): Promise<void> {
    if (busy) return
    busy = true
    while (waiting.length > 0) {
      // Nobody waits for a receipt: a moment's patience closes many rows in one statement.
      await parts.pause(gatherMilliseconds)
      const batch = waiting.slice(0, BATCH_MAX)
      waiting = waiting.slice(BATCH_MAX)
      try {
        const { reached, lies } = await parts.outbox.close(
          batch.map(({ receipt }) => receipt),
          parts.clock.now(),
        )
        for (const ref of reached) await reachable(parts, ref)
        for (const { vaspId, jti } of lies) {
          const lie = batch.find(({ receipt }) => receipt.vaspId === vaspId && receipt.jti === jti)
          if (lie !== undefined) await distrust(parts, lie.receipt)
        }
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    busy = false
  }

  return (vaspId, letter) => {
    const { inReplyTo: jti, status, from, envelope, digest } = letter
    if (jti === undefined || status === undefined) return Promise.resolve('done')
    return new Promise((resolve, reject) => {
      waiting.push({
        receipt: { vaspId, from, jti, status, receipt: envelope, digest },
        resolve: () => resolve('done'),
        reject,
      })
      void closeWaiting()
    })
  }
}

/** A signed receipt for something that we did not say: it closes nothing, and somebody should look. */
async function distrust(parts: Parts, { vaspId, from, receipt }: ReceivedReceipt): Promise<void> {
  await parts.securityLog.record({
    vaspId,
    reason: 'RECEIPT_DIGEST',
    subject: 'receipt',
    claimedSender: from,
    bytes: Buffer.from(receipt),
  })
  parts.log.warn('receipt refused', { vaspId, sender: from, reason: 'RECEIPT_DIGEST' })
}

async function reachable(
  parts: Parts,
  { vaspId, transferId }: { vaspId: string; transferId: string },
): Promise<void> {
  await applyStep(parts, {
    vaspId,
    transferId,
    actor: 'policy',
    decide(current, ctx) {
      const held = current && openHolds(current).some(({ reason }) => reason === 'COUNTERPARTY_UNREACHABLE')
      return held ? causeGone(current, UNREACHABLE, ctx) : undefined
    },
  })
}
