/** The policy page in a real browser: read, tried on past transfers, proposed by one person and put in force by another. */
import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/chromium.ts'
import { button, dialog, inConsoleWorld } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'

describe.skipIf(lacking !== undefined)('the policy page', () => {
  let at: ConsoleWorld
  inConsoleWorld((world) => {
    at = world
  })

  const text = (page: Page) => page.getByLabel('Policy as JSON')
  const asJson = (page: Page) => page.getByRole('tab', { name: 'Edit as JSON' }).click()
  const asForm = (page: Page) => page.getByRole('tab', { name: 'As a form' }).click()
  const begin = async (page: Page) => {
    await button(page, 'Propose a change…').click()
    await page.getByLabel('Inbound transfers', { exact: true }).waitFor()
  }
  const group = (page: Page, name: string) => page.getByRole('group', { name, exact: true })

  it('says in plain words what is in force', async () => {
    const page = await at.open('aida')
    await page.goto('/policy')
    await page.getByRole('heading', { name: 'Who decides, and how long it may take' }).waitFor()
    const shown = await page.locator('main').innerText()
    expect(shown).toMatch(/Inbound transfers\s+each waits for a person/)
    expect(shown).toMatch(/Held for: House policy\s+2 persons release/)
    expect(shown).toContain('No version has been published yet')
    // An analyst reads.
    expect(await button(page, 'Propose a change…').count()).toBe(0)
  })

  it('is changed by two people: difference, past transfers, proposal, approval', async () => {
    const { id } = await at.held('WD-77')
    const berik = await at.open('berik')
    await berik.goto('/policy')
    await begin(berik)
    await berik
      .getByLabel('Inbound transfers', { exact: true })
      .selectOption('accepted at once, unless a check holds them')
    const row = berik.getByRole('row').filter({ hasText: 'Inbound transfers' })
    await row.locator('del').getByText('each waits for a person').waitFor()
    await row.locator('ins').getByText('accepted at once').waitFor()
    await button(berik, 'Try it on past transfers').click()
    await berik.getByRole('heading', { name: 'Would no longer be held' }).waitFor()
    const link = berik.locator(`a[href="/transfers/${id}"]`)
    expect(await link.count()).toBe(1)
    await button(berik, 'Propose').click()
    await berik.getByText('Proposed. Another person must approve it.').waitFor()
    await berik.getByText('it takes another person than the one who proposed', { exact: false }).waitFor()
    expect(await button(berik, 'Approve and put in force…').count()).toBe(0)

    const marat = await at.open('marat')
    await marat.goto('/policy')
    await marat.getByRole('heading', { name: 'Version 1 is proposed' }).waitFor()
    await marat.getByRole('row').filter({ hasText: 'Inbound transfers' }).locator('ins').waitFor()
    await button(marat, 'Approve and put in force…').click()
    await dialog(marat).getByText('on every gateway of this house', { exact: false }).waitFor()
    await button(marat, 'Put in force').click()
    await marat.getByText('In force now.').waitFor()
    await marat.getByText('Version 1 · proposed by berik by name · approved by marat by name').waitFor()
    expect(at.world.bob.parts().vasps.get('bob')?.policy.inbound).toBe('accept')
  })

  it('says at its field what is wrong, leads there, and proposes nothing', async () => {
    const page = await at.open('berik')
    await page.goto('/policy')
    await begin(page)
    const permit = page.getByLabel('A permit is good for', { exact: true })
    await permit.fill('-5')
    await button(page, 'Add: Countries not dealt with').click()
    await page.keyboard.type('kp')
    await button(page, 'Propose').click()
    const alert = page.getByRole('alert').filter({ hasText: '2 members are not right' })
    await alert.getByRole('button', { name: 'Countries not dealt with' }).waitFor()
    const country = page.getByLabel('Countries not dealt with, 1', { exact: true })
    expect(await describedBy(country)).toContain('Must be the code of a country, as in KP.')
    expect(await describedBy(permit)).toContain('Must be a whole number, from 1 sec to 1 day.')
    await asJson(page)
    await alert.getByRole('button', { name: 'A permit is good for' }).click()
    expect(await isFocused(permit)).toBe(true)
    // What has been mended is no longer wrong; the rest is.
    await permit.fill('2')
    await expect.poll(() => describedBy(permit)).not.toContain('Must be')
    expect(await describedBy(country)).toContain('Must be the code')
    // The browser itself writes down that a request was answered with 400.
    expect((await at.endTest()).every((said) => said.includes('400'))).toBe(true)
  })

  it('is one draft, as a form and as JSON', async () => {
    const page = await at.open('berik')
    await page.goto('/policy')
    await begin(page)
    await page.getByLabel('Unit of: A permit is good for').selectOption('hours')
    await asJson(page)
    const draft = JSON.parse(await text(page).inputValue())
    await text(page).fill(JSON.stringify({ ...draft, retentionYears: 7 }))
    await asForm(page)
    expect(await page.getByLabel('Keep personal data at least, years').inputValue()).toBe('7')
    await asJson(page)
    await text(page).fill('{ no json')
    await page.getByText('This is not readable JSON.').first().waitFor()
    expect(await button(page, 'Propose').isDisabled()).toBe(true)
    await asForm(page)
    await page.getByText('The JSON cannot be read', { exact: false }).waitFor()
  })

  it('is written without a mouse: rows are added and taken away, and the focus stays with them', async () => {
    const page = await at.open('berik')
    await page.goto('/policy')
    await begin(page)
    const rules = group(page, 'Releases that take two persons')
    await button(page, 'Add: Releases that take two persons').focus()
    await page.keyboard.press('Enter')
    const first = group(page, 'Releases that take two persons, 1')
    await first.waitFor()
    await expect.poll(() => first.locator(':focus').count()).toBe(1)
    await page.keyboard.press('Space')
    await first.getByLabel('Only from a value').press('Space')
    await first.getByLabel('Amount').fill('10000')
    await first.getByLabel('Currency').fill('EUR')
    await page.getByLabel('New entry: Roles that people may have here').fill('aida@bob.example')
    await page.keyboard.press('Enter')
    await group(page, 'aida@bob.example').getByLabel('Senior analyst').press('Space')
    await page.getByRole('row').filter({ hasText: 'Roles of: aida@bob.example' }).locator('ins').waitFor()
    await asJson(page)
    expect(JSON.parse(await text(page).inputValue())).toMatchObject({
      fourEyes: [{ reasons: ['COUNTERPARTY_UNVERIFIED'], minFiat: { amount: '10000', currency: 'EUR' } }],
      people: { 'aida@bob.example': ['senior'] },
    })
    await asForm(page)
    await rules.getByRole('button', { name: 'Remove: Releases that take two persons, 1' }).press('Enter')
    await expect.poll(() => isFocused(button(page, 'Add: Releases that take two persons'))).toBe(true)
    expect(await first.count()).toBe(0)
  })

  it('refuses an approval from a screen that is no longer true', async () => {
    const other = await at.console.signedIn('berik')
    const send = async (path: string, body: unknown) => {
      const { etag = '' } = await other.get('/api/policy')
      return other.send('POST', `/api/policy/${path}`, body, { 'if-match': etag })
    }
    const { json } = await other.get<{ inForce: { text: string; version: number } }>('/api/policy')
    await send('propose', { text: json.inForce.text.replace('"inbound":"accept"', '"inbound":"hold"') })
    const version = json.inForce.version + 1
    const page = await at.open('marat')
    await page.goto('/policy')
    await button(page, 'Approve and put in force…').click()
    await dialog(page).waitFor()
    // The screen hears nothing of what happens now.
    await page.route('**/api/policy', (route) => route.abort())
    await send(`${version}/withdraw`, {})
    await send('propose', { text: json.inForce.text.replace('"inbound":"accept"', '"inbound":"ask"') })
    await button(page, 'Put in force').click()
    await dialog(page).getByText('The policy has changed since you looked').waitFor()
    expect(at.world.bob.parts().vasps.get('bob')?.policy.inbound).toBe('accept')
    await send(`${version + 1}/withdraw`, {})
    await page.unroute('**/api/policy')
    expect((await at.endTest()).every((said) => /412|ERR_FAILED/.test(said))).toBe(true)
  })

  it('is not open to whom no role lets read it, and says so', async () => {
    const page = await at.open('aida')
    await page.route('**/api/policy', (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        json: { type: 'urn:tamga:error:person_denied', title: 'no', status: 403, code: 'PERSON_DENIED' },
      }),
    )
    await page.goto('/policy')
    await page.getByRole('heading', { name: 'This is not open to you' }).waitFor()
    expect((await at.endTest()).every((said) => said.includes('403'))).toBe(true)
  })

  /** A form in which everything stands open, with a row of everything. */
  const openAll = async (page: Page) => {
    await page.getByLabel('Inbound transfers', { exact: true }).waitFor()
    for (const name of ['A threshold of the house', 'Working time', 'Parties and addresses are screened'])
      await page.getByLabel(name, { exact: true }).check()
    for (const name of [
      'Releases that take two persons',
      'By the reason of the hold',
      'Stored rates',
      'Regimes that bind',
    ])
      await button(page, `Add: ${name}`).click()
  }

  it.each(['light', 'dark'] as const)('has nothing that axe calls serious (%s)', async (colorScheme) => {
    const page = await at.open('berik', { colorScheme })
    await page.goto('/policy?draft=new')
    await page.getByLabel('Inbound transfers', { exact: true }).selectOption({ index: 2 })
    await button(page, 'Try it on past transfers').click()
    await page.getByText('Judged', { exact: true }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await openAll(page)
    await button(page, 'Try it on past transfers').click()
    await page.getByRole('alert').filter({ hasText: 'members are not right' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await asJson(page)
    await text(page).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    expect((await at.endTest()).every((said) => said.includes('400'))).toBe(true)
  })

  it.each([
    { width: 320, height: 640 },
    { width: 720, height: 450 },
  ])('needs no sideways scrolling at $width pixels', async (viewport) => {
    const page = await at.open('berik', { viewport })
    await page.goto('/policy?draft=new')
    await openAll(page)
    await page.locator('.difference').first().waitFor()
    const over = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(over).toBe(0)
  })
})

const isFocused = async (one: Locator) => (await one.and(one.page().locator(':focus')).count()) === 1

/** What assistive technology says of a field besides its name. */
async function describedBy(one: Locator): Promise<string> {
  const ids = ((await one.getAttribute('aria-describedby')) ?? '').split(' ')
  const said = ids.map((id) => one.page().locator(`[id="${id}"]`).allTextContents())
  return (await Promise.all(said)).flat().join(' ')
}
