/** One seed, one history: two VASPs with two replicas each, their people, and a bad night; then peace, then the judge. */
import type { Finding, Verdict } from '../../src/chaos/judge/findings.ts'
import { counted, judge } from '../../src/chaos/judge.ts'
import { ledgerOf } from './ledgers.ts'
import { type Night, playNight } from './night.ts'
import { VASP_IDS } from './settings.ts'
import { type Options, openWorld } from './world.ts'

export interface History {
  readonly seed: number
  readonly transfers: number
  readonly steps: number
  readonly hash: string
  readonly verdicts: { readonly [V in Verdict]: number }
  readonly findings: readonly Finding[]
  readonly trace: readonly string[]
}

/** The last minute's clocks may not have been heard yet. */
const SLACK_MILLISECONDS = 60_000

export async function simulate(seed: number, options: Options = {}): Promise<History> {
  const world = openWorld(seed, options)
  const night = await playNight(world, seed)
  const { scheduler, settings, databases } = world
  const ledgers = VASP_IDS.map((id) => ledgerOf(databases[id], settings.vasps[id].policy))
  const judged = judge(ledgers, night.told, new Date(scheduler.now() - SLACK_MILLISECONDS))
  const findings = [...judged.findings, ...seenOutside(night), ...world.findings]
  return {
    seed,
    transfers: settings.transfers,
    steps: scheduler.steps,
    hash: scheduler.hash(),
    verdicts: counted(findings),
    findings,
    trace: scheduler.trace,
  }
}

/** What no database tells: how often the asset moved, and whether anything moved while an officer had suspended the counterparty. */
function seenOutside({ broadcasts, suspensions, redemptions }: Night): Finding[] {
  const twice = [...broadcasts].filter(([, times]) => times > 1)
  const during = suspensions.flatMap(({ vaspId, counterpartyId, from, to }) =>
    redemptions.filter(
      (one) => one.vaspId === vaspId && one.counterpartyId === counterpartyId && one.at > from && one.at < to,
    ),
  )
  return [
    ...twice.map(
      ([transferId, times]): Finding => ({
        verdict: 'doubled',
        vaspId: '',
        transferId,
        what: `the asset moved ${times} times`,
      }),
    ),
    ...during.map(
      ({ vaspId }): Finding => ({
        verdict: 'permit_without_decision',
        vaspId,
        what: 'a permit was redeemed while the counterparty was suspended',
      }),
    ),
  ]
}
