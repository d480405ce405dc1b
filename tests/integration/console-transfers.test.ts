/** A transfer's page, what it hides and reveals, how transfers are found, and the house's pages: over the console's API. */
import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { indexTransfers } from '../../src/app/console/search.ts'
import { postgresSearchIndex } from '../../src/postgres/console/search-index.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import {
  type Browser,
  type LiveEvent,
  openConsole,
  readEvents,
  type TestConsole,
} from '../support/console.ts'
import { identityPayload } from '../support/identity.ts'
import { authorize, call, introduce, seen, twoGateways, type World } from '../support/two-gateways.ts'

let world: World
let console: TestConsole
let aida: Browser
let sasha: Browser
let rosa: Browser
let adam: Browser

const SECRET_NAME = 'Тлеубекова'
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
const ADDRESS = 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'

interface Page {
  readonly items: readonly { id: string; matchedBy: string | null; decision: string; sharedBy?: string }[]
  readonly total: number
}

interface TimelineJson {
  readonly kind: string
  readonly type: string
  readonly message: Record<string, unknown> | null
}

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
async function mismatched(reference?: string): Promise<string> {
  const id = await authorize(world, {
    identity: IDENTITY,
    ...(reference !== undefined && { clientReference: reference }),
  })
  await world.settle()
  await world.bob.gateway().inbound.accept(call('bob'), id, HELD)
  await world.settle()
  return id
}

async function indexed(): Promise<void> {
  const parts = world.bob.parts()
  const index = postgresSearchIndex(world.bob.database.pool, fieldVault(world.bob.keyStore))
  while (await indexTransfers({ ...parts, index }));
}

describe('the page of a transfer', () => {
  it('shows three tracks, the comparison, the holds, the messages with their signatures, and what may be done', async () => {
    const id = await mismatched()
    const { status, json, etag } = await aida.get<{ timeline: TimelineJson[] }>(`/api/transfers/${id}`)
    expect(status).toBe(200)
    expect(etag).toMatch(/^"v\d+"$/)
    expect(json).toMatchObject({
      transfer: {
        id,
        direction: 'inbound',
        counterparty: { id: 'alice' },
        decision: 'WAIT',
        openHolds: ['NAME_MISMATCH'],
      },
      tracks: {
        exchange: { state: 'review' },
        decision: { decision: 'WAIT', permit: null },
        case: {
          state: 'open',
          openHolds: 1,
          waits: { on: 'person', clock: 'hold', outcome: 'KEEP_HOLDING' },
        },
      },
      counterparty: { verdict: 'VERIFIED' },
      comparison: { compared: true, outcome: 'review' },
      holds: [{ reason: 'NAME_MISMATCH', approvalsRequired: 1 }],
    })
    const { timeline } = json
    const request = timeline.find(({ type }) => type === 'transfer.request')
    expect(request?.message).toMatchObject({
      direction: 'received',
      signer: 'alice',
      signature: 'verified',
      receipt: { outcome: 'stored' },
    })
    expect(timeline.map(({ type }) => type)).toEqual(expect.arrayContaining(['created', 'hold-opened']))
  })

  it('compares field by field: equal, different, missing; and says in which script', async () => {
    const id = await mismatched()
    const { json } = await aida.get<{
      comparison: {
        fields: { label: string; party: string; verdict: string; sent: { scripts: string[] } | null }[]
      }
    }>(`/api/transfers/${id}`)
    const family = json.comparison.fields.filter(
      ({ label, party }) =>
        party === 'beneficiary' && label.endsWith('localNameIdentifier.primaryIdentifier'),
    )
    expect(family.map(({ verdict }) => verdict)).toContain('review')
    expect(family[0]?.sent?.scripts).toEqual(['Cyrl'])
    const given = json.comparison.fields.find(
      ({ label, party }) => party === 'beneficiary' && label.endsWith('nameIdentifier.secondaryIdentifier'),
    )
    expect(given?.verdict).toBe('equal')
    expect(
      json.comparison.fields
        .filter(({ party }) => party === 'originator')
        .every(({ verdict }) => verdict === 'not-comparable'),
    ).toBe(true)
  })

  it('has no personal data before it is revealed, on any page', async () => {
    const id = await mismatched()
    const texts = await Promise.all(
      [
        `/api/transfers/${id}`,
        '/api/transfers?limit=200',
        '/api/holds?limit=200',
        `/api/transfers/${id}/related`,
        `/api/transfers/${id}/evidence`,
      ].map(async (path) => (await sasha.get(path)).text),
    )
    for (const text of texts)
      for (const word of [SECRET_NAME, 'Tleubekova', 'Kowalska', ADDRESS.slice(-20)])
        expect(text).not.toContain(word)
  })

  it('is not found where the id is of nothing, or of another VASP', async () => {
    expect(await aida.get(`/api/transfers/${randomUUID()}`)).toMatchObject({
      status: 404,
      json: { code: 'TRANSFER_NOT_FOUND' },
    })
  })

  it('lets a person hold what was seen, and not what has changed', async () => {
    const id = await authorize(world)
    await world.settle()
    const hold = (tag: string) =>
      aida.send(
        'POST',
        `/api/transfers/${id}/hold`,
        { reason: 'SUSPICION', note: 'Look.' },
        { 'if-match': tag },
      )
    const { etag = '' } = await aida.get(`/api/transfers/${id}`)
    expect(await hold('"v0"')).toMatchObject({ status: 412 })
    expect(await hold('"nonsense"')).toMatchObject({ status: 412 })
    expect(
      await rosa.send(
        'POST',
        `/api/transfers/${id}/hold`,
        { reason: 'SUSPICION', note: 'Look.' },
        { 'if-match': etag },
      ),
    ).toMatchObject({ status: 403 })
    expect(await hold(etag)).toMatchObject({
      status: 200,
      json: { hold: { reason: 'MANUAL', state: 'open' }, decision: 'WAIT' },
    })
  })
})

