/** The distribution's Chromium, driven over its debugging protocol; and what must never happen in it. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { TestConsole } from './console.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
/** Where scripts/setup.sh unpacks it. */
const UNPACKED = join(import.meta.dirname, '../../.local/chromium/usr/bin')

/** Undefined when the machine has none: then there is nothing to test with. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM_BIN']
  const places = [...(process.env['PATH'] ?? '').split(delimiter), UNPACKED]
  const candidates = places.flatMap((place) => NAMES.map((name) => join(place, name)))
  return [...(given === undefined ? [] : [given]), ...candidates].find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function launchChromium(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  // Root may not use the sandbox; only our own pages are opened.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...more] })
}

export type ContextOptions = NonNullable<Parameters<Browser['newContext']>[0]>

/** What pages complained of, since the last look. */
export interface Complaints {
  take(): readonly string[]
}

/** Answers that a page is right to ask for and to be refused are no complaint. */
const EXPECTED = /the server responded with a status of (?:401|403|404|412|429)/

export async function openPage(
  browser: Browser,
  console: TestConsole,
  { subject, ...options }: ContextOptions & { readonly subject?: string } = {},
): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly complaints: Complaints }> {
  const context = await browser.newContext({
    baseURL: console.url,
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    // A moving thing cannot be clicked.
    reducedMotion: 'reduce',
    ...options,
  })
  if (subject !== undefined) await context.addCookies([await cookieOf(console, subject)])
  const said: string[] = []
  const page = await context.newPage()
  page.on('console', (message) => {
    const text = message.text()
    if (['error', 'warning'].includes(message.type()) && !EXPECTED.test(text)) said.push(text)
  })
  page.on('pageerror', (error) => said.push(String(error)))
  return { page, context, complaints: { take: () => said.splice(0) } }
}

async function cookieOf(console: TestConsole, subject: string) {
  const [name = '', value = ''] = ((await console.signedIn(subject)).cookie() ?? '').split('=')
  return {
    name,
    value,
    url: console.url.replace('http:', 'https:'),
    secure: true,
    httpOnly: true,
    sameSite: 'Strict' as const,
  }
}

const AXE = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }

/** What axe finds serious or critical, one line each. It is told where it may not look: nowhere. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(AXE)})`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    )
}
