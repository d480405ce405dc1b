import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { ScreeningRequest } from '../../../src/app/ports.ts'
import { withBreaker } from '../../../src/screening/breaker.ts'
import { httpProvider } from '../../../src/screening/http.ts'

const REQUEST: ScreeningRequest = {
  caseId: '018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b',
  direction: 'inbound',
  asset: 'eip155:1/slip44:60',
  amount: '1.5',
  subjects: [
    {
      ref: 'originator/0',
      kind: 'natural',
      names: { names: [{ primary: 'Okafor', secondary: 'Ada', type: 'LEGL' }], dateOfBirth: '1988-02-29' },
    },
    { ref: 'destination', kind: 'address', account: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb' },
  ],
}
const HIT = { about: 'risk', entry: 'rule-4', certainty: 'potential', score: 81.5 }
const WHOLE = {
  status: 'complete',
  lists: [{ id: 'kyt', version: '2026.11', date: '2026-11-05' }],
  results: [
    { ref: 'originator/0', hits: [] },
    { ref: 'destination', hits: [HIT] },
  ],
}

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A service that answers with this, and shows what it was asked. */
async function service(
  answer: string | object,
  status = 200,
): Promise<{ url: string; asked: () => string[] }> {
  const asked: string[] = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      asked.push(`${request.headers.authorization} ${body}`)
      if (answer !== 'silence')
        response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => void server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it does not listen')
  return { url: `http://127.0.0.1:${address.port}/screen`, asked: () => asked }
}

const soon = () => AbortSignal.timeout(2_000)
const NOW = new Date()

describe('a screening service', () => {
  it('is asked in the documented form, and its hits are taken', async () => {
    const { url, asked } = await service(WHOLE)
    const answer = await httpProvider({ url, token: 'secret' }).screen(REQUEST, soon(), NOW)
    expect(answer.hits).toEqual([{ ref: 'destination', ...HIT }])
    const [authorization, body = ''] = asked()[0]?.split(/ (?=\{)/) ?? []
    expect(authorization).toBe('Bearer secret')
    expect(JSON.parse(body)).toEqual({
      case_id: REQUEST.caseId,
      direction: 'inbound',
      asset: 'eip155:1/slip44:60',
      amount: '1.5',
      subjects: [
        { ref: 'originator/0', kind: 'person', names: ['Ada Okafor'], birth_date: '1988-02-29' },
        {
          ref: 'destination',
          kind: 'address',
          chain: 'eip155:1',
          address: '0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
        },
      ],
    })
  })

  it.each([
    ['is still working', { ...WHOLE, status: 'pending' }, 'SCREENING_INCOMPLETE'],
    ['leaves a subject out', { ...WHOLE, results: WHOLE.results.slice(0, 1) }, 'SCREENING_INCOMPLETE'],
    [
      'answers for somebody else',
      { ...WHOLE, results: [...WHOLE.results, { ref: 'x', hits: [] }] },
      'SCREENING_INCOMPLETE',
    ],
    ['names no list', { ...WHOLE, lists: [] }, 'SCREENING_INCOMPLETE'],
    ['says that it failed', { ...WHOLE, status: 'error' }, 'SCREENING_ERROR'],
    ['answers in another form', { clear: true }, 'SCREENING_ERROR'],
    ['answers with no JSON', 'OK', 'SCREENING_ERROR'],
    [
      'writes text into an id',
      { ...WHOLE, results: [{ ref: 'destination', hits: [{ ...HIT, entry: 'Ada Okafor' }] }] },
      'SCREENING_ERROR',
    ],
    ['answers without end', 'x'.repeat(1_100_000), 'SCREENING_ERROR'],
  ])('that %s has not answered', async (_, answer, failure) => {
    const { url } = await service(answer)
    const asking = httpProvider({ url, token: undefined }).screen(REQUEST, soon(), NOW)
    await expect(asking).rejects.toMatchObject({ failure })
  })

  it.each([401, 404, 429, 500, 302])('that answers %i has not answered', async (status) => {
    const { url } = await service(WHOLE, status)
    await expect(httpProvider({ url, token: undefined }).screen(REQUEST, soon(), NOW)).rejects.toMatchObject({
      failure: 'SCREENING_ERROR',
    })
  })

  it('that is silent has not answered when the time is over', async () => {
    const { url } = await service('silence')
    const asking = httpProvider({ url, token: undefined }).screen(REQUEST, AbortSignal.timeout(100), NOW)
    await expect(asking).rejects.toMatchObject({ failure: 'SCREENING_TIMEOUT' })
  })

  it('that failed five times in a row is left alone for a while', async () => {
    const { url, asked } = await service('no', 500)
    const provider = withBreaker(httpProvider({ url, token: undefined }))
    for (let n = 0; n < 8; n++) await provider.screen(REQUEST, soon(), NOW).catch(() => undefined)
    expect(asked()).toHaveLength(5)
  })
})
