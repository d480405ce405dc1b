/**
 * Ten thousand open holds in the real database, scrolled through in a real browser. With SCROLL_FIGURES set it also prints how smooth that
 * is: figures of this machine, which no test judges. docs/console.md has them.
 */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { inConsoleWorld } from '../support/console-tests.ts'
import { type ConsoleWorld, lacking } from '../support/console-world.ts'
import { copyHold } from '../support/many-holds.ts'

const HOLDS = 10_000
const LAST = 'THE-LAST-ONE'

describe.skipIf(lacking !== undefined)('a queue of ten thousand', () => {
  let at: ConsoleWorld

  inConsoleWorld(async (world) => {
    at = world
    const { holdId } = await at.held()
    const { pool } = at.world.bob.database
    await copyHold(pool, { vaspId: 'bob', holdId, count: HOLDS - 1, last: LAST })
  })

  const open = async () => {
    const page = await at.open('aida')
    await page.goto('/holds')
    await page.getByRole('row').nth(1).waitFor()
    return page
  }
  const rowsInPage = (page: Page) => page.locator('[data-index]').count()
  const lastIndex = async (page: Page) =>
    Number(await page.locator('[data-index]').last().getAttribute('data-index'))

  it('is scrolled to its last row with few rows in the page', async () => {
    const page = await open()
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(String(HOLDS + 1))
    let most = await rowsInPage(page)
    while ((await lastIndex(page)) < HOLDS - 1) {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
      await page.waitForTimeout(20)
      most = Math.max(most, await rowsInPage(page))
    }
    await page.getByText(LAST).waitFor()
    expect(most).toBeLessThan(60)
    // The keys find their way from there, too.
    await page.keyboard.press('j')
    await expect.poll(() => page.evaluate('document.activeElement?.className')).toMatch(/row-link/)
  }, 180_000)

  it('is read again after a change, all that was read, and stays where it is', async () => {
    const page = await open()
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)')
    await expect.poll(() => lastIndex(page)).toBeGreaterThan(150)
    const top = await page.evaluate('scrollY')
    // In the middle of those in the page: what comes before them may move the first ones out of it.
    const middle = Math.floor((await page.locator('[data-index]').count()) / 2)
    const row = page.locator('[data-index]').nth(middle).locator('[data-hold]')
    const holdId = (await row.getAttribute('data-hold')) ?? ''
    const other = await at.console.signedIn('berik')
    const { rows } = await at.world.bob.database.pool.query(
      `update holds set assignee = 'berik' where id = $1 returning transfer_id`,
      [holdId],
    )
    expect(rows).toHaveLength(1)
    // Any event of the house makes the list be read again.
    const { id, holdId: another } = await at.held()
    const changed = page.getByRole('row').filter({ has: page.locator(`[data-hold="${holdId}"]`) })
    // Again and again: the page may not have been listening yet.
    const seen = async () => {
      const { etag = '' } = await other.get(`/api/holds/${another}`)
      await other.send('POST', `/api/holds/${another}/comment`, { text: 'A test.' }, { 'if-match': etag })
      return changed.getByText('berik by name').isVisible()
    }
    await expect.poll(seen, { timeout: 90_000, interval: 2_000 }).toBe(true)
    expect(await page.evaluate('scrollY')).toBe(top)
    expect(id).not.toBe('')
  }, 120_000)

  it.runIf(process.env['SCROLL_FIGURES'] !== undefined)(
    'prints its figures',
    async () => {
      for (const [name, pixels] of [
        ['reading on, 120 px a frame', 120],
        ['flinging, 1200 px a frame', 1200],
      ] as const) {
        const page = await open()
        console.log(name, JSON.stringify(await page.evaluate(`(${MEASURE})(${pixels}, ${HOLDS})`)))
        await page.context().close()
      }
      await at.endTest()
    },
    600_000,
  )
})

/** Runs in the page: scrolls by so many pixels each frame to the last row, or for half a minute, and tells how long the frames took. */
const MEASURE = `async (pixels, rows) => {
  const frames = []
  const tasks = []
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration)
  }).observe({ type: 'longtask' })
  const begun = performance.now()
  let before = begun
  const last = () => Number([...document.querySelectorAll('[data-index]')].at(-1).dataset.index)
  while (last() < rows - 1 && performance.now() - begun < 30_000) {
    const now = await new Promise((resolve) => requestAnimationFrame(resolve))
    frames.push(now - before)
    before = now
    scrollBy(0, pixels)
  }
  const sorted = frames.slice(1).toSorted((a, b) => a - b)
  const at = (share) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
  return {
    seconds: Math.round((performance.now() - begun) / 1000),
    rows: last() + 1,
    frames: sorted.length,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    over50: sorted.filter((ms) => ms > 50).length,
    longTasks: tasks.length,
    longestTask: Math.round(Math.max(0, ...tasks)),
  }
}`
