/** Policies as versioned data: proposed by one natural person, published by another, tried on past transfers before. */
import { createHash } from 'node:crypto'
import { naturalPerson, type PeoplePolicy, type PersonAction, withPeople } from '../domain/people.ts'
import type { LocalVasp, VaspPolicy } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import { checkActing, peopleFor } from './acting.ts'
import { canonicalText } from './canonical.ts'
import { type DryRun, dryRun } from './dry-run.ts'
import type { Caller, Outcome, Request } from './gateway.ts'
import { keyOf, once } from './idempotency.ts'
import { localVasp, type Parts } from './parts.ts'
import type { AuditEntry, PolicyReader, PolicyStore, PolicyVersion } from './ports.ts'

export interface PolicyInForce {
  /** 0: of the VASPs file. */
  readonly version: number
  readonly hash: string
  /** JSON, with defaults put in. */
  readonly text: string
}

export interface PolicyUseCases {
  get(
    caller: Caller,
  ): Promise<{ readonly inForce: PolicyInForce; readonly proposed: PolicyVersion | undefined }>
  /** Newest first. */
  list(caller: Caller): Promise<readonly PolicyVersion[]>
  /** What the policy would have done with past transfers. Changes nothing. */
  dryRun(caller: Caller, text: string, transfers: number): Promise<DryRun>
  /** `seen`, here and below: the tag of what the person saw, where the door knows it. Throws Refusal POLICY_CHANGED when it is another. */
  propose(request: Request, text: string, person: string, seen?: string): Promise<Outcome<PolicyVersion>>
  /** Publishes what was proposed. `hash` is that of the version. */
  approve(
    request: Request,
    version: number,
    hash: string,
    person: string,
    seen?: string,
  ): Promise<Outcome<PolicyVersion>>
  withdraw(request: Request, version: number, person: string, seen?: string): Promise<Outcome<PolicyVersion>>
}

export interface PolicyParts {
  readonly policies: PolicyStore
  readonly policyReader: PolicyReader
  /** Lets the VASP go by a published version, if it is newer than the one that it goes by; by none, if that one cannot be read. */
  adopt(published: Pick<PolicyVersion, 'vaspId' | 'version'>, read: () => VaspPolicy): Adopted
}

export type Adopted = 'adopted' | 'known' | 'unreadable'

export function policyUseCases(parts: Parts): PolicyUseCases {
  async function versions(vaspId: string) {
    const all = await parts.policies.list(vaspId)
    const published = all.find(({ state }) => state === 'published')
    return { all, inForce: inForce(parts, vaspId, published), proposed: all.find(isProposed) }
  }

  async function act(
    request: Request,
    { person, action, seen }: { person: string; action: PersonAction; seen: string | undefined },
    make: (known: Awaited<ReturnType<typeof versions>>) => Promise<PolicyVersion>,
  ): Promise<Outcome<PolicyVersion>> {
    const { vaspId } = request.caller
    await checkActing(parts, request.caller, person, action)
    const work = async () => {
      const known = await versions(vaspId)
      if (seen !== undefined && seen !== policyTag(known)) throw new Refusal('POLICY_CHANGED')
      const next = await make(known)
      const idempotency = keyOf(request)
      const outcome = await parts.policies.save({ next, idempotency, audit: [entry(next, person)] })
      if (outcome === 'conflict') throw new Refusal('POLICY_CHANGED')
      return { outcome, resourceId: String(next.version), value: next }
    }
    const load = async (version: string) => found((await versions(vaspId)).all, Number(version))
    const done = await once(parts.transfers, request, work, load)
    await adoptPolicies(parts)
    return done
  }

  const peopleAt = async (caller: Caller) =>
    withPeople(localVasp(parts, caller.vaspId).policy, await peopleFor(parts, caller))

  return {
    async get({ vaspId }) {
      const known = await versions(vaspId)
      return { inForce: known.inForce, proposed: known.proposed }
    },

    list: async ({ vaspId }) => (await versions(vaspId)).all,

    dryRun: (caller, text, transfers) =>
      dryRun(parts, caller.vaspId, parts.policyReader.read(caller.vaspId, text), transfers),

    propose: (request, text, person, seen) =>
      act(request, { person, action: 'propose-policy', seen }, async (known) => {
        parts.policyReader.read(request.caller.vaspId, text)
        if (known.proposed !== undefined) throw new Refusal('POLICY_CHANGED', 'another version is proposed')
        const canonical = canonicalText(text)
        return {
          vaspId: request.caller.vaspId,
          version: (known.all[0]?.version ?? 0) + 1,
          hash: hashOf(canonical),
          text: canonical,
          baseHash: known.inForce.hash,
          state: 'proposed',
          author: person,
          authorPerson: naturalPerson(await peopleAt(request.caller), person),
          proposedAt: parts.clock.now(),
        }
      }),

    approve: (request, version, hash, person, seen) =>
      act(request, { person, action: 'approve-policy', seen }, async ({ all, inForce: base }) => {
        const proposed = open(all, version)
        if (proposed.hash !== hash || proposed.baseHash !== base.hash) throw new Refusal('POLICY_CHANGED')
        parts.policyReader.read(proposed.vaspId, proposed.text)
        const people = await peopleAt(request.caller)
        if (isAuthor(proposed, person, people)) throw new Refusal('SECOND_PERSON_REQUIRED')
        const approver = { subject: person, person: naturalPerson(people, person) }
        return { ...proposed, state: 'published', ended: { at: parts.clock.now(), approver } }
      }),

    withdraw: (request, version, person, seen) =>
      act(request, { person, action: 'propose-policy', seen }, async ({ all }) => ({
        ...open(all, version),
        state: 'withdrawn',
        ended: { at: parts.clock.now() },
      })),
  }
}

