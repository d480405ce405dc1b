/** Lists, restrictions and lapsed proofs: what they make of transfers, and what people decide about them. */
import { describe, expect, test } from 'vitest'
import { lapses } from '../../src/app/failing.ts'
import { reconsider } from '../../src/app/reconsider.ts'
import { bob, DAY, findings, officers, policy, terms, world } from '../support/diligence.ts'
import { authorize, call, seen } from '../support/two-gateways.ts'

describe('standing', () => {
  test('a country to be looked at, and a restriction, hold for a person, both told in one hold', async () => {
    policy({ reviewCountries: ['LU', 'KZ', 'DE'] })
    await terms({ restricted: true, reason: 'SLOW_ANSWERS' })
    world.alice.restart()
    const country = (await bob()).counterparty.country
    policy({ reviewCountries: [country] })
    expect(await findings(await authorize(world))).toEqual([
      'POLICY JURISDICTION_REVIEW_AND_COUNTERPARTY_RESTRICTED',
    ])
    expect((await bob()).risk.level).toBe('high')
    policy({})
    await terms({})
    world.alice.restart()
  })

  test('a proof that lapses stops the next transfer only, unless policy has it reach the open ones', async () => {
    const fill = async () => {
      const id = await authorize(world)
      await world.settle()
      return id
    }
    const open = await fill()
    const sweep = lapses(world.alice.parts(), (vaspId, id) => reconsider(world.alice.parts(), vaspId, id))
    await world.alice.database.pool.query(
      `update counterparty_proofs set expires_at = $1 where kind = 'licence' and counterparty_id = 'bob'`,
      [new Date(world.clock.now().getTime() - 1_000)],
    )
    await sweep()
    expect((await seen(world.alice, open)).decision).toBe('PROCEED')
    policy({ lapsedProofs: 'open-transfers' })
    const again = lapses(world.alice.parts(), (vaspId, id) => reconsider(world.alice.parts(), vaspId, id))
    await again()
    expect(await findings(open)).toEqual(['COUNTERPARTY_UNVERIFIED MISSING_LICENCE'])
    expect((await seen(world.alice, open)).decision).toBe('WAIT')
    const expiresAt = new Date(world.clock.now().getTime() + 300 * DAY * 1000)
    world.clock.forward(1)
    await officers().verify(call('alice'), 'bob', [{ kind: 'licence', reference: 'new', expiresAt }], 'ann')
    expect((await seen(world.alice, open)).decision).toBe('PROCEED')
    policy({})
    await world.settle()
  })
})
