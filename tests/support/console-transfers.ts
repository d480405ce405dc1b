/** A console over bob's gateway with people of every role, begun before the tests of whichever file imports this. */
import { afterAll, beforeAll } from 'vitest'
import { type Browser, openConsole, type TestConsole } from './console.ts'
import { identityPayload } from './identity.ts'
import { authorize, call, introduce, twoGateways, type World } from './two-gateways.ts'

export let world: World
export let console: TestConsole
export let aida: Browser
export let sasha: Browser
export let rosa: Browser
export let adam: Browser

export const SECRET_NAME = 'Тлеубекова'
const IDENTITY = identityPayload({
  'b-primary': 'Tleubekova',
  'b-local-primary': SECRET_NAME,
  'b-phonetic-primary': 'Tleubekova',
})
const HELD = identityPayload({
  'b-primary': 'Kowalska',
  'b-local-primary': 'Kowalska',
  'b-phonetic-primary': 'Kowalska',
})
export const ADDRESS = 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'

beforeAll(async () => {
  world = await twoGateways({ bob: { inbound: 'ask' } })
  await introduce(world)
  console = await openConsole(world.bob)
  await console.addPerson('aida', 'analyst')
  await console.addPerson('sasha', 'senior')
  await console.addPerson('rosa', 'auditor')
  await console.addPerson('adam', 'admin')
  aida = await console.signedIn('aida')
  sasha = await console.signedIn('sasha')
  rosa = await console.signedIn('rosa')
  adam = await console.signedIn('adam')
})
afterAll(async () => {
  await console?.close()
  await world?.close()
})

/** Bob's back office accepts for a customer of another name: held for NAME_MISMATCH. */
export async function mismatched(reference?: string): Promise<string> {
  const id = await authorize(world, {
    identity: IDENTITY,
    ...(reference !== undefined && { clientReference: reference }),
  })
  await world.settle()
  await world.bob.gateway().inbound.accept(call('bob'), id, HELD)
  await world.settle()
  return id
}
