/** The beneficiary VASP's back office: decides on each announced transfer, and credits a deposit only when it may. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { connect, Refused, type Transfer } from './connect.ts'

/** What the back office knows of its customers. */
export interface Customers {
  /** May be asked twice about the same: the stream shows a transfer again when it changes. */
  decide(transfer: Transfer, ivms101: string): Verdict
}

export type Verdict =
  /** The customer whom you hold there, as IVMS101: unless the names match, a person decides instead. */
  | { readonly verdict: 'accept'; readonly held?: { readonly ivms101: string } }
  | { readonly verdict: 'reject'; readonly code: string }
  /** The field is a JSON pointer into the payload. */
  | { readonly verdict: 'repair'; readonly path: string; readonly code: string; readonly message: string }

interface Inbound {
  readonly cursor: string
  readonly transfer: Transfer
  readonly identity: { readonly ivms101: string } | null
  readonly decision_awaited: boolean
}

/** Runs until `signal` aborts. The cursor file holds how far it came, so that a restart neither misses nor repeats. */
export async function workInbound(
  profile: string,
  cursorFile: string,
  customers: Customers,
  signal: AbortSignal,
): Promise<void> {
  const gateway = connect(profile)
  try {
    const cursor = existsSync(cursorFile) ? readFileSync(cursorFile, 'utf8') : ''
    for await (const inbound of gateway.watch<Inbound>('InboundService/WatchInbound', { cursor }, signal)) {
      if (inbound.decision_awaited) await decide(inbound)
      writeFileSync(cursorFile, inbound.cursor, { mode: 0o600 })
    }
  } finally {
    gateway.close()
  }

  async function decide({ transfer, identity }: Inbound): Promise<void> {
    const { verdict, ...why } = customers.decide(transfer, identity?.ivms101 ?? '')
    const { transfer_id, version } = transfer
    // The version makes a decision about corrected data another request than the one before.
    const request_id = `${verdict}/${transfer_id}/${version}`
    const rpc = { accept: 'AcceptTransfer', reject: 'RejectTransfer', repair: 'RequestRepair' }[verdict]
    const said = verdict === 'repair' ? { fields: [why] } : why
    try {
      await gateway.call(`InboundService/${rpc}`, { request_id, transfer_id, ...said })
    } catch (error) {
      // Decided meanwhile, by a clock or a person.
      if (!(error instanceof Refused && error.status === 'FAILED_PRECONDITION')) throw error
    }
  }
}

/** A payment as the chain shows it, under the id of its row in your own books. */
export interface Deposit {
  readonly id: string
  readonly asset: string
  readonly amount: string
  readonly destination: string
  readonly tx_id: string
}

/** Whether to credit the customer now. If not, the transfer has the hold that says why. */
export async function mayCredit(
  profile: string,
  deposit: Deposit,
): Promise<{ readonly credit: boolean; readonly matched: boolean; readonly transfer: Transfer }> {
  const gateway = connect(profile)
  const { id, ...payment } = deposit
  try {
    const { transfer, matched } = await gateway.call<{ transfer: Transfer; matched: boolean }>(
      'TransferService/ReportDeposit',
      { request_id: `deposit/${id}`, ...payment },
    )
    return { credit: transfer.decision === 'DECISION_PROCEED', matched, transfer }
  } finally {
    gateway.close()
  }
}
