import { Metadata, status } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { counterpartyJson, holdJson, nameOf, plainJson, transferJson } from '../../src/cli/client/json.ts'
import { errorLines, exitCodeOf } from '../../src/cli/client/session.ts'
import { counterpartyLines } from '../../src/cli/client/show-counterparty.ts'
import { holdLines, nextAction } from '../../src/cli/client/show-hold.ts'
import { exitOf, transferLines } from '../../src/cli/client/show-transfer.ts'
import { REFUSALS, type RefusalCode } from '../../src/domain/refusal.ts'
import {
  DeadlineOutcome,
  Decision,
  Direction,
  ExchangeState,
  Hold,
  HoldReason,
  HoldState,
  Transfer,
} from '../../src/gen/travelrule/v1/common.ts'
import { Counterparty, ProofKind, Verdict } from '../../src/gen/travelrule/v1/counterparty.ts'
import { WatchInboundResponse } from '../../src/gen/travelrule/v1/inbound.ts'
import { GatewayError } from '../../src/grpc/client.ts'
import { RETRY_AFTER_MS, STATUS_OF } from '../../src/grpc/status.ts'
import { encodeDetails } from '../../src/grpc/status-details.ts'
import { REFUSAL_CODES } from './grpc/refusals.ts'

const DEADLINE = new Date('2027-01-02T03:04:05.678Z')

const HOLD = Hold.fromPartial({
  holdId: 'h-1',
  transferId: 't-1',
  reason: HoldReason.IDENTITY_INCOMPLETE,
  finding: { check: 'rules', code: 'FIELD_MISSING', path: '/originator', message: 'say who sends' },
  state: HoldState.OPEN,
  deadline: DEADLINE,
  outcomeAtDeadline: DeadlineOutcome.REJECT,
  approvalsRequired: 1,
})

function aTransfer(about: Partial<Transfer> = {}): Transfer {
  return Transfer.fromPartial({
    transferId: 't-1',
    counterpartyId: 'bob',
    direction: Direction.OUTBOUND,
    state: ExchangeState.PENDING,
    decision: Decision.WAIT,
    asset: 'eip155:1/slip44:60',
    amount: '1.5',
    version: 3n,
    ...about,
  })
}

describe('a transfer in a shell', () => {
  it('exits 0 only for PROCEED', () => {
    const exits = Object.values(Decision).map((decision) => [decision, exitOf(aTransfer({ decision }))])
    expect(exits.filter(([, exit]) => exit === 0)).toEqual([[Decision.PROCEED, 0]])
  })

  it('begins with the decision and says what each hold is about, until when, and what to type', () => {
    const lines = transferLines(aTransfer({ holds: [HOLD] })).join('\n')
    expect(lines).toMatch(/^WAIT {2}transfer t-1\n/)
    expect(lines).toContain('IDENTITY_INCOMPLETE')
    expect(lines).toContain('say who sends at /originator (rules: FIELD_MISSING)')
    expect(lines).toContain('decide by 2027-01-02T03:04:05Z, then the transfer is rejected')
    expect(lines).toContain('tamga transfers repair t-1 --identity FILE')
  })

  it('says not to broadcast what was stopped', () => {
    const stopped = { decision: Decision.STOP, state: ExchangeState.REJECTED }
    expect(transferLines(aTransfer({ ...stopped, rejection: { code: 'NAME', by: 'counterparty' } }))).toEqual(
      expect.arrayContaining(['  rejected   NAME, by counterparty', '  next       do not broadcast']),
    )
  })

  it('is JSON with the names of the contract', () => {
    const json = transferJson(aTransfer({ holds: [HOLD], createdAt: DEADLINE }))
    expect(json).toMatchObject({
      transfer_id: 't-1',
      decision: 'WAIT',
      state: 'PENDING',
      direction: 'OUTBOUND',
      version: 3,
      created_at: '2027-01-02T03:04:05.678Z',
      holds: [{ hold_id: 'h-1', reason: 'IDENTITY_INCOMPLETE', outcome_at_deadline: 'REJECT' }],
      repairs: [],
    })
    expect(json).not.toHaveProperty('permit')
    expect(JSON.stringify(json)).not.toContain('_unknown')
  })
})

