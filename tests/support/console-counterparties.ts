/** Alice's console with people of every role, begun before the tests of whichever file imports this: what it says of bob. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { type Browser, openConsole, type TestConsole } from './console.ts'
import { introduce, twoGateways, type World } from './two-gateways.ts'

export interface TaskJson {
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
export interface Detail {
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
export let world: World
let console: TestConsole
export let ana: Browser
export let aida: Browser
export let twin: Browser
export let berik: Browser
export let marat: Browser
export let rosa: Browser

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

export const look = async (browser: Browser) => (await browser.get<Detail>('/api/counterparties/bob')).json
export const send = (browser: Browser, path: string, body: unknown, tag: string, key = randomUUID()) =>
  browser.send<Detail>('POST', `/api/${path}`, body, { 'if-match': `"${tag}"`, 'idempotency-key': key })
export const may = (task: TaskJson | undefined, name: string) =>
  task?.actions.find(({ action }) => action === name)
