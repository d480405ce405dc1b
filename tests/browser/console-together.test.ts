/** Two people at one transfer, each in a browser: a note is seen as it is written, and each is told of the other. */
import { describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/chromium.ts'
import { inConsoleWorld } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'

describe.skipIf(lacking !== undefined)('two people at one transfer', () => {
  let at: ConsoleWorld
  inConsoleWorld((world) => {
    at = world
  })

  it('see each other’s notes without asking again: nothing polls for them', async () => {
    const { id, holdId } = await at.held()
    const page = await at.open('aida')
    await page.goto(`/transfers/${id}`)
    await page.getByRole('heading', { name: 'House policy' }).waitFor()
    const reads: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith(`/api/transfers/${id}`)) reads.push(request.url())
    })
    // As long as it used to take until the next poll.
    await page.waitForTimeout(6_000)
    expect(reads).toEqual([])
    const other = await at.console.signedIn('berik')
    const { etag = '' } = await other.get(`/api/holds/${holdId}`)
    await other.send(
      'POST',
      `/api/holds/${holdId}/comment`,
      { text: 'I am calling them.' },
      { 'if-match': etag },
    )
    await page.locator('[data-hold]').getByText('I am calling them.').waitFor()
    await page.getByText('One thing has changed since you looked').waitFor()
    expect(reads.length).toBeGreaterThan(0)
  })

  it('are told that the other is there, until one goes', async () => {
    const { id } = await at.held()
    const aida = await at.open('aida')
    const berik = await at.open('berik')
    await aida.goto(`/transfers/${id}`)
    await berik.goto(`/transfers/${id}`)
    await berik.getByText('aida by name is looking at this transfer too').waitFor()
    await aida.getByText('berik by name is looking at this transfer too').waitFor()
    expect(await seriousFindings(aida)).toEqual([])
    await berik.getByRole('link', { name: 'Dashboard' }).click()
    await aida.getByText('berik by name is looking').waitFor({ state: 'detached' })
  })

  it('need not be two in an emergency: who may break the glass reads what that means, and is named', async () => {
    await at.console.addPerson('gulia', ['analyst', 'break-glass'])
    const { id } = await at.held()
    const page = await at.open('gulia')
    await page.goto(`/transfers/${id}`)
    await page.getByRole('button', { name: 'Break the glass…' }).click()
    const form = page.getByRole('dialog')
    await form.getByText('whatever policy asks for', { exact: false }).waitFor()
    await form.getByText('the transfer is accepted', { exact: false }).waitFor()
    await form.getByLabel('Note').fill('The customer waits in hospital.')
    const send = form.getByRole('button', { name: 'Break the glass', exact: true })
    expect(await send.isDisabled()).toBe(true)
    await form.getByLabel('I have tried to reach a second person', { exact: false }).check()
    expect(await seriousFindings(page)).toEqual([])
    await send.click()
    await page.getByText('Ended. Everybody is told.').waitFor()
    await page.getByText('Glass broken: ended by one person alone', { exact: false }).first().waitFor()
  })

  it('may sign out from there, and are not told that the session has ended', async () => {
    const { id } = await at.held()
    const page = await at.open('aida')
    await page.goto(`/transfers/${id}`)
    await page.getByRole('heading', { name: 'House policy' }).waitFor()
    const left = page.waitForResponse(
      (response) => response.request().method() === 'DELETE' && response.url().endsWith('/presence'),
    )
    await page.getByRole('button', { name: /account and settings/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Login').waitFor()
    await left
    expect(new URL(page.url()).searchParams.get('error')).toBeNull()
    expect(await page.getByText('Your session has ended').count()).toBe(0)
  })
})
