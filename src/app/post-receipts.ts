/**
 * Receipts to one counterparty travel together, one per line: nobody waits for a receipt, and a message of its own costs the broker and
 * both gateways more than the receipt in it. They are not kept in the outbox: if one is lost, its envelope comes again and gets it again.
 */
import type { Parts } from './parts.ts'
import type { PostReceipt } from './ports.ts'

/** So many fit a message of the broker with room to spare, and do not keep their receiver for long. */
export const RECEIPTS_PER_MESSAGE_MAX = 32
const GATHER_MILLISECONDS = 50

/** With 0 each goes out at once. */
export function receiptPost(
  parts: Pick<Parts, 'transport' | 'pause' | 'newId' | 'log'>,
  gatherMilliseconds = GATHER_MILLISECONDS,
): PostReceipt {
  const gathered = new Map<string, string[]>()

  function send(vaspId: string, receiver: string, receipts: readonly string[]): void {
    const bytes = Buffer.from(receipts.join('\n'))
    parts.transport
      .publish({ vaspId, receiver, kind: 'rcpt', id: parts.newId(), bytes })
      .catch((error: unknown) =>
        parts.log.info('receipts not published', { vaspId, receiver, cause: String(error) }),
      )
  }

  async function sendSoon(key: string, vaspId: string, receiver: string, receipts: readonly string[]) {
    await parts.pause(gatherMilliseconds)
    if (gathered.get(key) === receipts) gathered.delete(key)
    send(vaspId, receiver, receipts)
  }

  return (vaspId, receiver, receipt) => {
    if (gatherMilliseconds === 0) return send(vaspId, receiver, [receipt])
    const key = `${vaspId} ${receiver}`
    const open = gathered.get(key)
    if (open !== undefined) {
      open.push(receipt)
      if (open.length === RECEIPTS_PER_MESSAGE_MAX) gathered.delete(key)
      return undefined
    }
    const receipts = [receipt]
    gathered.set(key, receipts)
    void sendSoon(key, vaspId, receiver, receipts)
    return undefined
  }
}

/** The receipts of a message, or undefined when it holds no more than one statement: compact serialization has no line breaks. */
export function receiptsIn(bytes: Uint8Array): readonly string[] | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return text.includes('\n') ? text.toString('latin1').split('\n', RECEIPTS_PER_MESSAGE_MAX + 1) : undefined
}
