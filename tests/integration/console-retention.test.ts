/** The retention page's API: what the rules ask for, what is due, what went, and legal holds by those who may. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shredTransfer } from '../../src/app/retention.ts'
import { type Browser, openConsole, type TestConsole } from '../support/console.ts'
import { authorize, call, introduce, twoGateways, type World } from '../support/two-gateways.ts'

interface Hold {
  readonly id: string
  readonly transferId: string
  readonly reason: string
  readonly setBy: { readonly subject: string; readonly name: string }
  readonly lifted: { readonly by: { readonly subject: string }; readonly reason: string } | null
}
interface Overview {
  readonly floorYears: number
  readonly regimes: readonly { rule: string; years: number; clause: string; sources: { title: string }[] }[]
  readonly legalHolds: readonly Hold[]
  readonly may: { readonly setLegalHold: boolean; readonly liftLegalHold: boolean }
}
interface Due {
  readonly items: readonly { transferId: string; keptUntil: string; rules: string[]; held: boolean }[]
  readonly isAll: boolean
}
interface ShreddedPage {
  readonly items: readonly {
    transferId: string
    shreddedAt: string
    by: string
    early: string | null
    rules: string[]
  }[]
  readonly nextCursor: string | null
}

let world: World
let console: TestConsole
let ana: Browser
let berik: Browser
let marat: Browser
let rosa: Browser
let adam: Browser

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
  console = await openConsole(world.alice)
  const open = async (subject: string, role: Parameters<TestConsole['addPerson']>[1]) => {
    await console.addPerson(subject, role)
    return console.signedIn(subject)
  }
  ana = await open('ana', 'analyst')
  berik = await open('berik', 'senior')
  marat = await open('marat', 'mlro')
  rosa = await open('rosa', 'auditor')
  adam = await open('adam', 'admin')
})
afterAll(async () => {
  await console?.close()
  await world?.close()
})

/** A transfer that ended so long ago. */
async function ended(ago: string): Promise<string> {
  const id = await authorize(world)
  await world.settle()
  await world.alice.gateway().transfers.cancel(call('alice'), id, 'CUSTOMER')
  await world.settle()
  await world.alice.database.pool.query(
    'update transfers set updated_at = updated_at - $2::interval where id = $1',
    [id, ago],
  )
  return id
}

const overview = async (browser: Browser) => (await browser.get<Overview>('/api/retention')).json
const due = async (days: number) => (await rosa.get<Due>(`/api/retention/due?days=${days}`)).json
const set = (browser: Browser, id: string, reason: string, key = randomUUID()) =>
  browser.send<Hold & { code: string }>(
    'POST',
    `/api/transfers/${id}/legal-hold`,
    { reason },
    { 'idempotency-key': key },
  )
const lift = (browser: Browser, id: string, reason: string, key = randomUUID()) =>
  browser.send<Hold & { code: string }>(
    'POST',
    `/api/legal-holds/${id}/lift`,
    { reason },
    { 'idempotency-key': key },
  )
const audit = async (id: string) => {
  const { rows } = await world.alice.database.pool.query<{ kind: string; actor: string }>(
    `select entry::json->>'kind' as kind, entry::json->>'actor' as actor from audit_entries
      where entry like '%' || $1 || '%' and entry like '%legal-hold.%' order by xid, seq`,
    [id],
  )
  return rows
}

describe('what the rules ask for', () => {
  it('is told by regime with its clause and source, to whoever reads', async () => {
    for (const browser of [ana, berik, marat, rosa, adam]) {
      const { floorYears, regimes } = await overview(browser)
      expect(floorYears).toBe(5)
      expect(regimes).toMatchObject([{ rule: 'EU-TFR', years: 5 }])
      expect(regimes[0]?.clause).not.toBe('')
      expect(regimes[0]?.sources.length).toBeGreaterThan(0)
    }
    expect((await overview(berik)).may).toEqual({ setLegalHold: true, liftLegalHold: false })
    expect((await overview(marat)).may).toEqual({ setLegalHold: true, liftLegalHold: true })
    expect((await overview(rosa)).may).toEqual({ setLegalHold: false, liftLegalHold: false })
  })
})

describe('what is due', () => {
  it('is listed by when its time has come, soonest first', async () => {
    const [late, soon, far] = [
      await ended('6 years'),
      await ended('4 years 11 months'),
      await ended('1 year'),
    ]
    expect((await due(0)).items.map(({ transferId }) => transferId)).toEqual([late])
    const { items, isAll } = await due(90)
    expect(items.map(({ transferId }) => transferId)).toEqual([late, soon])
    expect(items.map(({ transferId }) => transferId)).not.toContain(far)
    expect(items[0]).toMatchObject({ rules: ['EU-TFR'], held: false })
    expect(isAll).toBe(true)
  })
})

