/** How transfers are found, what changes as it changes, and the house's pages: over the console's API. */
import { createHash, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { indexTransfers } from '../../src/app/console/search.ts'
import { postgresSearchIndex } from '../../src/postgres/console/search-index.ts'
import { fieldVault } from '../../src/sealing/field-vault.ts'
import { type Browser, type LiveEvent, readEvents } from '../support/console.ts'
import {
  ADDRESS,
  adam,
  aida,
  console,
  mismatched,
  rosa,
  SECRET_NAME,
  sasha,
  world,
} from '../support/console-transfers.ts'
import { shown } from '../support/shown.ts'
import { seen } from '../support/two-gateways.ts'

interface Page {
  readonly items: readonly { id: string; matchedBy: string | null; decision: string; sharedBy?: string }[]
  readonly total: number
}

async function indexed(): Promise<void> {
  await shown(world.bob)
  const parts = world.bob.parts()
  const index = postgresSearchIndex(world.bob.database.pool, fieldVault(world.bob.keyStore))
  while (await indexTransfers({ ...parts, index }));
}

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
    await mismatched()
    await indexed()
    const { rows } = await world.bob.database.pool.query(
      `select row_to_json(s)::text as row from search_terms s limit 1000`,
    )
    expect(rows.length).toBeGreaterThan(5)
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
    const middle = all[0]?.id ?? ''
    const last = all.at(-1)?.id
    const rest = await readEvents(console, aida, (events) => events.some(({ id }) => id === last), middle)
    expect(rest.events[0]).toMatchObject({ event: 'hello', data: { resumed: true } })
    expect(rest.events.slice(1, all.length)).toEqual(all.slice(1))
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
