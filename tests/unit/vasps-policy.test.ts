import { expect, it } from 'vitest'
import { lackingFor, policyOf, readPolicy } from '../../src/vasps.ts'

const has = { providers: new Set(['list']), hasDecisionWebhook: false }

it.each([
  ['a provider that the deployment has', { screening: { providers: ['list'] } }, undefined],
  ['a provider that it has not', { screening: { providers: ['list', 'kyt'] } }, 'policy.screening.providers'],
  ['a decision webhook that the file has not', { inbound: 'webhook' }, 'policy.inbound'],
  ['nothing besides', { inbound: 'ask' }, undefined],
])('a policy that asks for %s is judged by what the deployment has', (_, said, field) => {
  expect(lackingFor(policyOf(said), has)?.field).toBe(field)
})

it('a policy is refused for what the deployment lacks, with the field', () => {
  const read = () => readPolicy('{"inbound":"webhook"}', (policy) => lackingFor(policy, has))
  expect(read).toThrow(expect.objectContaining({ code: 'POLICY_INVALID' }))
  expect(() => readPolicy('{"inbound":"webhook"}')).not.toThrow()
})
