/** Two VASPs with two replicas each, the broker between them, and what is written down for the judge. */
import type { Parts } from '../../src/app/parts.ts'
import type { Finding } from '../../src/chaos/judge/findings.ts'
import { seeded } from '../../src/chaos/random.ts'
import { PROOF_KINDS } from '../../src/domain/counterparty/counterparty.ts'
import { ALL_RULES, Database, type Rules } from './database.ts'
import { Lost, type Replica, startReplica } from './replica.ts'
import { scheduler as newScheduler, type Scheduler } from './scheduler.ts'
import {
  OTHER,
  type Settings,
  settingsOf,
  VASP_IDS,
  type VaspId,
  WEATHER_MILLISECONDS,
  type Weather,
} from './settings.ts'
import { type Wire, wire } from './wire.ts'

export interface Options {
  readonly trace?: boolean
  readonly rules?: Partial<Rules>
  readonly sabotage?: (parts: Parts) => Parts
}

export interface World {
  readonly settings: Settings
  readonly scheduler: Scheduler
  readonly databases: { readonly [V in VaspId]: Database }
  readonly nats: Wire
  readonly findings: Finding[]
  /** Virtual milliseconds since the start. */
  readonly since: () => number
  readonly replicasOf: (vaspId: string) => readonly Replica[]
  readonly complain: (who: string, error: unknown) => void
}

export const START = Date.parse('2026-11-22T08:00:00Z')
const CLEAR: Weather = { crash: 0, failure: 0, slowStatement: 0, loss: 0, copy: 0, delay: 0 }

export function openWorld(seed: number, options: Options): World {
  const random = seeded(seed)
  const settings = settingsOf(random.fork('settings'))
  const scheduler = newScheduler(random.fork('order'), START, options.trace === true)
  const now = () => scheduler.now()
  const since = () => now() - START
  const findings: Finding[] = []
  const complain = (who: string, error: unknown) => {
    if (error instanceof Lost) return
    const what = `a fault of ours: ${error instanceof Error ? error.stack : String(error)}`
    scheduler.note(who, what)
    findings.push({ verdict: 'illegal', vaspId: who, what })
  }
  const rules = { ...ALL_RULES, ...options.rules }
  const databases = { alice: new Database('alice', now, rules), bob: new Database('bob', now, rules) }
  acquaint(databases)

  const replicas = new Map<string, readonly Replica[]>()
  const replicasOf = (vaspId: string) => replicas.get(vaspId) ?? []
  const weather = () => (since() < WEATHER_MILLISECONDS ? settings.weather : CLEAR)
  const isCut = (from: string, to: string) =>
    settings.cuts.some((cut) => cut.way === `${from}>${to}` && cut.from <= since() && since() < cut.to)
  const shared = { scheduler, weather, complain }
  const nats = wire({ ...shared, random: random.fork('wire'), isCut, replicasOf })
  const around = {
    ...shared,
    random: random.fork('replicas'),
    publish: (...args: Parameters<Wire['publish']>) => nats.publish(...args),
    sabotage: options.sabotage,
  }
  for (const vaspId of VASP_IDS) {
    const own = settings.skew[vaspId].map((skew, n) =>
      startReplica(`${vaspId}-${n + 1}`, settings.vasps[vaspId], databases[vaspId], skew, around),
    )
    replicas.set(vaspId, own)
  }
  return { settings, scheduler, databases, nats, findings, since, replicasOf, complain }
}

/** Both hold each other VERIFIED. */
function acquaint(databases: World['databases']): void {
  const proofs = PROOF_KINDS.map((kind) => ({
    kind,
    source: 'simulation',
    reference: kind,
    provenAt: new Date(START),
    // Reachability lapses unless a ping is answered; the others outlive the night.
    expiresAt: new Date(START + (kind === 'reachability' ? 120_000 : 365 * 86_400_000)),
  }))
  for (const vaspId of VASP_IDS) {
    const id = OTHER[vaspId]
    const country = id === 'alice' ? 'KZ' : 'LU'
    const about = { id, legalName: id, country, card: 'card', cardVersion: 1 }
    databases[vaspId].counterparties.set(id, { ...about, proofs, version: 1 })
  }
}
