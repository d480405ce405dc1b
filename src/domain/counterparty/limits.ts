/** What a transfer's value, and its counterparty's standing, make of it besides the verdict: findings for a POLICY hold. */
import { parseDecimal } from '../decimal.ts'
import type { Finding } from '../hold/hold.ts'
import type { Money, Rate } from '../rules/index.ts'
import { parseMoment } from '../rules/moment.ts'
import { compareWithThreshold, convert } from '../rules/money.ts'
import type { Counterparty, VerdictPolicy } from './counterparty.ts'
import { limitsFor } from './diligence.ts'

/** What went to a counterparty within the last 24 hours, without the transfer in question. */
export interface DayTotal {
  readonly sums: readonly Money[]
  /** Transfers whose value nobody gave. */
  readonly unknown: number
}

export const NOTHING_SENT: DayTotal = { sums: [], unknown: 0 }

export interface Valued {
  readonly fiat: Money | undefined
  readonly rates: readonly Rate[]
  readonly now: Date
}

/** Standing: what is so for every transfer with this counterparty. */
export function standingFindings(peer: Counterparty, policy: VerdictPolicy): readonly Finding[] {
  const { failing, restriction } = peer.diligence ?? {}
  const isReviewed = policy.counterparties?.reviewCountries?.includes(peer.country) === true
  return [
    ...(isReviewed
      ? [finding('JURISDICTION_REVIEW', `policy has transfers with ${peer.country} looked at`)]
      : []),
    ...(failing === undefined
      ? []
      : [finding('REPEATED_FAILURE', 'the counterparty failed repeatedly, and its task is not decided')]),
    ...(restriction === undefined
      ? []
      : [finding('COUNTERPARTY_RESTRICTED', 'an officer has transfers with this counterparty looked at')]),
  ]
}

/** Limits that the transfer exceeds; a value that cannot be compared with a limit exceeds it. */
export function limitFindings(
  peer: Counterparty,
  policy: VerdictPolicy,
  valued: Valued,
  day: DayTotal,
): readonly Finding[] {
  const limits = limitsFor(peer, policy, valued.now)
  if (limits === undefined) return []
  const own = valued.fiat === undefined ? [] : [valued.fiat]
  const unknown = valued.fiat === undefined ? 1 : 0
  return [
    ...over('LIMIT_PER_TRANSFER', 'for one transfer', limits.perTransfer, own, unknown, valued),
    ...over(
      'LIMIT_PER_DAY',
      'for 24 hours',
      limits.perDay,
      [...own, ...day.sums],
      unknown + day.unknown,
      valued,
    ),
  ]
}

function over(
  code: string,
  what: string,
  limit: Money | undefined,
  parts: readonly Money[],
  unknown: number,
  { rates, now }: Valued,
): readonly Finding[] {
  const most = limit && parseDecimal(limit.amount)
  if (limit === undefined || most === undefined) return []
  const named = `the limit ${what} is ${limit.amount} ${limit.currency}`
  const at = parseMoment(now.toISOString())
  const worth = unknown > 0 || at === undefined ? undefined : convert(parts, limit.currency, rates, at)
  if (worth === undefined || !worth.known)
    return [finding(`${code}_UNKNOWN`, `${named}, and the value cannot be compared with it`)]
  return compareWithThreshold(worth.value, most) > 0 ? [finding(code, named)] : []
}

function finding(code: string, message: string): Finding {
  return { check: 'counterparty', code, message }
}
