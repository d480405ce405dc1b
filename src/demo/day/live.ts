/** Lives the day once: every case through the API, with ids of its own, so that what was done is not done again. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Hold, HoldLevel, type Transfer } from '../../gen/travelrule/v1/common.ts'
import { type GatewayClient, GatewayError } from '../../grpc/client.ts'
import { connectAs } from '../../local/introduce.ts'
import type { Network } from '../../local/network.ts'
import { within } from '../actor.ts'
import type { Case, Deed } from './case.ts'
import { CASES, DEPOSITS } from './cases.ts'
import { CUSTOMERS, heldOf, identityOf } from './people.ts'

export interface Desk {
  readonly exchange: GatewayClient
  readonly officer: GatewayClient
}
type Desks = Readonly<Record<'alice' | 'bob', Desk>>

const IN_FLIGHT = 4
const SEEN_MILLISECONDS = 6_000
const FORMAT = '1'

/** How many cases there are now; 0 when the day was lived before. */
export async function liveTheDay(network: Network): Promise<number> {
  const done = join(network.directory, `day-${FORMAT}`)
  if (existsSync(done)) return 0
  const desks: Desks = { alice: desk(network, 'alice'), bob: desk(network, 'bob') }
  try {
    const waiting = [...CASES]
    const hands = Array.from({ length: IN_FLIGHT }, async () => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await live(one, desks)
    })
    await Promise.all(hands)
    for (const { at, name, ...deposit } of DEPOSITS)
      await desks[at].exchange.transfers.reportDeposit({ requestId: `day-${name}`, ...deposit })
    writeFileSync(done, new Date().toISOString())
    return CASES.length + DEPOSITS.length
  } finally {
    for (const { exchange, officer } of Object.values(desks))
      for (const client of [exchange, officer]) client.close()
  }
}

function desk(network: Network, id: string): Desk {
  return {
    exchange: connectAs(network.profile(id, 'integrator')),
    officer: connectAs(network.profile(id, 'console')),
  }
}

async function live(one: Case, desks: Desks): Promise<void> {
  const { exchange } = desks[one.from]
  const { transfer } = await exchange.transfers.authorizeTransfer({
    requestId: `day-${one.name}`,
    asset: one.asset ?? '',
    amount: one.amount,
    destination: one.destination,
    fiatValue: { amount: one.value, currency: 'USD' },
    counterparty: { vaspId: one.to },
    identity: { ivms101: identityOf(CUSTOMERS[one.originator], CUSTOMERS[one.beneficiary]) },
    clientReference: one.name,
    wait: { seconds: isWaiting(one) ? 4n : 0n, nanos: 0 },
  })
  if (transfer !== undefined) await finish(one, transfer, desks)
}

/** Only what goes on needs its answer first. */
function isWaiting({ next }: Case): boolean {
  return next?.does === 'settle' || next?.does === 'redeem'
}

async function finish(one: Case, transfer: Transfer, desks: Desks): Promise<void> {
  const { exchange, officer } = desks[one.from]
  const { transferId } = transfer
  const requestId = `day-${one.name}-then`
  switch (one.next?.does) {
    case undefined:
      return
    case 'cancel':
      await exchange.transfers.cancelTransfer({ requestId, transferId, reason: 'CUSTOMER_REQUEST' })
      return
    case 'redeem':
    case 'settle':
      await move(exchange, transfer, one)
      return
    case 'hold': {
      const [first] = one.next.people ?? []
      const by = { subject: first?.by ?? 'aida@alice.example' }
      const held = await officer.review.holdTransfer({
        requestId,
        transferId,
        person: by,
        reason: 'UNUSUAL_AMOUNT',
        note: 'Looks unusual for this customer.',
      })
      await follow(officer, held.hold, one.next.people ?? [], one.name)
      return
    }
    case 'accept-for':
      await acceptFor(one, transferId, desks)
  }
}

async function move(
  exchange: GatewayClient,
  { permit, transferId, ...of }: Transfer,
  one: Case,
): Promise<void> {
  if (permit === '') return
  const { asset, amount, destination } = of
  await exchange.transfers.redeemPermit({
    requestId: `day-${one.name}-redeem`,
    permit,
    asset,
    amount,
    destination,
  })
  if (one.next?.does !== 'settle') return
  const txId = `0x${Buffer.from(`demo settlement of ${one.name}`).toString('hex').padEnd(64, '0')}`
  await exchange.transfers.reportSettlement({ requestId: `day-${one.name}-settle`, transferId, txId })
}

/** The other side's back office: it takes a moment until the request is there. */
async function acceptFor({ name, to, next }: Case, transferId: string, desks: Desks): Promise<void> {
  if ((to !== 'alice' && to !== 'bob') || next?.does !== 'accept-for') return
  const { exchange, officer } = desks[to]
  const held = { ivms101: heldOf(CUSTOMERS[next.held]) }
  let hold: Hold | undefined
  await within(async () => {
    const answer = await exchange.inbound.acceptTransfer({
      requestId: `day-${name}-accept`,
      transferId,
      held,
    })
    hold = answer.transfer?.holds[0]
    return true
  }, SEEN_MILLISECONDS)
  await follow(officer, hold, next.people ?? [], name)
}

/** What people do with the hold, one after the other, each having seen it as it is then. */
async function follow(
  officer: GatewayClient,
  hold: Hold | undefined,
  deeds: readonly Deed[],
  name: string,
): Promise<void> {
  if (hold === undefined) return
  for (const [n, deed] of deeds.entries())
    await act(officer, hold.holdId, deed, `day-${name}-deed-${n}`).catch((error: unknown) => {
      // It was done by an earlier start that did not come to its end, or a clock was faster.
      if (!(error instanceof GatewayError)) throw error
    })
}

async function act({ review }: GatewayClient, holdId: string, deed: Deed, requestId: string): Promise<void> {
  const about = { requestId, holdId, person: { subject: deed.by } }
  const { seenHash } = await review.getHold({ holdId })
  switch (deed.deed) {
    case 'comment':
      await review.commentHold({ ...about, text: deed.text })
      return
    case 'assign':
      await review.assignHold({ ...about, assignee: deed.to })
      return
    case 'escalate':
      await review.escalateHold({ ...about, note: deed.text, to: HoldLevel.MLRO })
      return
    case 'propose':
      await review.proposeRelease({ ...about, reason: deed.reason, note: deed.text, seenHash })
      return
    case 'reject':
      await review.rejectHeldTransfer({ ...about, reason: deed.reason, note: deed.text, seenHash })
  }
}
