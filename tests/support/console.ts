/** A console over one side of two gateways, and browsers that use it as a browser would: cookie, origin, header. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttemptLimits } from '../../src/app/console/attempts.ts'
import { sessionUseCases } from '../../src/app/console/sessions.ts'
import { operatorUseCases, personOf } from '../../src/app/operators.ts'
import type { PersonRole } from '../../src/domain/people.ts'
import { rootLog } from '../../src/log.ts'
import type { OidcSettings } from '../../src/people/oidc-tokens.ts'
import { postgresSessionStore } from '../../src/postgres/console/session-store.ts'
import { startConsole } from '../../src/start-console.ts'
import { CLIENT_ID, CLIENT_SECRET, type LoginProvider } from './oidc-login.ts'
import type { Side } from './two-gateways.ts'

export const PASSWORD = 'correct horse battery staple'

export interface Answer<T = Record<string, unknown>> {
  readonly status: number
  readonly headers: Headers
  readonly json: T
  readonly text: string
  readonly etag: string | undefined
}

export interface Browser {
  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Answer<T>>
  send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>
  cookie(): string | undefined
}

export interface TestConsole {
  readonly url: string
  /** A browser in which nobody is signed in. */
  browser(): Browser
  /** A browser in which this person is, without the work that a password costs. */
  signedIn(subject: string): Promise<Browser>
  addPerson(
    subject: string,
    roles: PersonRole | readonly PersonRole[],
    given?: { totp?: boolean; person?: string },
  ): Promise<string | undefined>
  close(): Promise<void>
}

export interface ConsoleOptions {
  readonly limits?: AttemptLimits
  /** Signs in by this provider too, which begins to serve. */
  readonly provider?: LoginProvider
  /** Served as in production: by TLS, under a name, at a port of loopback that is free. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly host: string; readonly port: number }
}

export async function openConsole(
  side: Side,
  { limits, provider, tls }: ConsoleOptions = {},
): Promise<TestConsole> {
  const parts = side.parts()
  const origin = tls && `https://${tls.host}:${tls.port}`
  const files = mkdtempSync(join(tmpdir(), 'tamga-test-console-'))
  const clientSecretFile = fileWith(files, CLIENT_SECRET)
  const server = await startConsole({
    config: {
      mode: tls === undefined ? 'sandbox' : 'production',
      ...(provider && { oidc: oidcOf(provider) }),
    },
    settings: {
      listen: `127.0.0.1:${tls?.port ?? 0}`,
      origin,
      tls,
      ...(provider && { oidc: { ...CLIENT, clientSecretFile } }),
    },
    pool: side.database.pool,
    keyStore: side.keyStore,
    parts,
    gateway: side.gateway(),
    log: rootLog(process.env['CONSOLE_LOG'] ?? 'silent'),
    ...(limits !== undefined && { limits }),
  })
  const url = origin ?? `http://127.0.0.1:${server.port}`
  await provider?.serve(url)
  // Read when it started.
  rmSync(files, { recursive: true })
  const accounts = operatorUseCases(parts)
  const people = side.gateway().people
  const sessions = sessionUseCases({ ...parts, sessions: postgresSessionStore(side.database.pool), people })
  return {
    url,
    browser: () => browserAt(url),
    async signedIn(subject) {
      const person = await parts.operators.find(subject)
      if (person === undefined) throw new Error(`${subject} has no account`)
      const { token } = await sessions.begin(personOf(person), 'test')
      return browserAt(url, token)
    },
    async addPerson(subject, roles, { totp = false, person } = {}) {
      const { totpUri } = await accounts.add(
        {
          subject,
          vaspId: side.id,
          displayName: `${subject} by name`,
          ...(person !== undefined && { naturalPerson: person }),
          roles: { [side.id]: [roles].flat() },
          password: PASSWORD,
          totp,
        },
        'operator:test',
      )
      return totpUri
    },
    close: () => server.close(),
  }
}

function fileWith(directory: string, text: string): string {
  const file = join(directory, 'secret')
  writeFileSync(file, text)
  return file
}

function oidcOf({ issuer }: LoginProvider): OidcSettings {
  return { issuer, audience: 'unused', algorithms: ['ES256'], rolesClaim: 'roles', personClaim: 'sub' }
}

const CLIENT = {
  clientId: CLIENT_ID,
  scopes: 'openid profile roles',
  sessionSeconds: 3_600,
  name: 'House ID',
}
const SESSION = '__Host-tamga'

function browserAt(url: string, given?: string): Browser {
  const jar = new Map<string, string>()
  if (given !== undefined) jar.set(SESSION, given)
  async function call<T>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Answer<T>> {
    const isChange = method !== 'GET'
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(isChange && { origin: url, 'x-tamga-console': '1' }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(jar.size > 0 && { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...headers,
      },
      redirect: 'manual',
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return {
      status: response.status,
      headers: response.headers,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test says what it expects, and then looks
      json: (isJson ? JSON.parse(text) : {}) as T,
      text,
      etag: response.headers.get('etag') ?? undefined,
    }
  }
  return {
    get: (path, headers = {}) => call('GET', path, undefined, headers),
    send: (method, path, body, headers = {}) => call(method, path, body, headers),
    cookie() {
      const value = jar.get(SESSION)
      return value === undefined ? undefined : `${SESSION}=${value}`
    },
  }
}

export interface LiveEvent {
  readonly id: string
  readonly event: string
  readonly data: Record<string, unknown>
}

/**
 * Reads an event stream until so many events have come, or all that are wanted, or half a minute has passed: events wait for whatever
 * transactions other tests have open on the shared server.
 */
export async function readEvents(
  console: TestConsole,
  browser: Browser,
  enough: number | ((events: readonly LiveEvent[]) => boolean),
  after?: string,
): Promise<{ readonly events: readonly LiveEvent[]; readonly headers: NodeJS.Dict<string | string[]> }> {
  const sent = httpRequest(`${console.url}/api/events`, {
    headers: {
      cookie: browser.cookie() ?? '',
      'sec-fetch-site': 'same-origin',
      ...(after !== undefined && { 'last-event-id': after }),
    },
  })
  sent.end()
  const [response] = await once(sent, 'response')
  const events: LiveEvent[] = []
  let text = ''
  const isEnough = () => (typeof enough === 'number' ? events.length >= enough : enough(events))
  const timer = setTimeout(() => sent.destroy(), 25_000)
  // What is wanted may become clear after it has come.
  const looking = setInterval(() => isEnough() && sent.destroy(), 100)
  try {
    for await (const chunk of response) {
      text += String(chunk)
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const event = eventIn(text.slice(0, end))
        text = text.slice(end + 2)
        if (event !== undefined) events.push(event)
      }
      if (isEnough()) break
    }
  } catch {
    // Enough, or time is up: what has come is what there is.
  }
  clearTimeout(timer)
  clearInterval(looking)
  sent.destroy()
  return { events, headers: response.headers }
}

function eventIn(block: string): LiveEvent | undefined {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2)
  const data = field('data')
  return data === undefined
    ? undefined
    : { id: field('id') ?? '', event: field('event') ?? '', data: JSON.parse(data) }
}

/** The status of a request under another name of the host, as after a DNS rebinding. */
export async function statusUnder(console: TestConsole, host: string): Promise<number | undefined> {
  const sent = httpRequest(`${console.url}/api/sign-in`, { headers: { host } })
  sent.end()
  const [response] = await once(sent, 'response')
  response.resume()
  return response.statusCode
}
