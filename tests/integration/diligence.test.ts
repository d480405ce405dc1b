/** Questionnaires and limits: what they make of transfers. */
import { describe, expect, test } from 'vitest'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import { bob, DAY, findings, officers, policy, terms, world } from '../support/diligence.ts'
import { ANSWERS } from '../support/questionnaire.ts'
import { authorize, call, decideHold, holdsOn, seen, withdrawal } from '../support/two-gateways.ts'

const usd = (amount: string) => ({ amount, currency: 'USD', pricedAt: new Date(0) })

const record = (answers: { readonly [id: string]: unknown }, form = 'tamga-ddq/1') =>
  officers().recordQuestionnaire(call('alice'), 'bob', { form, answers, person: 'ann' })

describe('a questionnaire', () => {
  test('is kept with who recorded it, and lowers the risk to what it says', async () => {
    expect((await bob()).risk).toMatchObject({ level: 'medium' })
    await record(ANSWERS)
    const { counterparty, risk } = await bob()
    expect(counterparty.diligence?.questionnaire).toMatchObject({
      answers: ANSWERS,
      recordedBy: 'person:ann',
    })
    expect(risk.level).toBe('low')
    await record({ ...ANSWERS, safeguards_pii: 'no' })
    expect((await bob()).risk).toMatchObject({
      level: 'high',
      inputs: expect.arrayContaining([{ code: 'ANSWER_SAFEGUARDS_PII', level: 'high' }]),
    })
    expect(await world.alice.parts().diligence.questionnaires('alice', 'bob')).toHaveLength(2)
    await record(ANSWERS)
  })

  test('that is not in order is refused, with what is wrong with each answer', async () => {
    const { shell_vasp: _, ...lacking } = ANSWERS
    const refused = record({ ...lacking, safeguards_pii: 'maybe', kyc_threshold: '1000', constructor: 'x' })
    await expect(refused).rejects.toMatchObject({
      code: 'QUESTIONNAIRE_INVALID',
      fields: [
        { field: 'answers.constructor' },
        { field: 'answers.shell_vasp' },
        { field: 'answers.safeguards_pii' },
        { field: 'answers.kyc_threshold' },
      ],
    })
    await expect(record(ANSWERS, 'tamga-ddq/0')).rejects.toMatchObject({
      code: 'QUESTIONNAIRE_INVALID',
      fields: [{ field: 'form', description: expect.stringContaining('tamga-ddq/1') }],
    })
    await expect(record({ ...ANSWERS, 'Ada Okafor, Lagos': 1 })).rejects.toMatchObject({
      fields: [{ field: 'answers.?' }],
    })
  })

  test('cannot be rewritten, by nobody', async () => {
    for (const text of [
      `update counterparty_questionnaires set answers = '{}'`,
      'delete from counterparty_questionnaires',
      'truncate counterparty_questionnaires',
    ])
      await expect(world.alice.database.pool.query(text)).rejects.toMatchObject({ constraint: 'append_only' })
  })
})

