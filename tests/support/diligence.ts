/** Two gateways for what people know about counterparties, begun before the tests of whichever file imports this. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Terms } from '../../src/app/gateway.ts'
import type { CounterpartyPolicy } from '../../src/domain/counterparty/policy.ts'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import { call, introduce, seen, twoGateways, type World } from './two-gateways.ts'

export const DAY = 86_400

export let world: World
beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
})
afterAll(() => world?.close())

let isLossy = false
beforeEach(() => (isLossy ? undefined : world.settle()))

/** What is lost from now on is told to the other side for days: no test waits for it. */
export function keepLosses(): void {
  isLossy = true
}

export const officers = () => world.alice.gateway().counterparties
export const bob = () => officers().get({ vaspId: 'alice', role: 'console' }, 'bob')
export const policy = (given: CounterpartyPolicy) =>
  Object.assign(world.alice.parts().vasps.get('alice')?.policy ?? {}, { counterparties: given })
export const terms = async (given: Partial<Terms>) => {
  await officers().setTerms(call('alice'), 'bob', {
    restricted: false,
    reason: 'REVIEWED',
    person: 'ann',
    ...given,
  })
}

export const findings = async (id: string) =>
  openHolds((await seen(world.alice, id)).transfer).map(({ reason, finding }) => `${reason} ${finding.code}`)
