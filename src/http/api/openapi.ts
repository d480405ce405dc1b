/** The OpenAPI 3.1 document, made from the contract by the same schemas that validate. */
import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifySchema } from 'fastify'
import fastify from 'fastify'
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { z } from 'zod'
import { CONTRACT } from './contract.ts'
import type { Endpoint } from './endpoint.ts'
import { Problem } from './schemas/common.ts'
import { LiveEvent } from './schemas/live.ts'

const DESCRIPTION = `The API of the ops console. Times are RFC 3339 in UTC, amounts decimal strings, absent values null. Errors are RFC 9457
problems with a stable \`code\`. Every request that changes something carries the header \`X-Tamga-Console: 1\`, and may carry an
\`Idempotency-Key\`: repeated with the same key it is done once.`

/** Must be registered before the routes. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Tamga console', description: DESCRIPTION, version: '1' },
      servers: [{ url: '/' }],
    },
    transform(route) {
      const described = jsonSchemaTransform(route)
      const operation = route.schema?.operationId
      return operation === undefined || !isDecision(operation)
        ? described
        : { ...described, schema: { ...described.schema, headers: IF_MATCH } }
    },
    transformObject: (document) => withoutTwins(jsonSchemaTransformObject(document)),
  })
}

/** Each schema comes twice, as read and as written; ours are the same both ways. */
function withoutTwins<T>(document: T): T {
  return JSON.parse(JSON.stringify(document), (name, value: unknown) => {
    if (name === '$ref' && typeof value === 'string') return value.replace(/Input$/, '')
    return name === 'schemas' && typeof value === 'object' && value !== null ? readable(value) : value
  })
}

function readable(schemas: object): object {
  return Object.fromEntries(Object.entries(schemas).filter(([id]) => !id.endsWith('Input')))
}

const IF_MATCH = {
  type: 'object',
  properties: { 'if-match': { type: 'string', description: 'the ETag of what was seen, in its quotes' } },
  required: ['if-match'],
}

function isDecision(operation: string): boolean {
  const endpoints: Readonly<Record<string, Endpoint>> = CONTRACT
  return endpoints[operation]?.ifMatch === true
}

/** What Fastify validates and serialises by, and the document is made from. */
export function schemaOf(operationId: string, endpoint: Endpoint): FastifySchema {
  const { tag, summary, params, query, body } = endpoint
  return {
    operationId,
    tags: [tag],
    summary,
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    response: { ...answerOf(endpoint), '4xx': PROBLEM, '5xx': PROBLEM },
  }
}

const PROBLEM = { description: 'RFC 9457', content: { 'application/problem+json': { schema: Problem } } }

function answerOf({ answer, file }: Endpoint): Readonly<Record<string, unknown>> {
  if (answer !== undefined) return { 200: answer }
  if (file === undefined) return { 204: z.undefined().describe('Done.') }
  const content = Object.fromEntries(
    file.map(({ media }) => [media, { schema: media === 'text/event-stream' ? LiveEvent : z.string() }]),
  )
  return { 200: { description: file.map(({ summary }) => summary).join('; '), content } }
}

/** The document as text, without a gateway behind it. */
export async function openApiText(): Promise<string> {
  const app = fastify()
  await describeApi(app)
  for (const [operationId, endpoint] of Object.entries(CONTRACT))
    app.route({
      method: endpoint.method,
      url: endpoint.url,
      schema: schemaOf(operationId, endpoint),
      handler: () => undefined,
    })
  await app.ready()
  const text = JSON.stringify(app.swagger(), null, 2)
  await app.close()
  return `${text}\n`
}
