import { describe, expect, it } from 'vitest'
import * as common from '../../../src/gen/travelrule/v1/common.ts'
import { ProofKind, Verdict } from '../../../src/gen/travelrule/v1/counterparty.ts'
import { AssessTransferResponse_Verdict as Assessment } from '../../../src/gen/travelrule/v1/transfer.ts'
import * as words from '../../../src/grpc/wire/words.ts'

const ascending = (a: number, b: number) => a - b

const PAIRS: [string, Record<string, number>, Record<string, number>][] = [
  ['decision', words.DECISIONS, common.Decision],
  ['exchange state', words.STATES, common.ExchangeState],
  ['direction', words.DIRECTIONS, common.Direction],
  ['hold reason', words.HOLD_REASON_NUMBERS, common.HoldReason],
  ['hold state', words.HOLD_STATE_NUMBERS, common.HoldState],
  ['hold level', words.HOLD_LEVEL_NUMBERS, common.HoldLevel],
  ['deadline outcome', words.DEADLINE_OUTCOME_NUMBERS, common.DeadlineOutcome],
  ['delivery', words.DELIVERIES, common.DeliveryState],
  ['assessment', words.ASSESSMENTS, Assessment],
  ['verdict', words.VERDICT_NUMBERS, Verdict],
  ['proof kind', words.PROOF_KIND_NUMBERS, ProofKind],
]

describe.each(PAIRS)('the words for %s', (name, table, wire) => {
  it('meet every number of the wire once', () => {
    const { UNSPECIFIED: _, UNRECOGNIZED: __, ...known } = wire
    const used = Object.values(table).filter((number) => number !== 0)
    expect(used.toSorted(ascending)).toEqual(Object.values(known).toSorted(ascending))
  })

  it('come back from their numbers', () => {
    for (const [word, number] of Object.entries(table)) expect(words.wordOf(table, number)).toBe(word)
  })

  it('are not found for a number that nobody assigned', () => {
    expect(words.wordOf(table, 999)).toBeUndefined()
    expect(words.wordOf(table, -1)).toBeUndefined()
    if (name !== 'delivery') expect(words.wordOf(table, 0)).toBeUndefined()
  })
})
