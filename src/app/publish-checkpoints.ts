/**
 * Tells counterparties the head of our audit log, in the receipts that they get anyway: what they keep shows if we ever rewrite it. A
 * checkpoint goes to each counterparty once, so that most receipts stay as small as they are.
 */
import type { AuditLog } from './audit-log.ts'

export interface CheckpointPublisher {
  /** The newest checkpoint, as a signed note, if this counterparty has not had it from this process. */
  next(vaspId: string, counterpartyId: string): string | undefined
  /** Looks for newer ones; whichever replica signed them. */
  refresh(vaspIds: readonly string[]): Promise<void>
}

export function checkpointPublisher(auditLog: Pick<AuditLog, 'checkpoint'>): CheckpointPublisher {
  const newest = new Map<string, { readonly size: number; readonly note: string }>()
  /** The size that was told last. */
  const told = new Map<string, number>()
  return {
    next(vaspId, counterpartyId) {
      const head = newest.get(vaspId)
      const pair = `${vaspId}/${counterpartyId}`
      if (head === undefined || told.get(pair) === head.size) return undefined
      told.set(pair, head.size)
      return head.note
    },
    async refresh(vaspIds) {
      for (const vaspId of vaspIds) {
        const head = await auditLog.checkpoint(vaspId)
        if (head !== undefined) newest.set(vaspId, head)
      }
    },
  }
}
