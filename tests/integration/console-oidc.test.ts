/** Signing in to the console by a real OpenID Connect provider: over HTTP, through its own pages, into PostgreSQL. */
import { generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { operatorUseCases } from '../../src/app/operators.ts'
import { type Browser, openConsole } from '../support/console.ts'
import { comeBack, console, leave, location, provider, signIn, world } from '../support/console-oidc.ts'
import { CLIENT_ID, visitorOf } from '../support/oidc-login.ts'

const rows = async (text: string) => (await world.alice.database.pool.query(text)).rows

describe('signing in by the provider', () => {
  it('is offered, with what it is called', async () => {
    expect((await console.browser().get('/api/sign-in')).json).toEqual({
      local: true,
      oidc: { name: 'House ID', path: '/api/oidc/login' },
      sandbox: true,
    })
  })

  it('asks it for a code, bound to this browser, this attempt and a secret that it is not told', async () => {
    const answer = await console.browser().get('/api/oidc/login')
    const { origin, pathname, searchParams } = new URL(location(answer))
    expect(`${origin}${pathname}`).toBe(`${provider.issuer}/auth`)
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: CLIENT_ID,
      response_type: 'code',
      scope: 'openid profile roles',
      redirect_uri: `${console.url}/api/oidc/callback`,
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-tamga-browser=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/,
      ),
    ])
  })

  it('opens a session with the name and the roles of ours that the provider gives', async () => {
    const browser = await signIn('aida', '/holds?queue=unassigned')
    expect((await browser.get('/api/session')).json).toMatchObject({
      person: { subject: 'aida', name: 'Aida Sultanbekova' },
      method: 'oidc',
      roles: ['analyst'],
      vaspId: 'alice',
      vasps: [{ id: 'alice' }],
    })
    expect(await browser.get('/api/queues')).toMatchObject({ status: 200 })
    const people = (await browser.get<{ items: object[] }>('/api/people')).json.items
    expect(people).toContainEqual(expect.objectContaining({ subject: 'aida', roles: ['analyst'] }))
  })

  it('gives a new Strict cookie each time', async () => {
    const cookies = [(await signIn('aida')).cookie(), (await signIn('aida')).cookie()]
    expect(new Set(cookies).size).toBe(2)
    const browser = console.browser()
    const back = await visitorOf(provider).signIn(await leave(browser), 'aida')
    const [session] = (await comeBack(browser, back)).headers.getSetCookie()
    expect(session).toMatch(/^__Host-tamga=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Expires=/)
  })

  it('is written to the audit log', async () => {
    await signIn('aida')
    const entry = {
      kind: 'person.signed-in',
      actor: 'person:aida',
      subject: 'aida',
      data: { source: 'oidc' },
    }
    const entries = await rows(`select entry::json as entry from audit_entries where vasp_id = 'alice'`)
    expect(entries.map((row) => row.entry)).toContainEqual(expect.objectContaining(entry))
  })

  it('leaves neither the name nor what opens anything in the database', async () => {
    const pending = console.browser()
    const { searchParams } = new URL(await leave(pending))
    const browser = await signIn('aida')
    const text = JSON.stringify([
      await rows('select row_to_json(s)::text as row from console_sessions s'),
      await rows('select row_to_json(s)::text as row from console_sign_ins s'),
    ])
    expect(text).toContain('aida')
    for (const secret of ['Sultanbekova', browser.cookie()?.split('=')[1], searchParams.get('state')])
      expect(text).not.toContain(secret)
  })

  it('can go on in two tabs of one browser at once', async () => {
    const browser = console.browser()
    const visitor = visitorOf(provider)
    const [first, second] = [await leave(browser, '/audit'), await leave(browser, '/dashboard')]
    const backs = [await visitor.signIn(second, 'aida'), await visitor.signIn(first, 'aida')]
    const ends = [await comeBack(browser, backs[0] ?? ''), await comeBack(browser, backs[1] ?? '')]
    expect(ends.map(location)).toEqual(['/dashboard', '/audit'])
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/%09/../..//evil.example',
    '/api/oidc/login',
    'javascript:alert(1)',
    // Longer than any of ours.
    '/holds?q=x3000',
  ])('comes back to a page of the console, not to %j', async (next) => {
    const browser = console.browser()
    const given = next.replace('x3000', 'x'.repeat(3_000))
    const back = await visitorOf(provider).signIn(await leave(browser, given), 'aida')
    expect(new URL(location(await comeBack(browser, back)), console.url).href).toBe(`${console.url}/`)
  })
})

