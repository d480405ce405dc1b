/** An exchange that sends transfers and follows each to its end by a plan, back offices that decide, and an officer who holds some. */
import { setTimeout as sleep } from 'node:timers/promises'
import { transferRequest } from '../bench/workload.ts'
import type { EventType } from '../domain/transfer/transfer.ts'
import type { Transfer } from '../gen/travelrule/v1/common.ts'
import { Decision, Direction, ExchangeState } from '../gen/travelrule/v1/common.ts'
import { type GatewayClient, GatewayError } from '../grpc/client.ts'
import type { CALLER_ROLES, Network } from '../local/network.ts'
import type { Told } from './ledger.ts'
import { type Stubborn, stubborn } from './stubborn.ts'

/**
 * What the exchange makes of a transfer that may proceed; `cancel-now` withdraws at once, racing with the answer, and `hold` is put on
 * hold by an officer at once, and released by him.
 */
type Plan = 'settle' | 'leave' | 'cancel' | 'cancel-now' | 'hold'
/** Told to the back office by the amount, the only thing that both sides see. */
const DECISIONS: ReadonlyMap<string, 'accept' | 'reject' | 'repair'> = new Map([
  ['1', 'accept'],
  ['2', 'reject'],
  ['3', 'repair'],
])

export interface Order {
  readonly to: string
  readonly amount: string
  readonly plan: Plan
}

/** Orders in turn, to whoever is named. */
export function ordersTo(...receivers: readonly string[]): readonly Order[] {
  const plans: readonly Omit<Order, 'to'>[] = [
    { amount: '1', plan: 'settle' },
    { amount: '1', plan: 'cancel-now' },
    { amount: '3', plan: 'settle' },
    { amount: '1', plan: 'hold' },
    { amount: '1', plan: 'leave' },
    { amount: '2', plan: 'settle' },
    { amount: '1', plan: 'cancel' },
  ]
  return plans.flatMap((plan) => receivers.map((to) => ({ to, ...plan })))
}

const CALL_MILLISECONDS = 4_000
const OFFICER = { subject: 'officer@tamga.local' }
const RELEASE_ROUNDS_MAX = 20
const UNDER_WAY_MAX = 40

export interface Traffic {
  /**
   * Sends `count` transfers, one every `paceMs` or as fast as they are answered, none after `until`; resolves when each is known to be
   * authorised.
   */
  send(prefix: string, count: number, paceMs: number, until?: number): Promise<void>
  /** What the callers still have to do. */
  underWay(): number
  /** Faults of the callers: answers that they did not expect, and calls that never had one. */
  readonly surprises: readonly string[]
  /** What they were told: it must be so. */
  readonly told: readonly Told[]
  /** The cursors of everything that alice's stream told, in order. */
  readonly cursors: readonly string[]
  readonly exchange: Stubborn
  stop(): Promise<void>
}

export interface TrafficOptions {
  readonly orders: readonly Order[]
  /** VASPs whose back offices decide. */
  readonly offices: readonly string[]
  /** Which replica a caller turns to next. */
  readonly replica: () => number
}