describe('limits', () => {
  test('for one transfer: what exceeds it is held with the limit named; a person lets it go', async () => {
    await terms({ limits: { perTransfer: { amount: '3000', currency: 'USD' } } })
    world.alice.restart()
    expect(await findings(await authorize(world, { fiat: usd('3000') }))).toEqual([])
    const id = await authorize(world, { fiat: usd('3000.01') })
    expect(await findings(id)).toEqual(['POLICY LIMIT_PER_TRANSFER'])
    const [held] = await holdsOn(world.alice, id)
    expect(held?.hold.finding.message).toBe('the limit for one transfer is 3000 USD')
    await decideHold(world.alice, id, 'release', { person: 'ann', reason: 'EXPLAINED' })
    await world.settle()
    expect((await seen(world.alice, id)).decision).toBe('PROCEED')
  })

  test('compare in another currency by the stored rate; a value that cannot be compared exceeds them', async () => {
    await terms({ limits: { perTransfer: { amount: '1000', currency: 'EUR' } } })
    world.alice.restart()
    expect(await findings(await authorize(world, { fiat: usd('1086') }))).toEqual([])
    expect(await findings(await authorize(world, { fiat: usd('1087') }))).toEqual([
      'POLICY LIMIT_PER_TRANSFER',
    ])
    const kzt = { amount: '1', currency: 'KZT', pricedAt: new Date(0) }
    expect(await findings(await authorize(world, { fiat: kzt }))).toContain(
      'POLICY LIMIT_PER_TRANSFER_UNKNOWN',
    )
  })

  test('for a day count what went before, and only that', async () => {
    world.clock.forward(2 * DAY)
    await terms({ limits: { perDay: { amount: '5000', currency: 'USD' } } })
    world.alice.restart()
    const [first, second, third] = [
      await authorize(world, { fiat: usd('3000') }),
      await authorize(world, { fiat: usd('2000') }),
      await authorize(world, { fiat: usd('1') }),
    ]
    await world.settle()
    expect(await findings(first)).toEqual([])
    expect(await findings(second)).toEqual([])
    expect(await findings(third)).toEqual(['POLICY LIMIT_PER_DAY'])
    await world.alice.gateway().transfers.cancel(call('alice'), first, 'CUSTOMER_REQUEST')
    expect(await findings(await authorize(world, { fiat: usd('2999') }))).toEqual([])
    await world.settle()
    world.clock.forward(DAY)
    expect(await findings(await authorize(world, { fiat: usd('4999') }))).toEqual([])
    await world.settle()
  })

  test('hold an inbound transfer that exceeds them before it is answered, and each direction counts for itself', async () => {
    world.clock.forward(2 * DAY)
    await terms({})
    await world.bob.gateway().counterparties.setTerms(call('bob'), 'alice', {
      limits: {
        perTransfer: { amount: '4000', currency: 'USD' },
        perDay: { amount: '5000', currency: 'USD' },
      },
      restricted: false,
      reason: 'REVIEWED',
      person: 'ben',
    })
    world.alice.restart()
    world.bob.restart()
    const inbound = async (fiat: string) => {
      const id = await authorize(world, { fiat: usd(fiat) })
      await world.settle()
      const { transfer } = await seen(world.bob, id)
      return [
        transfer.state,
        ...openHolds(transfer).map(({ reason, finding }) => `${reason} ${finding.code}`),
      ]
    }
    expect(await inbound('3000')).toEqual(['accepted'])
    expect(await inbound('2000')).toEqual(['accepted'])
    expect(await inbound('1')).toEqual(['review', 'POLICY LIMIT_PER_DAY'])
    expect(await inbound('4001')).toEqual(['review', 'POLICY LIMIT_PER_TRANSFER_AND_LIMIT_PER_DAY'])
    const { value } = await world.bob
      .gateway()
      .transfers.authorize(call('bob'), withdrawal({ counterparty: { vaspId: 'alice' }, fiat: usd('3999') }))
    expect(openHolds(value.transfer)).toEqual([])
    await world.settle()
    await world.bob.gateway().counterparties.setTerms(call('bob'), 'alice', {
      restricted: false,
      reason: 'REVIEWED',
      person: 'ben',
    })
    world.bob.restart()
    await terms({ limits: { perDay: { amount: '5000', currency: 'USD' } } })
    world.alice.restart()
  })

  test('for a day hold by the time of the permit, when two slipped in side by side', async () => {
    world.clock.forward(2 * DAY)
    world.cut = true
    const ids = await Promise.all([1, 2, 3, 4].map(() => authorize(world, { fiat: usd('3000') })))
    world.cut = false
    await world.settle()
    const permits = await Promise.all(ids.map(async (id) => (await seen(world.alice, id)).transfer.permit))
    expect(permits.filter((permit) => permit !== undefined).length).toBeLessThanOrEqual(1)
    for (const id of ids)
      if ((await seen(world.alice, id)).decision !== 'PROCEED')
        expect(await findings(id)).toEqual(['POLICY LIMIT_PER_DAY'])
  })

  test('by risk come from policy, and an officer’s own take their place', async () => {
    world.clock.forward(2 * DAY)
    policy({ limits: { low: { perTransfer: { amount: '100', currency: 'USD' } }, high: {} } })
    await terms({})
    world.alice.restart()
    expect((await bob()).limits).toEqual({ perTransfer: { amount: '100', currency: 'USD' } })
    expect(await findings(await authorize(world, { fiat: usd('101') }))).toEqual([
      'POLICY LIMIT_PER_TRANSFER',
    ])
    await terms({ riskFloor: 'high' })
    expect((await bob()).limits).toEqual({})
    await terms({})
    policy({})
    world.alice.restart()
  })
})
