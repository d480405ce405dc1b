/** Signing in to the console by a real OpenID Connect provider: over HTTP, through its own pages, into PostgreSQL. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { operatorUseCases } from '../../src/app/operators.ts'
import { type Browser, openConsole, PASSWORD, type TestConsole } from '../support/console.ts'
import { CLIENT_ID, type LoginProvider, openLoginProvider, visitorOf } from '../support/oidc-login.ts'
import { twoGateways, type World } from '../support/two-gateways.ts'

let world: World
let provider: LoginProvider
let console: TestConsole

beforeAll(async () => {
  world = await twoGateways()
  provider = await openLoginProvider()
  console = await openConsole(world.alice, { provider })
  provider.accounts.set('aida', { name: 'Aida Sultanbekova', roles: ['alice/analyst', 'payroll/reader'] })
  provider.accounts.set('berik', { roles: ['alice/senior', 'bob/senior'] })
})
afterEach(() => {
  provider.meddle = undefined
})
afterAll(async () => {
  await console?.close()
  await provider?.close()
  await world?.close()
})

const location = (answer: { readonly headers: Headers }) => answer.headers.get('location') ?? ''
/** The console's path of an address at which the browser has arrived. */
const pathOf = (url: string) => url.replace(console.url, '')

/** Goes out to the provider: the address that the console sends the browser to. */
async function leave(browser: Browser, next?: string): Promise<string> {
  const search = next === undefined ? '' : `?${new URLSearchParams({ next }).toString()}`
  const answer = await browser.get(`/api/oidc/login${search}`)
  expect(answer.status).toBe(303)
  return location(answer)
}

/** Comes back by the address that the provider named. */
const comeBack = (browser: Browser, url: string) =>
  browser.get(pathOf(url), { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })

async function signIn(login: string, next?: string): Promise<Browser> {
  const browser = console.browser()
  const back = await visitorOf(provider).signIn(await leave(browser, next), login)
  const answer = await comeBack(browser, back)
  expect({ status: answer.status, to: location(answer) }).toEqual({ status: 303, to: next ?? '/' })
  return browser
}

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

describe('a person whom the provider signed in', () => {
  it('without a role here is told so, and sees nothing', async () => {
    provider.accounts.set('guest', { name: 'A Guest', roles: ['bob/analyst'] })
    const browser = await signIn('guest')
    expect((await browser.get('/api/session')).json).toMatchObject({
      person: { subject: 'guest', name: 'A Guest' },
      vaspId: null,
      roles: [],
      may: [],
      vasps: [],
    })
    for (const path of ['/api/queues', '/api/people', '/api/transfers', '/api/audit', '/api/events'])
      expect(await browser.get(path)).toMatchObject({ status: 403, json: { code: 'NO_ROLE' } })
  })

  it('has the roles that the provider named last, in older sessions too', async () => {
    provider.accounts.set('olga', { roles: ['alice/auditor'] })
    const browser = await signIn('olga')
    expect(await browser.get('/api/audit')).toMatchObject({ status: 200 })
    provider.accounts.set('olga', { roles: ['alice/analyst'] })
    await signIn('olga')
    expect(await browser.get('/api/audit')).toMatchObject({ status: 403, json: { code: 'PERSON_DENIED' } })
    provider.accounts.set('olga', { roles: [] })
    await signIn('olga')
    expect(await browser.get('/api/queues')).toMatchObject({ status: 403, json: { code: 'NO_ROLE' } })
    const people = (await (await signIn('aida')).get<{ items: object[] }>('/api/people')).json.items
    expect(people).not.toContainEqual(expect.objectContaining({ subject: 'olga', roles: ['analyst'] }))
  })

  it('is signed out at once when an account of the same name is made', async () => {
    provider.accounts.set('timur', { roles: ['alice/analyst'] })
    const browser = await signIn('timur')
    expect(await browser.get('/api/queues')).toMatchObject({ status: 200 })
    await console.addPerson('timur', 'analyst')
    expect(await browser.get('/api/queues')).toMatchObject({ status: 401, json: { code: 'SIGNED_OUT' } })
  })

  it('has sessions that end like any other', async () => {
    const browser = await signIn('aida')
    world.clock.forward(16 * 60)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 401 })
    world.clock.forward(-16 * 60)
    const [one, two] = [await signIn('aida'), await signIn('aida')]
    const { id } = (await two.get<{ id: string }>('/api/session')).json
    expect(await one.send('DELETE', `/api/sessions/${id}`)).toMatchObject({ status: 204 })
    expect(await two.get('/api/sessions')).toMatchObject({ status: 401 })
  })

  it('leaves nothing open behind when signing in anew, whoever it is then', async () => {
    const browser = await signIn('aida')
    const former = browser.cookie() ?? ''
    const back = await visitorOf(provider).signIn(await leave(browser), 'berik')
    expect(await console.browser().get('/api/sessions', { cookie: former })).toMatchObject({ status: 200 })
    await comeBack(browser, back)
    expect((await browser.get('/api/session')).json).toMatchObject({ person: { subject: 'berik' } })
    expect(await console.browser().get('/api/sessions', { cookie: former })).toMatchObject({ status: 401 })
  })

  it('is asked for anew after an hour, whatever was done', async () => {
    const browser = await signIn('aida')
    for (let n = 0; n < 5; n++) {
      world.clock.forward(10 * 60)
      expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
    }
    world.clock.forward(10 * 60)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 401 })
    world.clock.forward(-3_600)
  })

  it('is also signed out at the provider, which knows whom by its own token', async () => {
    const browser = await signIn('aida')
    const { providerUrl } = (await browser.send<{ providerUrl: string }>('DELETE', '/api/session')).json
    const { origin, pathname, searchParams } = new URL(providerUrl)
    expect(`${origin}${pathname}`).toBe(`${provider.issuer}/session/end`)
    expect(searchParams.get('post_logout_redirect_uri')).toBe(`${console.url}/sign-in`)
    expect(searchParams.get('id_token_hint')).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 401 })
  })
})

