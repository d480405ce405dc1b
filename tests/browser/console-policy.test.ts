/** The policy page in a real browser: read, tried on past transfers, proposed by one person and put in force by another. */
import type { Page } from 'playwright-core'
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
  /** A draft in which this has been replaced. */
  const draft = async (page: Page, was: string, becomes: string) => {
    await button(page, 'Propose a change…').click()
    const now = await text(page).inputValue()
    expect(now).toContain(was)
    await text(page).fill(now.replace(was, becomes))
  }

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
    await draft(berik, '"inbound": "hold"', '"inbound": "accept"')
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

  it('names the members that are wrong, and proposes nothing', async () => {
    const page = await at.open('berik')
    await page.goto('/policy')
    await draft(page, '"permitSeconds": ', '"permitSeconds": -')
    await button(page, 'Propose').click()
    const alert = page.getByRole('alert').filter({ hasText: 'One member is not right' })
    await alert.getByText('A permit is good for').waitFor()
    await text(page).fill('{ no json')
    await page.getByText('This is not readable JSON.').first().waitFor()
    expect(await button(page, 'Propose').isDisabled()).toBe(true)
    // The browser itself writes down that a request was answered with 400.
    expect((await at.endTest()).every((said) => said.includes('400'))).toBe(true)
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

  it.each(['light', 'dark'] as const)('has nothing that axe calls serious (%s)', async (colorScheme) => {
    const page = await at.open('berik', { colorScheme })
    await page.goto('/policy?draft=new')
    await text(page).waitFor()
    await text(page).fill((await text(page).inputValue()).replace('"accept"', '"hold"'))
    await button(page, 'Try it on past transfers').click()
    await page.getByText('Judged', { exact: true }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  it.each([
    { width: 320, height: 640 },
    { width: 720, height: 450 },
  ])('needs no sideways scrolling at $width pixels', async (viewport) => {
    const page = await at.open('berik', { viewport })
    await page.goto('/policy?draft=new')
    await text(page).fill((await text(page).inputValue()).replace('"accept"', '"hold"'))
    await page.locator('.difference').first().waitFor()
    const over = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(over).toBe(0)
  })
})
