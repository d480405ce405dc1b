/** Two gateways with a console over bob's side, a Chromium, and people: what the browser tests start from. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type ContextOptions, findChromium, launchChromium, openPage } from './chromium.ts'
import { type ConsoleOptions, openConsole, type TestConsole } from './console.ts'
import { authorize, introduce, seen, twoGateways, type World } from './two-gateways.ts'

export interface ConsoleWorld {
  readonly world: World
  readonly console: TestConsole
  /** A page in which this person is signed in; closed at the end of the test. */
  open(subject?: string, options?: ContextOptions): Promise<Page>
  /** An inbound transfer that two of bob's people must decide on. */
  held(reference?: string): Promise<{ readonly id: string; readonly holdId: string }>
  /** Closes the test's pages, and gives what they complained of. */
  endTest(): Promise<readonly string[]>
  close(): Promise<void>
}

export const chromiumPath = findChromium()
const isBuilt = existsSync(join(import.meta.dirname, '../../console/dist/index.html'))

/** Why the browser tests cannot run; undefined when they can. */
export const lacking =
  chromiumPath === undefined
    ? 'no Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM_BIN'
    : isBuilt
      ? undefined
      : 'the console is not built: npm run build:console'

export async function consoleWorld(served: ConsoleOptions = {}): Promise<ConsoleWorld> {
  const policy = {
    inbound: 'hold' as const,
    holds: { POLICY: { approvals: 2 as const } },
    mlros: [{ subject: 'marat', deputies: [] }],
  }
  const world = await twoGateways({ alice: {}, bob: policy })
  await introduce(world)
  const console = await openConsole(world.bob, served)
  await console.addPerson('aida', 'analyst')
  await console.addPerson('berik', 'senior')
  await console.addPerson('rosa', 'auditor')
  await console.addPerson('marat', 'mlro')
  const browser: Browser = await launchChromium(chromiumPath ?? 'chromium')
  const opened: { context: BrowserContext; complaints: { take(): readonly string[] } }[] = []
  return {
    world,
    console,
    async open(subject, options = {}) {
      const found = await openPage(browser, console, {
        ...(subject !== undefined && { subject }),
        ...options,
      })
      opened.push(found)
      return found.page
    },
    async held(reference) {
      const id = await authorize(world, reference === undefined ? {} : { clientReference: reference })
      await world.settle()
      const [hold] = (await seen(world.bob, id)).transfer.holds
      return { id, holdId: hold?.id ?? '' }
    },
    async endTest() {
      const ended = opened.splice(0)
      const said = ended.flatMap(({ complaints }) => complaints.take())
      await Promise.all(ended.map(({ context }) => context.close()))
      return said
    },
    async close() {
      await browser.close()
      await console.close()
      await world.close()
    },
  }
}
