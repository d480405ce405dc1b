/** `tamga transfers`: reads transfers and moves them on. */
import { randomUUID } from 'node:crypto'
import type { Transfer } from '../gen/travelrule/v1/common.ts'
import { Direction, ExchangeState } from '../gen/travelrule/v1/common.ts'
import { enumValue, only, readArguments, readText, required, whole } from './client/arguments.ts'
import { plainJson, transferJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { pageLines, type Session, withGateway } from './client/session.ts'
import { exitOf, transferLines, transferRow } from './client/show-transfer.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { deadlineMs, waitSeconds } from './send.ts'

const list: Verb = {
  usage: '[--state STATE …] [--direction inbound|outbound] [--counterparty VASP] [--limit N] [--page TOKEN]',
  run(args, io) {
    const { values } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      state: { type: 'string', multiple: true },
      direction: { type: 'string' },
      counterparty: { type: 'string' },
      limit: { type: 'string', default: '50' },
      page: { type: 'string' },
    })
    const request = {
      pageSize: whole('--limit', values.limit, 1, 200),
      pageToken: values.page ?? '',
      states: (values.state ?? []).map((state) => enumValue('--state', ExchangeState, state)),
      direction: values.direction === undefined ? 0 : enumValue('--direction', Direction, values.direction),
      counterpartyId: values.counterparty ?? '',
    }
    return withGateway(values, 'integrator', io, async ({ client, answer }) => {
      const { transfers, nextPageToken } = await client.transfers.listTransfers(request)
      const lines = pageLines(transfers.map(transferRow), 'no transfers', nextPageToken)
      answer({ transfers: transfers.map(transferJson), next_page_token: nextPageToken }, lines)
      return 0
    })
  },
}

const get: Verb = {
  usage: 'ID',
  run(args, io) {
    const { values, positionals } = readArguments(args, CONNECTION_OPTIONS)
    const transferId = only('transfers get', 'transfer id', positionals)
    return withGateway(values, 'integrator', io, async (session) => {
      shown(session, await session.client.transfers.getTransfer({ transferId }))
      return 0
    })
  },
}

const cancel: Verb = {
  usage: 'ID --reason CODE [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, reason: { type: 'string' } })
    const request = {
      ...required('transfers cancel', values, ['reason']),
      transferId: only('transfers cancel', 'transfer id', positionals),
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'integrator', io, async (session) => {
      shown(session, await session.client.transfers.cancelTransfer(request))
      return 0
    })
  },
}

const settle: Verb = {
  usage: 'ID --tx TXID [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, tx: { type: 'string' } })
    const request = {
      transferId: only('transfers settle', 'transfer id', positionals),
      txId: required('transfers settle', values, ['tx']).tx,
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'integrator', io, async (session) => {
      shown(session, await session.client.transfers.reportSettlement(request))
      return 0
    })
  },
}

const returned: Verb = {
  usage: 'ID --tx TXID [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, tx: { type: 'string' } })
    const request = {
      transferId: only('transfers returned', 'transfer id', positionals),
      txId: required('transfers returned', values, ['tx']).tx,
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'integrator', io, async (session) => {
      shown(session, await session.client.transfers.reportReturn(request))
      return 0
    })
  },
}

const inquire: Verb = {
  usage: 'ID --counterparty VASP [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, counterparty: { type: 'string' } })
    const request = {
      transferId: only('transfers inquire', 'transfer id', positionals),
      counterpartyId: required('transfers inquire', values, ['counterparty']).counterparty,
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'integrator', io, async (session) => {
      shown(session, await session.client.transfers.inquireDeposit(request))
      return 0
    })
  },
}

const repair: Verb = {
  usage: 'ID --identity FILE [--wait SECONDS] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CHANGE,
      identity: { type: 'string' },
      wait: { type: 'string' },
    })
    const seconds = waitSeconds(values.wait)
    const request = {
      transferId: only('transfers repair', 'transfer id', positionals),
      identity: { ivms101: readText(required('transfers repair', values, ['identity']).identity) },
      wait: { seconds: BigInt(seconds) },
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'integrator', io, async (session) => {
      const options = { deadlineMs: deadlineMs(seconds) }
      return exitOf(shown(session, await session.client.transfers.repairTransfer(request, options)))
    })
  },
}

const redeem: Verb = {
  usage: 'PERMIT|- --asset CAIP19 --amount DECIMAL --destination CAIP10 [--tag TAG] [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, ...TRANSACTION })
    const permit = only('transfers redeem', 'permit', positionals)
    const request = {
      ...required('transfers redeem', values, ['asset', 'amount', 'destination']),
      permit: permit === '-' ? readText('-').trim() : permit,
      destinationTag: values.tag ?? '',
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'custody', io, async ({ client, answer }) => {
      const { transfer, redeemedAt } = await client.transfers.redeemPermit(request)
      answer({ ...plainJson({ redeemedAt }), ...(transfer && { transfer: transferJson(transfer) }) }, [
        `redeemed ${redeemedAt?.toISOString() ?? ''}: sign and broadcast now, then report the transaction id`,
        ...(transfer === undefined ? [] : transferLines(transfer)),
      ])
      return 0
    })
  },
}

const deposit: Verb = {
  usage: '--tx TXID --asset CAIP19 --amount DECIMAL --destination CAIP10 [--tag TAG] [--request-id ID]',
  run(args, io) {
    const { values } = readArguments(args, { ...CHANGE, ...TRANSACTION, tx: { type: 'string' } })
    const { tx, ...transaction } = required('transfers deposit', values, [
      'tx',
      'asset',
      'amount',
      'destination',
    ])
    const request = {
      ...transaction,
      txId: tx,
      destinationTag: values.tag ?? '',
      requestId: values['request-id'] ?? randomUUID(),
    }
    return withGateway(values, 'integrator', io, async ({ client, answer }) => {
      const { transfer, matched } = await client.transfers.reportDeposit(request)
      if (transfer === undefined) throw new Error('the gateway answered without a transfer')
      const how = matched ? 'announced before it came' : 'nobody announced it: held until its data is there'
      answer({ matched, transfer: transferJson(transfer) }, [how, ...transferLines(transfer)])
      return exitOf(transfer)
    })
  },
}

function shown({ answer }: Session, { transfer }: { readonly transfer: Transfer | undefined }): Transfer {
  if (transfer === undefined) throw new Error('the gateway answered without a transfer')
  answer(transferJson(transfer), transferLines(transfer))
  return transfer
}

const CHANGE = { ...CONNECTION_OPTIONS, 'request-id': { type: 'string' } } as const
const TRANSACTION = {
  asset: { type: 'string' },
  amount: { type: 'string' },
  destination: { type: 'string' },
  tag: { type: 'string' },
} as const

export const command = commandOfVerbs({
  name: 'transfers',
  summary:
    'Lists, reads, repairs, cancels and settles transfers; redeems permits; reports deposits, asks about and returns them.',
  verbs: { list, get, cancel, settle, repair, redeem, deposit, inquire, returned },
  fallback: 'list',
  common: CONNECTION_USAGE,
})