describe('revealing', () => {
  it('shows the values for a minute, and writes down who, why and which fields, never what', async () => {
    const id = await mismatched()
    const { json, status } = await aida.send<{
      until: string
      fields: { path: string; sent: string | null; held: string | null }[]
    }>('POST', `/api/transfers/${id}/reveal`, { purpose: 'NAME_MATCH' })
    expect(status).toBe(200)
    expect(json.fields).toContainEqual(expect.objectContaining({ sent: SECRET_NAME, held: 'Kowalska' }))
    expect(json.fields).toContainEqual({ path: 'destination', sent: ADDRESS, held: null })
    const { json: log, text } = await sasha.get<{
      items: { kind: string; actor: string; subject: string; data: { purpose: string } }[]
    }>(`/api/audit?kind=identity.revealed&subject=${id}`)
    expect(log.items).toHaveLength(1)
    expect(log.items[0]).toMatchObject({ actor: 'person:aida', subject: id, data: { purpose: 'NAME_MATCH' } })
    expect(text).not.toContain(SECRET_NAME)
    const { json: page } = await aida.get<{ timeline: { type: string; person: unknown }[] }>(
      `/api/transfers/${id}`,
    )
    expect(page.timeline.find(({ type }) => type === 'reveal')?.person).toMatchObject({ subject: 'aida' })
  })

  it('shows only the fields that were asked for', async () => {
    const id = await mismatched()
    const { json } = await aida.send<{ fields: unknown[] }>('POST', `/api/transfers/${id}/reveal`, {
      purpose: 'OTHER',
      note: 'A test.',
      fields: ['destination'],
    })
    expect(json.fields).toEqual([{ path: 'destination', sent: ADDRESS, held: null }])
  })

  it('is refused without a purpose, to auditors and to administrators; nothing is written then', async () => {
    const id = await mismatched()
    expect(await aida.send('POST', `/api/transfers/${id}/reveal`, { purpose: 'OTHER' })).toMatchObject({
      status: 400,
    })
    for (const browser of [rosa, adam])
      expect(
        await browser.send('POST', `/api/transfers/${id}/reveal`, { purpose: 'NAME_MATCH' }),
      ).toMatchObject({ status: 403, json: { code: 'PERSON_DENIED' } })
    const { rows } = await world.bob.database.pool.query(`select from reveals where transfer_id = $1`, [id])
    expect(rows).toEqual([])
  })
})

