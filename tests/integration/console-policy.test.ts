/** The policy page's API: what is in force, trying, proposing, and a second person's approval of what was seen. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, type Browser, openConsole, type TestConsole } from '../support/console.ts'
import { authorize, introduce, POLICY, twoGateways, type World } from '../support/two-gateways.ts'

interface Page {
  readonly etag: string
  readonly inForce: { readonly version: number; readonly hash: string; readonly text: string }
  readonly proposed: { readonly version: number; readonly author: { readonly subject: string } } | null
  readonly versions: readonly { readonly version: number; readonly state: string; readonly text: string }[]
  readonly actions: readonly { action: string; allowed: boolean; why: string | null }[]
}
interface Tried {
  readonly more: number
  readonly fewer: number
  readonly moreExamples: readonly { transferId: string; reference: string | null; reasons: string[] }[]
  readonly fewerExamples: readonly { transferId: string; reasons: string[] }[]
}
interface Problem {
  readonly code: string
  readonly fields?: readonly { readonly field: string }[]
}

let world: World
let console: TestConsole
let people: Record<'ana' | 'aida' | 'twin' | 'berik' | 'rosa' | 'adam', Browser>

beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
  console = await openConsole(world.bob)
  await console.addPerson('ana', 'analyst')
  await console.addPerson('aida', 'senior', { person: 'p-1' })
  await console.addPerson('twin', 'mlro', { person: 'p-1' })
  await console.addPerson('berik', 'senior')
  await console.addPerson('rosa', 'auditor')
  await console.addPerson('adam', 'admin')
  const open = (subject: string) => console.signedIn(subject)
  people = {
    ana: await open('ana'),
    aida: await open('aida'),
    twin: await open('twin'),
    berik: await open('berik'),
    rosa: await open('rosa'),
    adam: await open('adam'),
  }
})
afterAll(async () => {
  await console?.close()
  await world?.close()
})

const text = (more: object = {}) => JSON.stringify({ ...POLICY, ...more })
const look = async (browser: Browser) => (await browser.get<Page>('/api/policy')).json
const send = <T = Page & Problem>(
  browser: Browser,
  path: string,
  body: unknown,
  tag?: string,
  key?: string,
) =>
  browser.send<T>('POST', `/api/policy/${path}`, body, {
    ...(tag !== undefined && { 'if-match': `"${tag}"` }),
    ...(key !== undefined && { 'idempotency-key': key }),
  })
const propose = async (browser: Browser, more: object): Promise<Answer<Page & Problem>> =>
  send(browser, 'propose', { text: text(more) }, (await look(browser)).etag)
const may = ({ actions }: Page, name: string) => actions.find(({ action }) => action === name)

describe('the policy page', () => {
  it('shows the policy in force to whoever may read it, and tells each what they may do', async () => {
    const pages = await Promise.all(Object.values(people).map(look))
    for (const page of pages) {
      expect(page.inForce.version).toBe(0)
      expect(JSON.parse(page.inForce.text)).toMatchObject({ inbound: 'accept', regimes: ['EU'] })
      expect(page.proposed).toBeNull()
    }
    const [ana, aida, , , rosa, adam] = pages
    expect(aida && may(aida, 'propose-policy')).toMatchObject({ allowed: true })
    for (const page of [ana, rosa, adam])
      expect(page && may(page, 'propose-policy')).toMatchObject({ allowed: false, why: 'PERSON_DENIED' })
  })

  it('says what a policy may say, and whoever reads the page may ask', async () => {
    for (const browser of [people.ana, people.rosa]) {
      const { status, json } = await browser.get<{ properties: Record<string, { default?: unknown }> }>(
        '/api/policy/schema',
      )
      expect(status).toBe(200)
      expect(json.properties['permitSeconds']).toMatchObject({ type: 'integer', maximum: 86_400 })
      expect(Object.keys(json.properties)).toEqual(
        expect.arrayContaining(['fourEyes', 'workingTime', 'people']),
      )
    }
    expect(await console.browser().get('/api/policy/schema')).toMatchObject({
      status: 401,
      json: { code: 'SIGNED_OUT' },
    })
  })

  it('takes a proposal, and its approval by another natural person only', async () => {
    const proposed = await propose(people.aida, { permitSeconds: 77 })
    expect(proposed).toMatchObject({
      status: 200,
      json: { inForce: { version: 0 }, proposed: { version: 1, author: { subject: 'aida' } } },
    })
    expect(JSON.parse(proposed.json.versions[0]?.text ?? '{}')).toMatchObject({ proposalSeconds: 28_800 })
    for (const same of [people.aida, people.twin]) {
      const page = await look(same)
      expect(may(page, 'approve-policy')).toMatchObject({ allowed: false, why: 'SECOND_PERSON_REQUIRED' })
      expect(await send(same, '1/approve', {}, page.etag)).toMatchObject({
        status: 409,
        json: { code: 'SECOND_PERSON_REQUIRED' },
      })
    }
    const page = await look(people.berik)
    expect(may(page, 'approve-policy')).toMatchObject({ allowed: true })
    expect(await send(people.berik, '1/approve', {}, page.etag)).toMatchObject({
      status: 200,
      json: { inForce: { version: 1 }, proposed: null, versions: [{ version: 1, state: 'published' }] },
    })
    expect(world.bob.parts().vasps.get('bob')?.policy.permitSeconds).toBe(77)
  })

  it('refuses a stale screen, a missing If-Match, and a version that is not open', async () => {
    const stale = (await look(people.berik)).etag
    expect((await propose(people.aida, { permitSeconds: 78 })).status).toBe(200)
    const changed = { status: 412, json: { code: 'POLICY_CHANGED' } }
    expect(await send(people.berik, 'propose', { text: text() }, stale)).toMatchObject(changed)
    expect(await send(people.berik, '2/approve', {}, stale)).toMatchObject(changed)
    expect(await send(people.berik, '2/withdraw', {}, stale)).toMatchObject(changed)
    expect((await send(people.berik, '2/approve', {})).status).toBe(428)
    const { etag } = await look(people.berik)
    expect(await send(people.berik, '1/approve', {}, etag)).toMatchObject(changed)
    expect(await send(people.berik, '9/approve', {}, etag)).toMatchObject(changed)
    expect((await look(people.berik)).proposed?.version).toBe(2)
  })

  it('ends a proposal once, however often it is asked for under one key', async () => {
    const { etag } = await look(people.aida)
    for (let round = 0; round < 2; round++)
      expect(await send(people.aida, '2/withdraw', {}, etag, 'once')).toMatchObject({
        status: 200,
        json: { proposed: null, versions: [{ version: 2, state: 'withdrawn' }, { version: 1 }] },
      })
  })

  it('names the members that are wrong', async () => {
    const { etag } = await look(people.aida)
    const wrong = { text: text({ permitSeconds: -1, holds: { POLICY: { approvals: 3 } }, unknown: 1 }) }
    for (const [path, tag] of [
      ['propose', etag],
      ['dry-run', undefined],
    ] as const) {
      const refused = await send(people.aida, path, wrong, tag)
      expect(refused).toMatchObject({ status: 400, json: { code: 'POLICY_INVALID' } })
      expect(refused.json.fields?.map(({ field }) => field).toSorted()).toEqual([
        'policy',
        'policy.holds.POLICY.approvals',
        'policy.permitSeconds',
      ])
    }
  })

  it('lets nobody propose, approve or try who may not', async () => {
    for (const browser of [people.ana, people.rosa, people.adam]) {
      const { etag } = await look(browser)
      for (const answer of [
        await send(browser, 'propose', { text: text() }, etag),
        await send(browser, '1/withdraw', {}, etag),
        await send(browser, 'dry-run', { text: text() }),
      ])
        expect(answer).toMatchObject({ status: 403, json: { code: 'PERSON_DENIED' } })
    }
  })
})

describe('trying a policy', () => {
  it('names the transfers that would be decided otherwise, either way', async () => {
    const id = await authorize(world, { clientReference: 'WD-7' })
    await world.settle()
    const strict = { inbound: 'hold' }
    const { json: more } = await send<Tried>(people.aida, 'dry-run', { text: text(strict) })
    expect(more).toMatchObject({
      more: 1,
      fewer: 0,
      moreExamples: [{ transferId: id, reasons: ['POLICY'] }],
      fewerExamples: [],
    })
    await propose(people.aida, strict)
    const { etag, proposed } = await look(people.berik)
    await send(people.berik, `${proposed?.version}/approve`, {}, etag)
    const { json: fewer } = await send<Tried>(people.aida, 'dry-run', { text: text() })
    expect(fewer).toMatchObject({
      more: 0,
      fewer: 1,
      moreExamples: [],
      fewerExamples: [{ transferId: id, reasons: ['POLICY'] }],
    })
  })
})
