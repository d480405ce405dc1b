/** The console as in production: TLS by a certificate of the house's own authority, under its own name. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { issueServer, makeAuthority } from '../../src/local/certificates.ts'
import { freePort } from '../../src/local/free-port.ts'
import { launchChromium } from '../support/chromium.ts'
import { openConsole, PASSWORD, type TestConsole } from '../support/console.ts'
import { chromiumPath, lacking } from '../support/console-world.ts'
import { twoGateways, type World } from '../support/two-gateways.ts'

const HOST = 'console.alice.example'

describe.skipIf(lacking !== undefined)('the console over HTTPS', () => {
  let directory: string
  let authority: Awaited<ReturnType<typeof makeAuthority>>
  let world: World
  let console: TestConsole
  let browser: Browser
  const contexts: BrowserContext[] = []

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'tamga-test-https-'))
    authority = await makeAuthority('house', directory)
    const { cert, key, ca } = await issueServer(authority, { name: 'console', directory, hosts: [HOST] })
    const chain = join(directory, 'chain.pem')
    writeFileSync(chain, readFileSync(cert, 'utf8') + readFileSync(ca, 'utf8'))
    world = await twoGateways()
    console = await openConsole(world.alice, {
      tls: { cert: chain, key, host: HOST, port: await freePort() },
    })
    await console.addPerson('aida', 'analyst')
    // Stands for the authority's certificate among those that this browser trusts.
    const trusted = createHash('sha256').update(new Uint8Array(authority.certificate.publicKey.rawData))
    browser = await launchChromium(chromiumPath ?? 'chromium', [
      `--ignore-certificate-errors-spki-list=${trusted.digest('base64')}`,
      `--host-resolver-rules=MAP ${HOST} 127.0.0.1`,
    ])
  })
  afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())))
  afterAll(async () => {
    await browser?.close()
    await console?.close()
    await world?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function open() {
    const context = await browser.newContext({
      baseURL: console.url,
      locale: 'en-GB',
      reducedMotion: 'reduce',
    })
    contexts.push(context)
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    return { context, page, complaints }
  }

  it('lets in at once, without a redirect, and keeps the session in a cookie for TLS alone', async () => {
    const { context, page, complaints } = await open()
    const response = await page.goto('/sign-in')
    expect(response?.status()).toBe(200)
    expect(response?.request().redirectedFrom()).toBeNull()
    expect(await response?.securityDetails()).toMatchObject({ issuer: 'house', protocol: 'TLS 1.3' })
    await page.getByLabel('Login').fill('aida')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL('**/holds?queue=needs-me')
    expect(await context.cookies()).toMatchObject([
      { name: '__Host-tamga', domain: HOST, path: '/', httpOnly: true, secure: true, sameSite: 'Strict' },
    ])
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await page.getByText('sandbox', { exact: false }).count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('is never asked for without TLS again by a browser that was there once', async () => {
    const { context, page } = await open()
    const plain = `${console.url.replace('https:', 'http:')}/sign-in`
    const before = await context.newPage()
    await expect(before.goto(plain)).rejects.toThrow(/ERR_/)
    const response = await page.goto('/sign-in')
    expect(await response?.headerValue('strict-transport-security')).toBe('max-age=31536000')
    await page.goto(plain)
    expect(page.url()).toBe(`${console.url}/sign-in`)
    await page.getByLabel('Login').waitFor()
  })

  /** As a client that trusts these authorities alone. */
  function get(ca: string, host: string): Promise<number | string> {
    const port = Number(new URL(console.url).port)
    const options = { host: '127.0.0.1', port, servername: HOST, ca, path: '/api/sign-in', headers: { host } }
    return new Promise((resolve) => {
      request(options, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
        .end()
    })
  }

  it('proves by its chain who it is, and answers under its own name only', async () => {
    const { host } = new URL(console.url)
    const own = readFileSync(authority.cert, 'utf8')
    expect(await get(own, host)).toBe(200)
    expect(await get(own, 'rebound.example')).toBe(403)
    expect(await get(own, '127.0.0.1')).toBe(403)
    const other = await makeAuthority('other', directory)
    expect(await get(readFileSync(other.cert, 'utf8'), host)).toMatch(/CERT|SELF_SIGNED|UNABLE/)
  })
})
