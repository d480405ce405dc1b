/**
 * The judge of chaos and simulation: looks at the databases of all VASPs after everything has come to rest, and says what must never be,
 * whatever failed. It derives everything from the records alone and shares no code with what wrote them, but the two tables of states.
 */
import type { Finding, Verdict } from './judge/findings.ts'
import { judgeHolds } from './judge/holds.ts'
import { judgeMessages } from './judge/messages.ts'
import { judgeRecord } from './judge/record.ts'
import { replay } from './judge/replay.ts'
import { judgeSides } from './judge/sides.ts'
import { judgeTold } from './judge/told.ts'
import type { Ledger, Told } from './ledger.ts'

export interface Judgement {
  readonly verdicts: { readonly [V in Verdict]: number }
  readonly findings: readonly Finding[]
}

/** `now`: clocks that rang before it have been heard. */
export function judge(ledgers: readonly Ledger[], told: readonly Told[], now: Date): Judgement {
  const histories = new Map(ledgers.map((ledger) => [ledger.vaspId, replay(ledger)]))
  const findings = [
    ...[...histories.values()].flatMap((history) => history.findings),
    ...ledgers.flatMap((ledger) => judgeRecord(ledger, now)),
    ...ledgers.flatMap((ledger) => judgeHolds(ledger)),
    ...judgeMessages(ledgers),
    ...judgeSides(ledgers),
    ...judgeTold(histories, told),
  ]
  return { verdicts: counted(findings), findings }
}

export function counted(findings: readonly Finding[]): Judgement['verdicts'] {
  const verdicts = {
    lost: 0,
    doubled: 0,
    phantom: 0,
    illegal: 0,
    disagreement: 0,
    permit_without_decision: 0,
    decision_without_evidence: 0,
    log_broken: 0,
    released_by_nobody: 0,
    unresolved: 0,
  }
  for (const { verdict } of findings) verdicts[verdict]++
  return verdicts
}
