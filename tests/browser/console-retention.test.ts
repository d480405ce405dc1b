/** The retention page in a real browser: the rules, a legal hold from its setting to its lifting, and what was destroyed. */
import { describe, expect, it } from 'vitest'
import { shredTransfer } from '../../src/app/retention.ts'
import { seriousFindings } from '../support/chromium.ts'
import { button, dialog, inConsoleWorld, section } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'

describe.skipIf(lacking !== undefined)('the retention page', () => {
  let at: ConsoleWorld
  inConsoleWorld((world) => {
    at = world
  })

  /** One of bob's that was rejected so long ago. */
  const ended = async (ago: string) => {
    const { id, holdId } = await at.held()
    const marat = await at.console.signedIn('berik')
    const { etag = '' } = await marat.get(`/api/holds/${holdId}`)
    const decision = { reason: 'HIGH_RISK', note: 'A test.' }
    await marat.send('POST', `/api/holds/${holdId}/reject`, decision, { 'if-match': etag })
    await at.world.settle()
    await at.world.bob.database.pool.query(
      'update transfers set updated_at = updated_at - $2::interval where id = $1',
      [id, ago],
    )
    return id
  }

  it('says what each rule asks for, by its clause', async () => {
    const page = await at.open('aida')
    await page.goto('/retention')
    const row = section(page, 'What the rules ask for').getByRole('row').filter({ hasText: 'EU-TFR' })
    await row.waitFor()
    expect(await row.innerText()).toMatch(/5 years/)
    await section(page, 'Due to be destroyed').getByText('Nothing is due in this time.').waitFor()
    await section(page, 'Destroyed').getByText('Nothing has been destroyed yet.').waitFor()
    await section(page, 'Legal holds').getByText('No legal hold is set.').waitFor()
  })

  it('sets a legal hold on a transfer and lets the MLRO lift it, each with a reason', async () => {
    const id = await ended('6 years')
    const berik = await at.open('berik')
    await berik.goto(`/transfers/${id}`)
    await button(berik, 'Set a legal hold…').click()
    await dialog(berik).getByLabel('Code or case number').fill('Mr Somebody’s case')
    await dialog(berik).getByText('Letters, digits and', { exact: false }).waitFor()
    expect(await button(berik, 'Set legal hold').isDisabled()).toBe(true)
    await dialog(berik).getByLabel('Code or case number').fill('CASE-2031-17')
    await berik.keyboard.press('Enter')
    await berik.getByText('Legal hold set.').waitFor()
    await section(berik, 'Personal data').getByText('CASE-2031-17').waitFor()

    await berik.goto('/retention')
    const due = section(berik, 'Due to be destroyed')
      .getByRole('row')
      .filter({ hasText: id.slice(0, 8) })
    await due.getByText('Legal hold').waitFor()
    await section(berik, 'Legal holds').getByText('berik by name').waitFor()
    expect(await berik.getByRole('button', { name: /Lift/ }).count()).toBe(0)

    const marat = await at.open('marat')
    await marat.goto('/retention')
    await button(marat, 'Lift the legal hold CASE-2031-17').click()
    await dialog(marat).getByText('That cannot be undone', { exact: false }).waitFor()
    await dialog(marat).getByLabel('Code or case number').fill('CASE-2031-17-CLOSED')
    await button(marat, 'Lift legal hold').click()
    await marat.getByText('Legal hold lifted.').waitFor()
    await section(marat, 'Legal holds').getByText('No legal hold is set.', { exact: false }).waitFor()
    await marat.goto(`/transfers/${id}`)
    await section(marat, 'Personal data').getByText('CASE-2031-17-CLOSED').waitFor()
  })

  it('lists what was destroyed, and the transfer says so itself', async () => {
    const id = await ended('1 day')
    await shredTransfer(at.world.bob.parts(), 'bob', id, { by: 'person:marat', early: 'TEST-DATA' })
    const page = await at.open('rosa')
    await page.goto('/retention')
    const row = section(page, 'Destroyed').getByRole('row').filter({ hasText: 'TEST-DATA' })
    await row.getByText('before its time').waitFor()
    await row.getByRole('link').click()
    await section(page, 'Personal data').getByText('destroyed', { exact: false }).waitFor()
    expect(await button(page, 'Set a legal hold…').count()).toBe(0)
  })

  it('says that the gateway is away', async () => {
    const page = await at.open('aida')
    await page.route('**/api/retention', (route) => route.abort())
    await page.goto('/retention')
    await page.getByRole('heading', { name: 'The gateway cannot be reached' }).waitFor()
    await page.unroute('**/api/retention')
    await button(page, 'Try again').click()
    await section(page, 'What the rules ask for').waitFor()
    expect((await at.endTest()).every((said) => said.includes('ERR_FAILED'))).toBe(true)
  })

  it.each(['light', 'dark'] as const)('has nothing that axe calls serious (%s)', async (colorScheme) => {
    const id = await ended('6 years')
    const marat = await at.console.signedIn('marat')
    await marat.send('POST', `/api/transfers/${id}/legal-hold`, { reason: 'CASE-9' })
    const page = await at.open('marat', { colorScheme })
    await page.goto('/retention')
    await section(page, 'Due to be destroyed').getByRole('row').nth(1).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: /Lift/ }).first().click()
    await dialog(page).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  it.each([
    { width: 320, height: 640 },
    { width: 720, height: 450 },
  ])('needs no sideways scrolling at $width pixels', async (viewport) => {
    const page = await at.open('marat', { viewport })
    await page.goto('/retention')
    await section(page, 'Destroyed').getByRole('row').nth(1).waitFor()
    const over = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(over).toBe(0)
  })
})