describe('a sign-in that does not come to its end shows the sign-in page', () => {
  async function endOf(browser: Browser, url: string) {
    const answer = await comeBack(browser, url)
    expect(answer.status).toBe(303)
    expect(browser.cookie()).toBeUndefined()
    return location(answer)
  }
  const failure = (error: string, next = '/') => `/sign-in?${new URLSearchParams({ error, next }).toString()}`
  const EXPIRED = '/sign-in?error=SIGN_IN_EXPIRED'
  const UNPROVEN = failure('SIGN_IN_UNPROVEN')

  it('when the person says no at the provider, and where to go is not forgotten', async () => {
    const browser = console.browser()
    const back = await visitorOf(provider).cancel(await leave(browser, '/holds?queue=mine'))
    expect(await endOf(browser, back)).toBe(failure('SIGN_IN_CANCELLED', '/holds?queue=mine'))
  })

  it.each([
    ['access_denied', 'SIGN_IN_CANCELLED'],
    ['temporarily_unavailable', 'PROVIDER_UNAVAILABLE'],
    ['invalid_scope', 'SIGN_IN_UNPROVEN'],
  ])('when the provider answers %s', async (error, told) => {
    const browser = console.browser()
    const state = new URL(await leave(browser)).searchParams.get('state') ?? ''
    const search = new URLSearchParams({ error, state, iss: provider.issuer })
    expect(await endOf(browser, `/api/oidc/callback?${search.toString()}`)).toBe(failure(told))
  })

  it('when nobody began it', async () => {
    for (const search of ['', '?code=x', `?code=x&state=${'A'.repeat(43)}`, '?state=&state=x'])
      expect(await endOf(console.browser(), `/api/oidc/callback${search}`)).toBe(EXPIRED)
  })

  it('when another browser began it', async () => {
    const back = await visitorOf(provider).signIn(await leave(console.browser()), 'aida')
    const victim = console.browser()
    expect(await endOf(victim, back)).toBe(EXPIRED)
    await leave(victim)
    expect(await endOf(victim, back)).toBe(EXPIRED)
  })

  it('when it comes a second time, as by going back', async () => {
    const browser = console.browser()
    const back = await visitorOf(provider).signIn(await leave(browser), 'aida')
    expect(location(await comeBack(browser, back))).toBe('/')
    const answer = await comeBack(browser, back)
    expect(location(answer)).toBe(EXPIRED)
    // Whoever is signed in by it stays so.
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  it('when it took longer than ten minutes', async () => {
    const browser = console.browser()
    const back = await visitorOf(provider).signIn(await leave(browser), 'aida')
    world.clock.forward(601)
    expect(await endOf(browser, back)).toBe(EXPIRED)
    world.clock.forward(-601)
  })

  it('when the answer carries the nonce of another attempt', async () => {
    const browser = console.browser()
    const url = new URL(await leave(browser))
    url.searchParams.set('nonce', 'N'.repeat(43))
    expect(await endOf(browser, await visitorOf(provider).signIn(url.href, 'aida'))).toBe(UNPROVEN)
  })

  it('when the code was asked for with another PKCE secret', async () => {
    const browser = console.browser()
    const url = new URL(await leave(browser))
    url.searchParams.set('code_challenge', 'C'.repeat(43))
    expect(await endOf(browser, await visitorOf(provider).signIn(url.href, 'aida'))).toBe(UNPROVEN)
  })

  it('when the answer names another issuer (RFC 9207)', async () => {
    const browser = console.browser()
    const back = new URL(await visitorOf(provider).signIn(await leave(browser), 'aida'))
    back.searchParams.set('iss', 'https://evil.example')
    expect(await endOf(browser, back.href)).toBe(UNPROVEN)
  })

  it('when the ID token is signed by a key that the provider does not publish', async () => {
    const browser = console.browser()
    const url = await leave(browser)
    const back = await visitorOf(provider).signIn(url, 'aida')
    const { privateKey } = await generateKeyPair('ES256')
    const nonce = new URL(url).searchParams.get('nonce')
    const forged = await new SignJWT({ nonce, roles: ['alice/mlro'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'login' })
      .setIssuer(provider.issuer)
      .setAudience(CLIENT_ID)
      .setSubject('aida')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey)
    provider.meddle = (request, response) => {
      if (request.url !== '/token') return false
      const body = { access_token: 'x', token_type: 'Bearer', id_token: forged }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
      return true
    }
    expect(await endOf(browser, back)).toBe(UNPROVEN)
  })

  it('when the clocks are a minute apart', async () => {
    world.clock.forward(-60)
    const browser = console.browser()
    const back = await visitorOf(provider).signIn(await leave(browser), 'aida')
    expect(await endOf(browser, back)).toBe(UNPROVEN)
    world.clock.forward(60)
  })

  it('when the provider does not answer, before or after', async () => {
    const browser = console.browser()
    const back = await visitorOf(provider).signIn(await leave(browser, '/audit'), 'aida')
    provider.pause()
    try {
      expect(await endOf(browser, back)).toBe(failure('PROVIDER_UNAVAILABLE', '/audit'))
      // A console that has not heard of it yet cannot even send the browser there.
      const fresh = await openConsole(world.alice, { provider })
      provider.pause()
      try {
        const answer = await fresh.browser().get('/api/oidc/login?next=%2Faudit')
        expect(location(answer)).toBe(failure('PROVIDER_UNAVAILABLE', '/audit'))
      } finally {
        await fresh.close()
      }
    } finally {
      await provider.serve(console.url)
    }
    await signIn('aida')
  })

  it('when the provider answers with an error of its own', async () => {
    const browser = console.browser()
    const back = await visitorOf(provider).signIn(await leave(browser), 'aida')
    provider.meddle = (request, response) => {
      if (request.url !== '/token') return false
      response.writeHead(503).end('busy')
      return true
    }
    expect(await endOf(browser, back)).toBe(failure('PROVIDER_UNAVAILABLE'))
  })

  it('when a local account has the name, be it disabled', async () => {
    await console.addPerson('dina', 'mlro')
    const browser = console.browser()
    const back = await visitorOf(provider).signIn(await leave(browser), 'dina')
    expect(await endOf(browser, back)).toBe(failure('SIGN_IN_BARRED'))
    await operatorUseCases(world.alice.parts()).disable('dina', 'operator:test')
    const again = await visitorOf(provider).signIn(await leave(browser), 'dina')
    expect(await endOf(browser, again)).toBe(failure('SIGN_IN_BARRED'))
  })
})
