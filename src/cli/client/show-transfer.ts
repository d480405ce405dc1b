/** Transfers for a person: the decision first, then why, until when, and what to do. */
import type { Transfer } from '../../gen/travelrule/v1/common.ts'
import { Decision, DeliveryState, Direction, ExchangeState } from '../../gen/travelrule/v1/common.ts'
import type { ExitCode } from '../command.ts'
import { nameOf } from './json.ts'
import { holdLines, timeOf } from './show-hold.ts'

/** 0 only for PROCEED, so that `tamga send … && broadcast` never broadcasts what must wait. */
export function exitOf({ decision }: Transfer): ExitCode {
  return decision === Decision.PROCEED ? 0 : 1
}

export function transferLines(transfer: Transfer): readonly string[] {
  const { transferId, fiatValue, rule, rejection, settlement, clientReference } = transfer
  const line = (name: string, text: string | undefined) => (text ? [`  ${name.padEnd(10)} ${text}`] : [])
  return [
    `${nameOf(Decision, transfer.decision)}  transfer ${transferId}`,
    ...line('state', stateOf(transfer)),
    ...line(
      'asset',
      `${transfer.amount} ${transfer.asset}${fiatValue ? `, ${fiatValue.amount} ${fiatValue.currency}` : ''}`,
    ),
    ...line('to', transfer.destination + (transfer.destinationTag ? ` tag ${transfer.destinationTag}` : '')),
    ...line('reference', clientReference),
    ...line('shredded', transfer.shreddedAt && `its personal data, ${timeOf(transfer.shreddedAt)}`),
    ...line('exempt', transfer.exempt ? 'the rules ask for no exchange' : undefined),
    ...line('rule', rule && `${rule.pack} ${rule.version}: ${rule.clause}`),
    ...line(
      'delivery',
      transfer.delivery === DeliveryState.UNSPECIFIED ? undefined : nameOf(DeliveryState, transfer.delivery),
    ),
    ...clockLines(transfer).flatMap(([name, text]) => line(name, text)),
    ...line('rejected', rejection && `${rejection.code}, by ${rejection.by}`),
    ...line('settled', settlement && `${settlement.txId}, reported ${timeOf(settlement.reportedAt)}`),
    ...transfer.repairs.flatMap(({ path, code, message }) =>
      line('correct', `${path || '(whole)'}: ${message} (${code})`),
    ),
    ...transfer.holds.flatMap((hold) => holdLines(hold).map((text) => `  ${text}`)),
    ...line('next', nextStep(transfer)),
    ...line('permit', transfer.permit),
  ]
}

/** One line of a list. */
export function transferRow(transfer: Transfer): string {
  const { transferId, decision, state, amount, asset, counterpartyId } = transfer
  const arrow = transfer.direction === Direction.INBOUND ? 'from' : 'to'
  return [
    transferId,
    nameOf(Decision, decision).padEnd(7),
    nameOf(ExchangeState, state).padEnd(9),
    `${arrow} ${counterpartyId || '(unknown)'}`,
    `${amount} ${asset}`,
    ...(transfer.holds.length > 0 ? [`${transfer.holds.length} open hold(s)`] : []),
  ].join('  ')
}

function stateOf({ state, direction, counterpartyId }: Transfer): string {
  const arrow = direction === Direction.INBOUND ? 'inbound from' : 'outbound to'
  return `${nameOf(ExchangeState, state)}, ${arrow} ${counterpartyId || 'an unknown counterparty'}`
}

function clockLines({ clocks }: Transfer): readonly (readonly [string, string])[] {
  const { exchangeDeadline, reviewDeadline, permitExpiresAt, settlementDue } = clocks ?? {}
  return [
    ...(exchangeDeadline ? [['answer by', `${timeOf(exchangeDeadline)}, then it expires`] as const] : []),
    ...(reviewDeadline ? [['decide by', timeOf(reviewDeadline)] as const] : []),
    ...(permitExpiresAt
      ? [['permit to', `${timeOf(permitExpiresAt)}, then it expires unless redeemed`] as const]
      : []),
    ...(settlementDue ? [['settle by', `${timeOf(settlementDue)}, then it is held`] as const] : []),
  ]
}

/** What moves the transfer on where no hold says so. */
function nextStep(transfer: Transfer): string | undefined {
  const { transferId, state, decision, holds, repairs, direction, counterpartyId } = transfer
  if (decision === Decision.STOP) return 'do not broadcast'
  if (holds.length > 0) return undefined
  const mayRepair = direction === Direction.OUTBOUND && repairs.length > 0
  if (mayRepair) return `correct the named fields: tamga transfers repair ${transferId} --identity FILE`
  if (state === ExchangeState.ACCEPTED && decision === Decision.PROCEED)
    return direction === Direction.OUTBOUND
      ? `broadcast within the permit, then: tamga transfers settle ${transferId} --tx TXID`
      : 'the deposit may be credited when it arrives'
  if (state === ExchangeState.PENDING || state === ExchangeState.REVIEW)
    return direction === Direction.OUTBOUND
      ? `${counterpartyId} decides: tamga watch, or tamga transfers get ${transferId}`
      : `decide: tamga inbound accept ${transferId}, reject or repair`
  return undefined
}
