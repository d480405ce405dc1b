import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueServer, makeAuthority } from '../../src/local/certificates.ts'
import { addressGuard } from '../../src/webhooks/guard.ts'
import { webhookSender } from '../../src/webhooks/sender.ts'

const LOCAL = { allow: ['127.0.0.0/8'], http: true, timeoutMilliseconds: 800 }
const MESSAGE = { id: 'evt_1', body: '{}' }
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const directory = mkdtempSync(join(tmpdir(), 'tamga-webhooks-'))
const closing: (() => unknown)[] = []
let requests: string[] = []
let port = 0
let securePort = 0
let ca = ''

beforeAll(async () => {
  const authority = await makeAuthority('hooks-ca', directory)
  const files = await issueServer(authority, { name: 'hooks', directory, hosts: ['hooks.example'] })
  ca = readFileSync(authority.cert, 'utf8')
  const answer: http.RequestListener = (request, response) => {
    requests.push(`${request.headers.host} ${request.url}`)
    if (request.url === '/redirect') response.writeHead(307, { location: '/canary' }).end()
    else if (request.url === '/endless') response.end('x'.repeat(100_000))
    else if (request.url === '/drip') response.write('x')
    else response.end('yes')
  }
  const plain = http.createServer(answer).listen(0, '127.0.0.1')
  const secure = https
    .createServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) }, answer)
    .listen(0, '127.0.0.1')
  await Promise.all([plain, secure].map((one) => new Promise((resolve) => one.once('listening', resolve))))
  closing.push(
    () => plain.closeAllConnections(),
    () => plain.close(),
  )
  closing.push(
    () => secure.closeAllConnections(),
    () => secure.close(),
  )
  port = portOf(plain)
  securePort = portOf(secure)
})

afterAll(() => {
  for (const close of closing) close()
  rmSync(directory, { recursive: true })
})

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function send(url: string, settings = LOCAL, resolve?: (name: string) => Promise<readonly string[]>) {
  requests = []
  const guard = resolve && addressGuard(settings, resolve)
  return webhookSender({ ...settings, ca }, guard).send(url, [SECRET], MESSAGE, new Date())
}

describe('the sender', () => {
  it('follows no redirect', async () => {
    expect(await send(`http://127.0.0.1:${port}/redirect`)).toEqual({ outcome: 'failed', code: 'HTTP_307' })
    expect(requests).toEqual([`127.0.0.1:${port} /redirect`])
  })

  it('reads no more than it must, and waits no longer', async () => {
    expect(await send(`http://127.0.0.1:${port}/endless`)).toEqual({
      outcome: 'failed',
      code: 'ANSWER_TOO_LARGE',
    })
    expect(await send(`http://127.0.0.1:${port}/drip`)).toEqual({ outcome: 'failed', code: 'TIMEOUT' })
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    expect(await send(`http://127.0.0.1:${portOf(silent)}/`)).toEqual({ outcome: 'failed', code: 'TIMEOUT' })
    silent.close()
  })

  it('connects to the address that was looked at, under the name that was asked for', async () => {
    const asked: string[] = []
    const resolve = async (name: string) => {
      asked.push(name)
      // The second look-up would lead elsewhere.
      return asked.length === 1 ? ['127.0.0.1'] : ['10.0.0.1']
    }
    const sent = await send(`https://hooks.example:${securePort}/a`, { ...LOCAL, http: false }, resolve)
    expect(sent).toEqual({ outcome: 'ok', answer: 'yes' })
    expect([asked, requests]).toEqual([['hooks.example'], [`hooks.example:${securePort} /a`]])
  })

  it('goes nowhere that a name leads to but must not', async () => {
    const closed = { ...LOCAL, allow: [], http: false }
    const sent = await send(`https://hooks.example:${securePort}/a`, closed, async () => ['127.0.0.1'])
    expect(sent).toEqual({ outcome: 'failed', code: 'ADDRESS_REFUSED' })
    expect(await send(`http://127.0.0.1:${port}/a`, closed)).toEqual({
      outcome: 'failed',
      code: 'ADDRESS_REFUSED',
    })
    expect(requests).toEqual([])
  })

  it('believes no certificate of another name, and no authority but the given one', async () => {
    const there = async () => ['127.0.0.1']
    expect(await send(`https://other.example:${securePort}/a`, LOCAL, there)).toMatchObject({ code: 'TLS' })
    const sender = webhookSender(LOCAL, addressGuard(LOCAL, there))
    const sent = await sender.send(`https://hooks.example:${securePort}/a`, [SECRET], MESSAGE, new Date())
    expect(sent).toMatchObject({ code: 'TLS' })
    expect(requests).toEqual([])
  })

  it('tells by a word what went wrong', async () => {
    expect(await send('http://127.0.0.1:1/')).toEqual({ outcome: 'failed', code: 'CONNECTION' })
    const nowhere = async () => Promise.reject(new Error('no address'))
    expect(await send('https://hooks.example/', LOCAL, nowhere)).toEqual({ outcome: 'failed', code: 'DNS' })
  })
})
