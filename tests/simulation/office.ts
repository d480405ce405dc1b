/** The people of a VASP: a back office that decides on inbound transfers, and officers who end holds, or do not. */
import type { Gateway, HoldView, Request } from '../../src/app/gateway.ts'
import { identityPayload } from '../support/identity.ts'
import type { Answer, Desk } from './desk.ts'
import type { Floor } from './exchange.ts'
import type { VaspId } from './settings.ts'

const CUSTOMER = identityPayload()
const STRANGER = identityPayload({ 'b-primary': 'Mustermann', 'b-secondary': 'Max' })
const FIELDS = [{ path: '/originator', code: 'INCOMPLETE', message: 'say more' }]

/** `counter` tells how often the back office was asked about this transfer. */
export async function decideInbound(
  floor: Floor,
  vaspId: VaspId,
  transferId: string,
  counter: number,
): Promise<void> {
  const random = floor.random.fork(`office ${vaspId} ${transferId} ${counter}`)
  const desk = floor.deskOf(vaspId, `${vaspId} office`)
  await desk.pause(random.about(6_000))
  const id = (word: string) => `${word} ${counter} ${transferId}`
  const word = random.pick(['accept', 'accept', 'accept', 'named', 'stranger', 'reject', 'repair', 'nothing'])
  if (word === 'nothing') return
  if (word === 'reject') {
    const done = await desk.ask('RejectTransfer', id('reject'), (gateway, request) =>
      gateway.inbound.reject(request, transferId, 'NAME_UNKNOWN'),
    )
    if (done !== undefined && 'ok' in done) floor.tell({ vaspId, transferId, happened: 'rejected' })
    return
  }
  if (word === 'repair' && counter < 3) {
    const done = await desk.ask('RequestRepair', id('repair'), (gateway, request) =>
      gateway.inbound.requestRepair(request, transferId, FIELDS),
    )
    if (done !== undefined && 'ok' in done) floor.tell({ vaspId, transferId, happened: 'repair-asked' })
    return
  }
  const held = word === 'named' ? CUSTOMER : word === 'stranger' ? STRANGER : undefined
  const done = await desk.ask('AcceptTransfer', id('accept'), (gateway, request) =>
    gateway.inbound.accept(request, transferId, held),
  )
  const isAccepted = done !== undefined && 'ok' in done && done.ok.value.transfer.state === 'accepted'
  if (isAccepted) floor.tell({ vaspId, transferId, happened: 'accepted' })
}

/** An officer looks at a hold that was opened, and does something about it or not. */
export async function workOnHold(floor: Floor, vaspId: VaspId, holdId: string): Promise<void> {
  const random = floor.random.fork(`officer ${vaspId} ${holdId}`)
  const desk = floor.deskOf(vaspId, `${vaspId} officer`)
  await desk.pause(random.about(15_000))
  const word = random.pick([
    'release',
    'release',
    'release',
    'comment',
    'assign',
    'escalate',
    'reject',
    'nothing',
  ])
  if (word === 'nothing') return
  const person = word === 'escalate' ? 'mlro' : 'officer'
  if (word === 'comment')
    await act(desk, 'CommentHold', `comment ${holdId}`, (gateway, request) =>
      gateway.review.comment(request, holdId, person, 'looks odd'),
    )
  if (word === 'assign')
    await act(desk, 'AssignHold', `assign ${holdId}`, (gateway, request) =>
      gateway.review.assign(request, holdId, { person, assignee: person }),
    )
  if (word === 'escalate')
    await act(desk, 'EscalateHold', `escalate ${holdId}`, (gateway, request) =>
      gateway.review.escalate(request, holdId, { person, note: 'above me' }),
    )
  if (word === 'reject') return rejectHold(desk, holdId, person)
  await releaseHold(desk, holdId, person)
}

/** What a person does at the console. */
function act<T>(
  desk: Desk,
  method: string,
  requestId: string,
  call: (gateway: Gateway, request: Request) => Promise<T>,
): Promise<Answer<T> | undefined> {
  return desk.ask(method, requestId, call, 'console')
}

function see(desk: Desk, holdId: string): Promise<HoldView | undefined> {
  return desk.look((gateway) => gateway.review.get({ vaspId: desk.vaspId, role: 'console' }, holdId))
}

/** Looks again where something changed meanwhile; where it takes two, the second person does the same. */
async function releaseHold(desk: Desk, holdId: string, person: string): Promise<void> {
  for (let round = 0; round < 6; round++) {
    const seen = await see(desk, holdId)
    if (seen === undefined) {
      await desk.pause(2_000)
      continue
    }
    if (seen.hold.state !== 'open') return
    const { proposal } = seen.hold
    const about = { holdId, note: 'explained', seenHash: seen.seenHash }
    const answer =
      proposal === undefined
        ? await act(desk, 'ProposeRelease', `release ${round} ${holdId}`, (gateway, request) =>
            gateway.review.release(request, { ...about, person, reason: 'EXPLAINED' }),
          )
        : await act(desk, 'ApproveRelease', `approve ${round} ${holdId}`, (gateway, request) =>
            gateway.review.approve(request, {
              ...about,
              // The first one may try to be the second one, too.
              person: round % 2 === 0 ? person : person === 'mlro' ? 'mlro' : 'second',
            }),
          )
    if (answer === undefined) return
    if (
      'refused' in answer &&
      answer.refused !== 'HOLD_CHANGED' &&
      answer.refused !== 'SECOND_PERSON_REQUIRED'
    )
      return
  }
}

async function rejectHold(desk: Desk, holdId: string, person: string): Promise<void> {
  const seen = await see(desk, holdId)
  if (seen === undefined) return
  const decision = { holdId, person, reason: 'COMPLIANCE', note: 'no', seenHash: seen.seenHash }
  await act(desk, 'RejectHeldTransfer', `reject ${holdId}`, (gateway, request) =>
    gateway.review.reject(request, decision),
  )
}

export async function holdByHand(floor: Floor, vaspId: VaspId, transferId: string): Promise<void> {
  const random = floor.random.fork(`manual ${vaspId} ${transferId}`)
  const desk = floor.deskOf(vaspId, `${vaspId} officer`)
  await desk.pause(random.about(20_000))
  const by = { person: 'officer', reason: 'SUSPICION', note: 'look at it' }
  await act(desk, 'HoldTransfer', `hold ${transferId}`, (gateway, request) =>
    gateway.review.hold(request, transferId, by),
  )
}

export interface Suspension {
  readonly vaspId: VaspId
  readonly counterpartyId: string
  readonly from: number
  readonly to: number
}

/** An officer suspends the counterparty and reinstates it later: nothing moves in between. */
export async function suspendForAWhile(
  floor: Floor,
  vaspId: VaspId,
  counterpartyId: string,
  note: (suspension: Suspension) => void,
): Promise<void> {
  const random = floor.random.fork(`suspend ${vaspId}`)
  const desk = floor.deskOf(vaspId, `${vaspId} admin`)
  await desk.pause(random.between(5_000, 100_000))
  const done = await act(desk, 'SuspendCounterparty', 'suspend', (gateway, request) =>
    gateway.counterparties.suspend(request, counterpartyId, 'INCIDENT', 'officer'),
  )
  if (done === undefined || 'refused' in done) return
  const from = floor.now()
  await desk.pause(random.about(30_000))
  note({ vaspId, counterpartyId, from, to: floor.now() })
  await act(desk, 'ReinstateCounterparty', 'reinstate', (gateway, request) =>
    gateway.counterparties.reinstate(request, counterpartyId, 'officer'),
  )
}
