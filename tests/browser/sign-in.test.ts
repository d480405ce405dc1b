/** Signing in by an identity provider in a real browser: out to another site's pages, back, to work, and out for good. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/chromium.ts'
import { type ConsoleWorld, consoleWorld, lacking } from '../support/console-world.ts'
import { type LoginProvider, openLoginProvider } from '../support/oidc-login.ts'
import { states } from '../support/two-gateways.ts'

if (lacking !== undefined) console.warn(`browser tests are skipped: ${lacking}`)

describe.skipIf(lacking !== undefined)('signing in by the house’s identity provider', () => {
  let at: ConsoleWorld
  let provider: LoginProvider

  beforeAll(async () => {
    provider = await openLoginProvider()
    at = await consoleWorld({ provider })
    provider.accounts.set('olga', { name: 'Olga Kim', roles: ['bob/senior'] })
    provider.accounts.set('pavel', { name: 'Pavel Orlov', roles: ['bob/senior'] })
    provider.accounts.set('guest', { name: 'A Guest' })
  })
  afterEach(async () => {
    const complaints = await at.endTest()
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('; ')}`)
  })
  afterAll(async () => {
    await at?.close()
    await provider?.close()
  })

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  const dialog = (page: Page) => page.getByRole('dialog')
  const notice = (page: Page, text: string) => page.getByText(text, { exact: false })

  async function open(): Promise<Page> {
    const page = await at.open()
    // The provider's pages would fetch a typeface from the Internet.
    await page.context().route('https://fonts.googleapis.com/**', (route) => route.fulfill({ body: '' }))
    return page
  }

  const leave = (page: Page) => page.getByRole('link', { name: 'Sign in with House ID' }).click()

  /** At the provider's own pages. */
  async function enter(page: Page, login: string): Promise<void> {
    await page.waitForURL(`${provider.issuer}/interaction/*`)
    await page.getByPlaceholder('Enter any login').fill(login)
    await page.getByPlaceholder('and password').fill('any')
    await button(page, 'Sign-in').click()
    await button(page, 'Continue').click()
  }

  async function signIn(page: Page, login: string, path: string): Promise<void> {
    await page.goto(path)
    await leave(page)
    await enter(page, login)
  }

  it('comes back to where the person wanted to go, and two of them release a transfer', async () => {
    const { id, holdId } = await at.held()
    const olga = await open()
    await signIn(olga, 'olga', `/transfers/${id}?hold=${holdId}&act=release`)
    await dialog(olga).getByLabel('Note').fill('Register entry seen.')
    await button(olga, 'Propose release').click()
    await olga.getByText('Proposed. Another person must approve it.').waitFor()
    expect(new URL(olga.url()).origin).toBe(at.console.url)
    const cookies = await olga.context().cookies(at.console.url.replace('http:', 'https:'))
    expect(cookies.find(({ name }) => name === '__Host-tamga')).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
    })
    expect(await olga.evaluate('document.cookie')).toBe('')

    const pavel = await open()
    await signIn(pavel, 'pavel', `/transfers/${id}?hold=${holdId}&act=approve`)
    await dialog(pavel).getByLabel('Note').fill('Agreed.')
    await button(pavel, 'Approve release').click()
    await pavel.getByText('Approved and released.').waitFor()
    await at.world.settle()
    expect(await states(at.world, id)).toEqual(['accepted', 'accepted'])
  })

  it('says what happened when the person cancels, and still knows where to go', async () => {
    const page = await open()
    await page.goto('/holds?queue=unassigned')
    await leave(page)
    await page.getByRole('link', { name: '[ Cancel ]' }).click()
    await notice(page, 'The sign-in was cancelled').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await leave(page)
    await enter(page, 'olga')
    await page.getByRole('heading', { name: /^Unassigned/ }).waitFor()
  })

  it('leaves whoever sends an answer again, as by going back, where they are', async () => {
    const page = await open()
    const answers: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/api/oidc/callback')) answers.push(request.url())
    })
    await signIn(page, 'olga', '/dashboard')
    await page.getByRole('heading', { name: 'Dashboard' }).waitFor()
    expect(answers).toHaveLength(1)
    await page.goto(answers[0] ?? '')
    await page.waitForURL('**/holds?queue=needs-me')
    await button(page, 'Olga Kim: account and settings').waitFor()
  })

  it('says that it was too late to whoever is not signed in', async () => {
    const page = await open()
    await page.goto(`/api/oidc/callback?code=used&state=${'A'.repeat(43)}`)
    await notice(page, 'That sign-in was too old, or was used already').waitFor()
  })

  it('shows no words but its own, whatever the address says', async () => {
    const page = await open()
    await page.goto('/sign-in?error=Call+this+number')
    await notice(page, 'did not prove who you are').waitFor()
    expect(await page.getByText('Call this number').count()).toBe(0)
  })

  it('tells a person without a role what to do, and lets them sign in as another', async () => {
    const page = await open()
    await signIn(page, 'guest', '/holds?queue=unassigned')
    await page.getByRole('heading', { name: 'You have no role here' }).waitFor()
    await notice(page, 'You are signed in as A Guest').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await button(page, 'Sign out').click()
    await button(page, 'Yes, sign me out').click()
    await page.waitForURL(`${at.console.url}/sign-in`)
    await leave(page)
    await enter(page, 'olga')
    await button(page, 'Olga Kim: account and settings').waitFor()
  })

  it('shows a person whose last role is taken away that it is so', async () => {
    provider.accounts.set('zarina', { name: 'Zarina T', roles: ['bob/analyst'] })
    const page = await open()
    await signIn(page, 'zarina', '/holds?queue=unassigned')
    await page.getByRole('heading', { name: /^Unassigned/ }).waitFor()
    provider.accounts.set('zarina', { name: 'Zarina T' })
    const elsewhere = await open()
    await signIn(elsewhere, 'zarina', '/')
    await elsewhere.getByRole('heading', { name: 'You have no role here' }).waitFor()
    await page.getByRole('link', { name: 'Dashboard' }).first().click()
    await page.getByRole('heading', { name: 'You have no role here' }).waitFor()
  })

  it('warns before the sign-in ends, and renews it without losing the place', async () => {
    const page = await open()
    await signIn(page, 'pavel', '/holds?queue=unassigned')
    await page.getByRole('heading', { name: /^Unassigned/ }).waitFor()
    await at.world.bob.database.pool.query(
      `update console_sessions set expires_at = now() + interval '100 seconds' where subject = 'pavel'`,
    )
    await page.reload()
    await dialog(page).getByText('however busy you are').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await dialog(page).getByRole('link', { name: 'Sign in again now' }).click()
    await page.waitForURL('**/holds?queue=unassigned')
    await page.getByRole('heading', { name: /^Unassigned/ }).waitFor()
    await expect.poll(() => dialog(page).count()).toBe(0)
    const { rows } = await at.world.bob.database.pool.query(
      `select from console_sessions where subject = 'pavel' and expires_at > now() + interval '30 minutes'`,
    )
    expect(rows).toHaveLength(1)
  })

  it('signs out at the provider, too, so that the next person is asked who they are', async () => {
    const page = await open()
    await signIn(page, 'olga', '/holds?queue=unassigned')
    await button(page, 'Olga Kim: account and settings').click()
    await button(page, 'Sign out').click()
    await button(page, 'Yes, sign me out').click()
    await page.waitForURL(`${at.console.url}/sign-in`)
    await leave(page)
    await page.getByPlaceholder('Enter any login').waitFor()
  })
})

describe.skipIf(lacking !== undefined)('a console that the provider alone lets in to', () => {
  let at: ConsoleWorld
  let provider: LoginProvider
  beforeAll(async () => {
    provider = await openLoginProvider()
    at = await consoleWorld({ provider, localSignIn: 'off' })
  })
  afterAll(async () => {
    await at?.close()
    await provider?.close()
  })

  it('tells whom it asks for a stronger sign-in what to do', async () => {
    const page = await at.open()
    await page.goto('/sign-in?error=SIGN_IN_WEAK')
    await page.getByText('this house asks for a stronger sign-in', { exact: false }).waitFor()
    await page.getByRole('link', { name: 'Sign in with House ID' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect(await at.endTest()).toEqual([])
  })

  it('shows the provider and no field for a password', async () => {
    const page = await at.open()
    await page.goto('/')
    await page.getByRole('link', { name: 'Sign in with House ID' }).waitFor()
    expect(await page.getByLabel('Password').count()).toBe(0)
    expect(await seriousFindings(page)).toEqual([])
    expect(await at.endTest()).toEqual([])
  })
})
