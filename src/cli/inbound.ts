/** `tamga inbound`: the beneficiary VASP's back office in a shell. The parties' data stays with the gateway. */
import { randomUUID } from 'node:crypto'
import { ExchangeState, type Transfer } from '../gen/travelrule/v1/common.ts'
import type { WatchInboundResponse } from '../gen/travelrule/v1/inbound.ts'
import { correction, only, readArguments, readText, required, whole } from './client/arguments.ts'
import { follow } from './client/follow.ts'
import { transferJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { type Session, withGateway } from './client/session.ts'
import { transferLines, transferRow } from './client/show-transfer.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { UsageError } from './command.ts'
import { startOf } from './watch.ts'

const watch: Verb = {
  usage: '[--cursor CURSOR|now|start] [--count N]',
  run(args, io) {
    const { values } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      cursor: { type: 'string', default: 'start' },
      count: { type: 'string' },
    })
    const count =
      values.count === undefined ? Number.POSITIVE_INFINITY : whole('--count', values.count, 1, 1e9)
    return withGateway(values, 'integrator', io, async ({ client, json }) => {
      await follow({
        open: (cursor, signal) => client.inbound.watchInbound({ cursor }, { signal }),
        cursor: startOf(values.cursor),
        count,
        io,
        resumeWith: 'tamga inbound watch',
        show: (message) => io.out(json ? JSON.stringify(jsonOf(message)) : lineOf(message)),
      })
      return 0
    })
  },
}

const accept: Verb = {
  usage: 'ID [--held FILE] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, held: { type: 'string' } })
    const request = {
      transferId: only('inbound accept', 'transfer id', positionals),
      requestId: values['request-id'] ?? randomUUID(),
      ...(values.held !== undefined && { held: { ivms101: readText(values.held) } }),
    }
    return withGateway(values, 'integrator', io, async (session) => {
      const { transfer } = await session.client.inbound.acceptTransfer(request)
      shown(session, { transfer })
      // Names that do not match hold the transfer instead.
      return transfer?.state === ExchangeState.ACCEPTED && transfer.holds.length === 0 ? 0 : 1
    })
  },
}

const reject: Verb = {
  usage: 'ID --code CODE [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, code: { type: 'string' } })
    const request = {
      ...required('inbound reject', values, ['code']),
      transferId: only('inbound reject', 'transfer id', positionals),
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'integrator', io, async (session) =>
      shown(session, await session.client.inbound.rejectTransfer(request)),
    )
  },
}

const repair: Verb = {
  usage: 'ID --field PATH:CODE:MESSAGE … [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      field: { type: 'string', multiple: true, default: [] },
    })
    if (values.field.length === 0)
      throw new UsageError('inbound repair needs --field, once for each field to correct')
    const request = {
      transferId: only('inbound repair', 'transfer id', positionals),
      requestId: values['request-id'] ?? randomUUID(),
      fields: values.field.map(correction),
    }
    return withGateway(values, 'integrator', io, async (session) =>
      shown(session, await session.client.inbound.requestRepair(request)),
    )
  },
}

function shown({ answer }: Session, { transfer }: { readonly transfer: Transfer | undefined }): 0 {
  if (transfer === undefined) throw new Error('the gateway answered without a transfer')
  answer(transferJson(transfer), transferLines(transfer))
  return 0
}

function lineOf({ event, transfer, decisionAwaited }: WatchInboundResponse): string {
  const row = transfer === undefined ? '' : transferRow(transfer)
  return `${event.padEnd(16)} ${row}${decisionAwaited ? '  decide: tamga inbound accept, reject or repair' : ''}`
}

/** Field by field, so that the parties' data cannot slip in. */
function jsonOf({ cursor, event, transfer, decisionAwaited }: WatchInboundResponse): object {
  return {
    cursor,
    event,
    decision_awaited: decisionAwaited,
    ...(transfer && { transfer: transferJson(transfer) }),
  }
}

const CHANGE = { ...CONNECTION_OPTIONS, 'request-id': { type: 'string' } } as const

export const command = commandOfVerbs({
  name: 'inbound',
  summary: 'Watches inbound transfers and accepts, rejects or returns them for repair.',
  verbs: { watch, accept, reject, repair },
  fallback: 'watch',
  common: CONNECTION_USAGE,
})
