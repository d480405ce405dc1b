/** The callers of an exchange: each sends one transfer and follows it by a plan, like a careful integrator or a careless one. */
import type { TransferView } from '../../src/app/gateway.ts'
import type { Told } from '../../src/chaos/ledger.ts'
import type { Random } from '../../src/chaos/random.ts'
import type { Transfer } from '../../src/domain/transfer/transfer.ts'
import { identityPayload } from '../support/identity.ts'
import type { Desk } from './desk.ts'
import { OTHER, type VaspId } from './settings.ts'

/**
 * - settle, twice, late, deposit: signs once the permit is redeemed (by two calls at once; only after everything is over; and the other
 *   side sees the deposit before it is told).
 * - leave: never redeems. silent: redeems, and never tells.
 * - cancel: withdraws at some moment.
 */
const PLANS = ['settle', 'settle', 'settle', 'twice', 'late', 'deposit', 'leave', 'silent', 'cancel'] as const
type Plan = (typeof PLANS)[number]

export interface Floor {
  readonly random: Random
  now(): number
  readonly closesAt: number
  deskOf(vaspId: VaspId, name: string): Desk
  tell(told: Told): void
  /** The asset moves on chain: there is no taking it back. */
  broadcast(transferId: string): void
}

const DESTINATION = 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'
const WHOLE = identityPayload()
const CORRECTED = identityPayload({ 'o-street': 'Station Road' })
/** Without what the regimes ask for. */
const INCOMPLETE = JSON.stringify({
  ...JSON.parse(WHOLE),
  originator: { originatorPerson: JSON.parse(WHOLE).originator.originatorPerson },
})

export async function sendTransfer(floor: Floor, vaspId: VaspId, number: number): Promise<void> {
  const random = floor.random.fork(`${vaspId} ${number}`)
  const plan: Plan = random.pick(PLANS)
  const desk = floor.deskOf(vaspId, `${vaspId} ex${number}`)
  const input = {
    asset: 'eip155:1/slip44:60',
    amount: String(number + 1),
    destination: DESTINATION,
    fiat: { amount: random.chance(0.1) ? '5' : '3000', currency: 'USD', pricedAt: new Date(0) },
    counterparty: { vaspId: random.chance(0.05) ? 'carol' : OTHER[vaspId] },
    identity: random.chance(0.1) ? INCOMPLETE : WHOLE,
    clientReference: `${vaspId} ${number}`,
  }
  const id = (word: string) => `${word} ${vaspId} ${number}`
  const sent = await desk.ask('AuthorizeTransfer', id('send'), (gateway, request) =>
    gateway.transfers.authorize(request, input),
  )
  if (sent === undefined || 'refused' in sent) return
  const { transfer } = sent.ok.value
  floor.tell({ vaspId, transferId: transfer.id, happened: 'created' })
  await Promise.all([
    follow(floor, desk, transfer, plan, random),
    plan === 'cancel' || random.chance(0.05) ? cancel(floor, desk, transfer, random) : undefined,
  ])
}

async function cancel(floor: Floor, desk: Desk, { id: transferId }: Transfer, random: Random): Promise<void> {
  await desk.pause(random.about(15_000))
  const ended = await desk.ask('CancelTransfer', `cancel ${transferId}`, (gateway, request) =>
    gateway.transfers.cancel(request, transferId, 'CUSTOMER_REQUEST'),
  )
  if (ended !== undefined && 'ok' in ended)
    floor.tell({ vaspId: desk.vaspId, transferId, happened: 'cancelled' })
}

const FINAL = new Set(['completed', 'rejected', 'cancelled', 'expired'])

