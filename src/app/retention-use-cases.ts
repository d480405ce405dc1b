/** Retention as people see it: what the rules ask for, what is due, what went, and the legal holds that they set and lift. */

import { Refusal } from '../domain/refusal.ts'
import { RETENTION_YEARS, type Retention } from '../domain/retention/retention.ts'
import { checkActing } from './acting.ts'
import type { Caller, Outcome, Request } from './gateway.ts'
import { keyOf, once } from './idempotency.ts'
import { LEGAL_REASON, liftLegalHold, setLegalHold } from './legal-holds.ts'
import { localVasp, type Parts } from './parts.ts'
import type { LegalHold, Page, ShreddedTransfer, TombstoneDesk } from './ports.ts'
import { type RetentionRule, retentionFor, retentionRules, type Upcoming, upcoming } from './retention.ts'

export interface RetentionRules {
  /** Of the VASP's policy: the least that is kept. */
  readonly floorYears: number
  readonly regimes: readonly RetentionRule[]
}

export type Shredded = ShreddedTransfer & ReturnType<TombstoneDesk['read']>

export interface TransferRetention {
  /** Undefined before it has ended, and after it was shredded. */
  readonly kept: Retention | undefined
  readonly shreddedAt: Date | undefined
  /** The lifted ones too, oldest first. */
  readonly holds: readonly LegalHold[]
}

/** `reason`: a code or a case number, never personal data: it stays in the audit log for ever. */
export interface LegalHoldDecision {
  readonly person: string
  readonly reason: string
}

export interface RetentionUseCases {
  rules(caller: Caller): RetentionRules
  upcoming(caller: Caller, before: Date): Promise<Upcoming>
  /** Newest first. */
  shredded(caller: Caller, pageSize: number, pageToken?: string): Promise<Page<Shredded>>
  /** Those that are set, oldest first. */
  holds(caller: Caller): Promise<readonly LegalHold[]>
  /** Throws Refusal TRANSFER_NOT_FOUND. */
  ofTransfer(caller: Caller, transferId: string): Promise<TransferRetention>
  /** Throws Refusal PERSON_DENIED, REQUEST_INVALID, TRANSFER_NOT_FOUND or TRANSFER_SHREDDED. */
  setHold(request: Request, transferId: string, decision: LegalHoldDecision): Promise<Outcome<LegalHold>>
  /** Throws Refusal PERSON_DENIED, REQUEST_INVALID or LEGAL_HOLD_NOT_FOUND. */
  liftHold(request: Request, holdId: string, decision: LegalHoldDecision): Promise<Outcome<LegalHold>>
}

export function retentionUseCases(parts: Parts): RetentionUseCases {
  const loadHold = async (vaspId: string, holdId: string) => {
    const hold = await parts.retention.hold(vaspId, holdId)
    if (hold === undefined) throw new Refusal('LEGAL_HOLD_NOT_FOUND')
    return hold
  }

  return {
    rules({ vaspId }) {
      const vasp = localVasp(parts, vaspId)
      const floorYears = vasp.policy.retentionYears ?? RETENTION_YEARS
      return { floorYears, regimes: retentionRules(vasp, parts.clock.now()) }
    },

    upcoming: ({ vaspId }, before) => upcoming(parts, vaspId, before),

    async shredded({ vaspId }, pageSize, pageToken) {
      const page = await parts.retention.shredded(vaspId, pageSize, pageToken)
      return {
        ...page,
        items: page.items.map((one) => ({ ...one, ...parts.tombstones.read(one.tombstone) })),
      }
    },

    holds: ({ vaspId }) => parts.retention.holds(vaspId),

    async ofTransfer({ vaspId }, transferId) {
      const transfer = await parts.transfers.find(vaspId, transferId)
      if (transfer === undefined) throw new Refusal('TRANSFER_NOT_FOUND')
      const [kept, holds] = await Promise.all([
        parts.retention.find(vaspId, transferId),
        parts.retention.holds(vaspId, transferId),
      ])
      return { kept: kept && retentionFor(parts, kept), shreddedAt: transfer.shreddedAt, holds }
    },

    async setHold(request, transferId, { person, reason }) {
      const { vaspId } = request.caller
      await checkActing(parts, request.caller, person, 'set-legal-hold')
      const order = orderOf(request, person, reason)
      const work = async () => {
        const { hold, outcome } = await setLegalHold(parts, order, transferId)
        return { outcome, resourceId: hold.id, value: hold }
      }
      return once(parts.transfers, request, work, (holdId) => loadHold(vaspId, holdId))
    },

    async liftHold(request, holdId, { person, reason }) {
      const { vaspId } = request.caller
      await checkActing(parts, request.caller, person, 'lift-legal-hold')
      const order = orderOf(request, person, reason)
      const work = async () => ({ outcome: await liftLegalHold(parts, order, holdId), resourceId: holdId })
      return once(parts.transfers, request, work, (found) => loadHold(vaspId, found))
    },
  }
}

function orderOf(request: Request, person: string, reason: string) {
  if (!LEGAL_REASON.test(reason)) {
    const fields = [{ field: 'reason', description: 'a code or a case number, as in CASE-2031-17' }]
    throw new Refusal('REQUEST_INVALID', undefined, { fields })
  }
  return { vaspId: request.caller.vaspId, by: `person:${person}`, reason, idempotency: keyOf(request) }
}
