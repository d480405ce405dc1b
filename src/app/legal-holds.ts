/** Legal holds: a person says that the data of a transfer must stay, whatever its retention says, until a person lifts it. */
import type { Clock, LegalHold, NewId, RetentionStore } from './ports.ts'

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
}

export async function setLegalHold(
  { retention, clock, newId }: LegalHoldParts,
  { vaspId, by, reason }: HoldOrder,
  transferId: string,
): Promise<LegalHold> {
  const hold = { id: newId(), vaspId, transferId, reason, setBy: by, setAt: clock.now() }
  const data = { legal_hold: hold.id, reason }
  await retention.setHold(hold, [{ kind: 'legal-hold.set', actor: by, subject: transferId, data }])
  return hold
}

export async function liftLegalHold(
  { retention, clock }: LegalHoldParts,
  { vaspId, by, reason }: HoldOrder,
  holdId: string,
): Promise<void> {
  const data = { legal_hold: holdId, reason }
  await retention.liftHold(vaspId, holdId, { by, at: clock.now(), reason }, [
    { kind: 'legal-hold.lifted', actor: by, subject: holdId, data },
  ])
}
