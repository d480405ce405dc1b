/** Houses that ask for more: a strong sign-in at the provider, or the provider and nothing else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConsole, PASSWORD, type TestConsole } from '../support/console.ts'
import { console, location, provider, signIn, world } from '../support/console-oidc.ts'
import { type LoginProvider, openLoginProvider, visitorOf } from '../support/oidc-login.ts'

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
