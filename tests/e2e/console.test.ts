/**
 * The console of a VASP with two replicas behind one name, as behind a balancer that asks either: real gateways, set up by their
 * environment, with a real identity provider.
 */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueServer, makeAuthority } from '../../src/local/certificates.ts'
import { freePort } from '../../src/local/free-port.ts'
import { type Lab, startLab } from '../support/lab.ts'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type LoginProvider,
  openLoginProvider,
  visitorOf,
} from '../support/oidc-login.ts'

const HOST = 'console.alice.example'
const ORIGIN = `https://${HOST}`
let lab: Lab
let provider: LoginProvider
let ca: string
const ports: number[] = []

beforeAll(async () => {
  provider = await openLoginProvider()
  await provider.serve(ORIGIN)
  provider.accounts.set('olga', { name: 'Olga Kim', roles: ['alice/senior'] })
  lab = await startLab(undefined, 2)
  const { directory, replicas } = lab.network
  const authority = await makeAuthority('house', directory)
  const files = await issueServer(authority, { name: 'console', directory, hosts: [HOST] })
  ca = readFileSync(files.ca, 'utf8')
  const secret = join(directory, 'client-secret')
  writeFileSync(secret, `${CLIENT_SECRET}\n`, { mode: 0o600 })
  for (const replica of replicas.get('alice') ?? []) {
    const port = await freePort()
    ports.push(port)
    await replica.restart({
      TAMGA_CONSOLE_LISTEN: `127.0.0.1:${port}`,
      TAMGA_CONSOLE_ORIGIN: ORIGIN,
      TAMGA_CONSOLE_CERT_FILE: files.cert,
      TAMGA_CONSOLE_KEY_FILE: files.key,
      TAMGA_OIDC_ISSUER: provider.issuer,
      TAMGA_OIDC_AUDIENCE: 'https://gateway.alice.example',
      TAMGA_CONSOLE_OIDC_CLIENT_ID: CLIENT_ID,
      TAMGA_CONSOLE_OIDC_CLIENT_SECRET_FILE: secret,
      TAMGA_CONSOLE_OIDC_SCOPES: 'openid profile roles',
      TAMGA_CONSOLE_OIDC_NAME: 'House ID',
    })
  }
}, 120_000)
afterAll(async () => {
  await lab?.remove()
  await provider?.close()
})

interface Sent {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Answer {
  readonly status: number
  readonly location: string
  readonly json: unknown
}

/** A browser whose every request the balancer gives to the replica that is named. */
function browser() {
  const jar = new Map<string, string>()
  return async (
    replica: number,
    path: string,
    { method = 'GET', headers = {} }: Sent = {},
  ): Promise<Answer> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = request({
      host: '127.0.0.1',
      port: ports[replica],
      servername: HOST,
      ca,
      path,
      method,
      headers: { host: HOST, 'sec-fetch-site': 'same-origin', cookie, ...headers },
    }).end()
    const [response] = await once(sent, 'response')
    for (const set of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      jar.set(name, value)
    }
    let text = ''
    for await (const chunk of response) text += String(chunk)
    const isJson = String(response.headers['content-type']).includes('json')
    return {
      status: response.statusCode,
      location: response.headers.location ?? '',
      json: isJson ? JSON.parse(text) : undefined,
    }
  }
}

test('a sign-in by the provider may begin at one replica, end at the other, and count at both', async () => {
  const ask = browser()
  expect((await ask(0, '/api/sign-in')).json).toMatchObject({ oidc: { name: 'House ID' } })
  const away = await ask(0, '/api/oidc/login?next=%2Fholds%3Fqueue%3Dmine')
  const back = await visitorOf(provider).signIn(away.location, 'olga')
  expect(back.startsWith(`${ORIGIN}/api/oidc/callback?`)).toBe(true)
  const path = back.slice(ORIGIN.length)
  expect(await ask(1, path)).toMatchObject({ status: 303, location: '/holds?queue=mine' })
  for (const replica of [0, 1])
    expect((await ask(replica, '/api/session')).json).toMatchObject({
      person: { subject: 'olga', name: 'Olga Kim' },
      roles: ['senior'],
      method: 'oidc',
    })
  expect(await ask(0, path)).toMatchObject({ status: 303, location: '/sign-in?error=SIGN_IN_EXPIRED' })
  const change = { method: 'DELETE', headers: { origin: ORIGIN, 'x-tamga-console': '1' } }
  expect((await ask(1, '/api/session', change)).json).toMatchObject({
    providerUrl: expect.stringContaining(`${provider.issuer}/session/end?`),
  })
  expect(await ask(0, '/api/sessions')).toMatchObject({ status: 401 })
})
