/** `tamga send`: asks leave for a withdrawal and prints the decision. */
import { randomUUID } from 'node:crypto'
import { fiat, readArguments, readText, required, whole } from './client/arguments.ts'
import { HINT_OPTIONS, HINT_USAGE, hint } from './client/hint.ts'
import { transferJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { withGateway } from './client/session.ts'
import { exitOf, transferLines } from './client/show-transfer.ts'
import { type Command, UsageError } from './command.ts'

export const command: Command = {
  usage: `--asset CAIP19 --amount DECIMAL --destination CAIP10 [--tag TAG] [--fiat "AMOUNT CURRENCY"] [${HINT_USAGE}] --identity FILE [--wait SECONDS] [--reference TEXT] [--request-id ID] ${CONNECTION_USAGE}`,
  summary: 'Asks leave for a withdrawal; exit 0 only for PROCEED.',
  async run(args, io) {
    const { values, positionals } = readArguments(args, OPTIONS)
    if (positionals.length > 0) throw new UsageError(`send takes options only, not "${positionals[0] ?? ''}"`)
    const { asset, amount, destination, identity } = required('send', values, [
      'asset',
      'amount',
      'destination',
      'identity',
    ])
    const seconds = waitSeconds(values.wait)
    const request = {
      requestId: values['request-id'] ?? randomUUID(),
      asset,
      amount,
      destination,
      destinationTag: values.tag ?? '',
      ...(values.fiat !== undefined && { fiatValue: fiat(values.fiat) }),
      counterparty: hint(values),
      identity: { ivms101: readText(identity) },
      wait: { seconds: BigInt(seconds) },
      clientReference: values.reference ?? '',
    }
    return withGateway(values, 'integrator', io, async ({ client, answer }) => {
      const { transfer } = await client.transfers.authorizeTransfer(request, {
        deadlineMs: deadlineMs(seconds),
      })
      if (transfer === undefined) throw new Error('the gateway answered without a transfer')
      answer(transferJson(transfer), transferLines(transfer))
      return exitOf(transfer)
    })
  },
}

const OPTIONS = {
  ...CONNECTION_OPTIONS,
  asset: { type: 'string' },
  amount: { type: 'string' },
  destination: { type: 'string' },
  tag: { type: 'string' },
  fiat: { type: 'string' },
  ...HINT_OPTIONS,
  identity: { type: 'string' },
  wait: { type: 'string' },
  reference: { type: 'string' },
  'request-id': { type: 'string' },
} as const

/** No waiting unless asked for. */
export function waitSeconds(text: string | undefined): number {
  return whole('--wait', text ?? '0', 0, 60)
}

/** The gateway returns before the caller's deadline in any case: this leaves it the time to wait that was asked for. */
export function deadlineMs(wait: number): number {
  return (wait + 8) * 1000
}
