import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { otlpTracing, type Tracing } from '../../src/tracing/otlp.ts'
import { identityPayload } from '../support/identity.ts'
import { authorize, introduce, twoGateways, type World } from '../support/two-gateways.ts'

const Export = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string(),
              name: z.string(),
              attributes: z.array(
                z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
})
type Span = z.infer<typeof Export>['resourceSpans'][number]['scopeSpans'][number]['spans'][number]

let world: World
let collector: Server
let tracing: Tracing[] = []
const spans: Span[] = []
let bodies = ''

beforeAll(async () => {
  collector = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      bodies += body
      for (const { scopeSpans } of Export.parse(JSON.parse(body)).resourceSpans)
        spans.push(...scopeSpans.flatMap((scope) => scope.spans))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const address = collector.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  world = await twoGateways()
  await introduce(world)
  for (const side of [world.alice, world.bob]) {
    const tracer = otlpTracing(url)
    tracing.push(tracer)
    Object.assign(side.parts(), { tracer })
  }
})
afterAll(async () => {
  await world.close()
  collector.closeAllConnections()
  collector.close()
})

const attribute = (span: Span, key: string) =>
  span.attributes.find((one) => one.key === key)?.value.stringValue

it('makes one trace of a transfer at both gateways, joined by the envelopes between them', async () => {
  const id = await authorize(world)
  await world.settle()
  for (const one of tracing) await one.close()
  tracing = []
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([id.replaceAll('-', '')]))
  expect(spans.map((span) => `${attribute(span, 'tamga.vasp')} ${span.name}`).toSorted()).toEqual([
    'alice receive transfer.answer',
    'alice send transfer.request',
    'bob receive transfer.request',
    'bob send transfer.answer',
  ])
  for (const received of spans.filter(({ name }) => name.startsWith('receive'))) {
    const sent = spans.find(
      (span) =>
        span.name.startsWith('send') &&
        attribute(span, 'tamga.envelope') === attribute(received, 'tamga.envelope'),
    )
    expect(received.parentSpanId).toBe(sent?.spanId)
  }
  const name = /"primaryIdentifier":"([^"]+)"/.exec(identityPayload())?.[1] ?? 'nothing'
  expect(bodies.includes(name) || bodies.includes('0xab16')).toBe(false)
})

it('costs nothing but the spans when there is no collector', async () => {
  const lost = otlpTracing('http://127.0.0.1:1')
  const about = {
    kind: 'call',
    name: 'x',
    vaspId: 'alice',
    transferId: '018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b',
  } as const
  for (let n = 0; n < 5_000; n++) lost.record({ ...about, begun: new Date(), ended: new Date() })
  await expect(lost.close()).resolves.toBeUndefined()
})
