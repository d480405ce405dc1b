/** Questionnaires, limits, risk, lists, failures: what they make of transfers, and what people decide about them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findFailing, lapses } from '../../src/app/failing.ts'
import type { Terms } from '../../src/app/gateway.ts'
import { reconsider } from '../../src/app/reconsider.ts'
import type { CounterpartyPolicy } from '../../src/domain/counterparty/policy.ts'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import {
  authorize,
  call,
  holdsOn,
  introduce,
  seen,
  twoGateways,
  type World,
  withdrawal,
} from '../support/two-gateways.ts'

const DAY = 86_400
const ANSWERS = {
  primary_national_jurisdiction: 'LU',
  primary_regulator: 'CSSF',
  shell_vasp: 'no',
  must_comply_travel_rule: 'yes',
  safeguards_pii: 'yes',
  conducts_customer_kyc: 'yes',
  sanctions_screening: 'yes',
  has_required_regulatory_program: 'yes',
  anonymity_enhanced_assets: 'no',
}
let world: World
beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
})
afterAll(() => world?.close())
let isLossy = false
beforeEach(() => (isLossy ? undefined : world.settle()))

const officers = () => world.alice.gateway().counterparties
const bob = () => officers().get({ vaspId: 'alice', role: 'console' }, 'bob')
const policy = (given: CounterpartyPolicy) =>
  Object.assign(world.alice.parts().vasps.get('alice')?.policy ?? {}, { counterparties: given })
const terms = async (given: Partial<Terms>) => {
  await officers().setTerms(call('alice'), 'bob', {
    restricted: false,
    reason: 'REVIEWED',
    person: 'ann',
    ...given,
  })
}
const usd = (amount: string) => ({ amount, currency: 'USD', pricedAt: new Date(0) })
const findings = async (id: string) =>
  openHolds((await seen(world.alice, id)).transfer).map(({ reason, finding }) => `${reason} ${finding.code}`)
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
    await world.alice.gateway().review.release(call('alice', { role: 'console' }), {
      holdId: held?.hold.id ?? '',
      person: 'ann',
      reason: 'EXPLAINED',
      note: 'seen',
      seenHash: held?.seenHash ?? '',
    })
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

describe('failures', () => {
  // What is lost here is told to bob for days.
  beforeAll(async () => {
    await world.close()
    world = await twoGateways()
    await introduce(world)
  })

  test('are counted by their definitions, in the period, from what was recorded', async () => {
    const from = world.clock.now()
    world.clock.forward(1)
    const answered = await authorize(world)
    await world.settle()
    world.cut = true
    isLossy = true
    const silent = await authorize(world)
    world.cut = false
    await world.later(1_000)
    world.clock.forward(1)
    const { figures, basis, counterparty, steps } = await officers().report(
      { vaspId: 'alice', role: 'auditor' },
      'bob',
      from,
      world.clock.now(),
    )
    const value = Object.fromEntries(figures.map((figure) => [figure.name, figure.value]))
    expect(value).toMatchObject({
      outbound_sent: 2,
      outbound_answered: 1,
      silent: 1,
      late: 0,
      missing: 0,
      failures: 1,
      failure_percent: 50,
    })
    expect((await seen(world.alice, answered)).transfer.state).toBe('accepted')
    expect((await seen(world.alice, silent)).transfer.state).toBe('expired')
    expect(figures.every(({ definition }) => definition.length > 10)).toBe(true)
    expect(basis.join()).toContain('17(2)')
    expect(counterparty.id).toBe('bob')
    expect(steps).toEqual([])
  })

  test('that repeat hold what comes, ask a person, and are judged from then on', async () => {
    policy({ failures: { windowDays: 30, failures: 1, percent: 1 } })
    const from = new Date(world.clock.now().getTime() - 3_600_000)
    await Promise.all([findFailing(world.alice.parts()), findFailing(world.alice.parts())])
    world.alice.restart()
    const { tasks } = await bob()
    expect(tasks).toMatchObject([{ kind: 'REPEATED_FAILURE', state: 'open', finding: { silent: 1 } }])
    const [task] = tasks
    if (task === undefined) throw new Error('there is a task')
    expect(task.deadline.getTime() - task.openedAt.getTime()).toBe(90 * DAY * 1000)
    const held = await authorize(world)
    expect(await findings(held)).toEqual(['POLICY REPEATED_FAILURE'])
    const decide = (decision: 'WARN' | 'ACCEPT_KEYS', person = 'ann') =>
      officers().decideTask(call('alice'), task.id, {
        decision,
        reason: 'LETTER_SENT',
        reference: 'L-7',
        person,
      })
    await expect(decide('ACCEPT_KEYS')).rejects.toMatchObject({ code: 'TASK_DECISION_UNFIT' })
    await decide('WARN')
    await expect(decide('WARN')).rejects.toMatchObject({ code: 'TASK_DONE' })
    world.alice.restart()
    world.clock.forward(1)
    await findFailing(world.alice.parts())
    expect((await bob()).tasks).toEqual([])
    expect(await findings(await authorize(world))).toEqual([])
    const report = await officers().report(
      { vaspId: 'alice', role: 'auditor' },
      'bob',
      from,
      new Date(Date.now() + 40 * DAY * 1000),
    )
    expect(report.steps.map(({ kind }) => kind)).toEqual([
      'counterparty.failing',
      'counterparty.task-decided',
    ])
    expect(report.steps[1]?.data).toMatchObject({ decision: 'WARN', reference: 'L-7' })
    expect(report.reportBy?.getTime()).toBe(task.deadline.getTime())
    policy({})
  })
})