export function startTraffic(network: Network, { orders, offices, replica }: TrafficOptions): Traffic {
  const callerOf = (vaspId: string, role: (typeof CALLER_ROLES)[number]) =>
    stubborn(() => network.profile(vaspId, role, replica()))
  const exchange = callerOf('alice', 'integrator')
  const officer = callerOf('alice', 'console')
  const backOffices = offices.map((vaspId) => ({ vaspId, caller: callerOf(vaspId, 'integrator') }))
  const stopping = new AbortController()
  const begun = new Set<string>()
  const plans = new Map<string, Plan>()
  const cursors: string[] = []
  const surprises: string[] = []
  const told: Told[] = []
  let working = 0

  const tell = (vaspId: string, transferId: string, happened: EventType) =>
    told.push({ vaspId, transferId, happened })

  /** Does something once, whatever number of events ask for it. */
  function act(id: string, work: () => Promise<unknown>): void {
    if (begun.has(id)) return
    begun.add(id)
    working++
    void work()
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

  const options = { deadlineMs: CALL_MILLISECONDS }

  function cancel(transferId: string): void {
    const request = { requestId: `cancel ${transferId}`, transferId, reason: 'CUSTOMER_REQUEST' }
    act(request.requestId, async () => {
      await exchange.call((client) => client.transfers.cancelTransfer(request, options))
      tell('alice', transferId, 'cancelled')
    })
  }

  function proceed({ transferId, permit, asset, amount, destination, clientReference }: Transfer): void {
    told.push({ vaspId: 'alice', transferId, proceedAt: 0 })
    const plan = plans.get(clientReference)
    if (plan === 'cancel') cancel(transferId)
    if (plan !== 'settle' && plan !== 'hold') return
    act(`settle ${transferId}`, async () => {
      const redeemed = { requestId: `redeem ${transferId}`, permit, asset, amount, destination }
      await exchange.call((client) => client.transfers.redeemPermit(redeemed, options))
      tell('alice', transferId, 'permit-redeemed')
      const settled = { requestId: `settle ${transferId}`, transferId, txId: `0x${transferId}` }
      await exchange.call((client) => client.transfers.reportSettlement(settled, options))
      tell('alice', transferId, 'settled')
    })
  }

  function follow(transfer: Transfer): void {
    if (transfer.direction !== Direction.OUTBOUND) return
    const { transferId, state, decision } = transfer
    if (state === ExchangeState.ACCEPTED && decision === Decision.PROCEED) proceed(transfer)
    if (state !== ExchangeState.REPAIR) return
    const { identity } = transferRequest()
    const request = { requestId: `repair ${transferId}`, transferId, identity }
    act(request.requestId, async () => {
      await exchange.call((client) => client.transfers.repairTransfer(request, options))
      tell('alice', transferId, 'resubmitted')
    })
  }

  function decide(vaspId: string, caller: Stubborn, { transferId, amount }: Transfer): void {
    const decision = DECISIONS.get(amount)
    const asked = begun.has(`ask ${transferId}`)
    const answer = (
      word: string,
      happened: EventType,
      ask: (client: GatewayClient, requestId: string) => Promise<unknown>,
    ) =>
      act(`${word} ${transferId}`, async () => {
        await caller.call((client) => ask(client, `${word} ${transferId}`))
        tell(vaspId, transferId, happened)
      })
    if (decision === 'reject')
      return answer('reject', 'rejected', ({ inbound }, requestId) =>
        inbound.rejectTransfer({ requestId, transferId, code: 'NAME_UNKNOWN' }, options),
      )
    const fields = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]
    if (decision === 'repair' && !asked)
      return answer('ask', 'repair-asked', ({ inbound }, requestId) =>
        inbound.requestRepair({ requestId, transferId, fields }, options),
      )
    answer('accept', 'accepted', ({ inbound }, requestId) =>
      inbound.acceptTransfer({ requestId, transferId }, options),
    )
  }

  /** Held by hand, and released once the officer has seen it as it is. */
  function holdAndRelease(transferId: string): void {
    act(`hold ${transferId}`, async () => {
      const why = { person: OFFICER, reason: 'SUSPICION', note: 'look at it' }
      const request = { requestId: `hold ${transferId}`, transferId, ...why }
      const { hold } = await officer.call((client) => client.review.holdTransfer(request, options))
      const holdId = hold?.holdId ?? ''
      for (let round = 0; round < RELEASE_ROUNDS_MAX; round++) {
        const seen = await officer.call((client) => client.review.getHold({ holdId }, options))
        const release = {
          requestId: `release ${round} ${holdId}`,
          holdId,
          person: OFFICER,
          reason: 'EXPLAINED',
          note: 'it is fine',
          seenHash: seen.seenHash,
        }
        const answer = await officer
          .once((client) => client.review.proposeRelease(release, options))
          .then(
            () => 'released',
            (error: unknown) => (error instanceof GatewayError ? error.code : 'UNKNOWN'),
          )
        if (answer === 'released' || answer === 'FAILED_PRECONDITION') return
        await sleep(100 * (round + 1))
      }
    })
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
    ...backOffices.map(({ vaspId, caller }) =>
      caller.watch(
        (client, cursor, signal) => client.inbound.watchInbound({ cursor }, { signal }),
        ({ transfer, event }) => {
          if (event === 'decision-awaited' && transfer !== undefined) decide(vaspId, caller, transfer)
        },
        stopping.signal,
      ),
    ),
  ])
  // Whoever ends the traffic hears of it.
  watching.catch((error: unknown) => surprises.push(`a stream broke: ${String(error)}`))

  async function authorize(reference: string, number: number): Promise<void> {
    const order = orders[number % orders.length]
    if (order === undefined) return
    plans.set(reference, order.plan)
    const request = {
      requestId: reference,
      clientReference: reference,
      ...withdrawal(order.to, order.amount),
    }
    const { transfer } = await exchange.call((client) => client.transfers.authorizeTransfer(request, options))
    if (transfer === undefined) return
    tell('alice', transfer.transferId, 'created')
    if (order.plan === 'cancel-now') cancel(transfer.transferId)
    if (order.plan === 'hold') holdAndRelease(transfer.transferId)
  }

  return {
    surprises,
    told,
    cursors,
    exchange,
    underWay: () => working,
    async send(prefix, count, paceMs, until = Number.POSITIVE_INFINITY) {
      const calls: Promise<void>[] = []
      let unanswered = 0
      const isBusy = () => unanswered + working >= UNDER_WAY_MAX
      for (let number = 0; number < count && Date.now() < until; number++) {
        // A machine that does much else is not asked for more than it can do.
        while (isBusy() && Date.now() < until) await sleep(paceMs)
        unanswered++
        const call = authorize(`${prefix}-${number}`, number).finally(() => unanswered--)
        // Told when all of them are awaited; until then nobody listens.
        call.catch(() => undefined)
        calls.push(call)
        await sleep(paceMs)
      }
      await Promise.all(calls)
    },
    async stop() {
      stopping.abort()
      await watching.catch(() => undefined)
      for (const caller of [exchange, officer, ...backOffices.map((office) => office.caller)]) caller.close()
    },
  }
}

/** A withdrawal of ether worth USD 4500; every one of the same amount is the same request, at whatever time it is made. */
export function withdrawal(to: string, amount: string) {
  const { asset, destination, fiatValue, identity } = transferRequest()
  const value = { amount: fiatValue?.amount ?? '', currency: fiatValue?.currency ?? '' }
  return { asset, amount, destination, fiatValue: value, counterparty: { vaspId: to }, identity }
}
