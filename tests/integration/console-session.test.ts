/** Signing in to the console, and what keeps others out: over real HTTP and PostgreSQL. */
import { TOTP, URI } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Browser, openConsole, PASSWORD, statusUnder, type TestConsole } from '../support/console.ts'
import { twoGateways, type World } from '../support/two-gateways.ts'

let world: World
let console: TestConsole

beforeAll(async () => {
  world = await twoGateways()
  console = await openConsole(world.alice)
  for (const subject of ['aida', 'berik', 'lena', 'gone']) await console.addPerson(subject, 'analyst')
  await console.addPerson('rosa', 'auditor')
})
afterAll(async () => {
  await console?.close()
  await world?.close()
})

const signIn = (browser: Browser, login: string, more: object = {}) =>
  browser.send('POST', '/api/session', { login, password: PASSWORD, ...more })

describe('signing in', () => {
  it('answers who it is, where, with which rights, and until when', async () => {
    const browser = console.browser()
    const { status, json } = await signIn(browser, 'aida')
    expect(status).toBe(200)
    expect(json).toMatchObject({
      person: { subject: 'aida', name: 'aida by name' },
      method: 'password',
      roles: ['analyst'],
      vaspId: 'alice',
      vasps: [{ id: 'alice', roles: ['analyst'] }],
    })
    expect(json['may']).toContain('propose')
    expect(json['may']).not.toContain('approve')
    expect((await browser.get('/api/session')).json).toMatchObject({ person: { subject: 'aida' } })
  })

  it('sets a cookie that only this host, over TLS or on loopback, gets back, and no script sees', async () => {
    const { headers } = await signIn(console.browser(), 'aida')
    expect(headers.get('set-cookie')).toMatch(
      /^__Host-tamga=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Expires=/,
    )
  })

  it('says the same of a wrong name and a wrong password', async () => {
    const wrong = [
      await signIn(console.browser(), 'aida', { password: 'not the password' }),
      await signIn(console.browser(), 'nobody'),
    ]
    for (const { status, json } of wrong) {
      expect(status).toBe(401)
      expect(json).toMatchObject({ code: 'SIGN_IN_REFUSED' })
      expect(json).toEqual(wrong[0]?.json)
    }
  })

  it('asks for the one-time code where the account has one', async () => {
    const uri = await console.addPerson('tim', 'senior', { totp: true })
    expect(await signIn(console.browser(), 'tim')).toMatchObject({ status: 401 })
    const totp = URI.parse(uri ?? '')
    if (!(totp instanceof TOTP)) throw new Error('no TOTP')
    const code = totp.generate({ timestamp: world.clock.now().getTime() })
    expect(await signIn(console.browser(), 'tim', { totp: code })).toMatchObject({ status: 200 })
    expect(await signIn(console.browser(), 'tim', { totp: code })).toMatchObject({
      status: 401,
    })
  })

  it('locks an account after five wrong passwords, also for the right one', async () => {
    for (let n = 0; n < 5; n++) await signIn(console.browser(), 'lena', { password: 'wrong wrong wrong' })
    expect(await signIn(console.browser(), 'lena')).toMatchObject({ status: 401 })
    world.clock.forward(31)
    expect(await signIn(console.browser(), 'lena')).toMatchObject({ status: 200 })
  })

  describe('too often', () => {
    let replicas: readonly TestConsole[]
    beforeAll(async () => {
      const limits = { ofAddressAMinute: 6, ofLoginAMinute: 3 }
      replicas = [await openConsole(world.alice, { limits }), await openConsole(world.alice, { limits })]
    })
    beforeEach(() => world.alice.database.pool.query('delete from console_attempts'))
    afterAll(() => Promise.all(replicas.map((replica) => replica.close())))

    /** Each attempt at the next replica. */
    async function attempts(logins: readonly string[]): Promise<readonly number[]> {
      const statuses = []
      for (const [n, login] of logins.entries()) {
        const browser = replicas[n % replicas.length]?.browser() ?? console.browser()
        statuses.push((await signIn(browser, login, { password: 'wrong wrong wrong' })).status)
      }
      return statuses
    }

    it('is refused from one address, whichever replica is asked', async () => {
      const logins = Array.from({ length: 8 }, (_, n) => `nobody-${n}`)
      expect(await attempts(logins)).toEqual([401, 401, 401, 401, 401, 401, 429, 429])
      const refused = await signIn(replicas[0]?.browser() ?? console.browser(), 'aida')
      expect(refused).toMatchObject({ status: 429, json: { code: 'TOO_MANY_REQUESTS' } })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    })

    it('is refused sooner for one login from there, and counts for no other', async () => {
      expect(await attempts(['nobody', 'nobody', 'nobody', 'nobody', 'else'])).toEqual([
        401, 401, 401, 429, 401,
      ])
    })

    it('counts each of many that come at once', async () => {
      const statuses = await Promise.all(
        Array.from({ length: 12 }, async (_, n) => {
          const browser = replicas[n % 2]?.browser() ?? console.browser()
          return (await signIn(browser, `crowd-${n}`)).status
        }),
      )
      expect(statuses.filter((status) => status === 401)).toHaveLength(6)
    })

    it('is forgotten after a minute, from which on another begins', async () => {
      await attempts(['nobody', 'nobody', 'nobody'])
      await world.alice.database.pool.query(
        `update console_attempts set began_at = began_at - interval '61 seconds'`,
      )
      expect(await attempts(['nobody', 'nobody', 'nobody', 'nobody'])).toEqual([401, 401, 401, 429])
    })

    it('leaves neither address nor login in the database', async () => {
      await attempts(['nobody'])
      const { rows } = await world.alice.database.pool.query(
        'select row_to_json(a)::text as row from console_attempts a',
      )
      expect(rows).toHaveLength(2)
      expect(JSON.stringify(rows)).not.toMatch(/127\.0\.0\.1|nobody/)
    })
  })

  it('keeps only a hash of the token', async () => {
    const browser = await console.signedIn('berik')
    const token = browser.cookie()?.split('=')[1] ?? ''
    const { rows } = await world.alice.database.pool.query(
      `select row_to_json(s)::text as row from console_sessions s`,
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })
})

describe('who is signed in', () => {
  const nobody = { status: 200, json: { person: null } }

  it('is a question that a stranger may ask, and nobody is an answer', async () => {
    const answer = await console.browser().get('/api/session')
    expect(answer).toMatchObject(nobody)
    expect(answer.json).toEqual({ person: null })
    expect(await console.browser().get('/api/session', { cookie: '__Host-tamga=x' })).toMatchObject(nobody)
  })

  it('is nobody once the session has ended, and every other request says so', async () => {
    const browser = await console.signedIn('aida')
    const cookie = browser.cookie() ?? ''
    await browser.send('DELETE', '/api/session')
    expect(await browser.get('/api/session', { cookie })).toMatchObject(nobody)
    for (const path of ['/api/sessions', '/api/queues', '/api/people'])
      expect(await browser.get(path, { cookie })).toMatchObject({ status: 401, json: { code: 'SIGNED_OUT' } })
    expect(await browser.send('PATCH', '/api/session', { vaspId: 'alice' }, { cookie })).toMatchObject({
      status: 401,
    })
  })
})

describe('a session ends', () => {
  it('after a quarter of an hour in which nobody did anything', async () => {
    const browser = await console.signedIn('aida')
    world.clock.forward(10 * 60)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
    world.clock.forward(10 * 60)
    expect(await browser.get('/api/sessions', { 'x-tamga-background': '1' })).toMatchObject({ status: 200 })
    world.clock.forward(10 * 60)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 401, json: { code: 'SIGNED_OUT' } })
  })

  it('after ten hours, whatever was done', async () => {
    const browser = await console.signedIn('aida')
    for (let n = 0; n < 59; n++) {
      world.clock.forward(10 * 60)
      await browser.get('/api/session')
    }
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
    world.clock.forward(10 * 60)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 401 })
  })

  it('when the person signs out, and the cookie is taken', async () => {
    const browser = await console.signedIn('aida')
    const cookie = browser.cookie() ?? ''
    const { status, headers, json } = await browser.send('DELETE', '/api/session')
    expect({ status, json }).toEqual({ status: 200, json: { providerUrl: null } })
    expect(headers.get('clear-site-data')).toContain('cookies')
    expect(await browser.get('/api/sessions', { cookie })).toMatchObject({ status: 401 })
  })

  it('when it is ended from another browser of the same person, and of no other', async () => {
    const [one, two, other] = [
      await console.signedIn('berik'),
      await console.signedIn('berik'),
      await console.signedIn('aida'),
    ]
    const { json } = await one.get<{ items: { id: string; current: boolean }[] }>('/api/sessions')
    const id = (await two.get<{ id: string }>('/api/session')).json.id
    expect(json.items.map((item) => item.id)).toContain(id)
    expect(await other.send('DELETE', `/api/sessions/${id}`)).toMatchObject({ status: 404 })
    expect(await one.send('DELETE', `/api/sessions/${id}`)).toMatchObject({ status: 204 })
    expect(await two.get('/api/sessions')).toMatchObject({ status: 401 })
    expect(await one.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  it('at once when the account is disabled', async () => {
    const browser = await console.signedIn('gone')
    await world.alice.database.pool.query(`update operators set disabled_at = now() where subject = 'gone'`)
    expect(await browser.get('/api/queues')).toMatchObject({ status: 401 })
  })
})

describe('what does not come from the console’s own pages', () => {
  const changes: readonly (readonly [string, Record<string, string>])[] = [
    ['another origin', { origin: 'https://evil.example' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['the address bar', { 'sec-fetch-site': 'none' }],
    ['a page without the header', { 'x-tamga-console': '' }],
  ]
  it.each(changes)('is refused: a change from %s', async (_, headers) => {
    const browser = await console.signedIn('berik')
    const answer = await browser.send('DELETE', '/api/session', undefined, headers)
    expect(answer).toMatchObject({ status: 403, json: { code: 'CROSS_SITE_REFUSED' } })
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  it('is refused: reading from another site, and under a name that is not ours', async () => {
    const browser = await console.signedIn('berik')
    expect(await browser.get('/api/session', { 'sec-fetch-site': 'cross-site' })).toMatchObject({
      status: 403,
    })
    expect(await statusUnder(console, 'rebound.example')).toBe(403)
  })
})

describe('every answer', () => {
  it('tells the browser to run, load and frame nothing that is not ours', async () => {
    const { headers } = await console.browser().get('/api/sign-in')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  })

  it('without a session is 401 wherever one is needed', async () => {
    for (const path of [
      '/api/sessions',
      '/api/queues',
      '/api/holds',
      '/api/transfers',
      '/api/audit',
      '/api/events',
      '/api/dashboard',
    ])
      expect(await console.browser().get(path)).toMatchObject({
        status: 401,
        json: { code: 'SIGNED_OUT' },
      })
  })

  it('to nonsense is a problem that tells nothing of us', async () => {
    const browser = await console.signedIn('berik')
    const send = (path: string, body: unknown, more: Record<string, string> = {}) =>
      browser.send('POST', path, body, more)
    expect(await send('/api/session', '{"login":')).toMatchObject({
      status: 400,
      json: { code: 'REQUEST_INVALID' },
    })
    expect(await send('/api/session', { login: 'x', password: 'y', admin: true })).toMatchObject({
      status: 400,
    })
    expect(await send('/api/session', '<a/>', { 'content-type': 'text/xml' })).toMatchObject({ status: 415 })
    expect(await send('/api/session', { login: 'x'.repeat(70_000), password: 'y' })).toMatchObject({
      status: 413,
    })
    expect(await browser.get('/api/holds?cursor=WyJhIiwiYiJd')).toMatchObject({ status: 400 })
    expect(await browser.get('/api/holds/__proto__')).toMatchObject({ status: 400 })
    expect(await browser.get('/api/nothing')).toMatchObject({ status: 404, json: { code: 'NOT_FOUND' } })
    expect(await browser.get('/api/holds?limit=100000')).toMatchObject({ status: 400 })
  })

  it('is what the contract says, and the document served is the one written', async () => {
    const { openApiText } = await import('../../src/http/api/openapi.ts')
    const { json } = await console.browser().get('/api/openapi.json')
    expect(json).toEqual(JSON.parse(await openApiText()))
  })
})
