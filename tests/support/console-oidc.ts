/** A console whose people sign in by a real OpenID Connect provider, begun before the tests of whichever file imports this. */
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type Browser, openConsole, type TestConsole } from './console.ts'
import { type LoginProvider, openLoginProvider, visitorOf } from './oidc-login.ts'
import { twoGateways, type World } from './two-gateways.ts'

export let world: World
export let provider: LoginProvider
export let console: TestConsole

beforeAll(async () => {
  world = await twoGateways()
  provider = await openLoginProvider()
  console = await openConsole(world.alice, { provider })
  provider.accounts.set('aida', { name: 'Aida Sultanbekova', roles: ['alice/analyst', 'payroll/reader'] })
  provider.accounts.set('berik', { roles: ['alice/senior', 'bob/senior'] })
})
afterEach(() => {
  provider.meddle = undefined
})
afterAll(async () => {
  await console?.close()
  await provider?.close()
  await world?.close()
})

export const location = (answer: { readonly headers: Headers }) => answer.headers.get('location') ?? ''
/** The console's path of an address at which the browser has arrived. */
const pathOf = (url: string) => url.replace(console.url, '')

/** Goes out to the provider: the address that the console sends the browser to. */
export async function leave(browser: Browser, next?: string): Promise<string> {
  const search = next === undefined ? '' : `?${new URLSearchParams({ next }).toString()}`
  const answer = await browser.get(`/api/oidc/login${search}`)
  expect(answer.status).toBe(303)
  return location(answer)
}

/** Comes back by the address that the provider named. */
export const comeBack = (browser: Browser, url: string) =>
  browser.get(pathOf(url), { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })

export async function signIn(login: string, next?: string): Promise<Browser> {
  const browser = console.browser()
  const back = await visitorOf(provider).signIn(await leave(browser, next), login)
  const answer = await comeBack(browser, back)
  expect({ status: answer.status, to: location(answer) }).toEqual({ status: 303, to: next ?? '/' })
  return browser
}