describe('a hold in a shell', () => {
  it.each(Object.values(HoldReason).filter((reason) => reason > 0))(
    'has a next action for reason %i',
    (reason) => {
      expect(nextAction({ ...HOLD, reason })).toMatch(/tamga |nothing: it ends|answers|data/)
    },
  )

  it('tells a reason that this version does not know by its number, and still leaves it to a person', () => {
    // Field 3, a varint.
    const strange = { ...HOLD, reason: Hold.decode(Uint8Array.of(0x18, 99)).reason }
    expect(nameOf(HoldReason, strange.reason)).toBe('99')
    expect(holdJson(strange)).toMatchObject({ reason: '99' })
    expect(holdLines(strange).join('\n')).toContain('a person decides')
  })

  it('tells how it ended instead of its clock', () => {
    const ended = {
      ...HOLD,
      state: HoldState.RELEASED,
      endedAt: DEADLINE,
      endedBy: 'person:a',
      endReason: 'SEEN',
    }
    expect(holdLines(ended).join('\n')).toMatch(/RELEASED[^]*by person:a \(SEEN\)$/)
  })
})

describe('a counterparty in a shell', () => {
  it('has a way to each proof that is missing', () => {
    const counterparty = Counterparty.fromPartial({
      vaspId: 'bob',
      verdict: Verdict.UNVERIFIED,
      missing: [ProofKind.LICENCE, ProofKind.REACHABILITY],
      keys: [{ kid: 'k', use: 'sig' }],
    })
    expect(counterpartyLines(counterparty).join('\n')).toMatch(
      /LICENCE: see the register[^]*REACHABILITY: it must/,
    )
    expect(counterpartyJson(counterparty)).toMatchObject({
      verdict: 'UNVERIFIED',
      missing: ['LICENCE', 'REACHABILITY'],
      keys: [{ kid: 'k', use: 'sig' }],
    })
  })
})

describe('a message as JSON', () => {
  it('keeps false and zero, leaves out what is empty, and forgets what was not decoded', () => {
    const message = WatchInboundResponse.fromPartial({ cursor: 'c' })
    expect(plainJson({ ...message, _unknownFields: { 9: [new Uint8Array(1)] }, count: 0 })).toEqual({
      cursor: 'c',
      decision_awaited: false,
      count: 0,
    })
  })
})

describe('what went wrong', () => {
  const refusal = (code: RefusalCode) =>
    new GatewayError(
      Object.assign(new Error('x'), {
        code: STATUS_OF[code],
        details: REFUSALS[code],
        metadata: encodeDetails(STATUS_OF[code], REFUSALS[code], {
          reason: code,
          fields: [{ field: 'amount', description: 'must be a decimal' }],
          ...(RETRY_AFTER_MS[code] !== undefined && { retryDelayMs: RETRY_AFTER_MS[code] }),
        }),
      }),
    )
  const broken = (code: status) =>
    new GatewayError(Object.assign(new Error('x'), { code, details: 'details', metadata: new Metadata() }))

  it.each(REFUSAL_CODES)('names %s, and ends with 2 only if a repetition may do', (code) => {
    const error = refusal(code)
    // When, is told by the answer itself.
    const isLimited = code === 'RATE_LIMITED'
    const later =
      isLimited || RETRY_AFTER_MS[code] !== undefined || STATUS_OF[code] === status.UNAUTHENTICATED
    expect(exitCodeOf(error)).toBe(later ? 2 : 1)
    expect(errorLines(error, 'h:1')[0]).toContain(`(${code})`)
    expect(errorLines(error, 'h:1')[1]).toBe('  amount: must be a decimal')
  })

  it.each([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.INTERNAL, status.CANCELLED])(
    'ends with 2 where nobody knows (status %i)',
    (code) => {
      expect(exitCodeOf(broken(code))).toBe(2)
      expect(errorLines(broken(code), 'h:1')).toHaveLength(1)
    },
  )

  it('says where nobody answers', () => {
    expect(errorLines(broken(status.UNAVAILABLE), 'gateway:7100')[0]).toContain('gateway at gateway:7100')
  })
})
