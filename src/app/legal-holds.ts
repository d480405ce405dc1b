/** Legal holds: a person says that the data of a transfer must stay, whatever its retention says, until a person lifts it. */
import type { Clock, IdempotencyKey, LegalHold, NewId, RetentionStore } from './ports.ts'

export interface LegalHoldParts {
  readonly retention: RetentionStore
  readonly clock: Clock
  readonly newId: NewId
}

/** `by` and `reason`: who says so, and a code or a case number, never personal data: both go into the audit log. */
export interface HoldOrder {
  readonly vaspId: string
  readonly by: string
  readonly reason: string
  readonly idempotency?: IdempotencyKey
}

/** Into the audit log, and so for ever: a code or a case number, nothing about a customer. */
export const LEGAL_REASON = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/

export async function setLegalHold(
  { retention, clock, newId }: LegalHoldParts,
  { vaspId, by, reason, idempotency }: HoldOrder,
  transferId: string,
): Promise<{ readonly hold: LegalHold; readonly outcome: 'committed' | 'request-known' }> {
  const hold = { id: newId(), vaspId, transferId, reason, setBy: by, setAt: clock.now() }
  const data = { legal_hold: hold.id, reason }
  const entry = { kind: 'legal-hold.set', actor: by, subject: transferId, data }
  return { hold, outcome: await retention.setHold(hold, [entry], idempotency) }
}

export async function liftLegalHold(
  { retention, clock }: LegalHoldParts,
  { vaspId, by, reason, idempotency }: HoldOrder,
  holdId: string,
): Promise<'committed' | 'request-known'> {
  const data = { legal_hold: holdId, reason }
  const entry = { kind: 'legal-hold.lifted', actor: by, subject: holdId, data }
  return retention.liftHold(vaspId, holdId, { by, at: clock.now(), reason }, [entry], idempotency)
}
