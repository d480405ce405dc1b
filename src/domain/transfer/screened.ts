/** What a screening does to a transfer: hits and missing answers hold it; a later, whole answer ends the hold for the missing one. */
import type { HoldReason } from '../hold/hold.ts'
import { findingsOf, isStale, markOf, type Screening } from '../screening/screening.ts'
import { type Context, change, endHolds, hold, note } from './step.ts'
import type { Step } from './transfer.ts'

/** Nothing when nothing was screened. A hit that was not there before holds again what a person has released. */
export function withScreening(step: Step, screening: Screening | undefined, ctx: Context): Step {
  const { screening: policy } = ctx.policy
  if (screening === undefined || policy === undefined) return step
  const known = new Set(step.next.screened?.hits)
  const mark = markOf(screening)
  const failed = screening.record.results.filter(({ failure }) => failure !== undefined)
  // A provider that did not answer has not taken anything back.
  const hits = [...new Set([...mark.hits, ...(failed.length > 0 ? known : [])])]
  const noted = note(change(step, { screened: { ...mark, hits } }), 'screened', ctx, {
    lists: mark.lists.join(' '),
    hits: mark.hits.length,
    unanswered: failed.length,
    digest: screening.digest,
  })
  const findings = findingsOf(screening, policy)
  const held = findings.reduce((open, { reason, finding, keys }) => {
    const isNew = keys.some((key) => !known.has(key))
    return hold(isNew ? uncleared(open, reason) : open, reason, finding, ctx)
  }, noted)
  return failed.length > 0
    ? held
    : endHolds(held, (reason) => reason === 'SCREENING_UNAVAILABLE', 'resolved', ctx, {
        by: 'proof',
        reason: 'SCREENED',
      })
}

function uncleared(step: Step, reason: HoldReason): Step {
  return change(step, { cleared: step.next.cleared.filter((one) => one !== reason) })
}

/** A screening that has grown too old does not carry a permit: the transfer waits until it was screened again. */
export function holdStaleScreening(step: Step, ctx: Context): Step {
  if (!isStale(step.next.screened, ctx.policy.screening, ctx.now)) return step
  const message = 'the last screening is too old; the gateway screens again by itself'
  return hold(step, 'SCREENING_UNAVAILABLE', { check: 'screening', code: 'SCREENING_STALE', message }, ctx)
}
