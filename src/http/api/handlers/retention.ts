import { callerOf, denial, type Viewer } from '../../../app/console/viewer.ts'
import type { Parts } from '../../../app/parts.ts'
import type { RetentionUseCases } from '../../../app/retention-use-cases.ts'
import { iso, isoOrNull, type Names } from '../json/basics.ts'
import { dueJson, keptJson, legalHoldJson, regimeJson, shreddedJson } from '../json/retention.ts'
import type { HandlersOf } from '../routes.ts'
import { changeBy, viewerOf } from '../visit.ts'

export interface RetentionHandlerParts extends Pick<Parts, 'clock'> {
  readonly retention: RetentionUseCases
  people(vaspId: string): Promise<Names>
}

type RetentionOperation =
  | 'getRetention'
  | 'listDue'
  | 'listShredded'
  | 'getTransferRetention'
  | 'setLegalHold'
  | 'liftLegalHold'

const DAY_MILLISECONDS = 86_400_000
const SHOWN_MAX = 200

export function retentionHandlers(parts: RetentionHandlerParts): HandlersOf<RetentionOperation> {
  const { retention, clock } = parts
  return {
    async getRetention(_, visit) {
      const viewer = viewerOf(visit)
      const caller = callerOf(viewer)
      const [holds, names] = await Promise.all([retention.holds(caller), parts.people(viewer.vaspId)])
      const { floorYears, regimes } = retention.rules(caller)
      return {
        floorYears,
        regimes: regimes.map(regimeJson),
        legalHolds: holds.map((hold) => legalHoldJson(hold, names)),
        may: mayJson(viewer),
      }
    },

    async listDue({ query }, visit) {
      const before = new Date(clock.now().getTime() + query.days * DAY_MILLISECONDS)
      const { items, isAll } = await retention.upcoming(callerOf(viewerOf(visit)), before)
      const shown = items.slice(0, SHOWN_MAX).map(dueJson)
      return { before: iso(before), items: shown, total: items.length, isAll }
    },

    async listShredded({ query: { limit, cursor } }, visit) {
      const page = await retention.shredded(callerOf(viewerOf(visit)), limit, cursor)
      return { items: page.items.map(shreddedJson), nextCursor: page.nextPageToken ?? null }
    },

    async getTransferRetention({ params }, visit) {
      const viewer = viewerOf(visit)
      const [found, names] = await Promise.all([
        retention.ofTransfer(callerOf(viewer), params.id),
        parts.people(viewer.vaspId),
      ])
      return {
        kept: found.kept === undefined ? null : keptJson(found.kept),
        shreddedAt: isoOrNull(found.shreddedAt),
        legalHolds: found.holds.map((hold) => legalHoldJson(hold, names)),
        may: mayJson(viewer),
      }
    },

    async setLegalHold({ params, body: { reason } }, visit) {
      const { person, vaspId } = viewerOf(visit)
      const request = changeBy(visit, 'set-legal-hold', { transferId: params.id, reason })
      const decision = { person: person.subject, reason }
      const { value } = await retention.setHold(request, params.id, decision)
      return legalHoldJson(value, await parts.people(vaspId))
    },

    async liftLegalHold({ params, body: { reason } }, visit) {
      const { person, vaspId } = viewerOf(visit)
      const request = changeBy(visit, 'lift-legal-hold', { holdId: params.id, reason })
      const decision = { person: person.subject, reason }
      const { value } = await retention.liftHold(request, params.id, decision)
      return legalHoldJson(value, await parts.people(vaspId))
    },
  }
}

function mayJson(viewer: Viewer) {
  return {
    setLegalHold: denial(viewer, 'set-legal-hold') === undefined,
    liftLegalHold: denial(viewer, 'lift-legal-hold') === undefined,
  }
}
