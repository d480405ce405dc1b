/** Sessions of persons whom a real OpenID Connect provider signed in: what they may do, and how they end. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { comeBack, console, leave, provider, signIn, world } from '../support/console-oidc.ts'
import { CLIENT_ID, visitorOf } from '../support/oidc-login.ts'

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

describe('other sites', () => {
  it('cannot begin a sign-in, and reach nothing else by the provider’s paths', async () => {
    const browser = console.browser()
    const foreign = { 'sec-fetch-site': 'cross-site' }
    expect(await browser.get('/api/oidc/login', foreign)).toMatchObject({ status: 403 })
    expect(await browser.get('/api/oidc/callback/../../session', foreign)).toMatchObject({ status: 403 })
  })
})
