/** A small server with the documented shape of GLEIF's API, and faults on demand. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface GleifRecord {
  readonly name: string
  readonly country: string
  readonly status?: string
  readonly entityStatus?: string
  readonly renewal?: string
}

export async function startGleif(records: ReadonlyMap<string, GleifRecord>) {
  const state = {
    fault: undefined as undefined | 'down' | 'html' | 'cut' | 'huge' | 'other' | 'silent',
    calls: 0,
  }
  const server = createServer((request, response) => {
    state.calls += 1
    const lei = /^\/api\/v1\/lei-records\/([0-9A-Z]{20})$/.exec(request.url ?? '')?.[1] ?? ''
    const record = records.get(lei)
    const send = (status: number, body: string) =>
      response.writeHead(status, { 'content-type': 'application/vnd.api+json' }).end(body)
    switch (state.fault) {
      case 'down':
        return void send(503, '')
      case 'html':
        return void send(404, '<html>not here</html>')
      case 'cut':
        return void send(200, '{"data":{"attributes":{"lei"')
      case 'huge':
        return void send(200, `"${'x'.repeat(400_000)}"`)
      case 'silent':
        return
      case 'other':
      case undefined:
    }
    if (record === undefined)
      return void send(404, JSON.stringify({ errors: [{ status: '404', title: 'Not Found' }] }))
    const attributes = {
      lei: state.fault === 'other' ? '00000000000000000000' : lei,
      entity: {
        legalName: { name: record.name, language: 'en' },
        otherNames: [],
        legalAddress: { country: record.country },
        jurisdiction: record.country,
        status: record.entityStatus ?? 'ACTIVE',
      },
      registration: {
        status: record.status ?? 'ISSUED',
        nextRenewalDate: record.renewal ?? '2099-01-01T00:00:00Z',
        corroborationLevel: 'FULLY_CORROBORATED',
      },
    }
    send(200, JSON.stringify({ data: { type: 'lei-records', id: lei, attributes } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a TCP port
  const { port } = server.address() as AddressInfo
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/api/v1`,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  })
}