/** Names what a person decides on: what is in force, and what is proposed. */
export function policyTag({
  inForce: { version, hash },
  proposed,
}: {
  readonly inForce: PolicyInForce
  readonly proposed: PolicyVersion | undefined
}): string {
  return hashOf(JSON.stringify([version, hash, proposed?.version ?? null]))
}

/** Whether this account is the author's natural person, as was known when it was proposed or is known now. */
export function isAuthor(
  { author, authorPerson }: PolicyVersion,
  subject: string,
  people: PeoplePolicy,
): boolean {
  const person = naturalPerson(people, subject)
  return author === subject || authorPerson === person || naturalPerson(people, author) === person
}

/** Takes over what was published, here or by another replica. Versions only grow. */
export async function adoptPolicies(
  parts: Pick<Parts, 'policies' | 'policyReader' | 'vasps' | 'adopt' | 'log'>,
): Promise<void> {
  for (const published of await parts.policies.inForce()) {
    const { vaspId, version, hash, text } = published
    if (!parts.vasps.has(vaspId)) continue
    const adopted = parts.adopt(published, () => parts.policyReader.read(vaspId, text))
    if (adopted === 'adopted') parts.log.info('policy in force', { vaspId, version, hash })
    if (adopted === 'unreadable')
      parts.log.warn('this replica cannot read the policy in force and does nothing for its VASP', {
        vaspId,
        version,
        hash,
      })
  }
}

/** The local VASPs as one map that `adopt` changes: whoever looks one up gets the policy of now. */
export function livingVasps<V extends LocalVasp>(
  given: ReadonlyMap<string, V>,
): { readonly vasps: ReadonlyMap<string, V>; readonly adopt: PolicyParts['adopt'] } {
  const vasps = new Map(given)
  const versions = new Map<string, number>()
  return {
    vasps,
    adopt({ vaspId, version }, read) {
      const vasp = vasps.get(vaspId)
      if (vasp === undefined || version <= (versions.get(vaspId) ?? 0)) return 'known'
      const policy = readable(read)
      vasps.set(vaspId, { ...vasp, policy: policy ?? vasp.policy, isBehindPolicy: policy === undefined })
      versions.set(vaspId, version)
      return policy === undefined ? 'unreadable' : 'adopted'
    },
  }
}

function readable(read: () => VaspPolicy): VaspPolicy | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'POLICY_INVALID') return undefined
    throw error
  }
}

function inForce(parts: Parts, vaspId: string, published: PolicyVersion | undefined): PolicyInForce {
  const text = canonicalText(JSON.stringify(localVasp(parts, vaspId).policy))
  if (published === undefined) return { version: 0, hash: hashOf(text), text }
  const { version, hash } = published
  return {
    version,
    hash,
    text: canonicalText(JSON.stringify(parts.policyReader.read(vaspId, published.text))),
  }
}

function isProposed({ state }: PolicyVersion): boolean {
  return state === 'proposed'
}

function found(all: readonly PolicyVersion[], version: number): PolicyVersion {
  const one = all.find((known) => known.version === version)
  if (one === undefined) throw new Refusal('POLICY_CHANGED', 'there is no such version')
  return one
}

function open(all: readonly PolicyVersion[], version: number): PolicyVersion {
  const one = found(all, version)
  if (!isProposed(one)) throw new Refusal('POLICY_CHANGED', `it is ${one.state}`)
  return one
}

function hashOf(canonical: string): string {
  return createHash('sha256').update(canonical).digest('base64url')
}

function entry({ version, hash, state, author }: PolicyVersion, person: string): AuditEntry {
  const data = { version, hash, author }
  return { kind: `policy.${state}`, actor: `person:${person}`, subject: String(version), data }
}
