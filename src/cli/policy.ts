/** `tamga policy`: what a VASP has decided for itself, version by version. */
import { randomUUID } from 'node:crypto'
import { HoldReason } from '../gen/travelrule/v1/common.ts'
import { type DryRunExample, PolicyState, type PolicyVersion } from '../gen/travelrule/v1/policy.ts'
import { only, readArguments, readText, required, whole } from './client/arguments.ts'
import { nameOf } from './client/json.ts'
import { CONNECTION_OPTIONS, CONNECTION_USAGE } from './client/profile.ts'
import { type Session, withGateway } from './client/session.ts'
import { commandOfVerbs, type Verb } from './client/verbs.ts'
import { UsageError } from './command.ts'

const show: Verb = {
  usage: '',
  run(args, io) {
    const { values } = readArguments(args, CONNECTION_OPTIONS)
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { inForce, proposed } = await client.policies.getPolicy({})
      answer({ in_force: policyJson(inForce), proposed: policyJson(proposed) }, [
        JSON.stringify(JSON.parse(inForce?.policy || '{}'), undefined, 2),
        `in force: version ${inForce?.version ?? 0}, ${inForce?.hash ?? ''}`,
        ...(proposed === undefined ? [] : [line(proposed)]),
      ])
      return 0
    })
  },
}

const history: Verb = {
  usage: '',
  run(args, io) {
    const { values } = readArguments(args, CONNECTION_OPTIONS)
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const { policies } = await client.policies.listPolicies({})
      answer({ policies: policies.map(policyJson) }, policies.map(line))
      return 0
    })
  },
}

const dryRun: Verb = {
  usage: 'FILE [--transfers N]',
  run(args, io) {
    const { values, positionals } = readArguments(args, {
      ...CONNECTION_OPTIONS,
      person: { type: 'string' },
      transfers: { type: 'string', default: '500' },
    })
    const policy = readText(only('policy dry-run', 'policy file', positionals))
    const transfers = whole('--transfers', values.transfers, 1, 2_000)
    return withGateway(values, 'console', io, async ({ client, answer }) => {
      const tried = await client.policies.dryRunPolicy({ policy, transfers })
      const [examples, fewer] = [tried.examples.map(exampleJson), tried.fewerExamples.map(exampleJson)]
      answer(
        {
          transfers: tried.transfers,
          unknown: tried.unknown,
          held_now: tried.heldNow,
          held_then: tried.heldThen,
          more: tried.more,
          fewer: tried.fewer,
          two_persons_now: tried.twoPersonsNow,
          two_persons_then: tried.twoPersonsThen,
          examples,
          fewer_examples: fewer,
        },
        [
          `of ${tried.transfers} past transfers it would have held ${tried.more} more and ${tried.fewer} fewer (${tried.heldNow} now, ${tried.heldThen} then)`,
          `releases that take two persons: ${tried.twoPersonsNow} now, ${tried.twoPersonsThen} then`,
          ...(tried.unknown === 0 ? [] : [`nothing can be said of ${tried.unknown}, whose data are gone`]),
          ...examples.map((one) => `  held: ${one.transfer_id}  ${one.reasons.join(' ')}`),
          ...fewer.map((one) => `  no longer: ${one.transfer_id}  ${one.reasons.join(' ')}`),
        ],
      )
      return 0
    })
  },
}

const propose: Verb = {
  usage: 'FILE --person SUBJECT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, CHANGE)
    const policy = readText(only('policy propose', 'policy file', positionals))
    const { person } = required('policy propose', values, ['person'])
    const request = { requestId: values['request-id'] ?? randomUUID(), policy, person: { subject: person } }
    return withGateway(values, 'console', io, async (session) => {
      const stored = (await session.client.policies.proposePolicy(request)).policy
      told(session, stored, [
        `another natural person publishes it: tamga policy approve ${stored?.version ?? ''} --hash ${stored?.hash ?? ''}`,
      ])
      return 0
    })
  },
}

const approve: Verb = {
  usage: 'VERSION --hash HASH --person SUBJECT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, { ...CHANGE, hash: { type: 'string' } })
    const version = versionOf('policy approve', positionals)
    const { person, hash } = required('policy approve', values, ['hash', 'person'])
    const requestId = values['request-id'] ?? randomUUID()
    return withGateway(values, 'console', io, async (session) => {
      const request = { requestId, version, hash, person: { subject: person } }
      told(session, (await session.client.policies.approvePolicy(request)).policy)
      return 0
    })
  },
}

const withdraw: Verb = {
  usage: 'VERSION --person SUBJECT [--request-id ID]',
  run(args, io) {
    const { values, positionals } = readArguments(args, CHANGE)
    const version = versionOf('policy withdraw', positionals)
    const { person } = required('policy withdraw', values, ['person'])
    const requestId = values['request-id'] ?? randomUUID()
    return withGateway(values, 'console', io, async (session) => {
      const request = { requestId, version, person: { subject: person } }
      told(session, (await session.client.policies.withdrawPolicy(request)).policy)
      return 0
    })
  },
}

function exampleJson({ transferId, reasons }: DryRunExample) {
  return { transfer_id: transferId, reasons: reasons.map((reason) => nameOf(HoldReason, reason)) }
}

const CHANGE = {
  ...CONNECTION_OPTIONS,
  person: { type: 'string' },
  'request-id': { type: 'string' },
} as const

function versionOf(command: string, positionals: readonly string[]): number {
  const text = only(command, 'version', positionals)
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError('a version is a number from 1')
  return Number(text)
}

function told({ answer }: Session, policy: PolicyVersion | undefined, more: readonly string[] = []): void {
  answer(policyJson(policy), [...(policy === undefined ? [] : [line(policy)]), ...more])
}

function policyJson(version: PolicyVersion | undefined): object {
  if (version === undefined) return {}
  const { policy, state, author, approver, proposedAt, endedAt } = version
  return {
    version: version.version,
    hash: version.hash,
    state: nameOf(PolicyState, state),
    author: author?.subject ?? null,
    approver: approver?.subject ?? null,
    proposed_at: proposedAt?.toISOString() ?? null,
    ended_at: endedAt?.toISOString() ?? null,
    policy: JSON.parse(policy || '{}'),
  }
}

function line({ version, hash, state, author, approver, proposedAt }: PolicyVersion): string {
  const by = [author, approver].flatMap((person) => (person === undefined ? [] : [person.subject])).join(', ')
  return `${version}  ${nameOf(PolicyState, state)}  ${hash}  ${by}  ${proposedAt?.toISOString() ?? ''}`
}

export const command = commandOfVerbs({
  name: 'policy',
  summary:
    'Shows the policy of a VASP and its versions, tries one on past transfers, proposes one, and publishes what another person proposed.',
  verbs: { show, history, 'dry-run': dryRun, propose, approve, withdraw },
  fallback: 'show',
  common: CONNECTION_USAGE,
})
