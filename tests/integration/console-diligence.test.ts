/** Due diligence over the console's API, and whether a counterparty answers. */
import { describe, expect, it } from 'vitest'
import type { Browser } from '../support/console.ts'
import { ana, berik, look, rosa, send, world } from '../support/console-counterparties.ts'
import { call } from '../support/two-gateways.ts'

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