describe('the provider’s word that somebody has signed out', () => {
  it('ends that session here at once, and no other', async () => {
    const [browser, other] = [console.browser(), await signIn('aida')]
    const visitor = visitorOf(provider)
    await comeBack(browser, await visitor.signIn(await leave(browser), 'aida'))
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
    await visitor.signOut(`${provider.issuer}/session/end`)
    await expect.poll(async () => (await browser.get('/api/sessions')).status).toBe(401)
    expect(await other.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  async function post(token: string | undefined) {
    const response = await fetch(`${console.url}/api/oidc/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams(token === undefined ? {} : { logout_token: token }),
    })
    return response.status
  }

  const now = () => Math.floor(Date.now() / 1000)
  const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  const logout = (more: object) =>
    provider.sign({ sub: 'aida', jti: 'j', iat: now(), exp: now() + 60, events: EVENTS, ...more })

  it('ends all sessions of a person where it names no session of its own', async () => {
    const [one, two, other] = [await signIn('aida'), await signIn('aida'), await signIn('berik')]
    expect(await post(await logout({}))).toBe(200)
    for (const browser of [one, two])
      expect(await browser.get('/api/sessions')).toMatchObject({ status: 401 })
    expect(await other.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  it('ends no session that began after it, however often it is repeated', async () => {
    const token = await logout({ iat: now() - 60 })
    const browser = await signIn('aida')
    expect(await post(token)).toBe(200)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  it('ends no session of a local account', async () => {
    await console.addPerson('lola', 'analyst')
    const browser = await console.signedIn('lola')
    expect(await post(await logout({ sub: 'lola' }))).toBe(200)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  const unfit: readonly (readonly [string, object])[] = [
    ['for another client', { aud: 'payroll' }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['of ten minutes ago', { iat: now() - 600 }],
    ['with a nonce, as an ID token has', { nonce: 'n' }],
    ['without the event', { events: { 'urn:other': {} } }],
    ['of nobody', { sub: undefined }],
    ['without an id', { jti: undefined }],
  ]
  it.each(unfit)('does not count %s', async (_, claims) => {
    const browser = await signIn('aida')
    expect(await post(await logout(claims))).toBe(400)
    expect(await browser.get('/api/sessions')).toMatchObject({ status: 200 })
  })

  it('does not count unless the provider signed it, and as a logout token', async () => {
    const browser = await signIn('aida')
    const url = (await browser.send<{ providerUrl: string }>('DELETE', '/api/session')).json.providerUrl
    const idToken = new URL(url).searchParams.get('id_token_hint') ?? ''
    const survivor = await signIn('aida')
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const forged = await new SignJWT({ sub: 'aida', events: EVENTS })
      .setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(publicKey), kid: 'login', typ: 'logout+jwt' })
      .setIssuer(provider.issuer)
      .setAudience(CLIENT_ID)
      .setJti('1')
      .setIssuedAt()
      .sign(privateKey)
    for (const token of [undefined, '', 'x', idToken, forged]) expect(await post(token)).toBe(400)
    expect(await survivor.get('/api/sessions')).toMatchObject({ status: 200 })
  })
})

describe('where people must have signed in strongly', () => {
  const strength = { acr: ['urn:house:key', 'urn:house:mfa'], amr: ['mfa'] }
  let house: LoginProvider
  let strict: TestConsole
  beforeAll(async () => {
    house = await openLoginProvider()
    strict = await openConsole(world.alice, { provider: house, strength })
  })
  afterAll(async () => {
    await strict?.close()
    await house?.close()
  })

  /** Where a sign-in ends, for an account of which the provider says this. */
  async function endOf(said: object) {
    house.accounts.set('stella', { roles: ['alice/analyst'], ...said })
    const browser = strict.browser()
    const out = location(await browser.get('/api/oidc/login?next=%2Fholds'))
    expect(new URL(out).searchParams.get('acr_values')).toBe('urn:house:key urn:house:mfa')
    const back = await visitorOf(house).signIn(out, 'stella')
    const answer = await browser.get(back.replace(strict.url, ''), {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
    })
    return { to: location(answer), isIn: browser.cookie() !== undefined }
  }

  it('lets in whom the provider says that of', async () => {
    expect(await endOf({ acr: 'urn:house:mfa', amr: ['pwd', 'mfa'] })).toEqual({ to: '/holds', isIn: true })
  })

  it('tells everybody else so on the sign-in page, and opens no session', async () => {
    const told = { to: '/sign-in?error=SIGN_IN_WEAK&next=%2Fholds', isIn: false }
    for (const said of [
      {},
      { acr: 'urn:house:mfa', amr: ['pwd'] },
      { acr: 'urn:house:password', amr: ['mfa'] },
    ])
      expect(await endOf(said)).toEqual(told)
  })
})

describe('where the provider alone lets in', () => {
  it('offers no password, and takes none, however right', async () => {
    await console.addPerson('pia', 'analyst')
    const before = await console.signedIn('pia')
    expect(await before.get('/api/queues')).toMatchObject({ status: 200 })
    const strict = await openConsole(world.alice, { provider, localSignIn: 'off' })
    try {
      expect((await strict.browser().get('/api/sign-in')).json).toMatchObject({
        local: false,
        oidc: { name: 'House ID' },
      })
      for (const password of [PASSWORD, 'not the password'])
        expect(await strict.browser().send('POST', '/api/session', { login: 'pia', password })).toMatchObject(
          {
            status: 403,
            json: { code: 'LOCAL_SIGN_IN_OFF' },
          },
        )
      // Whom a password let in before is out.
      const cookie = before.cookie() ?? ''
      expect(await strict.browser().get('/api/queues', { cookie })).toMatchObject({ status: 401 })
      // Whom the provider let in is not.
      const provided = (await signIn('aida')).cookie() ?? ''
      expect(await strict.browser().get('/api/queues', { cookie: provided })).toMatchObject({ status: 200 })
    } finally {
      await strict.close()
    }
  })
})

describe('other sites', () => {
  it('cannot begin a sign-in, and reach nothing else by the provider’s paths', async () => {
    const browser = console.browser()
    const foreign = { 'sec-fetch-site': 'cross-site' }
    expect(await browser.get('/api/oidc/login', foreign)).toMatchObject({ status: 403 })
    expect(await browser.get('/api/oidc/callback/../../session', foreign)).toMatchObject({ status: 403 })
  })
})
