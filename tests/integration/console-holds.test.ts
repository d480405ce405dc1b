/** Queues and decisions over the console's API: by whom, on what was seen, once. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Browser, openConsole, type TestConsole } from '../support/console.ts'
import { authorize, introduce, seen, states, twoGateways, type World } from '../support/two-gateways.ts'

let world: World
let console: TestConsole
let aida: Browser
let berik: Browser
let rosa: Browser
let marat: Browser

interface HoldJson {
  readonly id: string
  readonly reason: string
  readonly state: string
  readonly needsMe: boolean
  readonly proposal: { readonly proposer: { readonly subject: string }; readonly note: string } | null
  readonly actions: readonly { action: string; allowed: boolean; why: string | null; consequence: string }[]
  readonly notes: readonly { text: string }[]
  readonly assignee: { readonly subject: string; readonly name: string } | null
  readonly level: string
}
interface Detail {
  readonly hold: HoldJson
}
interface Page {
  readonly items: readonly (HoldJson & { transfer: { id: string } })[]
  readonly total: number
  readonly nextCursor: string | null
}

beforeAll(async () => {
  world = await twoGateways({
    alice: { holds: { POLICY: { approvals: 2 } }, mlros: [{ subject: 'marat', deputies: [] }] },
    bob: {
      inbound: 'hold',
      holds: { POLICY: { approvals: 2 } },
      mlros: [{ subject: 'marat', deputies: [] }],
    },
  })
  await introduce(world)
  console = await openConsole(world.bob)
  await console.addPerson('aida', 'analyst')
  await console.addPerson('aida.two', 'senior', { person: 'aida' })
  await console.addPerson('berik', 'senior')
  await console.addPerson('rosa', 'auditor')
  await console.addPerson('marat', 'mlro')
  aida = await console.signedIn('aida')
  berik = await console.signedIn('berik')
  rosa = await console.signedIn('rosa')
  marat = await console.signedIn('marat')
})
afterAll(async () => {
  await console?.close()
  await world?.close()
})

/** A transfer that bob's people must decide on, by two of them. */
async function held(): Promise<{ readonly id: string; readonly holdId: string }> {
  const id = await authorize(world)
  await world.settle()
  const [hold] = (await seen(world.bob, id)).transfer.holds
  return { id, holdId: hold?.id ?? '' }
}

const look = (browser: Browser, holdId: string) => browser.get<Detail>(`/api/holds/${holdId}`)

async function act(
  browser: Browser,
  holdId: string,
  verb: string,
  body: unknown,
  tag?: string,
): Promise<Answer<Detail>> {
  const { etag = '' } = tag === undefined ? await look(browser, holdId) : { etag: tag }
  return browser.send<Detail>('POST', `/api/holds/${holdId}/${verb}`, body, { 'if-match': etag })
}

const RELEASE = { reason: 'PROOF_SEEN', note: 'I saw the proof.' }
const offer = ({ json }: Answer<Detail>, action: string) =>
  json.hold.actions.find((one) => one.action === action)

describe('a release by two persons', () => {
  it('is proposed by one, approved by another, and lets the transfer go on', async () => {
    const { id, holdId } = await held()
    const proposed = await act(aida, holdId, 'release', RELEASE)
    expect(proposed).toMatchObject({
      status: 200,
      json: {
        hold: {
          state: 'open',
          proposal: { proposer: { subject: 'aida', name: 'aida by name' }, note: RELEASE.note },
        },
      },
    })
    expect(offer(proposed, 'approve')).toMatchObject({ allowed: false, why: 'SECOND_PERSON_REQUIRED' })

    const seenBy = await look(berik, holdId)
    expect(seenBy.json.hold.needsMe).toBe(true)
    expect(offer(seenBy, 'approve')).toMatchObject({ allowed: true, consequence: 'approve.accepts' })
    const approved = await act(berik, holdId, 'approve', { note: 'So did I.' })
    expect(approved).toMatchObject({
      status: 200,
      json: { hold: { state: 'released' }, decision: 'PROCEED' },
    })
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
  })

  it('is not approved by the proposer, nor under another account of the same person', async () => {
    const { holdId } = await held()
    await act(aida, holdId, 'release', RELEASE)
    const two = await console.signedIn('aida.two')
    for (const [browser, status] of [
      [aida, 403],
      [two, 409],
    ] as const)
      expect(await act(browser, holdId, 'approve', { note: 'Me again.' })).toMatchObject({ status })
    expect((await look(two, holdId)).json.hold.needsMe).toBe(false)
  })

  it('is not approved by whom saw something else', async () => {
    const { holdId } = await held()
    await act(aida, holdId, 'release', RELEASE)
    const { etag = '' } = await look(berik, holdId)
    await act(marat, holdId, 'comment', { text: 'Wait, I am calling them.' })
    const stale = await act(berik, holdId, 'approve', { note: 'Fine.' }, etag)
    expect(stale).toMatchObject({ status: 412, json: { code: 'HOLD_CHANGED' } })
    const now = await look(berik, holdId)
    expect(now.json.hold).toMatchObject({
      state: 'open',
      proposal: null,
      notes: [{}, { text: 'Wait, I am calling them.' }],
    })
  })

  it('is withdrawn by its proposer only', async () => {
    const { holdId } = await held()
    await act(aida, holdId, 'release', RELEASE)
    expect(await act(berik, holdId, 'withdraw', {})).toMatchObject({ status: 403 })
    expect(await act(aida, holdId, 'withdraw', {})).toMatchObject({
      status: 200,
      json: { hold: { proposal: null } },
    })
  })
})