async function follow(
  floor: Floor,
  desk: Desk,
  { id: transferId, vaspId }: Transfer,
  plan: Plan,
  random: Random,
): Promise<void> {
  const began = floor.now()
  let hasActed = false
  let repairs = 0
  while (floor.now() < floor.closesAt) {
    // Often at first; who has waited for minutes looks every minute.
    await desk.pause(random.about(floor.now() - began < 200_000 ? 4_000 : 60_000))
    const view = await desk.look((gateway) =>
      gateway.transfers.get({ vaspId, role: 'integrator' }, transferId),
    )
    if (view === undefined) continue
    const { state, version } = view.transfer
    if (view.decision === 'PROCEED') floor.tell({ vaspId, transferId, proceedAt: version })
    if (view.decision === 'PROCEED' && !hasActed) {
      hasActed = true
      await proceed(floor, desk, view, plan, random)
    }
    if (state === 'repair' || (state === 'started' && view.transfer.repairs.length > 0)) {
      if (repairs < 3 && random.chance(0.8)) await repair(floor, desk, transferId, ++repairs)
    }
    if (FINAL.has(state)) break
  }
  if (plan === 'late' && hasActed) await settle(floor, desk, transferId)
}

async function repair(floor: Floor, desk: Desk, transferId: string, count: number): Promise<void> {
  const done = await desk.ask('RepairTransfer', `repair ${count} ${transferId}`, (gateway, request) =>
    gateway.transfers.repair(request, transferId, CORRECTED),
  )
  if (done !== undefined && 'ok' in done && done.ok.value.transfer.state !== 'started')
    floor.tell({ vaspId: desk.vaspId, transferId, happened: 'created' })
}

async function proceed(
  floor: Floor,
  desk: Desk,
  { transfer }: TransferView,
  plan: Plan,
  random: Random,
): Promise<void> {
  if (plan === 'leave' || plan === 'late') return
  const { id: transferId, asset, amount, secret } = transfer
  const about = { permit: secret.permit ?? '', asset, amount, destination: secret.destination }
  const redeem = async (requestId: string) => {
    const redeemed = await desk.ask('RedeemPermit', requestId, (gateway, request) =>
      gateway.transfers.redeemPermit(request, about),
    )
    if (redeemed === undefined || 'refused' in redeemed) return false
    floor.tell({ vaspId: desk.vaspId, transferId, happened: 'permit-redeemed' })
    // Only now, and once for each request that was answered.
    floor.broadcast(transferId)
    return true
  }
  const requests = plan === 'twice' ? ['redeem 1', 'redeem 2'] : ['redeem 1']
  const redeemed = await Promise.all(requests.map((word) => redeem(`${word} ${transferId}`)))
  if (!redeemed.includes(true) || plan === 'silent') return
  await desk.pause(random.about(5_000))
  const seen = plan === 'deposit' ? deposit(floor, transfer) : undefined
  await settle(floor, desk, transferId)
  await seen
}

async function settle(floor: Floor, desk: Desk, transferId: string): Promise<void> {
  const settled = await desk.ask('ReportSettlement', `settle ${transferId}`, (gateway, request) =>
    gateway.transfers.reportSettlement(request, transferId, `0x${transferId}`),
  )
  if (settled !== undefined && 'ok' in settled && settled.ok.value.transfer.state === 'completed')
    floor.tell({ vaspId: desk.vaspId, transferId, happened: 'settled' })
}

/** The beneficiary VASP sees the transaction on chain, perhaps before it is told. */
async function deposit(
  floor: Floor,
  { id, asset, amount, secret, counterpartyId, vaspId }: Transfer,
): Promise<void> {
  if (counterpartyId !== 'alice' && counterpartyId !== 'bob') return
  const desk = floor.deskOf(counterpartyId, `${counterpartyId} chain`)
  const input = { asset, amount, destination: secret.destination, txId: `0x${id}` }
  const seen = await desk.ask('ReportDeposit', `deposit ${vaspId} ${id}`, (gateway, request) =>
    gateway.transfers.reportDeposit(request, input),
  )
  if (seen !== undefined && 'ok' in seen)
    floor.tell({ vaspId: counterpartyId, transferId: seen.ok.value.transfer.id, happened: 'created' })
}
