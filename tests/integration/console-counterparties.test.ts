/** Counterparties over the console's API: risk and limits, changed keys that take two persons, and tasks that nobody decided in time. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { escalateTasks } from '../../src/app/escalate-tasks.ts'
import { cardOf, otherHouse } from '../support/cards.ts'
import {
  aida,
  ana,
  berik,
  look,
  marat,
  may,
  rosa,
  send,
  twin,
  world,
} from '../support/console-counterparties.ts'
import { ANSWERS } from '../support/questionnaire.ts'
import { authorize, call } from '../support/two-gateways.ts'

const TERMS = {
  perTransfer: null,
  perDay: { amount: '1000', currency: 'EUR' },
  riskFloor: 'high',
  restricted: true,
  reason: 'ANNUAL_REVIEW',
}
const NO_TERMS = { perTransfer: null, perDay: null, riskFloor: null, restricted: false, reason: 'OVER' }

describe('risk and limits', () => {
  it('are shown with what they come from, and what was sent today', async () => {
    await authorize(world, { fiat: { amount: '250', currency: 'EUR', pricedAt: new Date() } })
    const { terms, questionnaire } = await look(rosa)
    expect(terms).toMatchObject({
      risk: 'medium',
      riskFloor: null,
      limitsBy: 'none',
      day: { sums: [{ amount: '250', currency: 'EUR' }], unknown: 0 },
      restriction: null,
    })
    expect(terms.riskInputs).toContainEqual({ code: 'QUESTIONNAIRE_ABSENT', level: 'medium' })
    expect(questionnaire).toBeNull()
  })

  it('are set by a senior over what was seen, once, and taken back', async () => {
    const { etag } = await look(berik)
    const key = randomUUID()
    for (let round = 0; round < 2; round++)
      expect(await send(berik, 'counterparties/bob/terms', TERMS, etag, key)).toMatchObject({
        status: 200,
        json: {
          terms: {
            risk: 'high',
            riskFloor: { level: 'high', by: { subject: 'berik', name: 'berik by name' } },
            limitsBy: 'officer',
            perDay: { amount: '1000', currency: 'EUR' },
            restriction: { reason: 'ANNUAL_REVIEW' },
          },
        },
      })
    expect(await send(aida, 'counterparties/bob/terms', NO_TERMS, etag)).toMatchObject({
      status: 412,
      json: { code: 'HOLD_CHANGED' },
    })
    for (const browser of [ana, rosa])
      expect(
        await send(browser, 'counterparties/bob/terms', NO_TERMS, (await look(browser)).etag),
      ).toMatchObject({
        status: 403,
      })
    const after = await send(aida, 'counterparties/bob/terms', NO_TERMS, (await look(aida)).etag)
    expect(after.json.terms).toMatchObject({ risk: 'medium', limitsBy: 'none', restriction: null })
  })

  it('show the questionnaire that was answered', async () => {
    const given = { form: 'tamga-ddq/1', answers: ANSWERS, person: 'ana' }
    await world.alice.gateway().counterparties.recordQuestionnaire(call('alice'), 'bob', given)
    const { questionnaire, terms } = await look(rosa)
    expect(questionnaire).toMatchObject({ form: 'tamga-ddq/1', count: 1 })
    expect(questionnaire?.answers).toContainEqual(
      expect.objectContaining({ id: 'primary_regulator', answer: 'CSSF' }),
    )
    expect(terms.risk).toBe('low')
  })
})

describe('keys that changed', () => {
  const alarm = async (version: number) => {
    const card = await cardOf(await otherHouse('bob'), { vaspId: 'bob', version, country: 'FR' })
    await world.alice
      .gateway()
      .counterparties.importCard(call('alice'), card, 'ana')
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'CARD_ALARM' }))
    return (await look(ana)).tasks[0]
  }

  it('show what accepting them changes, and take two natural persons', async () => {
    const task = await alarm(2_000_000_000)
    expect(task).toMatchObject({
      kind: 'KEYS_CHANGED',
      state: 'open',
      keyChange: { said: [{ about: 'country', before: 'LU', after: 'FR' }] },
    })
    expect(task?.keyChange?.added).toHaveLength(2)
    expect(task?.keyChange?.revoked).toHaveLength(2)
    const listed = await rosa.get<{ items: { id: string; counterparty: { id: string } }[] }>(
      '/api/counterparty-tasks',
    )
    expect(listed.json.items).toMatchObject([{ id: task?.id, counterparty: { id: 'bob' } }])
    const path = `counterparty-tasks/${task?.id}`
    const accept = { decision: 'ACCEPT_KEYS', reason: 'COMPARED_BY_PHONE' }
    expect(may((await look(rosa)).tasks[0], 'decide-task')).toMatchObject({ allowed: false })
    expect((await send(rosa, `${path}/decide`, accept, (await look(rosa)).etag)).status).toBe(403)
    const { etag: seen } = await look(aida)
    const proposed = await send(aida, `${path}/decide`, accept, seen)
    expect(proposed.json.tasks).toMatchObject([{ state: 'proposed', decided: { by: { subject: 'aida' } } }])
    for (const browser of [aida, twin]) {
      const { etag, tasks } = await look(browser)
      expect(may(tasks[0], 'approve-task')).toMatchObject({ allowed: false, why: 'SECOND_PERSON_REQUIRED' })
      expect(await send(browser, `${path}/approve`, {}, etag)).toMatchObject({
        json: { code: 'SECOND_PERSON_REQUIRED' },
      })
    }
    expect(await send(berik, `${path}/approve`, {}, seen)).toMatchObject({ status: 412 })
    const { etag, tasks } = await look(berik)
    expect(may(tasks[0], 'approve-task')).toMatchObject({ allowed: true })
    const done = await send(berik, `${path}/approve`, {}, etag)
    expect(done.json.counterparty.suspension).toBeNull()
    expect(done.json.tasks).toEqual([])
    const current = done.json.keys.filter(({ state }) => state === 'current').map(({ kid }) => kid)
    expect(current.toSorted()).toEqual(task?.keyChange?.added.map(({ kid }) => kid).toSorted())
  })

  it('that nobody decided in time are the MLRO’s, and nobody else’s', async () => {
    const task = await alarm(2_000_000_001)
    expect(await escalateTasks(world.alice.parts(), 'alice')).toBe(0)
    await world.alice.database.pool.query(
      `update counterparty_tasks set deadline = now() - interval '1 hour' where id = $1`,
      [task?.id],
    )
    const counts = await Promise.all([1, 2].map(() => escalateTasks(world.alice.parts(), 'alice')))
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(1)
    const refuse = { decision: 'REFUSE_KEYS', reason: 'NOT_THEIRS' }
    const path = `counterparty-tasks/${task?.id}/decide`
    const shown = await look(berik)
    expect(shown.tasks).toMatchObject([{ overdue: true, escalatedAt: expect.any(String) }])
    expect(may(shown.tasks[0], 'decide-task')).toMatchObject({ allowed: false, why: 'PERSON_DENIED' })
    expect(await send(berik, path, refuse, shown.etag)).toMatchObject({ json: { code: 'PERSON_DENIED' } })
    const { etag, tasks } = await look(marat)
    expect(may(tasks[0], 'decide-task')).toMatchObject({ allowed: true })
    expect((await send(marat, path, refuse, etag)).json.tasks).toEqual([])
    const { rows } = await world.alice.database.pool.query(
      `select count(*)::int as n from audit_entries where entry like '%counterparty.task-escalated%'`,
    )
    expect(rows).toEqual([{ n: 1 }])
  })
})
