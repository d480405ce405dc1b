/** What the browser tests of the console have in common: a world for each file, and the words for what a page shows. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type ConsoleWorld, consoleWorld, lacking } from './console-world.ts'

if (lacking !== undefined) console.warn(`browser tests are skipped: ${lacking}`)

/** A world is made before the tests, and closed after them; what a page complained of fails the test in which it did. */
export function inConsoleWorld(begin: (world: ConsoleWorld) => Promise<void> | void): void {
  let at: ConsoleWorld | undefined
  beforeAll(async () => {
    at = await consoleWorld()
    await begin(at)
  })
  afterEach(async () => {
    const complaints = (await at?.endTest()) ?? []
    if (complaints.length > 0) throw new Error(`the page complained: ${complaints.join('; ')}`)
  })
  afterAll(() => at?.close())
}

export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
export const dialog = (page: Page) => page.getByRole('dialog')
export const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
