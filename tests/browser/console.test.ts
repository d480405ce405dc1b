/** The console in a real browser, over real gateways: what people do all day. A complaint of the page or of its policy fails the test. */
import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/chromium.ts'
import { PASSWORD } from '../support/console.ts'
import { button, dialog, inConsoleWorld } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'
import { seen, states } from '../support/two-gateways.ts'

describe.skipIf(lacking !== undefined)('the console', () => {
  let at: ConsoleWorld
  inConsoleWorld((world) => {
    at = world
  })

  /** Axe looks at all colours while nothing moves. */
  const settled = (page: Page) => page.waitForLoadState('networkidle')

  it('lets in by password and one-time code, and tells a stranger kindly that it did not match', async () => {
    const uri = await at.console.addPerson('dina', 'analyst', { totp: true })
    const page = await at.open()
    await page.goto('/holds?queue=unassigned')
    await page.getByLabel('Login').fill('dina')
    await page.getByLabel('Password').fill('wrong but long enough')
    await page.getByLabel('One-time code').fill('000000')
    await button(page, 'Sign in').click()
    await page.getByRole('alert').filter({ hasText: 'That did not match' }).waitFor()
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByLabel('One-time code').fill(codeOf(uri ?? ''))
    await button(page, 'Sign in').click()
    await page.getByRole('heading', { name: /^Unassigned/ }).waitFor()
    const [cookie] = await page.context().cookies(at.console.url.replace('http:', 'https:'))
    expect(cookie).toMatchObject({ name: '__Host-tamga', httpOnly: true, secure: true, sameSite: 'Strict' })
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  it('says in the row why a transfer waits, what happens if nobody acts, and when', async () => {
    await at.held('WD-2026-0001')
    const page = await at.open('aida')
    await page.goto('/holds?queue=unassigned')
    const row = page
      .getByRole('row')
      .filter({ hasText: 'WD-2026-0001' })
      .or(page.getByRole('row').nth(1))
      .first()
    await row.waitFor()
    const text = await row.innerText()
    expect(text).toMatch(/House policy/)
    expect(text).toMatch(/\d+ min/)
    expect(text).toMatch(/then: stays held, late/)
    expect(text).toMatch(/alice/)
  })

  it('releases a held transfer by the keyboard alone, by two people', async () => {
    const { id } = await at.held()
    const aida = await at.open('aida')
    await aida.goto('/holds?queue=unassigned&sort=-openedAt')
    await aida.getByRole('row').nth(1).waitFor()
    await aida.keyboard.press('j')
    await expect.poll(() => aida.evaluate('document.activeElement?.className')).toMatch(/row-link/)
    await aida.keyboard.press('Enter')
    await aida.waitForURL(`**/transfers/${id}?**`)
    await aida.getByRole('heading', { name: 'House policy' }).waitFor()
    await aida.keyboard.press('r')
    await dialog(aida).getByText('Another person must approve', { exact: false }).waitFor()
    await expect.poll(() => aida.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA')
    await aida.keyboard.type('Register entry seen, customer known.')
    await aida.keyboard.press('Tab')
    await aida.keyboard.press('Tab')
    await aida.keyboard.press('Enter')
    await aida.getByText('Proposed. Another person must approve it.').waitFor()
    expect(await states(at.world, id)).toEqual(['review', 'review'])

    const berik = await at.open('berik')
    await berik.goto('/holds?queue=second-eye')
    await berik.getByRole('row').nth(1).waitFor()
    await berik.keyboard.press('j')
    await berik.keyboard.press('r')
    await dialog(berik).getByText('Register entry seen, customer known.').waitFor()
    await expect.poll(() => berik.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA')
    await berik.keyboard.type('Agreed.')
    await berik.keyboard.press('Tab')
    await berik.keyboard.press('Tab')
    await berik.keyboard.press('Enter')
    await berik.getByText('Approved and released.').waitFor()
    await at.world.settle()
    expect(await states(at.world, id)).toEqual(['accepted', 'accepted'])
  })

  it('does not let the first person be the second, and says so', async () => {
    const { id, holdId } = await at.held()
    const page = await at.open('berik')
    await page.goto(`/transfers/${id}?hold=${holdId}&act=release`)
    await dialog(page).getByLabel('Note').fill('Fine with me.')
    await button(page, 'Propose release').click()
    await page.getByText('it takes another person than the one who proposed', { exact: false }).waitFor()
    expect(await button(page, 'Approve release…').count()).toBe(0)
  })

  it('refuses an approval of what has changed since it was shown', async () => {
    const { id, holdId } = await at.held()
    const first = await at.console.signedIn('aida')
    const tag = async () => (await first.get(`/api/holds/${holdId}`)).etag ?? ''
    await first.send(
      'POST',
      `/api/holds/${holdId}/release`,
      { reason: 'PROOF_SEEN', note: 'Seen.' },
      { 'if-match': await tag() },
    )
    const page = await at.open('berik')
    await page.goto(`/transfers/${id}?hold=${holdId}&act=approve`)
    await dialog(page).getByLabel('Note').fill('Agreed.')
    await first.send(
      'POST',
      `/api/holds/${holdId}/comment`,
      { text: 'Wait, one more thing.' },
      { 'if-match': await tag() },
    )
    await page.getByRole('alert').filter({ hasText: 'This has changed since you looked' }).waitFor()
    expect(await button(page, 'Approve release').isDisabled()).toBe(true)
    await button(page, 'Look again').click()
    await page
      .getByText(/changed since you looked/)
      .first()
      .waitFor()
    expect((await seen(at.world.bob, id)).transfer.state).toBe('review')
  })

  it('shows personal data only for a purpose, hides it after a minute, and writes it down', async () => {
    const { id } = await at.held()
    const page = await at.open('aida')
    await page.clock.install()
    await page.goto(`/transfers/${id}`)
    await page.getByRole('heading', { name: 'What was sent, what we hold' }).waitFor()
    const masked = await page.locator('main').innerText()
    await page.getByRole('button', { name: 'Reveal…' }).click()
    await dialog(page).getByLabel('What for').selectOption('MISSING_DATA')
    await dialog(page).getByRole('button', { name: 'Reveal…' }).click()
    await button(page, 'Hide').waitFor()
    const destination = '0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'
    expect(masked).not.toContain(destination)
    await page.getByText(destination, { exact: false }).waitFor()
    await page.clock.fastForward(61_000)
    await page.getByRole('button', { name: 'Reveal…' }).waitFor()
    expect(await page.locator('main').innerText()).not.toContain(destination)
    await page.getByText('Personal data revealed').waitFor()
  })

  it('shows a change in a second tab within two seconds, without being asked', async () => {
    const { id, holdId } = await at.held()
    const page = await at.open('aida')
    const second = await page.context().newPage()
    await page.goto(`/transfers/${id}`)
    await second.goto(`/transfers/${id}`)
    await page.getByRole('heading', { name: 'House policy' }).waitFor()
    await second.getByRole('heading', { name: 'House policy' }).waitFor()
    // Both have their first event by then.
    await second.waitForTimeout(500)
    const other = await at.console.signedIn('berik')
    const { etag = '' } = await other.get(`/api/holds/${holdId}`)
    await other.send('POST', `/api/holds/${holdId}/assign`, { assignee: 'berik' }, { 'if-match': etag })
    const seenIn = (tab: Page) =>
      tab.locator('[data-hold]').getByText('berik by name').waitFor({ timeout: 2_000 })
    await Promise.all([seenIn(page), seenIn(second)])
    await page.getByText(/changed since you looked/).waitFor()
  })

  it('speaks three languages and keeps the choice', async () => {
    const page = await at.open('aida')
    await page.goto('/holds?queue=unassigned')
    await page.getByRole('button', { name: /account and settings/ }).click()
    await page.getByLabel('Language').selectOption('ru')
    await page.getByRole('heading', { name: /^Не поручены/ }).waitFor()
    await page.getByLabel('Язык').selectOption('kk')
    await page.getByRole('heading', { name: /^Тапсырылмаған/ }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: /^Тапсырылмаған/ }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('kk')
    expect(await page.getByRole('row').nth(1).innerText()).toMatch(/мин/)
  })

  it('is light or dark as the person says, else as the system does', async () => {
    const page = await at.open('aida', { colorScheme: 'dark' })
    await page.goto('/holds')
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await background()).toBe('rgb(18, 19, 22)')
    await page.getByRole('button', { name: /account and settings/ }).click()
    await page.getByLabel('Theme').selectOption('light')
    await expect.poll(background).toBe('rgb(246, 246, 243)')
  })

  it('lets the single keys be switched off', async () => {
    const page = await at.open('aida')
    await page.goto('/holds')
    await page.getByRole('row').nth(1).waitFor()
    await page.keyboard.press('?')
    await dialog(page).getByLabel('Keyboard shortcuts').uncheck()
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await page.keyboard.press('?')
    await page.keyboard.press('/')
    expect(await dialog(page).count()).toBe(0)
    expect(await page.evaluate('document.activeElement?.tagName')).not.toBe('INPUT')
  })

  it('saves a list with its filters, and finds a transfer by its address', async () => {
    const { id } = await at.held()
    const page = await at.open('berik')
    await page.goto('/holds')
    await page.getByLabel('Reason').selectOption('POLICY')
    await page.waitForURL('**/holds?reason=POLICY')
    await button(page, 'Save view').click()
    await dialog(page).getByLabel('Name').fill('Policy only')
    await dialog(page).getByRole('button', { name: 'Save view' }).click()
    await page.getByRole('link', { name: 'Policy only' }).waitFor()
    await page.goto('/holds')
    await page.getByRole('link', { name: 'Policy only' }).click()
    await page.waitForURL('**/holds?reason=POLICY')
    await page.keyboard.press('/')
    await page.keyboard.type(id)
    await page.keyboard.press('Enter')
    await page.getByText('found by id', { exact: false }).waitFor()
  })

  it('gives an auditor everything to read and nothing to decide', async () => {
    const { id } = await at.held()
    const page = await at.open('rosa')
    await page.goto(`/transfers/${id}`)
    await page.getByRole('heading', { name: 'House policy' }).waitFor()
    for (const name of ['Release…', 'Propose release…', 'Reject…', 'Reveal…'])
      expect(await button(page, name).count()).toBe(0)
    await page.getByRole('link', { name: 'Audit log' }).click()
    await page.getByRole('row').nth(1).waitFor()
  })

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    it('has nothing on any page that axe calls serious', async () => {
      const { id, holdId } = await at.held()
      const page = await at.open('berik', { colorScheme })
      const paths = [
        '/holds?queue=unassigned',
        '/transfers',
        `/transfers/${id}`,
        `/transfers/${id}?hold=${holdId}&act=reject`,
        '/counterparties',
        '/counterparties/alice',
        '/dashboard',
        '/policy',
        '/retention',
        '/audit',
        '/account',
      ]
      for (const path of paths) {
        await page.goto(path)
        await page
          .getByRole(path.includes('act=') ? 'dialog' : 'heading')
          .first()
          .waitFor()
        await settled(page)
        expect({ path, serious: await seriousFindings(page) }).toEqual({ path, serious: [] })
      }
      const door = await at.open(undefined, { colorScheme })
      await door.goto('/sign-in')
      await door.getByLabel('Login').waitFor()
      expect(await seriousFindings(door)).toEqual([])
    }, 60_000)
  })

  it.each([
    { width: 320, height: 640 },
    { width: 720, height: 450 },
  ])('needs no sideways scrolling at $width pixels', async (viewport) => {
    const { id, holdId } = await at.held()
    const page = await at.open('berik', { viewport })
    for (const path of [
      '/holds',
      '/transfers',
      `/transfers/${id}`,
      `/transfers/${id}?hold=${holdId}&act=reject`,
      '/counterparties/alice',
      '/dashboard',
      '/audit',
      '/account',
    ]) {
      await page.goto(path)
      await page
        .getByRole(path.includes('act=') ? 'dialog' : 'heading')
        .first()
        .waitFor()
      await settled(page)
      const over = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect({ path, over }).toEqual({ path, over: 0 })
    }
  })

  it('says that the gateway is away, and goes on when it is back', async () => {
    const page = await at.open('aida')
    await page.goto('/counterparties')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.route('**/api/dashboard**', (route) => route.abort())
    await page.getByRole('link', { name: 'Dashboard' }).click()
    await page.getByRole('heading', { name: 'The gateway cannot be reached' }).waitFor()
    await page.unroute('**/api/dashboard**')
    await button(page, 'Try again').click()
    await page.getByRole('heading', { name: 'Outbound transfers' }).waitFor()
    // The browser itself complains of the requests that came to nothing.
    expect((await at.endTest()).every((text) => text.includes('ERR_FAILED'))).toBe(true)
  })
})

/** RFC 6238, of an `otpauth:` address, for now. */
function codeOf(uri: string): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = Array.from(secret)
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
