/**
 * Shredding: once the longest binding regime no longer asks for it, the personal data of a transfer goes, in every copy, and a signed
 * tombstone stays. Every replica looks for what is due; the transaction that shreds lets one through.
 */
import { createHash } from 'node:crypto'
import type { LocalVasp } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { RETENTION_YEARS, type Retention, retentionOf, yearsAfter } from '../domain/retention/retention.ts'
import {
  assessTransfer,
  loadPacks,
  PACK_DATA,
  type RuleInput,
  type RulePack,
  ruleInput,
} from '../domain/rules/index.ts'
import type { EvidenceReads } from './evidence.ts'
import { localVasp, type Parts, servedVasps } from './parts.ts'
import type { KeptTransfer, RetentionStore, ShredOutcome, TombstoneDesk } from './ports.ts'

export interface RetentionParts extends Pick<Parts, 'clock' | 'vasps' | 'log'> {
  readonly retention: RetentionStore
  readonly tombstones: TombstoneDesk
  readonly evidence: EvidenceReads
  readonly recent: Pick<Parts['recent'], 'forget'>
}

export interface DueTransfer extends KeptTransfer {
  readonly retention: Retention
}

/** Refused messages are kept for people to look at; some are sealed for us. */
const REFUSED_DAYS = 90
const DAY_MILLISECONDS = 86_400_000
const PAGE = 200

const PACKS = loadPacks(PACK_DATA, (text) => createHash('sha256').update(text).digest('hex'))

/** A transfer of which no rule was asked: the local VASP's own regimes bind, whatever it was worth. */
function unaskedInput(vasp: LocalVasp, at: Date, role: KeptTransfer['role']): RuleInput {
  return ruleInput({
    at: at.toISOString(),
    direction: role === 'originator' ? 'outbound' : 'inbound',
    local: { country: vasp.country, regimes: vasp.policy.regimes },
    counterparty: { kind: 'unknown' },
    // Without an amount no regime is judged at all.
    amount: '0',
    currency: 'USD',
  })
}

export interface RetentionRule {
  readonly pack: RulePack
  readonly years: number
}

/** What each regime that binds a local VASP asks for today. */
export function retentionRules(vasp: LocalVasp, now: Date): readonly RetentionRule[] {
  const { regimes } = assessTransfer(unaskedInput(vasp, now, 'originator'), PACKS)
  return regimes
    .filter(({ binds }) => binds !== 'counterparty')
    .flatMap(({ rule, version, retentionYears }) =>
      PACKS.filter((pack) => pack.rule === rule && pack.version === version).map((pack) => ({
        pack,
        years: retentionYears,
      })),
    )
}

/** The time until which it is kept, under the rules as they stand for its day. */
export function retentionFor(parts: Pick<Parts, 'vasps'>, kept: KeptTransfer): Retention {
  const vasp = localVasp(parts, kept.vaspId)
  const { policy } = vasp
  const asked = kept.inputs.flatMap((input) => assessTransfer(input, PACKS).regimes)
  const unasked = () => assessTransfer(unaskedInput(vasp, kept.endedAt, kept.role), PACKS).regimes
  // A ruling on a transfer without a value has none either.
  const regimes = asked.length === 0 ? unasked() : asked
  return retentionOf(regimes, policy.retentionYears ?? RETENTION_YEARS, kept.endedAt)
}

/** Those whose time has come by `now`, held or not, oldest end first. */
export async function* dueTransfers(
  parts: Pick<RetentionParts, 'vasps' | 'retention'>,
  vaspId: string,
  now: Date,
): AsyncGenerator<DueTransfer> {
  const floor = localVasp(parts, vaspId).policy.retentionYears ?? RETENTION_YEARS
  let last: KeptTransfer | undefined
  do {
    const page = await parts.retention.ended(vaspId, yearsAfter(now, -floor), PAGE, last)
    for (const kept of page) {
      const retention = retentionFor(parts, kept)
      if (retention.until <= now) yield { ...kept, retention }
    }
    last = page.length === PAGE ? page.at(-1) : undefined
  } while (last !== undefined)
}

