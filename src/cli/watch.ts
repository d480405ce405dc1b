/** `tamga watch`: one line per change of a transfer, without gap or repeat. */
import type { WatchTransfersResponse } from '../gen/travelrule/v1/transfer.ts'
import { readArguments, whole } from './client/arguments.ts'
import { follow } from './client/follow.ts'
import { plainJson, transferJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { withGateway } from './client/session.ts'
import { transferRow } from './client/show-transfer.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `[--cursor CURSOR|now|start] [--count N] ${CONNECTION_USAGE}`,
  summary: 'Prints one line per change of a transfer, from now on or from where you left off, until Ctrl-C.',
  async run(args, io) {
    const { values } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      cursor: { type: 'string', default: 'now' },
      count: { type: 'string' },
    })
    const count =
      values.count === undefined ? Number.POSITIVE_INFINITY : whole('--count', values.count, 1, 1e9)
    return withGateway(values, 'integrator', io, async ({ client, json }) => {
      await follow({
        open: (cursor, signal) => client.transfers.watchTransfers({ cursor }, { signal }),
        cursor: startOf(values.cursor),
        count,
        io,
        resumeWith: 'tamga watch',
        show: (message) => io.out(json ? JSON.stringify(jsonOf(message)) : lineOf(message)),
      })
      return 0
    })
  },
}

/** `start` is the first event ever; the API writes it as an empty cursor. */
export function startOf(cursor: string): string {
  return cursor === 'start' ? '' : cursor
}

function lineOf({ occurredAt, event, transfer, version }: WatchTransfersResponse): string {
  const row = transfer === undefined ? '' : transferRow(transfer)
  return `${occurredAt?.toISOString() ?? ''}  ${event.padEnd(15)} v${version}  ${row}`
}

function jsonOf({ transfer, ...message }: WatchTransfersResponse): object {
  return { ...plainJson(message), ...(transfer && { transfer: transferJson(transfer) }) }
}
