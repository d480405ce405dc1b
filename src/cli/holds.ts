/** `tamga holds`: what waits for a person. */
import { randomUUID } from 'node:crypto'
import { HoldLevel, HoldReason, HoldState } from '../gen/travelrule/v1/common.ts'
import { actOnHold } from './client/act.ts'
import { enumValue, only, readArguments, required, whole } from './client/arguments.ts'
import { DECIDE_USAGE, decideHold, lookLines } from './client/decide.ts'
import { handOver } from './client/hand-over.ts'
import { holdJson, plainJson, transferJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { pageLines, withGateway } from './client/session.ts'
import { holdRow } from './client/show-hold.ts'
import { transferLines } from './client/show-transfer.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'

const list: Verb = {
  usage:
    '[--reason REASON …] [--state STATE …] [--assignee SUBJECT | --unassigned] [--level LEVEL] [--proposed] [--broken-glass] [--limit N] [--page TOKEN]',
  run(args, io) {
    const { values } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      reason: { type: 'string', multiple: true },
      state: { type: 'string', multiple: true },
      assignee: { type: 'string', default: '' },
      unassigned: { type: 'boolean', default: false },
      level: { type: 'string' },
      proposed: { type: 'boolean', default: false },
      'broken-glass': { type: 'boolean', default: false },
      limit: { type: 'string', default: '50' },
      page: { type: 'string' },
    })
    const request = {
      pageSize: whole('--limit', values.limit, 1, 200),
      pageToken: values.page ?? '',
      reasons: (values.reason ?? []).map((reason) => enumValue('--reason', HoldReason, reason)),
      states: (values.state ?? []).map((state) => enumValue('--state', HoldState, state)),
      assignee: values.assignee,
      unassigned: values.unassigned,
      level:
        values.level === undefined ? HoldLevel.UNSPECIFIED : enumValue('--level', HoldLevel, values.level),
      releaseProposed: values.proposed,
      brokenGlass: values['broken-glass'],
    }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { holds, nextPageToken } = await client.review.listHolds(request)
      const lines = pageLines(holds.map(holdRow), 'no holds', nextPageToken)
      answer({ holds: holds.map(holdJson), next_page_token: nextPageToken }, lines)
      return 0
    })
  },
}

const get: Verb = {
  usage: 'ID',
  run(args, io) {
    const { values, positionals } = readArguments(args, CONNECTION_OPTIONS)
    const holdId = only('holds get', 'hold id', positionals)
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const looked = await client.review.getHold({ holdId })
      const { hold, transfer, comments, seenHash, proposal } = looked
      const json = {
        ...(hold && { hold: holdJson(hold) }),
        ...(transfer && { transfer: transferJson(transfer) }),
        comments: comments.map((comment) => plainJson(comment)),
        ...(proposal && { proposal: plainJson(proposal) }),
        seen_hash: seenHash,
      }
      answer(json, lookLines(looked))
      return 0
    })
  },
}

const comment: Verb = {
  usage: 'ID --person SUBJECT --text TEXT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      person: { type: 'string' },
      text: { type: 'string' },
      'request-id': { type: 'string' },
    })
    const { person, text } = required('holds comment', values, ['person', 'text'])
    const request = {
      holdId: only('holds comment', 'hold id', positionals),
      requestId: values['request-id'] ?? randomUUID(),
      person: { subject: person },
      text,
    }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const stored = (await client.review.commentHold(request)).comment
      answer(stored === undefined ? {} : plainJson(stored), [
        `noted ${stored?.writtenAt?.toISOString() ?? ''}`,
      ])
      return 0
    })
  },
}

const open: Verb = {
  usage: 'TRANSFER --person SUBJECT --reason CODE --note TEXT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      person: { type: 'string' },
      reason: { type: 'string' },
      note: { type: 'string' },
      'request-id': { type: 'string' },
    })
    const { person, reason, note } = required('holds open', values, ['person', 'reason', 'note'])
    const request = {
      transferId: only('holds open', 'transfer id', positionals),
      requestId: values['request-id'] ?? randomUUID(),
      person: { subject: person },
      reason,
      note,
    }
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { hold, transfer } = await client.review.holdTransfer(request)
      answer(
        { ...(hold && { hold: holdJson(hold) }), ...(transfer && { transfer: transferJson(transfer) }) },
        transfer === undefined ? [] : transferLines(transfer),
      )
      return 0
    })
  },
}

const withdraw: Verb = {
  usage: 'ID --person SUBJECT [--request-id ID]',
  run: (args, io) =>
    actOnHold('holds withdraw', [], args, io, ({ client }, request) =>
      client.review.withdrawRelease(request),
    ),
}

const breakGlass: Verb = {
  usage: DECIDE_USAGE,
  run: (args, io) =>
    decideHold('holds break-glass', args, io, async ({ client }, request) => ({
      ...(await client.review.breakGlass(request)),
      state: 'RELEASED',
    })),
}

export const command = commandOfVerbs({
  name: 'holds',
  summary:
    'Lists what waits for a person, nearest deadline first; shows one; adds a note; puts a transfer on hold; takes a proposed release back; ends a hold alone in an emergency.',
  verbs: { list, get, comment, open, withdraw, 'hand-over': handOver, 'break-glass': breakGlass },
  fallback: 'list',
  common: CONNECTION_USAGE,
})
