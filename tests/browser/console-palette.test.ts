/** Getting about by name, and one thing done to many holds, in a real browser. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { seriousFindings } from '../support/chromium.ts'
import { button, inConsoleWorld } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'
import { seen } from '../support/two-gateways.ts'

describe.skipIf(lacking !== undefined)('getting about and doing many', () => {
  let at: ConsoleWorld
  inConsoleWorld((world) => {
    at = world
  })

  const palette = (page: Page) => page.getByRole('dialog', { name: 'Go to, find, do' })
  const isReady = async (page: Page) => {
    await palette(page).getByRole('searchbox').waitFor()
    await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('INPUT')
  }
  /** By the arrow keys alone. */
  const choose = async (page: Page, name: RegExp) => {
    await palette(page).getByRole('menuitem', { name }).first().waitFor()
    const focused = palette(page).locator('[data-focused="true"]')
    for (let step = 0; step < 20; step++) {
      const text = (await focused.count()) === 0 ? '' : await focused.innerText()
      if (name.test(text.trim())) break
      await page.keyboard.press('ArrowDown')
    }
    await page.keyboard.press('Enter')
  }
  const assigneeOf = async (id: string) => (await seen(at.world.bob, id)).transfer.holds[0]?.assignee

  describe('the palette', () => {
    it.each(['Control+k', 'Meta+k'])('opens by %s, goes to pages and finds transfers', async (keys) => {
      const { id } = await at.held()
      const page = await at.open('aida')
      await page.goto('/dashboard')
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press(keys)
      await isReady(page)
      await page.keyboard.type('retention')
      await choose(page, /^Retention/)
      await page.waitForURL('**/retention')
      await palette(page).waitFor({ state: 'detached' })

      await page.keyboard.press(keys)
      await isReady(page)
      await page.keyboard.type(id)
      await choose(page, /alice/)
      await page.waitForURL(`**/transfers/${id}`)
    })

    it('offers what the page can do, and only opens its form', async () => {
      const { id } = await at.held()
      const page = await at.open('aida')
      await page.goto(`/transfers/${id}`)
      await page.getByRole('heading', { name: 'House policy' }).waitFor()
      await page.keyboard.press('Control+k')
      await isReady(page)
      await page.keyboard.type('reject')
      await palette(page).getByRole('menuitem', { name: 'Reject the transfer' }).click()
      await page.getByRole('dialog', { name: 'Reject the transfer' }).waitFor()
      expect((await seen(at.world.bob, id)).transfer.state).toBe('review')
    })

    it('offers an auditor nothing to do, closes by Escape, and is in the list of keys', async () => {
      const { id } = await at.held()
      const page = await at.open('rosa')
      await page.goto(`/transfers/${id}`)
      await page.getByRole('heading', { name: 'House policy' }).waitFor()
      await page.keyboard.press('?')
      await page.getByRole('dialog').getByText('Ctrl K').waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.keyboard.press('Control+k')
      await palette(page).waitFor()
      expect(await palette(page).getByText('On this page').count()).toBe(0)
      await page.keyboard.press('Escape')
      await palette(page).waitFor({ state: 'detached' })
    })

    it.each(['light', 'dark'] as const)('has nothing that axe calls serious (%s)', async (colorScheme) => {
      const page = await at.open('berik', { colorScheme })
      await page.goto('/holds')
      await page.getByRole('row').nth(1).waitFor()
      await page.keyboard.press('Control+k')
      await isReady(page)
      await page.keyboard.type('al')
      await palette(page).getByRole('menuitem', { name: 'Search transfers' }).waitFor()
      expect(await seriousFindings(page)).toEqual([])
    })
  })

  describe('many holds at once', () => {
    const pick = async (page: Page, holdIds: readonly string[]) => {
      for (const holdId of holdIds)
        await page
          .getByRole('row')
          .filter({ has: page.locator(`[data-hold="${holdId}"]`) })
          .getByRole('checkbox')
          .check()
    }

    it('are given to one person, each over what the list showed, with what came of each', async () => {
      const [first, second, third] = [
        await at.held('BULK-1'),
        await at.held('BULK-2'),
        await at.held('BULK-3'),
      ]
      const page = await at.open('aida')
      // What happens meanwhile does not reach this list.
      await page.route('**/api/events', (route) => route.abort())
      await page.goto('/holds?sort=-openedAt')
      await pick(page, [first.holdId, second.holdId, third.holdId])
      await page.getByText('3 selected').waitFor()
      const other = await at.console.signedIn('berik')
      const { etag = '' } = await other.get(`/api/holds/${second.holdId}`)
      await other.send(
        'POST',
        `/api/holds/${second.holdId}/assign`,
        { assignee: 'berik' },
        { 'if-match': etag },
      )
      await button(page, 'Assign…').click()
      await page.getByRole('dialog').getByRole('button', { name: 'Assign', exact: true }).click()
      await page.getByText('2 done, 1 not').waitFor()
      const results = page.getByRole('dialog').getByRole('listitem')
      expect(await results.filter({ hasText: 'Done' }).count()).toBe(2)
      expect(await results.filter({ hasText: 'Changed since, left alone' }).count()).toBe(1)
      expect(await Promise.all([first, second, third].map(({ id }) => assigneeOf(id)))).toEqual([
        'aida',
        'berik',
        'aida',
      ])
      await button(page, 'Close').last().click()
      await page.getByText('3 selected').waitFor({ state: 'detached' })
      expect((await at.endTest()).every((said) => said.includes('ERR_FAILED'))).toBe(true)
    })

    it('get one note by the keyboard alone, and are never released together', async () => {
      const { holdId } = await at.held()
      const page = await at.open('berik')
      await page.goto('/holds?sort=-openedAt')
      await page.getByRole('row').nth(1).waitFor()
      await page.keyboard.press('j')
      await expect.poll(() => page.evaluate('document.activeElement?.className')).toMatch(/row-link/)
      await page.keyboard.press('x')
      await page.getByText('1 selected').waitFor()
      const bar = page.getByRole('region', { name: 'Selection' })
      expect(await bar.getByRole('button').allInnerTexts()).toEqual(['Assign…', 'Add note…', 'Clear'])
      await bar.getByRole('button', { name: 'Add note…' }).click()
      await page.getByRole('dialog').getByLabel('Note').fill('Seen in the morning round.')
      await page.getByRole('dialog').getByRole('button', { name: 'Add note', exact: true }).click()
      await page.getByText('1 done, 0 not').waitFor()
      const { json } = await (await at.console.signedIn('berik')).get<{
        hold: { notes: { text: string }[] }
      }>(`/api/holds/${holdId}`)
      expect(json.hold.notes.map(({ text }) => text)).toEqual(['Seen in the morning round.'])
    })

    it('cannot be picked by an auditor', async () => {
      await at.held()
      const page = await at.open('rosa')
      await page.goto('/holds')
      await page.getByRole('row').nth(1).waitFor()
      expect(await page.getByRole('checkbox').count()).toBe(0)
    })

    it.each([
      { width: 1440, height: 900 },
      { width: 720, height: 450 },
      { width: 320, height: 640 },
    ])('are picked at $width pixels without sideways scrolling, and axe is content', async (viewport) => {
      const { holdId } = await at.held()
      const page = await at.open('berik', { viewport })
      await page.goto('/holds?sort=-openedAt')
      await pick(page, [holdId])
      await page.getByText('1 selected').waitFor()
      const over = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(over).toBe(0)
      expect(await seriousFindings(page)).toEqual([])
    })
  })
})