describe('every decision', () => {
  const decisions: readonly (readonly [string, unknown])[] = [
    ['comment', { text: 'Hm.' }],
    ['assign', { assignee: 'berik' }],
    ['escalate', { note: 'Too much for me.' }],
    ['release', RELEASE],
    ['reject', { reason: 'FRAUD', note: 'No.' }],
  ]

  it.each(decisions)('says what was seen: %s', async (verb, body) => {
    const { holdId } = await held()
    const without = await aida.send('POST', `/api/holds/${holdId}/${verb}`, body)
    expect(without).toMatchObject({ status: 428, json: { code: 'IF_MATCH_REQUIRED' } })
    const { etag = '' } = await look(aida, holdId)
    await act(berik, holdId, 'comment', { text: 'Something new.' })
    const stale = await act(aida, holdId, verb, body, etag)
    expect(stale).toMatchObject({ status: 412, json: { code: 'HOLD_CHANGED' } })
    expect(await act(aida, holdId, verb, body)).toMatchObject({ status: 200 })
  })

  it.each([...decisions, ['approve', { note: 'Ok.' }], ['withdraw', {}]] as const)(
    'is refused to an auditor: %s',
    async (verb, body) => {
      const { holdId } = await held()
      expect(await act(rosa, holdId, verb, body)).toMatchObject({
        status: 403,
        json: { code: 'PERSON_DENIED' },
      })
      const { json } = await look(rosa, holdId)
      expect(json.hold.actions.filter(({ allowed }) => allowed)).toEqual([])
      expect(json.hold.notes).toEqual([])
    },
  )

  it('is done once, however often it is sent with one key', async () => {
    const { holdId } = await held()
    const { etag = '' } = await look(aida, holdId)
    const headers = { 'if-match': etag, 'idempotency-key': randomUUID() }
    const send = (text: string) =>
      aida.send<Detail>('POST', `/api/holds/${holdId}/comment`, { text }, headers)
    expect(await send('Once.')).toMatchObject({ status: 200 })
    expect(await send('Once.')).toMatchObject({ status: 200, json: { hold: { notes: [{ text: 'Once.' }] } } })
    expect(await send('Twice.')).toMatchObject({ status: 409, json: { code: 'REQUEST_ID_REUSED' } })
  })

  it('needs a reason code and a note of a person, not of a machine', async () => {
    const { holdId } = await held()
    for (const body of [
      {},
      { reason: 'x', note: 'y' },
      { reason: 'OK', note: '   ' },
      { ...RELEASE, person: 'marat' },
    ])
      expect(await act(aida, holdId, 'release', body)).toMatchObject({
        status: 400,
        json: { code: 'REQUEST_INVALID' },
      })
  })
})

