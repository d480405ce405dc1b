/** An exchange that sends transfers and follows each to its end by a plan, and a back office that decides on carol's. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transfer } from '../../src/gen/travelrule/v1/common.ts'
import { Decision, Direction, ExchangeState } from '../../src/gen/travelrule/v1/common.ts'
import { type GatewayClient, GatewayError } from '../../src/grpc/client.ts'
import type { Network } from '../../src/local/network.ts'
import { identityPayload } from './identity.ts'
import { type Stubborn, stubborn } from './stubborn.ts'

/** What the exchange makes of a transfer that may proceed; `cancel-now` withdraws at once, racing with the answer. */
type Plan = 'settle' | 'leave' | 'cancel' | 'cancel-now'
/** Told to the back office by the amount, the only thing that both sides see. */
const DECISIONS: ReadonlyMap<string, 'accept' | 'reject' | 'repair'> = new Map([
  ['1', 'accept'],
  ['2', 'reject'],
  ['3', 'repair'],
])

const SCRIPT: readonly {
  readonly to: string
  readonly amount: string
  readonly plan: Plan
}[] = [
  { to: 'bob', amount: '1', plan: 'settle' },
  { to: 'carol', amount: '1', plan: 'settle' },
  { to: 'bob', amount: '1', plan: 'cancel-now' },
  { to: 'carol', amount: '3', plan: 'settle' },
  { to: 'bob', amount: '1', plan: 'leave' },
  { to: 'carol', amount: '2', plan: 'settle' },
  { to: 'bob', amount: '1', plan: 'cancel' },
  { to: 'carol', amount: '1', plan: 'cancel-now' },
]

const DEADLINE_MILLISECONDS = 4_000
const IDENTITY = identityPayload()

export interface Traffic {
  /** Sends `count` transfers, one every `paceMs`; resolves when each is known to be authorised. */
  send(prefix: string, count: number, paceMs: number): Promise<void>
  /** What the callers still have to do. */
  underWay(): number
  /** Faults of the callers: answers that they did not expect. */
  readonly surprises: readonly string[]
  /** The cursors of everything that alice's stream told, in order. */
  readonly cursors: readonly string[]
  readonly exchange: Stubborn
  stop(): Promise<void>
}

export function startTraffic(network: Network, replica = 0): Traffic {
  const exchange = stubborn(() => network.profile('alice', 'integrator', replica))
  const office = stubborn(() => network.profile('carol', 'integrator', replica))
  const stopping = new AbortController()
  const begun = new Set<string>()
  const plans = new Map<string, Plan>()
  const cursors: string[] = []
  const surprises: string[] = []
  let working = 0

  /** Does something once, whatever number of events ask for it. */
  function act(by: Stubborn, id: string, ask: (client: GatewayClient) => Promise<unknown>): void {
    if (begun.has(id)) return
    begun.add(id)
    working++
    void by
      .call(ask)
      .catch((error: unknown) => {
        // Somebody else was faster: the other side, or our own cancellation.
        const late = error instanceof GatewayError && error.code === 'FAILED_PRECONDITION'
        if (!late)
          surprises.push(
            `${id}: ${error instanceof GatewayError ? `${error.code} ${error.reason}: ${error.message}` : String(error)}`,
          )
      })
      .finally(() => working--)
  }

  const options = { deadlineMs: DEADLINE_MILLISECONDS }

  function proceed({ transferId, permit, asset, amount, destination, clientReference }: Transfer): void {
    const plan = plans.get(clientReference)
    if (plan === 'cancel') {
      const request = { requestId: `cancel ${transferId}`, transferId, reason: 'CUSTOMER_REQUEST' }
      act(exchange, request.requestId, (client) => client.transfers.cancelTransfer(request, options))
    }
    if (plan !== 'settle') return
    act(exchange, `settle ${transferId}`, async (client) => {
      const about = { permit, asset, amount, destination }
      await client.transfers.redeemPermit({ requestId: `redeem ${transferId}`, ...about }, options)
      const settled = { requestId: `settle ${transferId}`, transferId, txId: `0x${transferId}` }
      await client.transfers.reportSettlement(settled, options)
    })
  }

  function follow(transfer: Transfer): void {
    if (transfer.direction !== Direction.OUTBOUND) return
    const { transferId, state, decision } = transfer
    if (state === ExchangeState.ACCEPTED && decision === Decision.PROCEED) proceed(transfer)
    if (state !== ExchangeState.REPAIR) return
    const request = { requestId: `repair ${transferId}`, transferId, identity: { ivms101: IDENTITY } }
    act(exchange, request.requestId, (client) => client.transfers.repairTransfer(request, options))
  }

  function decide({ transferId, amount }: Transfer): void {
    const decision = DECISIONS.get(amount)
    const asked = begun.has(`ask ${transferId}`)
    const id = (word: string) => `${word} ${transferId}`
    if (decision === 'reject')
      return act(office, id('reject'), (client) =>
        client.inbound.rejectTransfer({ requestId: id('reject'), transferId, code: 'NAME_UNKNOWN' }, options),
      )
    const fields = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]
    if (decision === 'repair' && !asked)
      return act(office, id('ask'), (client) =>
        client.inbound.requestRepair({ requestId: id('ask'), transferId, fields }, options),
      )
    act(office, id('accept'), (client) =>
      client.inbound.acceptTransfer({ requestId: id('accept'), transferId }, options),
    )
  }

  const watching = Promise.all([
    exchange.watch(
      (client, cursor, signal) => client.transfers.watchTransfers({ cursor }, { signal }),
      ({ cursor, transfer }) => {
        cursors.push(cursor)
        if (transfer !== undefined) follow(transfer)
      },
      stopping.signal,
    ),
    office.watch(
      (client, cursor, signal) => client.inbound.watchInbound({ cursor }, { signal }),
      ({ transfer, event }) => {
        if (event === 'decision-awaited' && transfer !== undefined) decide(transfer)
      },
      stopping.signal,
    ),
  ])

  async function authorize(reference: string, number: number): Promise<void> {
    const { to, amount, plan } = SCRIPT[number % SCRIPT.length] ?? { to: 'bob', amount: '1', plan: 'leave' }
    plans.set(reference, plan)
    const request = { requestId: reference, clientReference: reference, ...withdrawal(to, amount) }
    const { transfer } = await exchange.call((client) => client.transfers.authorizeTransfer(request, options))
    if (transfer === undefined || plan !== 'cancel-now') return
    const { transferId } = transfer
    const ending = { requestId: `cancel ${transferId}`, transferId, reason: 'CUSTOMER_REQUEST' }
    act(exchange, ending.requestId, (client) => client.transfers.cancelTransfer(ending, options))
  }

  return {
    surprises,
    cursors,
    exchange,
    underWay: () => working,
    async send(prefix, count, paceMs) {
      const calls: Promise<void>[] = []
      for (let number = 0; number < count; number++) {
        calls.push(authorize(`${prefix}-${number}`, number))
        await sleep(paceMs)
      }
      await Promise.all(calls)
    },
    async stop() {
      stopping.abort()
      await watching
      exchange.close()
      office.close()
    },
  }
}

/** A withdrawal of ether worth USD 3000. */
export function withdrawal(to: string, amount: string) {
  return {
    asset: 'eip155:1/slip44:60',
    amount,
    destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
    fiatValue: { amount: '3000', currency: 'USD' },
    counterparty: { vaspId: to },
    identity: { ivms101: IDENTITY },
  }
}
