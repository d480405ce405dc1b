/** Counterparties over the console's API: risk and limits, changed keys that take two persons, and tasks that nobody decided in time. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { escalateTasks } from '../../src/app/escalate-tasks.ts'
import { cardOf, otherHouse } from '../support/cards.ts'
import { type Browser, openConsole, type TestConsole } from '../support/console.ts'
import { authorize, call, introduce, twoGateways, type World } from '../support/two-gateways.ts'

interface TaskJson {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly overdue: boolean
  readonly escalatedAt: string | null
  readonly decided: { readonly by: { readonly subject: string } } | null
  readonly keyChange: {
    readonly added: readonly { readonly kid: string }[]
    readonly revoked: readonly { readonly kid: string }[]
    readonly said: readonly { readonly about: string; readonly before: string; readonly after: string }[]
  } | null
  readonly actions: readonly { action: string; allowed: boolean; why: string | null }[]
}
interface Detail {
  readonly etag: string
  readonly code?: string
  readonly fields?: readonly { readonly field: string }[]
  readonly counterparty: {
    readonly verdict: string
    readonly suspension: { reason: string } | null
    readonly proofs: readonly object[]
  }
  readonly keys: readonly { readonly kid: string; readonly state: string }[]
  readonly terms: {
    readonly risk: string
    readonly riskInputs: readonly { code: string; level: string }[]
    readonly riskFloor: { level: string; by: { subject: string; name: string } } | null
    readonly limitsBy: string
    readonly perDay: { amount: string; currency: string } | null
    readonly day: { readonly sums: readonly { amount: string; currency: string }[]; readonly unknown: number }
    readonly restriction: { reason: string } | null
  }
  readonly questionnaire: { form: string; count: number; answers: { id: string; answer: string }[] } | null
  readonly tasks: readonly TaskJson[]
}

const MLROS = [{ subject: 'marat', deputies: [] }]
let world: World
let console: TestConsole
let ana: Browser
let aida: Browser
let twin: Browser
let berik: Browser
let marat: Browser
let rosa: Browser

beforeAll(async () => {
  world = await twoGateways({ alice: { mlros: MLROS } })
  await introduce(world)
  console = await openConsole(world.alice)
  const open = async (subject: string, role: Parameters<TestConsole['addPerson']>[1], person?: string) => {
    await console.addPerson(subject, role, person === undefined ? {} : { person })
    return console.signedIn(subject)
  }
  ana = await open('ana', 'analyst')
  aida = await open('aida', 'senior', 'p-1')
  twin = await open('twin', 'senior', 'p-1')
  berik = await open('berik', 'senior')
  marat = await open('marat', 'mlro')
  rosa = await open('rosa', 'auditor')
})
afterAll(async () => {
  await console?.close()
  await world?.close()
})

const look = async (browser: Browser) => (await browser.get<Detail>('/api/counterparties/bob')).json
const send = (browser: Browser, path: string, body: unknown, tag: string, key = randomUUID()) =>
  browser.send<Detail>('POST', `/api/${path}`, body, { 'if-match': `"${tag}"`, 'idempotency-key': key })
const may = (task: TaskJson | undefined, name: string) => task?.actions.find(({ action }) => action === name)
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
    const answers = {
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
    const given = { form: 'tamga-ddq/1', answers, person: 'ana' }
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

describe('due diligence', () => {
  interface Form {
    readonly form: string
    readonly questions: readonly { readonly id: string; readonly type: string; readonly required: boolean }[]
  }
  const FIRST: Readonly<Record<string, string>> = { country: 'LU', text: 'CSSF' }
  const answersOf = ({ questions }: Form) =>
    Object.fromEntries(
      questions.filter(({ required }) => required).map(({ id, type }) => [id, FIRST[type] ?? 'yes']),
    )
  const newest = async () => {
    const [form] = (await rosa.get<{ items: Form[] }>('/api/questionnaire-forms')).json.items
    if (form === undefined) throw new Error('there is no form')
    return form
  }
  const record = async (browser: Browser, more: object = {}, tag?: string) => {
    const form = await newest()
    const body = { form: form.form, answers: { ...answersOf(form), ...more } }
    return send(browser, 'counterparties/bob/questionnaire', body, tag ?? (await look(rosa)).etag)
  }
  const days = (count: number) =>
    new Date(world.clock.now().getTime() + count * 86_400_000).toISOString().replace(/\d{3}Z$/, '000Z')
  const word = { kind: 'due_diligence', reference: 'memo 7', documentSha256: null, perimeter: null }
  const attest = async (browser: Browser, more: object = {}, tag?: string) =>
    send(
      browser,
      'counterparties/bob/attest',
      { attestations: [{ ...word, expiresAt: days(300), ...more }] },
      tag ?? (await look(rosa)).etag,
    )

  it('is recorded by an analyst over what was seen, and kept with the answers before', async () => {
    const count = (await look(rosa)).questionnaire?.count ?? 0
    const seen = (await look(ana)).etag
    const done = await record(ana, { record_keeping_years: '7', data_countries: ['LU', 'DE'] }, seen)
    expect(done).toMatchObject({ status: 200, json: { questionnaire: { count: count + 1 } } })
    expect(done.json.questionnaire?.answers).toContainEqual(
      expect.objectContaining({ id: 'data_countries', answer: 'LU, DE' }),
    )
    expect(await record(ana, {}, seen)).toMatchObject({ status: 412, json: { code: 'HOLD_CHANGED' } })
  })

  it('refuses answers that are wrong, each by its name, and a form that nobody knows', async () => {
    const refused = await record(ana, { primary_national_jurisdiction: 'Luxembourg', shell_vasp: 'perhaps' })
    expect(refused).toMatchObject({ status: 400, json: { code: 'QUESTIONNAIRE_INVALID' } })
    const named = refused.json.fields?.map(({ field }) => field)
    expect(named?.toSorted()).toEqual(['answers.primary_national_jurisdiction', 'answers.shell_vasp'])
    const { etag } = await look(rosa)
    const unknown = { form: 'other/9', answers: {} }
    expect(await send(ana, 'counterparties/bob/questionnaire', unknown, etag)).toMatchObject({
      status: 400,
      json: { code: 'QUESTIONNAIRE_INVALID' },
    })
  })

  it('is attested by a senior, with evidence and until when', async () => {
    const seen = (await look(berik)).etag
    const documentSha256 = 'ab'.repeat(32)
    const expiresAt = days(300)
    const done = await attest(berik, { documentSha256, expiresAt }, seen)
    expect(done.status).toBe(200)
    expect(done.json.counterparty.proofs).toContainEqual(
      expect.objectContaining({
        kind: 'due_diligence',
        source: 'person:berik',
        reference: 'memo 7',
        expiresAt,
      }),
    )
    expect(await attest(berik, {}, seen)).toMatchObject({ status: 412, json: { code: 'HOLD_CHANGED' } })
    const { proofs } = (await world.alice.gateway().counterparties.get(call('alice').caller, 'bob'))
      .counterparty
    expect(proofs.find(({ kind }) => kind === 'due_diligence')).toMatchObject({ documentSha256 })
  })

  it('refuses an attestation in the past, beyond two years, without evidence, or of what is no attestation’s', async () => {
    for (const [more, field] of [
      [{ expiresAt: days(-1) }, 'attestations.0.expiresAt'],
      [{ expiresAt: days(740) }, 'attestations.0.expiresAt'],
      [{ reference: '  ' }, 'reference'],
      [{ documentSha256: 'x' }, 'documentSha256'],
      [{ perimeter: 'AIFC' }, 'perimeter'],
      [{ kind: 'identity' }, 'kind'],
    ] as const) {
      const { status, json } = await attest(berik, more)
      const { code, fields = [] } = json
      expect({ status, code, at: fields.some((one) => one.field.endsWith(field)) }).toEqual({
        status: 400,
        code: 'REQUEST_INVALID',
        at: true,
      })
    }
  })

  it('is for whom the table of roles names, and every request says what was seen', async () => {
    for (const act of [record, attest])
      expect(await act(rosa)).toMatchObject({ status: 403, json: { code: 'PERSON_DENIED' } })
    expect(await attest(ana)).toMatchObject({ status: 403, json: { code: 'PERSON_DENIED' } })
    const path = '/api/counterparties/bob/attest'
    const body = { attestations: [{ ...word, expiresAt: days(300) }] }
    expect(await berik.send('POST', path, body)).toMatchObject({ status: 428 })
  })
})

describe('whether it answers', () => {
  const circuit = async () => {
    const { json } = await rosa.get<{ circuit: object }>('/api/counterparties/bob')
    const { items } = (await rosa.get<{ items: { id: string; circuit: object }[] }>('/api/counterparties'))
      .json
    // The list says the same.
    expect(items.find(({ id }) => id === 'bob')?.circuit).toEqual(json.circuit)
    return json.circuit
  }
  const set = (columns: string) =>
    world.alice.database.pool.query(
      `insert into counterparty_circuits (vasp_id, counterparty_id, message_jti, suspected_at)
       values ('alice', 'bob', 'm', '2026-01-01T00:00:00Z') on conflict (vasp_id, counterparty_id) do nothing;
       update counterparty_circuits set ${columns} where vasp_id = 'alice' and counterparty_id = 'bob'`,
    )

  it('is told to whoever reads counterparties, with since when and when it is pinged next', async () => {
    expect(await circuit()).toEqual({ condition: 'unsuspected', since: null, nextPingAt: null })
    await set(`next_ping_at = '2026-01-01T00:00:15Z'`)
    expect(await circuit()).toEqual({
      condition: 'suspected',
      since: '2026-01-01T00:00:00.000Z',
      nextPingAt: '2026-01-01T00:00:15.000Z',
    })
    await set(`opened_at = '2026-01-01T00:00:25Z'`)
    expect(await circuit()).toMatchObject({ condition: 'silent', since: '2026-01-01T00:00:25.000Z' })
    await set(`opened_at = null, next_ping_at = null, heard_at = '2026-01-01T00:01:00Z'`)
    expect(await circuit()).toEqual({
      condition: 'unsuspected',
      since: '2026-01-01T00:01:00.000Z',
      nextPingAt: null,
    })
  })
})
