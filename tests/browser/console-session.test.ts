/** Who is signed in, as pages see it: nobody yet is no error, and a session that ends leads to the sign-in page. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { PASSWORD } from '../support/console.ts'
import { button, dialog, inConsoleWorld } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'

describe.skipIf(lacking !== undefined)('a session', () => {
  let at: ConsoleWorld
  inConsoleWorld((world) => {
    at = world
  })

  /** Whatever the browser was answered, or said, that is not right. */
  function wrongIn(page: Page): readonly string[] {
    const wrong: string[] = []
    page.on('response', (answer) => {
      if (answer.status() >= 400) wrong.push(`${answer.status()} ${answer.url()}`)
    })
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text())
    })
    return wrong
  }

  it('of nobody is no error: the sign-in page opens without one, and leads to where the person wanted', async () => {
    const page = await at.open()
    const wrong = wrongIn(page)
    await page.goto('/holds?queue=unassigned')
    await page.getByLabel('Login').fill('aida')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    await page.getByLabel('Password').fill(PASSWORD)
    await button(page, 'Sign in').click()
    await page.getByRole('heading', { name: /^Unassigned/ }).waitFor()
    expect(wrong).toEqual([])
  })

  it('that ended elsewhere leads to the sign-in page at the next thing that the person does', async () => {
    const page = await at.open('aida')
    await page.goto('/holds?queue=unassigned')
    await page.getByRole('heading', { name: /^Unassigned/ }).waitFor()
    const other = await at.console.signedIn('aida')
    const { items } = (await other.get<{ items: { id: string; current: boolean }[] }>('/api/sessions')).json
    for (const { id } of items.filter(({ current }) => !current))
      await other.send('DELETE', `/api/sessions/${id}`)
    await page.getByRole('link', { name: 'Counterparties' }).click()
    await page.getByText('Your session has ended', { exact: false }).waitFor()
    expect(new URL(page.url()).searchParams.get('next')).toMatch(/^\/(?:counterparties|holds)/)
  })

  it('that ended while nobody was there leads there when somebody asks to stay', async () => {
    const page = await at.open('aida')
    let isOver = false
    await page.route('**/api/session', async (route) => {
      if (isOver) return route.fulfill({ json: { person: null } })
      const answer = await route.fetch()
      const session = await answer.json()
      const idleExpiresAt = new Date(Date.parse(session.now) + 60_000).toISOString()
      return route.fulfill({ json: { ...session, idleExpiresAt } })
    })
    await page.goto('/holds?queue=unassigned')
    await dialog(page).getByText('You will be signed out in', { exact: false }).waitFor()
    isOver = true
    await button(page, 'Stay signed in').click()
    await page.getByText('Your session has ended', { exact: false }).waitFor()
    expect(new URL(page.url()).searchParams.get('next')).toBe('/holds?queue=unassigned')
  })
})
