/** Which VASP a hint belongs to: with evidence, or nobody. And a suspension that nothing escapes. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CounterpartyHint } from '../../src/app/gateway.ts'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import { encodeTravelAddress } from '../../src/domain/travel-address.ts'
import { cardOf, otherHouse } from '../support/cards.ts'
import {
  authorize,
  call,
  introduce,
  seen,
  twoGateways,
  type World,
  withdrawal,
} from '../support/two-gateways.ts'

const LEI = '5493001KJTIIGC8Y1R12'
const CAROL_LEI = '529900T8BM49AURSDO55'
let world: World

const counterparties = () => world.alice.gateway().counterparties
const lookup = (hint: CounterpartyHint) => counterparties().lookup({ vaspId: 'alice', role: 'console' }, hint)
const importing = (card: string) => counterparties().importCard(call('alice'), card, 'officer')

function travelAddress(uri: string): string {
  const made = encodeTravelAddress(uri, (bytes) => createHash('sha256').update(bytes).digest())
  if ('problem' in made) throw new Error(made.problem)
  return made.address
}

/** What holds a new transfer with this hint, and with whom it would be. */
async function held(hint: CounterpartyHint) {
  const id = await authorize(world, { counterparty: hint })
  const { transfer } = await seen(world.alice, id)
  return [transfer.counterpartyId, ...openHolds(transfer).map(({ finding }) => finding.code)]
}

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
  const house = await otherHouse('carol', 'dave', 'erin')
  const trp = (host: string) => [{ protocol: 'trp' as const, url: `https://${host}/trp` }]
  await importing(await cardOf(house, { vaspId: 'carol', lei: CAROL_LEI, reach: trp('trp.carol.com') }))
  await importing(await cardOf(house, { vaspId: 'dave', lei: LEI, reach: trp('shared.com') }))
  await importing(
    await cardOf(house, {
      vaspId: 'erin',
      lei: LEI,
      reach: [...trp('shared.com'), { protocol: 'trisa', endpoint: 'trisa.erin.com:443' }],
    }),
  )
})
afterAll(() => world?.close())

describe('a lookup', () => {
  test('by what the card says is of middling confidence, with the card as evidence', async () => {
    for (const hint of [
      { lei: CAROL_LEI },
      { domain: 'trp.carol.com' },
      { travelAddress: travelAddress('trp.carol.com/a/1?t=i') },
    ]) {
      const found = await lookup(hint)
      expect(found).toMatchObject({ counterparty: { id: 'carol' }, confidence: 'MEDIUM' })
      expect(found.evidence.map(({ source }) => source)).toEqual(['card'])
    }
    expect(await lookup({ domain: 'trisa.erin.com' })).toMatchObject({ counterparty: { id: 'erin' } })
  })

  test('by VASP id is certain', async () => {
    expect(await lookup({ vaspId: 'bob' })).toMatchObject({ confidence: 'HIGH' })
  })

  test('of what nobody claims, or a card does not name exactly, finds nobody', async () => {
    for (const hint of [
      { domain: 'carol.com' },
      { domain: 'x.trp.carol.com' },
      { domain: 'example.com' },
      { lei: '213800WAVVOPS85N2205' },
      { travelAddress: travelAddress('10.0.0.1?t=i') },
      { travelAddress: travelAddress('localhost?t=i') },
    ])
      await expect(lookup(hint)).rejects.toMatchObject({ code: 'COUNTERPARTY_NOT_FOUND' })
  })

  test('of what two claim finds neither, and names both', async () => {
    for (const hint of [{ lei: LEI }, { domain: 'shared.com' }]) {
      const refused = lookup(hint)
      await expect(refused).rejects.toMatchObject({ code: 'COUNTERPARTY_AMBIGUOUS' })
      await expect(refused).rejects.toThrow('dave, erin')
    }
  })

  test('a register’s word covers what lies below its domain, and a card that no longer names a host loses it', async () => {
    const house = await otherHouse('frank')
    const card = (version: number, host: string) =>
      cardOf(house, { vaspId: 'frank', version, reach: [{ protocol: 'trp', url: `https://${host}/x` }] })
    await importing(await card(1, 'old.frank.com'))
    await importing(await card(2, 'new.frank.com'))
    await expect(lookup({ domain: 'old.frank.com' })).rejects.toMatchObject({
      code: 'COUNTERPARTY_NOT_FOUND',
    })
    const current = await world.alice.parts().counterparties.find('alice', 'frank')
    if (current === undefined) throw new Error('frank is there')
    await world.alice.parts().counterparties.save({
      vaspId: 'alice',
      previousVersion: current.version,
      next: { ...current, version: current.version + 1 },
      domains: { source: 'esma', reference: 'row 7', names: ['frank.com'] },
      outbox: [],
      audit: [],
    })
    expect(await lookup({ domain: 'new.frank.com' })).toMatchObject({ confidence: 'HIGH' })
    expect(await lookup({ domain: 'deep.below.frank.com' })).toMatchObject({ confidence: 'HIGH' })
  })

  test('by account knows whom settled transfers went to', async () => {
    const { asset, destination } = withdrawal()
    const account = { asset, destination: destination.replace('0xab', '0xcd') }
    await expect(lookup({ account })).rejects.toMatchObject({ code: 'COUNTERPARTY_NOT_FOUND' })
    const id = await authorize(world, account)
    await world.settle()
    expect(await lookup({ account })).toMatchObject({ counterparty: { id: 'bob' }, confidence: 'LOW' })
    await world.alice.gateway().transfers.reportSettlement(call('alice'), id, '0x1')
    const found = await lookup({ account })
    expect(found).toMatchObject({ counterparty: { id: 'bob' }, confidence: 'MEDIUM' })
    expect(found.evidence[0]?.reference).toBe('1 settled transfer(s)')
    const other = { ...account, tag: '7' }
    await expect(lookup({ account: other })).rejects.toMatchObject({ code: 'COUNTERPARTY_NOT_FOUND' })
  })
})

