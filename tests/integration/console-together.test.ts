/** Two people at one transfer: a note is an event, and each is told that the other looks. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Browser,
  type LiveEvent,
  openConsole,
  readEvents,
  type TestConsole,
} from '../support/console.ts'
import { authorize, introduce, seen, twoGateways, type World } from '../support/two-gateways.ts'

let world: World
let console: TestConsole
let aida: Browser
let berik: Browser
let adam: Browser

beforeAll(async () => {
  world = await twoGateways({ bob: { inbound: 'hold' } })
  await introduce(world)
  console = await openConsole(world.bob)
  await console.addPerson('aida', 'analyst')
  await console.addPerson('berik', 'senior')
  await console.addPerson('adam', 'admin')
  aida = await console.signedIn('aida')
  berik = await console.signedIn('berik')
  adam = await console.signedIn('adam')
})
afterAll(async () => {
  await console?.close()
  await world?.close()
})

async function held() {
  const id = await authorize(world)
  await world.settle()
  const [hold] = (await seen(world.bob, id)).transfer.holds
  return { id, holdId: hold?.id ?? '' }
}

it('a note is an event with ids alone, and stands in the timeline once', async () => {
  const { id, holdId } = await held()
  const { events: before } = await readEvents(console, aida, 1)
  const { etag = '' } = await berik.get(`/api/holds/${holdId}`)
  const text = 'Nobody but us may read this.'
  await berik.send('POST', `/api/holds/${holdId}/comment`, { text }, { 'if-match': etag })
  const last = before[0]?.id ?? ''
  const isNote = ({ data }: LiveEvent) => data['type'] === 'hold-commented'
  const { events } = await readEvents(console, aida, (all) => all.some(isNote), last)
  const event = events.find(isNote)
  expect(event?.data).toMatchObject({ transferId: id, holdId, type: 'hold-commented' })
  expect(JSON.stringify(event)).not.toContain('Nobody')
  const { json } = await aida.get<{ timeline: { type: string; note: string | null }[] }>(
    `/api/transfers/${id}`,
  )
  expect(json.timeline.filter(({ type }) => type.includes('comment'))).toEqual([])
  expect(json.timeline.filter(({ note }) => note === text)).toHaveLength(1)
})

describe('presence', () => {
  const look = async (browser: Browser, id: string) =>
    (
      await browser.send<{ others: { subject: string; name: string }[] }>(
        'PUT',
        `/api/transfers/${id}/presence`,
      )
    ).json.others
  const audited = async () =>
    (await world.bob.database.pool.query('select count(*)::int as n from audit_entries')).rows[0]

  it('tells each of the other, until one leaves or is silent, and leaves no trace', async () => {
    const { id } = await held()
    const before = await audited()
    expect(await look(aida, id)).toEqual([])
    expect(await look(berik, id)).toEqual([{ subject: 'aida', name: 'aida by name' }])
    expect(await look(aida, id)).toMatchObject([{ subject: 'berik' }])
    await berik.send('DELETE', `/api/transfers/${id}/presence`)
    expect(await look(aida, id)).toEqual([])
    expect(await look(berik, id)).toMatchObject([{ subject: 'aida' }])
    world.clock.forward(16)
    expect(await look(berik, id)).toEqual([])
    const { rows } = await world.bob.database.pool.query('select subject from console_presence')
    expect(rows).toEqual([{ subject: 'berik' }])
    expect(await audited()).toEqual(before)
  })

  it('is kept of no transfer that is not there, and told to nobody who may not read', async () => {
    const nothing = randomUUID()
    expect(await look(aida, nothing)).toEqual([])
    expect(await look(berik, nothing)).toEqual([])
    const { id } = await held()
    expect((await adam.send('PUT', `/api/transfers/${id}/presence`)).status).toBe(403)
  })
})