describe('a legal hold', () => {
  it('is set by a senior with a reason, once however often it is sent, and stands in the audit log', async () => {
    const id = await ended('6 years')
    const key = randomUUID()
    const first = await set(berik, id, 'CASE-2031-17', key)
    expect(first).toMatchObject({
      status: 200,
      json: { transferId: id, reason: 'CASE-2031-17', setBy: { subject: 'berik', name: 'berik by name' } },
    })
    expect((await set(berik, id, 'CASE-2031-17', key)).json.id).toBe(first.json.id)
    expect((await set(berik, id, 'ANOTHER', key)).json.code).toBe('REQUEST_ID_REUSED')
    expect((await overview(ana)).legalHolds.filter(({ transferId }) => transferId === id)).toHaveLength(1)
    expect((await due(0)).items.find(({ transferId }) => transferId === id)).toMatchObject({ held: true })
    expect(await audit(id)).toEqual([{ kind: 'legal-hold.set', actor: 'person:berik' }])
  })

  it('is lifted by the MLRO alone, with a reason, once', async () => {
    const id = await ended('6 years')
    const { json: hold } = await set(marat, id, 'CASE-2')
    for (const browser of [ana, berik, rosa, adam])
      expect(await lift(browser, hold.id, 'OVER')).toMatchObject({
        status: 403,
        json: { code: 'PERSON_DENIED' },
      })
    const key = randomUUID()
    for (let round = 0; round < 2; round++)
      expect(await lift(marat, hold.id, 'CASE-2-CLOSED', key)).toMatchObject({
        status: 200,
        json: { lifted: { by: { subject: 'marat' }, reason: 'CASE-2-CLOSED' } },
      })
    expect(await lift(marat, hold.id, 'AGAIN')).toMatchObject({
      status: 404,
      json: { code: 'LEGAL_HOLD_NOT_FOUND' },
    })
    expect(await audit(hold.id)).toEqual([
      { kind: 'legal-hold.set', actor: 'person:marat' },
      { kind: 'legal-hold.lifted', actor: 'person:marat' },
    ])
    const { json: one } = await ana.get<{ legalHolds: Hold[]; kept: { rules: string[] } }>(
      `/api/transfers/${id}/retention`,
    )
    expect(one).toMatchObject({
      kept: { rules: ['EU-TFR'] },
      legalHolds: [{ lifted: { reason: 'CASE-2-CLOSED' } }],
    })
  })

  it('is refused to whom no role allows it, without a code, and on what is not there', async () => {
    const id = await ended('1 day')
    for (const browser of [ana, rosa, adam])
      expect(await set(browser, id, 'CASE-3')).toMatchObject({ status: 403, json: { code: 'PERSON_DENIED' } })
    for (const reason of ['', 'about Mr Somebody', 'x'.repeat(65)])
      expect(await set(berik, id, reason)).toMatchObject({ status: 400, json: { code: 'REQUEST_INVALID' } })
    expect(await set(berik, randomUUID(), 'CASE-3')).toMatchObject({
      status: 404,
      json: { code: 'TRANSFER_NOT_FOUND' },
    })
    expect(await audit(id)).toEqual([])
  })
})

describe('what was shredded', () => {
  it('is listed newest first as its tombstone says, in pages', async () => {
    const ids = [await ended('1 day'), await ended('6 years')]
    const parts = world.alice.parts()
    await shredTransfer(parts, 'alice', ids[0] ?? '', { by: 'operator:root', early: 'TEST-DATA' })
    world.clock.forward(60)
    await shredTransfer(parts, 'alice', ids[1] ?? '', { by: 'clock', early: undefined })
    const { json: first } = await ana.get<ShreddedPage>('/api/retention/shredded?limit=1')
    expect(first.items).toMatchObject([{ transferId: ids[1], by: 'clock', early: null, rules: ['EU-TFR'] }])
    const { json: second } = await ana.get<ShreddedPage>(
      `/api/retention/shredded?limit=1&cursor=${first.nextCursor}`,
    )
    expect(second.items).toMatchObject([{ transferId: ids[0], by: 'operator:root', early: 'TEST-DATA' }])
    expect(await set(berik, ids[0] ?? '', 'CASE-4')).toMatchObject({ json: { code: 'TRANSFER_SHREDDED' } })
    const { json: one } = await ana.get<{ kept: unknown; shreddedAt: string }>(
      `/api/transfers/${ids[1]}/retention`,
    )
    expect(one).toMatchObject({ kept: null, shreddedAt: first.items[0]?.shreddedAt })
  })
})
