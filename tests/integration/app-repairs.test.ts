/** Data that stay wrong: sent back twice by the gateway itself, then for a person, who may ask again, accept what there is, or reject. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityPayload } from '../support/identity.ts'
import {
  authorize,
  call,
  decideHold,
  holdsOn,
  introduce,
  seen,
  states,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

let world: World

beforeAll(async () => {
  // Brazil asks for a national identification, and alice knows of Luxembourg only.
  world = await twoGateways({ bob: { inbound: 'ask', regimes: ['EU', 'BR'] } })
  await introduce(world)
})
afterAll(() => world?.close())

function lacking(customer: string): string {
  const payload = JSON.parse(identityPayload({ 'o-customer': customer }))
  delete payload.originator.originatorPerson[0].naturalPerson.nationalIdentification
  return JSON.stringify(payload)
}

/** Corrected twice, and as wrong as before. */
async function stillWrong(): Promise<string> {
  const id = await authorize(world, { identity: lacking('C0') })
  await world.settle()
  for (const round of [1, 2]) {
    expect(await states(world, id)).toEqual(['repair', 'repair'])
    await repair(id, lacking(`C${round}`))
  }
  return id
}

async function repair(id: string, identity: string): Promise<void> {
  await world.alice.gateway().transfers.repair(call('alice'), id, identity)
  await world.settle()
}

async function decide(id: string, how: 'release' | 'reject'): Promise<void> {
  await decideHold(world.bob, id, how, { person: 'olga', reason: 'KNOWN_CUSTOMER' })
  await world.settle()
}

const finding = async (id: string) =>
  (await holdsOn(world.bob, id)).map(({ hold }) => `${hold.reason} ${hold.finding.code}`)

test('are for a person after the second correction, and the sender is told that somebody looks', async () => {
  const id = await stillWrong()
  expect(await states(world, id)).toEqual(['review', 'review'])
  expect(await finding(id)).toEqual(['IDENTITY_INCOMPLETE STILL_WRONG'])
  expect((await seen(world.bob, id)).transfer.repairs).not.toEqual([])
})

test('go to the back office once a person accepts what there is', async () => {
  const id = await stillWrong()
  await decide(id, 'release')
  await world.bob.gateway().inbound.accept(call('bob'), id)
  await world.settle()
  expect(await states(world, id)).toEqual(['accepted', 'accepted'])
})

test('end the transfer when a person rejects them', async () => {
  const id = await stillWrong()
  await decide(id, 'reject')
  expect(await states(world, id)).toEqual(['rejected', 'rejected'])
})

test('go on by themselves once they come right after a person asked again', async () => {
  const id = await stillWrong()
  const fields = [{ path: '/originator', code: 'INCOMPLETE', message: 'please, once more' }]
  await world.bob.gateway().inbound.requestRepair(call('bob'), id, fields)
  await world.settle()
  expect(await states(world, id)).toEqual(['repair', 'repair'])
  await repair(id, identityPayload())
  expect(await finding(id)).toEqual([])
  await world.bob.gateway().inbound.accept(call('bob'), id)
  await world.settle()
  expect(await states(world, id)).toEqual(['accepted', 'accepted'])
})
