/** One VASP's own record: every step has its one audit entry, nothing happened twice, and whatever is open has somebody or a clock. */
import { isFinal } from '../../domain/transfer/states.ts'
import type { EventType } from '../../domain/transfer/transfer.ts'
import type { Ledger, LedgerTransfer } from '../ledger.ts'
import type { Finding } from './findings.ts'

const ONCE: readonly EventType[] = [
  'created',
  'sent',
  'exempted',
  'accepted',
  'permit-issued',
  'permit-redeemed',
  'settled',
  'settled-late',
]
const ENDS: ReadonlySet<EventType> = new Set(['rejected', 'cancelled', 'expired', 'settled'])

/** A clock may be heard a little late. */
const CLOCK_SLACK_MILLISECONDS = 10_000

export function judgeRecord(ledger: Ledger, now: Date): Finding[] {
  const { vaspId } = ledger
  const events = Map.groupBy(ledger.events, ({ transferId }) => transferId)
  const steps = Map.groupBy(ledger.steps, ({ transferId }) => transferId)
  const asked = Map.groupBy(
    ledger.requests.filter(({ method }) => method === 'AuthorizeTransfer' || method === 'ReportDeposit'),
    ({ resourceId }) => resourceId,
  )
  const held = new Set(ledger.holds.filter(({ state }) => state === 'open').map((hold) => hold.transferId))
  return ledger.transfers.flatMap((transfer) => {
    const about = { vaspId, transferId: transfer.id }
    const own = events.get(transfer.id) ?? []
    const wrongs: Finding[] = []
    const find = (verdict: Finding['verdict'], what: string) => wrongs.push({ verdict, ...about, what })
    for (const type of ONCE)
      if (own.filter((event) => event.type === type).length > 1) find('doubled', `${type} happened twice`)
    const ends = own.filter(({ type }) => ENDS.has(type)).map(({ type }) => type)
    if (ends.length > 1) find('doubled', `it ended more than once: ${ends.join(', ')}`)
    const requests = asked.get(transfer.id)?.length ?? 0
    if (transfer.role === 'originator' && requests === 0) find('phantom', 'a transfer that nobody asked for')
    if (transfer.role === 'originator' && requests > 1)
      find('lost', `${requests} requests share one transfer`)
    evidence(transfer, new Set((steps.get(transfer.id) ?? []).map(({ version }) => version)), find)
    if ((steps.get(transfer.id) ?? []).length > transfer.version)
      find('illegal', 'two steps made the same version')
    if (!isFinal(transfer.state)) attended(transfer, held.has(transfer.id), now, find)
    return wrongs
  })
}

type Find = (verdict: Finding['verdict'], what: string) => void

function evidence({ version }: LedgerTransfer, recorded: ReadonlySet<number>, find: Find): void {
  for (let step = 1; step <= version; step++)
    if (!recorded.has(step)) find('decision_without_evidence', `step ${step} is not in the audit log`)
}

/** An open transfer always has a clock that will ring, or a hold that somebody sees. */
function attended(
  { nextClock, state, settled }: LedgerTransfer,
  isHeld: boolean,
  now: Date,
  find: Find,
): void {
  // A deposit without data that a person let pass is accepted and settled: nobody has to do anything.
  if (nextClock === undefined && !isHeld && !settled)
    find('unresolved', `${state}, with neither a clock nor a hold`)
  if (nextClock !== undefined && now.getTime() - nextClock.getTime() > CLOCK_SLACK_MILLISECONDS)
    find('unresolved', `a clock that was due at ${nextClock.toISOString()} was not heard`)
}