describe('the queues', () => {
  it('show whose turn it is, and count the same', async () => {
    const { holdId } = await held()
    await act(aida, holdId, 'assign', { assignee: 'berik' })
    const mine = await berik.get<Page>('/api/holds?queue=needs-me&limit=200')
    expect(mine.json.items.map(({ id }) => id)).toContain(holdId)
    expect(mine.json.items.every(({ needsMe }) => needsMe)).toBe(true)
    const all = await berik.get<Page>('/api/holds?limit=200')
    expect(all.text).toContain('items')
    for (const item of all.json.items)
      expect((await look(berik, item.id)).json.hold.needsMe).toBe(item.needsMe)
    const { json } = await berik.get<{ items: { id: string; of: string; count: number }[] }>('/api/queues')
    for (const { id, of, count } of json.items)
      expect({ id, count }).toEqual({
        id,
        count: (await berik.get<Page>(`/api/${of}?queue=${id}&limit=200`)).json.total,
      })
    expect(json.items.find(({ id }) => id === 'needs-me')?.count).toBe(mine.json.total)
  })

  it('give an escalated hold to the MLRO, who alone decides on it then', async () => {
    const { holdId } = await held()
    expect(await act(aida, holdId, 'escalate', { note: 'Too much for me.' })).toMatchObject({
      json: { hold: { level: 'mlro' } },
    })
    expect(await act(berik, holdId, 'reject', { reason: 'FRAUD', note: 'No.' })).toMatchObject({
      status: 403,
    })
    const { json } = await marat.get<Page>('/api/holds?queue=needs-me&limit=200')
    expect(json.items.map(({ id }) => id)).toContain(holdId)
    expect(await act(marat, holdId, 'reject', { reason: 'FRAUD', note: 'No.' })).toMatchObject({
      status: 200,
      json: { hold: { state: 'rejected' } },
    })
  })

  it('are paged without gap or repetition, in either order', async () => {
    for (let n = 0; n < 3; n++) await held()
    const all = (await aida.get<Page>('/api/holds?limit=200&sort=-openedAt')).json.items.map(({ id }) => id)
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const from: string = cursor === null ? '' : `&cursor=${cursor}`
      const { json }: Answer<Page> = await aida.get<Page>(`/api/holds?limit=2&sort=-openedAt${from}`)
      paged.push(...json.items.map(({ id }) => id))
      cursor = json.nextCursor
    } while (cursor !== null)
    expect(paged).toEqual(all)
    const oldest = (await aida.get<Page>('/api/holds?limit=200&sort=openedAt')).json.items.map(({ id }) => id)
    expect(oldest).toEqual(all.toReversed())
  })

  it('filter', async () => {
    const { holdId } = await held()
    await act(aida, holdId, 'assign', { assignee: 'aida' })
    const ids = async (query: string) =>
      (await aida.get<Page>(`/api/holds?limit=200&${query}`)).json.items.map(({ id }) => id)
    expect(await ids('assignee=me')).toContain(holdId)
    expect(await ids('assignee=nobody')).not.toContain(holdId)
    expect(await ids('reason=POLICY&reason=MANUAL&counterparty=alice&direction=inbound')).toContain(holdId)
    expect(await ids('reason=NAME_MISMATCH')).toEqual([])
    expect(await ids('direction=outbound')).toEqual([])
    expect(await ids('level=mlro')).not.toContain(holdId)
    expect(await ids('dueBefore=2020-01-01T00:00:00Z')).toEqual([])
  })
})

describe('breaking the glass', () => {
  it('is offered to whom it is given and who cannot release alone, and ends the hold by that person alone', async () => {
    await console.addPerson('gulia', ['analyst', 'break-glass'])
    const gulia = await console.signedIn('gulia')
    const { id, holdId } = await held()
    const offers = async (browser: Browser) =>
      (await look(browser, holdId)).json.hold.actions.filter(({ action }) => action === 'break-glass')
    for (const browser of [aida, berik, rosa, marat]) expect(await offers(browser)).toEqual([])
    expect(await offers(gulia)).toMatchObject([{ allowed: true, consequence: 'release.accepts' }])
    const glass = { reason: 'CUSTOMER_AT_RISK', note: 'Nobody else can be reached.' }
    expect(await act(berik, holdId, 'break-glass', glass)).toMatchObject({
      status: 403,
      json: { code: 'PERSON_DENIED' },
    })
    const { etag: stale = '' } = await look(gulia, holdId)
    await act(berik, holdId, 'comment', { text: 'I am here.' })
    expect(
      await gulia.send('POST', `/api/holds/${holdId}/break-glass`, glass, { 'if-match': stale }),
    ).toMatchObject({ status: 412 })
    expect(await act(gulia, holdId, 'break-glass', glass)).toMatchObject({
      status: 200,
      json: { hold: { state: 'released' } },
    })
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    const { rows } = await world.bob.database.pool.query(
      `select actor from transfer_events where transfer_id = $1 and type = 'break-glass'`,
      [id],
    )
    expect(rows).toEqual([{ actor: 'person:gulia' }])
  })
})
