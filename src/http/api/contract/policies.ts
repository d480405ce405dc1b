import type { Endpoints } from '../endpoint.ts'
import { Nothing } from '../schemas/holds.ts'
import * as s from '../schemas/policies.ts'

const tag = 'policy'
const decision = { method: 'POST', tag, access: 'read-policy', ifMatch: true, answer: s.PolicyPage } as const

export const POLICIES = {
  getPolicy: {
    method: 'GET',
    url: '/api/policy',
    tag,
    summary: 'The policy in force, the one that is proposed, all versions, and what this person may do now.',
    access: 'read-policy',
    answer: s.PolicyPage,
  },
  getPolicySchema: {
    method: 'GET',
    url: '/api/policy/schema',
    tag,
    summary: 'What a policy may say, as JSON Schema 2020-12: forms are made from it.',
    access: 'read-policy',
    answer: s.PolicySchema,
  },
  tryPolicy: {
    method: 'POST',
    url: '/api/policy/dry-run',
    tag,
    summary: 'What a policy would have done with the newest transfers. Changes nothing.',
    access: 'propose-policy',
    body: s.TryPolicy,
    answer: s.DryRun,
  },
  proposePolicy: {
    ...decision,
    url: '/api/policy/propose',
    summary:
      'Proposes a version for a second person to approve. 400 POLICY_INVALID names the members that are wrong.',
    body: s.ProposePolicy,
  },
  approvePolicy: {
    ...decision,
    url: '/api/policy/:version/approve',
    summary: 'Publishes what another natural person proposed: it is in force at once.',
    params: s.PolicyParams,
    body: Nothing,
  },
  withdrawPolicy: {
    ...decision,
    url: '/api/policy/:version/withdraw',
    summary: 'Ends a proposal.',
    params: s.PolicyParams,
    body: Nothing,
  },
} as const satisfies Endpoints