describe('an authorisation', () => {
  test('goes to the one VASP that its hint leads to, and says by what', async () => {
    const unverified = 'MISSING_LICENCE_AND_REACHABILITY_AND_DUE_DILIGENCE'
    expect(await held({ domain: 'trp.carol.com' })).toEqual(['carol', unverified])
    expect(await held({ travelAddress: travelAddress('trp.carol.com?t=i') })).toEqual(['carol', unverified])
    expect(await held({ lei: CAROL_LEI, domain: 'trp.carol.com' })).toEqual(['carol', unverified])
    const { rows } = await world.alice.database.pool.query(
      `select data from transfer_events where type = 'created' order by seq desc limit 1`,
    )
    expect(rows[0]).toEqual({ data: { counterparty_by: 'LEI DOMAIN', confidence: 'MEDIUM' } })
  })

  test('is held when its hint leads to nobody, to several, or contradicts itself', async () => {
    expect(await held({ domain: 'example.com' })).toEqual([undefined, 'HINT_UNMATCHED'])
    expect(await held({})).toEqual([undefined, 'HINT_UNMATCHED'])
    expect(await held({ domain: 'shared.com' })).toEqual([undefined, 'HINT_AMBIGUOUS'])
    expect(await held({ vaspId: 'bob', lei: CAROL_LEI })).toEqual([undefined, 'HINT_AMBIGUOUS'])
    expect(await held({ vaspId: 'nobody' })).toEqual(['nobody', 'NO_CARD'])
  })

  test('without a hint goes by the account only where policy says so', async () => {
    const { asset, destination } = withdrawal()
    const account = { asset, destination: destination.replace('0xab', '0xcd') }
    const given = { ...account, counterparty: {} }
    const who = async () => (await seen(world.alice, await authorize(world, given))).transfer.counterpartyId
    expect(await who()).toBeUndefined()
    const vasp = world.alice.parts().vasps.get('alice')
    Object.assign(vasp?.policy ?? {}, { counterparties: { discoverByAccount: true } })
    expect(await who()).toBe('bob')
  })
})

describe('a suspension', () => {
  test('lets nothing escape that another replica was about to begin, and does not wait for it', async () => {
    const other = world.alice.gateway()
    world.alice.restart()
    // This replica has looked at bob just now, and goes by that for another second.
    await Promise.all([1, 2, 3].map(() => authorize(world)))
    const under = [1, 2, 3, 4].map(() => authorize(world))
    const { transfersHeld } = await other.counterparties.suspend(call('alice'), 'bob', 'DOUBTS', 'officer')
    expect(await open()).toEqual([])
    await Promise.all([...under, ...[1, 2, 3, 4].map(() => authorize(world))])
    expect(await open()).toEqual([])
    expect(transfersHeld).toBeGreaterThanOrEqual(3)
  })

  /** Open transfers with bob that no suspension holds. */
  async function open() {
    const { rows } = await world.alice.database.pool.query(
      `select t.id from transfers t
        where t.counterparty_id = 'bob' and t.state in ('started', 'pending', 'review', 'repair', 'accepted')
          and not exists (select from holds h where h.transfer_id = t.id and h.state = 'open'
                                                and h.reason = 'COUNTERPARTY_SUSPENDED')`,
    )
    return rows
  }

  test('is kept by the database, whatever a writer believes', async () => {
    const id = await authorize(world, { counterparty: { vaspId: 'bob' } })
    const copy = `insert into transfers select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()))).* from transfers t where id = $1`
    await expect(world.alice.database.pool.query(copy, [id])).rejects.toMatchObject({
      constraint: 'transfers_counterparty_free',
    })
  })
})
