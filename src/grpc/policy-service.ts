import type { DryRunExample } from '../app/dry-run.ts'
import type { PolicyInForce, PolicyUseCases } from '../app/policy-use-cases.ts'
import type { PolicyVersion } from '../app/ports.ts'
import type * as wire from '../gen/travelrule/v1/policy.ts'
import { PolicyState } from '../gen/travelrule/v1/policy.ts'
import { unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import { parse } from './requests/parse.ts'
import * as requests from './requests/policy.ts'
import { HOLD_REASON_NUMBERS } from './wire/words.ts'

export function policyService(policies: PolicyUseCases, once: Once): wire.PolicyServiceServer {
  return {
    getPolicy: unary(async (message, { caller }) => {
      parse(requests.Nothing, message)
      const { inForce, proposed } = await policies.get(caller)
      return { inForce: inForceToWire(inForce), proposed: proposed && policyToWire(proposed) }
    }),

    listPolicies: unary(async (message, { caller }) => {
      parse(requests.Nothing, message)
      return { policies: (await policies.list(caller)).map(policyToWire) }
    }),

    dryRunPolicy: unary(async (message, { caller }) => {
      const { policy, transfers } = parse(requests.DryRunPolicy, message)
      const { examples, fewerExamples, ...counts } = await policies.dryRun(caller, policy, transfers)
      return {
        ...counts,
        examples: examples.map(exampleToWire),
        fewerExamples: fewerExamples.map(exampleToWire),
      }
    }),

    proposePolicy: unary(async (message, call) => {
      const request = parse(requests.ProposePolicy, message)
      const { policy, person } = request
      const { value } = await once(call, request, (key) => policies.propose(key, policy, person))
      return { policy: policyToWire(value) }
    }),

    approvePolicy: unary(async (message, call) => {
      const request = parse(requests.ApprovePolicy, message)
      const { version, hash, person } = request
      const { value } = await once(call, request, (key) => policies.approve(key, version, hash, person))
      return { policy: policyToWire(value) }
    }),

    withdrawPolicy: unary(async (message, call) => {
      const request = parse(requests.WithdrawPolicy, message)
      const { version, person } = request
      const { value } = await once(call, request, (key) => policies.withdraw(key, version, person))
      return { policy: policyToWire(value) }
    }),
  }
}

function exampleToWire({ transferId, reasons }: DryRunExample): wire.DryRunExample {
  return { transferId, reasons: reasons.map((reason) => HOLD_REASON_NUMBERS[reason]) }
}

const STATES = {
  proposed: PolicyState.PROPOSED,
  published: PolicyState.PUBLISHED,
  withdrawn: PolicyState.WITHDRAWN,
} as const

function policyToWire(policy: PolicyVersion): wire.PolicyVersion {
  const { version, hash, text, state, author, proposedAt, baseHash, ended } = policy
  return {
    version,
    hash,
    policy: text,
    state: STATES[state],
    author: { subject: author },
    proposedAt,
    approver: ended?.approver && { subject: ended.approver.subject },
    endedAt: ended?.at,
    baseHash,
  }
}

function inForceToWire({ version, hash, text }: PolicyInForce): wire.PolicyVersion {
  const unknown = { author: undefined, proposedAt: undefined, approver: undefined, endedAt: undefined }
  return { ...unknown, version, hash, policy: text, state: PolicyState.PUBLISHED, baseHash: '' }
}