describe('searching', () => {
  it('finds by id, reference, address, transaction id, counterparty and name, in any script', async () => {
    const id = await mismatched()
    await indexed()
    const found = async (q: string) =>
      (await aida.get<Page>(`/api/transfers?limit=200&q=${encodeURIComponent(q)}`)).json.items.find(
        (item) => item.id === id,
      )?.matchedBy
    expect(await found(id)).toBe('id')
    expect(await found(ADDRESS)).toBe('address')
    expect(await found(ADDRESS.slice('eip155:1:'.length).toUpperCase().replace('0X', '0x'))).toBe('address')
    expect(await found(SECRET_NAME)).toBe('name')
    expect(await found('tleubekova')).toBe('name')
    expect(await found('alice')).toBe('counterparty')
    expect(await found('Nobody Anywhere')).toBeUndefined()
    expect(await found(`${SECRET_NAME} Nobody`)).toBeUndefined()
    expect(await found('%')).toBeUndefined()
  })

  it('narrows the queues, too', async () => {
    await mismatched()
    await indexed()
    const holds = async (q: string) =>
      (await aida.get<Page>(`/api/holds?q=${encodeURIComponent(q)}`)).json.total
    expect(await holds(SECRET_NAME)).toBeGreaterThan(0)
    expect(await holds('Nobody Anywhere')).toBe(0)
  })

  it('leaves nothing readable in the database', async () => {
    await indexed()
    const { rows } = await world.bob.database.pool.query(
      `select row_to_json(s)::text as row from search_terms s limit 1000`,
    )
    expect(rows.length).toBeGreaterThan(10)
    const plain = createHash('sha256').update('tleubekova').digest('hex').slice(0, 32)
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`tleubekova|${plain}`, 'i'))
  })

  it('relates transfers by address and name', async () => {
    const [one, two] = [await mismatched(), await mismatched()]
    await indexed()
    const { json } = await aida.get<Page>(`/api/transfers/${one}/related`)
    expect(json.items.find(({ id }) => id === two)?.sharedBy).toBe('address')
    expect(json.items.map(({ id }) => id)).not.toContain(one)
  })

  it('lists with the decision that the transfer’s own page says', async () => {
    const { json } = await aida.get<Page>('/api/transfers?limit=200')
    expect(json.items.length).toBeGreaterThan(3)
    for (const { id, decision } of json.items) expect(decision).toBe((await seen(world.bob, id)).decision)
  })
})

describe('live events', () => {
  it('carry ids and versions only, and resume without gap or repetition', async () => {
    const first = await readEvents(console, aida, 1)
    expect(first.headers['content-type']).toContain('text/event-stream')
    expect(first.headers['content-security-policy']).toContain("default-src 'none'")
    expect(first.events[0]).toMatchObject({ event: 'hello', data: { vaspId: 'bob', resumed: false } })
    const from = first.events[0]?.id ?? ''
    const ids = [await mismatched(), await mismatched()]
    const about = (id: string) => (event: LiveEvent) => event.data['transferId'] === id
    const both = (events: readonly LiveEvent[]) => ids.every((id) => events.some(about(id)))
    // Those of earlier tests may still be on their way.
    const all = (await readEvents(console, aida, both, from)).events.slice(1)
    expect(ids.filter((id) => !all.some(about(id)))).toEqual([])
    for (const { data } of all)
      expect(Object.keys(data).toSorted()).toEqual(['holdId', 'transferId', 'type', 'version'])
    const middle = all[1]?.id ?? ''
    const last = all.at(-1)?.id
    const rest = await readEvents(console, aida, (events) => events.some(({ id }) => id === last), middle)
    expect(rest.events[0]).toMatchObject({ event: 'hello', data: { resumed: true } })
    expect(rest.events.slice(1, all.length - 1)).toEqual(all.slice(2))
  })

  it('tell within two seconds of what changes now', async () => {
    let id: string | undefined
    const reading = readEvents(console, aida, (events) =>
      events.some(({ data }) => id !== undefined && data['transferId'] === id),
    )
    id = await mismatched()
    const { events } = await reading
    expect(events.map(({ data }) => data['transferId'])).toContain(id)
  })

  it('begin anew after a cursor that is not ours', async () => {
    const { events } = await readEvents(console, aida, 1, 'not-a-cursor')
    expect(events[0]).toMatchObject({ event: 'hello', data: { resumed: false } })
  })
})

