/** What callers were told is so. */
import type { Told } from '../ledger.ts'
import type { Finding } from './findings.ts'
import type { History, Moment } from './replay.ts'

export function judgeTold(histories: ReadonlyMap<string, History>, told: readonly Told[]): Finding[] {
  return told.flatMap(({ vaspId, transferId, happened, proceedAt }): Finding[] => {
    const history = histories.get(vaspId)
    const moments = history?.moments.get(transferId)
    const find = (verdict: Finding['verdict'], what: string): Finding[] => [
      { verdict, vaspId, transferId, what },
    ]
    if (history === undefined || moments === undefined)
      return find('lost', 'a caller was told of it, and it is not there')
    const events = history.events.get(transferId) ?? []
    if (happened !== undefined && !events.some(({ type }) => type === happened))
      return find('lost', `a caller was told that it was ${happened}, and no event says so`)
    if (proceedAt === undefined) return []
    const shown = proceedAt === 0 ? moments : moments.slice(proceedAt - 1, proceedAt)
    return shown.some(mayProceed) ? [] : find('permit_without_decision', `PROCEED at version ${proceedAt}`)
  })
}

function mayProceed({ state, openHolds, hasPermit }: Moment): boolean {
  return (state === 'accepted' || state === 'completed') && openHolds.size === 0 && hasPermit
}
