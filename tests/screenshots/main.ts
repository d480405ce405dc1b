/** `npm run console:screenshots`: the main pages of the console as the demo shows them, into docs/console. Needs a Chromium. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { findChromium, launchChromium } from '../support/chromium.ts'

const TAMGA = join(import.meta.dirname, '../../bin/tamga')
const PICTURES = join(import.meta.dirname, '../../docs/console')
const WIDTH = 1440
const HEIGHT = 900

const Welcome = z.object({
  gateways: z.array(z.object({ vasp: z.string(), console: z.string() })),
  logins: z.array(z.object({ vasp: z.string(), login: z.string(), role: z.string(), password: z.string() })),
})

const chromium = findChromium()
if (chromium === undefined)
  throw new Error('install Chromium (Debian: apt-get install chromium), then try again')
const directory = mkdtempSync(join(tmpdir(), 'tamga-screenshots-'))
const demo = spawn(TAMGA, ['demo', '--json', '--directory', directory], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const [line]: unknown[] = await once(createInterface(demo.stdout), 'line')
  const welcome = Welcome.parse(JSON.parse(String(line)))
  const url = welcome.gateways.find(({ vasp }) => vasp === 'alice')?.console ?? ''
  const senior = welcome.logins.find(({ vasp, role }) => vasp === 'alice' && role === 'senior')
  if (senior === undefined) throw new Error('the demo has no senior analyst')
  mkdirSync(PICTURES, { recursive: true })
  const browser = await launchChromium(chromium)
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      baseURL: url,
      colorScheme,
      locale: 'en-GB',
      viewport: { width: WIDTH, height: HEIGHT },
    })
    await photograph(await context.newPage(), colorScheme, senior)
    await context.close()
  }
  await browser.close()
} finally {
  demo.kill('SIGINT')
  await once(demo, 'exit')
  rmSync(directory, { recursive: true, force: true })
}

async function photograph(
  page: Page,
  theme: string,
  { login, password }: { readonly login: string; readonly password: string },
): Promise<void> {
  const picture = async (name: string) => {
    await page.waitForLoadState('networkidle')
    await page.screenshot({ path: join(PICTURES, `${name}-${theme}.png`) })
  }
  await page.goto('/')
  await page.getByLabel('Login').waitFor()
  await picture('sign-in')
  await page.getByLabel('Login').fill(login)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('row').nth(1).waitFor()
  await picture('queues')
  await page.getByRole('row').nth(1).getByRole('link').first().click()
  // The list has a first heading of its own, which stands until the transfer is there.
  await page.getByRole('heading', { name: 'History' }).waitFor()
  await picture('transfer')
  for (const place of ['counterparties', 'dashboard', 'policy', 'retention', 'audit']) {
    await page.goto(`/${place}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await picture(place)
  }
  await page.goto('/policy')
  await page.getByRole('button', { name: 'Propose a change…' }).click()
  await page.getByRole('tab', { name: 'As a form' }).scrollIntoViewIfNeeded()
  await page.getByRole('textbox').first().scrollIntoViewIfNeeded()
  await picture('policy-form')
  await page.goto('/counterparties/bob')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await picture('counterparty')
}
