/** An exchange asks leave for a withdrawal, pays it out only with a permit, and reports the transaction. */
import { connect, type Transfer } from './connect.ts'

/** One row of the exchange's own table of withdrawals. Its id makes every call below safe to repeat. */
export interface Withdrawal {
  readonly id: string
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly worth: { readonly amount: string; readonly currency: string }
  readonly counterparty: { readonly vasp_id?: string; readonly lei?: string }
  /** IVMS101 JSON text, both parties. */
  readonly identity: string
}

/** `payOut` signs and sends the transaction and returns its id; it must do so once for each withdrawal id. */
export async function withdraw(
  profile: string,
  withdrawal: Withdrawal,
  payOut: (withdrawal: Withdrawal) => Promise<string>,
): Promise<Transfer> {
  const gateway = connect(profile)
  const { id, asset, amount, destination, worth, counterparty, identity } = withdrawal
  try {
    const authorized = await gateway.call<{ transfer: Transfer }>('TransferService/AuthorizeTransfer', {
      request_id: id,
      asset,
      amount,
      destination,
      fiat_value: worth,
      counterparty,
      identity: { ivms101: identity },
      wait: { seconds: 20 },
    })
    const { transfer } = authorized
    // WAIT: leave it; the same call, GetTransfer or WatchTransfers tells of a later decision. STOP: never pay out.
    if (transfer.decision !== 'DECISION_PROCEED') return transfer

    // From here on the transfer can neither expire nor be cancelled. Refused: do not pay out.
    const spent = { permit: transfer.permit, asset, amount, destination }
    await gateway.call('TransferService/RedeemPermit', { request_id: `${id}/redeem`, ...spent })

    const settled = await gateway.call<{ transfer: Transfer }>('TransferService/ReportSettlement', {
      request_id: `${id}/settle`,
      transfer_id: transfer.transfer_id,
      tx_id: await payOut(withdrawal),
    })
    return settled.transfer
  } finally {
    gateway.close()
  }
}