describe('the house', () => {
  it('has counterparties with evidence, keys and conduct; suspends and reinstates on what was seen', async () => {
    const { json } = await aida.get<Page>('/api/counterparties?q=ali')
    expect(json.items).toMatchObject([{ id: 'alice', verdict: 'VERIFIED', suspended: false }])
    const { json: page, etag = '' } = await sasha.get('/api/counterparties/alice')
    expect(page).toMatchObject({
      counterparty: { id: 'alice' },
      keys: expect.arrayContaining([expect.objectContaining({ use: 'sig', state: 'current' })]),
      conduct: { days: 30 },
    })
    const suspend = (browser: Browser, tag: string) =>
      browser.send(
        'POST',
        '/api/counterparties/alice/suspend',
        { reason: 'KEY_ALARM' },
        { 'if-match': tag, 'idempotency-key': 'suspended-once' },
      )
    expect(await suspend(rosa, etag)).toMatchObject({ status: 403 })
    expect(await suspend(sasha, `"${'x'.repeat(43)}"`)).toMatchObject({ status: 412 })
    const done = await suspend(sasha, etag)
    // Whoever did not hear the answer asks again, by what was seen then.
    expect(await suspend(sasha, etag)).toMatchObject({ status: 200, json: done.json })
    expect(done).toMatchObject({
      status: 200,
      json: { counterparty: { verdict: 'SUSPENDED', suspension: { by: 'person:sasha' } } },
    })
    const back = await sasha.send(
      'POST',
      '/api/counterparties/alice/reinstate',
      {},
      { 'if-match': done.etag ?? '' },
    )
    expect(back).toMatchObject({ status: 200, json: { counterparty: { verdict: 'VERIFIED' } } })
    expect(
      await sasha.send('POST', '/api/counterparties/alice/ping', {}, { 'if-match': back.etag ?? '' }),
    ).toMatchObject({ status: 200 })
  })

  it('counts, and reports by month as CSV and PDF', async () => {
    const { json } = await sasha.get<{ figures: { id: string; value: number | null }[]; days: unknown[] }>(
      '/api/dashboard',
    )
    const value = (id: string) => json.figures.find((figure) => figure.id === id)?.value
    const { rows } = await world.bob.database.pool.query(`select count(*)::integer as n from transfers`)
    expect(value('inbound')).toBe(rows[0]?.n)
    expect(value('outbound')).toBe(0)
    expect(value('successRate')).toBeNull()
    expect(json.days).toHaveLength(30)
    const month = world.clock.now().toISOString().slice(0, 7)
    const report = await sasha.get(`/api/reports/${month}/csv`)
    expect(report.headers.get('content-type')).toContain('text/csv')
    expect(report.text).toContain('figure,inbound,')
    const pdf = await sasha.get(`/api/reports/${month}/pdf`)
    expect(pdf.text.slice(0, 5)).toBe('%PDF-')
    expect(await adam.get(`/api/reports/${month}/csv`)).toMatchObject({ status: 403 })
    expect(await sasha.get('/api/reports/2026-13/csv')).toMatchObject({ status: 400 })
  })

  it('shows the audit log to whom it is for, and writes down who took it along', async () => {
    expect(await aida.get('/api/audit')).toMatchObject({ status: 403 })
    const all: string[] = []
    let cursor: string | null = null
    do {
      const from: string = cursor === null ? '' : `&cursor=${cursor}`
      const { json } = await rosa.get<{ items: { id: string }[]; nextCursor: string | null }>(
        `/api/audit?limit=7${from}`,
      )
      all.push(...json.items.map(({ id }) => id))
      cursor = json.nextCursor
    } while (cursor !== null)
    const { rows } = await world.bob.database.pool.query(
      `select count(*)::integer as n from audit_entries where vasp_id = 'bob'`,
    )
    expect(all).toHaveLength(rows[0]?.n)
    expect(new Set(all).size).toBe(all.length)
    const file = await rosa.get<{ entries: unknown[] }>('/api/audit/export?format=json&kind=transfer')
    expect(file.headers.get('content-disposition')).toContain('attachment')
    expect(file.json.entries.length).toBeGreaterThan(0)
    const { json: exports } = await rosa.get<{ items: unknown[] }>('/api/audit?kind=audit.exported')
    expect(exports.items).toMatchObject([{ actor: 'person:rosa', data: { kind: 'transfer' } }])
  })

  it('gives the evidence bundle of a transfer, and writes down to whom', async () => {
    const id = await mismatched()
    const { status, json } = await rosa.get(`/api/transfers/${id}/evidence`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ format: 'tamga-evidence/1', transfer: { id } })
    expect(await adam.get(`/api/transfers/${id}/evidence`)).toMatchObject({ status: 403 })
    const { json: log } = await rosa.get<{ items: unknown[] }>(
      `/api/audit?kind=evidence.exported&subject=${id}`,
    )
    expect(log.items).toMatchObject([{ actor: 'person:rosa' }])
  })

  it('keeps views for each person', async () => {
    const id = randomUUID()
    const view = { name: 'Mine, due soon', page: 'holds', query: 'assignee=me&sort=deadline' }
    expect(await aida.send('PUT', `/api/views/${id}`, view)).toMatchObject({
      status: 200,
      json: { id, ...view },
    })
    expect((await aida.get<Page>('/api/views')).json.items).toEqual([{ id, ...view }])
    expect((await sasha.get<Page>('/api/views')).json.items).toEqual([])
    expect(await aida.send('DELETE', `/api/views/${id}`)).toMatchObject({ status: 204 })
    expect((await aida.get<Page>('/api/views')).json.items).toEqual([])
  })
})
