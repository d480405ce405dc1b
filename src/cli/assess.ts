/** `tamga assess`: what a transfer would need, without any effect. */
import { AssessTransferResponse_Verdict as Verdict } from '../gen/travelrule/v1/transfer.ts'
import { fiat, readArguments, readText, required } from './client/arguments.ts'
import { HINT_OPTIONS, HINT_USAGE, hint } from './client/hint.ts'
import { nameOf, plainJson } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { withGateway } from './client/session.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: `--asset CAIP19 --amount DECIMAL [--fiat "AMOUNT CURRENCY"] [${HINT_USAGE}] [--identity FILE] ${CONNECTION_USAGE}`,
  summary: 'Tells what a transfer would need, without any effect; exit 1 if it would be held or refused.',
  async run(args, io) {
    const { values } = readArguments(args, OPTIONS)
    const request = {
      ...required('assess', values, ['asset', 'amount']),
      ...(values.fiat !== undefined && { fiatValue: fiat(values.fiat) }),
      counterparty: hint(values),
      ...(values.identity !== undefined && { identity: { ivms101: readText(values.identity) } }),
    }
    return withGateway(values, 'integrator', io, async ({ client, answer }) => {
      const found = await client.transfers.assessTransfer(request)
      const { verdict, findings, rule, counterpartyId } = found
      answer({ ...plainJson(found), verdict: nameOf(Verdict, verdict) }, [
        `${nameOf(Verdict, verdict)}: ${MEANING[nameOf(Verdict, verdict)] ?? ''}`,
        ...(counterpartyId === '' ? [] : [`  counterparty  ${counterpartyId}`]),
        ...(rule === undefined ? [] : [`  rule          ${rule.pack} ${rule.version}: ${rule.clause}`]),
        ...findings.map(
          ({ check, code, path, message }) =>
            `  ${check.padEnd(13)} ${path ? `${path}: ` : ''}${message} (${code})`,
        ),
      ])
      return verdict === Verdict.NOT_REQUIRED || verdict === Verdict.SEND ? 0 : 1
    })
  },
}

const MEANING: Readonly<Record<string, string>> = {
  NOT_REQUIRED: 'the rules ask for no exchange',
  SEND: 'it would be sent to the counterparty at once',
  HOLD: 'it would be held',
  REFUSE: 'it would be refused',
}

const OPTIONS = {
  ...CONNECTION_OPTIONS,
  asset: { type: 'string' },
  amount: { type: 'string' },
  fiat: { type: 'string' },
  ...HINT_OPTIONS,
  identity: { type: 'string' },
} as const