export interface Upcoming {
  /** Soonest first. */
  readonly items: readonly DueTransfer[]
  /** False where there are more than were looked at. */
  readonly isAll: boolean
}
/** Of those that ended first; each is judged by the rules, which takes time. */
const LOOKED_AT_MAX = 2_000

/** Those whose time will have come by then. */
export async function upcoming(
  parts: Pick<RetentionParts, 'vasps' | 'retention'>,
  vaspId: string,
  before: Date,
): Promise<Upcoming> {
  const floor = localVasp(parts, vaspId).policy.retentionYears ?? RETENTION_YEARS
  const kept = await parts.retention.ended(vaspId, yearsAfter(before, -floor), LOOKED_AT_MAX)
  const items = kept
    .map((one) => ({ ...one, retention: retentionFor(parts, one) }))
    .filter(({ retention }) => retention.until <= before)
    .toSorted((a, b) => a.retention.until.getTime() - b.retention.until.getTime())
  return { items, isAll: kept.length < LOOKED_AT_MAX }
}

/** One pass over everything of every VASP; tells how many it shredded. A legal hold, or a failure, leaves a transfer to the next pass. */
export async function shredDue(parts: RetentionParts): Promise<number> {
  const now = parts.clock.now()
  let count = 0
  for (const vaspId of servedVasps(parts)) {
    for await (const due of dueTransfers(parts, vaspId, now)) {
      if (due.held) continue
      const { transferId } = due
      const outcome = await bury(parts, due, { by: 'clock', early: undefined }).catch((error: unknown) => {
        parts.log.error('a transfer could not be shredded', error, { vaspId, transferId })
        return 'gone' as const
      })
      if (outcome === 'shredded') count++
    }
  }
  await parts.retention.forgetRefused(new Date(now.getTime() - REFUSED_DAYS * DAY_MILLISECONDS))
  return count
}

export interface ShredOrder {
  /** As `person:<subject>` or `operator:<account>`. */
  readonly by: string
  /** Why before its time has come; without it, only what is due is shredded. */
  readonly early: string | undefined
}

/** Shreds one transfer. Throws Refusal TRANSFER_NOT_FOUND, RETENTION_NOT_OVER or LEGAL_HOLD. */
export async function shredTransfer(
  parts: RetentionParts,
  vaspId: string,
  transferId: string,
  order: ShredOrder,
): Promise<Retention> {
  const kept = await parts.retention.find(vaspId, transferId)
  if (kept === undefined) throw new Refusal('TRANSFER_NOT_FOUND', 'or it has not ended, or was shredded')
  const retention = retentionFor(parts, kept)
  if (order.early === undefined && retention.until > parts.clock.now())
    throw new Refusal('RETENTION_NOT_OVER', `kept until ${retention.until.toISOString()}`)
  const outcome = await bury(parts, { ...kept, retention }, order)
  if (outcome === 'held') throw new Refusal('LEGAL_HOLD')
  if (outcome === 'gone') throw new Refusal('TRANSFER_CHANGED')
  return retention
}

async function bury(parts: RetentionParts, due: DueTransfer, order: ShredOrder): Promise<ShredOutcome> {
  const { vaspId, transferId, version, retention } = due
  const now = parts.clock.now()
  const records = await parts.evidence.read(vaspId, transferId)
  const state = records?.transfer['state']
  // Another replica may have been faster since it was found.
  if (records === undefined || records.shredded) return 'gone'
  if (records.transfer.version !== version || typeof state !== 'string') return 'gone'
  const grave = { vaspId, transferId, version, state, ...order, kept: retention, messages: records.messages }
  const { tombstone, sha256, bodies } = await parts.tombstones.bury(grave, now)
  const entry = {
    kind: 'transfer.shredded',
    actor: order.by,
    subject: transferId,
    data: {
      tombstone: sha256,
      kept_until: retention.until.toISOString(),
      years: retention.years,
      rules: retention.rules,
      ...(order.early !== undefined && { early: order.early }),
    },
  }
  const outcome = await parts.retention.shred({
    vaspId,
    transferId,
    version,
    tombstone,
    bodies,
    audit: [entry],
    at: now,
  })
  if (outcome === 'shredded') parts.recent.forget(vaspId, transferId)
  return outcome
}
