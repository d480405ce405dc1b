/** A person's decision on a hold, bound to what was shown. */
import { randomUUID } from 'node:crypto'
import type { Hold, Transfer } from '../../gen/travelrule/v1/common.ts'
import type { GetHoldResponse } from '../../gen/travelrule/v1/review.ts'
import { GatewayError } from '../../grpc/client.ts'
import type { ExitCode, Io } from '../command.ts'
import { only, readArguments, required } from './arguments.ts'
import { holdJson, transferJson } from './json.ts'
import { CONNECTION_OPTIONS } from './profile.ts'
import { type Session, withGateway } from './session.ts'
import { holdLines, timeOf } from './show-hold.ts'
import { transferLines } from './show-transfer.ts'

export const DECIDE_USAGE = 'HOLD --person SUBJECT --reason CODE --note TEXT [--seen HASH] [--request-id ID]'
export const APPROVE_USAGE = 'HOLD --person SUBJECT --note TEXT [--seen HASH] [--request-id ID]'

export interface Decided {
  readonly hold: Hold | undefined
  readonly transfer: Transfer | undefined
  /** What the decision came to, as in RELEASED. */
  readonly state: string
}

export interface DecisionRequest {
  readonly requestId: string
  readonly holdId: string
  readonly person: { readonly subject: string }
  readonly reason: string
  readonly note: string
  readonly seenHash: string
}

/** Reads the hold, shows it, and decides on exactly what was shown, or on what `--seen` saw earlier. Exit 0 only when the hold ended. */
export function decideHold(
  name: 'release' | 'reject' | 'approve' | 'holds break-glass',
  args: readonly string[],
  io: Io,
  decide: (session: Session, request: DecisionRequest) => Promise<Decided>,
): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, OPTIONS)
  const holdId = only(name, 'hold id', positionals)
  const { person, note } = required(name, values, ['person', 'note'])
  // Whoever approves, approves the proposal with its reason.
  const reason = name === 'approve' ? '' : required(name, values, ['reason']).reason
  return withGateway(values, 'console', io, async (session) => {
    const looked = await session.client.review.getHold({ holdId })
    if (!session.json) for (const line of lookLines(looked)) io.out(line)
    const seenHash = values.seen ?? looked.seenHash
    const requestId = values['request-id'] ?? randomUUID()
    const request = { requestId, holdId, person: { subject: person }, reason, note, seenHash }
    const decided = await decide(session, request).catch((error: unknown) => {
      if (error instanceof GatewayError && error.reason === 'HOLD_CHANGED')
        io.err(`tamga: it is no longer what was seen; look again with: tamga holds get ${holdId}`)
      throw error
    })
    session.answer(
      {
        result: decided.state,
        seen_hash: seenHash,
        ...(decided.hold && { hold: holdJson(decided.hold) }),
        ...(decided.transfer && { transfer: transferJson(decided.transfer) }),
      },
      [
        '',
        ...resultLines(decided, holdId, person),
        ...(decided.transfer ? transferLines(decided.transfer) : []),
      ],
    )
    return ENDED.has(decided.state) ? 0 : 1
  })
}

const ENDED: ReadonlySet<string> = new Set(['RELEASED', 'REJECTED'])

function resultLines({ state }: Decided, holdId: string, person: string): readonly string[] {
  if (state !== 'AWAITING_APPROVAL') return [`${state} by ${person}`]
  return [
    `proposed by ${person}: awaiting a second person`,
    `another natural person approves it: tamga approve ${holdId}`,
  ]
}

/** Everything that bears on the decision, and the hash that binds a decision to it. */
export function lookLines(looked: GetHoldResponse): readonly string[] {
  const { hold, transfer, comments, seenHash, proposal } = looked
  return [
    ...(hold === undefined ? [] : holdLines(hold)),
    ...(proposal === undefined
      ? []
      : [
          `  proposed ${proposal.reason} by ${proposal.person?.subject ?? ''} ${timeOf(proposal.proposedAt)}, void after ${timeOf(proposal.expiresAt)}`,
          `           ${proposal.note}`,
        ]),
    ...(transfer === undefined ? [] : transferLines({ ...transfer, holds: others(transfer, hold) })),
    ...comments.map(
      ({ person, text, writtenAt }) =>
        `comment ${writtenAt?.toISOString() ?? ''} ${person?.subject ?? ''}: ${text}`,
    ),
    `seen hash  ${seenHash}`,
  ]
}

function others(transfer: Transfer, hold: Hold | undefined): Transfer['holds'] {
  return transfer.holds.filter(({ holdId }) => holdId !== hold?.holdId)
}

const OPTIONS = {
  ...CONNECTION_OPTIONS,
  person: { type: 'string' },
  reason: { type: 'string' },
  note: { type: 'string' },
  seen: { type: 'string' },
  'request-id': { type: 'string' },
} as const
