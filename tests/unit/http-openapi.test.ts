/** The document that clients of the console's API are made from. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { CONTRACT } from '../../src/http/api/contract.ts'
import { openApiText } from '../../src/http/api/openapi.ts'

const Document = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        parameters: z
          .array(z.looseObject({ name: z.string(), in: z.string(), required: z.boolean().optional() }))
          .optional(),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})

async function document() {
  return Document.parse(JSON.parse(await openApiText()))
}

test('the OpenAPI document is valid 3.1', async () => {
  const result = await new Validator().validate(await document())
  expect(result).toMatchObject({ valid: true })
})

test('every endpoint of the contract stands in it, and nothing else does', async () => {
  const { paths } = await document()
  const listed = Object.values(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  expect(listed.toSorted()).toEqual(Object.keys(CONTRACT).toSorted())
})

test('decisions ask for If-Match, and only they', async () => {
  const { paths } = await document()
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  const asking = operations.filter(({ parameters = [] }) =>
    parameters.some(({ name, required }) => name === 'if-match' && required),
  )
  const decisions = Object.entries(CONTRACT).flatMap(([id, endpoint]) => ('ifMatch' in endpoint ? [id] : []))
  expect(asking.map(({ operationId }) => operationId).toSorted()).toEqual(decisions.toSorted())
})

test('every schema that is referred to is there', async () => {
  const parsed = await document()
  const refs = [...JSON.stringify(parsed).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  )
  const known = Object.keys(parsed.components.schemas)
  expect(refs.filter((name) => !known.includes(name ?? ''))).toEqual([])
})

test('no two endpoints share method and path, and no change is made by GET', () => {
  const endpoints = Object.values(CONTRACT)
  const keys = endpoints.map(({ method, url }) => `${method} ${url}`)
  expect(new Set(keys).size).toBe(keys.length)
  for (const endpoint of endpoints) if (endpoint.method === 'GET') expect(endpoint).not.toHaveProperty('body')
})
