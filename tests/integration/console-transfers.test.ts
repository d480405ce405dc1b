/** A transfer's page, what it hides and reveals: over the console's API. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  ADDRESS,
  adam,
  aida,
  mismatched,
  rosa,
  SECRET_NAME,
  sasha,
  world,
} from '../support/console-transfers.ts'
import { authorize } from '../support/two-gateways.ts'

interface TimelineJson {
  readonly kind: string
  readonly type: string
  readonly message: Record<string, unknown> | null
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
