/** One VASP on the stage: its exchange, its compliance officer and its auditor, each with a client certificate of their own. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transfer } from '../gen/travelrule/v1/common.ts'
import type { CounterpartyKind, WalletHolder } from '../gen/travelrule/v1/transfer.ts'
import type { GatewayClient } from '../grpc/client.ts'
import { connectAs } from '../local/introduce.ts'
import type { Network } from '../local/network.ts'
import { type Journal, keepJournal } from './journal.ts'
import { type PayloadName, payload, renamed } from './payloads.ts'
import { statusOf } from './words.ts'

/** A withdrawal; what is left out is an ordinary one of 1.5 ETH, worth USD 4,500, with a whole identity payload. */
export interface Order {
  readonly to: string
  /** CAIP-10; an address that everybody accepts when absent. */
  readonly destination?: string
  readonly identity?: PayloadName
  /** The originator is called this instead. */
  readonly originator?: { readonly primary: string; readonly secondary: string }
  readonly amount?: string
  /** Where it goes to no VASP that takes part; `to` is then not read. */
  readonly otherSide?: {
    readonly kind: CounterpartyKind
    readonly holder?: WalletHolder
    readonly customerReference?: string
    readonly country?: string
  }
  /** Decimal, in USD. */
  readonly value?: string
  readonly requestId?: string
  /** How long the call waits for an answer. */
  readonly waitSeconds?: number
}

export interface Actor {
  readonly id: string
  readonly exchange: GatewayClient
  readonly officer: GatewayClient
  readonly auditor: GatewayClient
  readonly journal: Journal
  /** Throws GatewayError. */
  authorize(order: Order): Promise<Transfer>
  get(transferId: string): Promise<Transfer>
  /** What the back office was given of the parties. */
  identityOf(transferId: string): Promise<string | undefined>
  /** Waits for this status, at most ten seconds, and tells the one that was read last. */
  reaches(transferId: string, status: string): Promise<string>
  /** Waits for an event of this type, at most ten seconds; tells whether it came. */
  sees(transferId: string, event: string): Promise<boolean>
  settle(transferId: string, txId: string): Promise<Transfer>
  repair(transferId: string, identity: PayloadName): Promise<Transfer>
  /** The officer releases the open hold, having seen it as it is now. */
  release(transferId: string): Promise<Transfer>
  rejectHeld(transferId: string): Promise<Transfer>
  close(): Promise<void>
}

export const OFFICER = { subject: 'officer@tamga.local' }
export const ASSET = 'eip155:1/slip44:60'
const ANYWHERE = 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'
const PATIENCE_MILLISECONDS = 10_000
const POLL_MILLISECONDS = 40

export function actorOf(network: Network, id: string): Actor {
  const exchange = connectAs(network.profile(id, 'integrator'))
  const officer = connectAs(network.profile(id, 'console'))
  const auditor = connectAs(network.profile(id, 'auditor'))
  const journal = keepJournal(auditor)

  const get = async (transferId: string) => present(await exchange.transfers.getTransfer({ transferId }))

  /** What a decision on the transfer's open hold needs. */
  async function decision(transferId: string) {
    const holdId = (await get(transferId)).holds[0]?.holdId ?? ''
    const { seenHash } = await officer.review.getHold({ holdId })
    return { requestId: randomUUID(), holdId, person: OFFICER, note: 'seen in the story', seenHash }
  }

  return {
    id,
    exchange,
    officer,
    auditor,
    journal,
    get,
    async authorize({ to, identity = '2023-base', value = '4500.00', waitSeconds = 8, ...order }) {
      return present(
        await exchange.transfers.authorizeTransfer({
          requestId: order.requestId ?? randomUUID(),
          asset: ASSET,
          amount: order.amount ?? '1.5',
          destination: order.destination ?? ANYWHERE,
          fiatValue: { amount: value, currency: 'USD' },
          counterparty: { vaspId: to },
          ...(order.otherSide && { otherSide: order.otherSide }),
          identity: { ivms101: renamed(payload(identity), order.originator) },
          wait: { seconds: BigInt(waitSeconds), nanos: 0 },
        }),
      )
    },
    async identityOf(transferId) {
      for await (const { transfer, identity } of exchange.inbound.watchInbound({ cursor: '' }))
        if (transfer?.transferId === transferId && identity !== undefined) return identity.ivms101
      return undefined
    },
    async reaches(transferId, status) {
      let read = ''
      await within(async () => {
        read = statusOf(await get(transferId))
        return read === status
      })
      return read
    },
    sees: (transferId, event) => within(async () => journal.of(transferId).includes(event)),
    async settle(transferId, txId) {
      return present(await exchange.transfers.reportSettlement({ requestId: randomUUID(), transferId, txId }))
    },
    async repair(transferId, identity) {
      const ivms101 = payload(identity)
      const wait = { seconds: 8n, nanos: 0 }
      return present(
        await exchange.transfers.repairTransfer({
          requestId: randomUUID(),
          transferId,
          identity: { ivms101 },
          wait,
        }),
      )
    },
    async release(transferId) {
      return present(
        await officer.review.proposeRelease({ ...(await decision(transferId)), reason: 'PROOF_SEEN' }),
      )
    },
    async rejectHeld(transferId) {
      const reason = 'COMPLIANCE_CHECK_FAIL'
      return present(await officer.review.rejectHeldTransfer({ ...(await decision(transferId)), reason }))
    },
    async close() {
      await journal.stop()
      for (const client of [exchange, officer, auditor]) client.close()
    },
  }
}

/** Asks until the answer is yes, at most ten seconds. A gateway that is just down is asked again. */
export async function within(
  ask: () => Promise<boolean>,
  milliseconds = PATIENCE_MILLISECONDS,
): Promise<boolean> {
  const until = performance.now() + milliseconds
  while (performance.now() < until) {
    if (await ask().catch(() => false)) return true
    // An interrupted story must not wait for its scenes.
    await sleep(POLL_MILLISECONDS, undefined, { ref: false })
  }
  return false
}

function present({ transfer }: { readonly transfer: Transfer | undefined }): Transfer {
  if (transfer === undefined) throw new Error('an answer without a transfer')
  return transfer
}
