/** Every handler of the contract, over the use cases and reads that it needs. */
import type { SignInGate } from '../../app/console/attempts.ts'
import type { AuditReads } from '../../app/console/audit.ts'
import type { ConductReads } from '../../app/console/counterparties.ts'
import type { DashboardReads } from '../../app/console/dashboard.ts'
import type { History } from '../../app/console/history.ts'
import type { PresenceStore, SavedViewStore } from '../../app/console/ports.ts'
import type { ConsoleReads } from '../../app/console/reads.ts'
import type { RevealStore } from '../../app/console/reveal.ts'
import type { Search, SearchIndex } from '../../app/console/search.ts'
import type { SessionUseCases } from '../../app/console/sessions.ts'
import { callerOf, type Viewer } from '../../app/console/viewer.ts'
import type { Gateway } from '../../app/gateway.ts'
import type { Parts } from '../../app/parts.ts'
import type { SignedInPerson } from '../../app/ports.ts'
import { Refusal } from '../../domain/refusal.ts'
import { counterpartyHandlers } from './handlers/counterparties.ts'
import { holdHandlers } from './handlers/holds.ts'
import { houseHandlers } from './handlers/house.ts'
import { liveHandlers } from './handlers/live.ts'
import { policyHandlers } from './handlers/policies.ts'
import { retentionHandlers } from './handlers/retention.ts'
import { type ProviderDoor, sessionHandlers } from './handlers/session.ts'
import { transferHandlers } from './handlers/transfers.ts'
import type { Names } from './json/basics.ts'
import type { Handlers } from './routes.ts'

export interface HandlerParts {
  readonly parts: Parts
  readonly gateway: Gateway
  readonly sessions: SessionUseCases
  readonly sandbox: boolean
  readonly gate: SignInGate
  readonly oidc: ProviderDoor | undefined
  readonly hasLocalSignIn: boolean
  readonly stopping: AbortSignal
  readonly search: Search
  readonly index: SearchIndex
  readonly reads: ConsoleReads
  history(vaspId: string, transferId: string): Promise<History>
  readonly reveals: RevealStore
  readonly conduct: ConductReads
  readonly dashboards: DashboardReads
  readonly auditReads: AuditReads
  readonly views: SavedViewStore
  readonly presence: PresenceStore
  people(vaspId: string): Promise<Names>
  viewer(person: SignedInPerson, vaspId: string): Promise<Viewer>
}

export function consoleHandlers({ parts, gateway, ...from }: HandlerParts): Handlers {
  const legalName = async (vaspId: string, id: string | undefined) =>
    id === undefined ? undefined : (await parts.counterparties.recent(vaspId, id))?.legalName
  const holds = { ...parts, ...from, review: gateway.review, legalName }
  const transfers = {
    ...holds,
    bundles: gateway.evidence,
    counterparty: (viewer: Viewer, id: string) =>
      unlessUnknown(gateway.counterparties.get(callerOf(viewer), id)),
  }
  return {
    ...sessionHandlers({ ...from, vasps: parts.vasps, clock: parts.clock }),
    ...holdHandlers(holds),
    ...transferHandlers(transfers),
    ...counterpartyHandlers({ ...parts, ...from, cases: gateway.counterparties }),
    ...policyHandlers({ ...parts, ...from, policies: gateway.policies }),
    ...retentionHandlers({ ...parts, ...from, retention: gateway.retention }),
    ...houseHandlers({ ...parts, ...from, bundles: gateway.evidence }),
    ...liveHandlers({ ...parts, ...from }),
  }
}

async function unlessUnknown<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (error instanceof Refusal && error.code === 'COUNTERPARTY_NOT_FOUND') return undefined
    throw error
  }
}
