/** The policy page: what is in force, what is proposed, how it came to be, and what this person may do about it now. */
import { Refusal } from '../../domain/refusal.ts'
import type { Parts } from '../parts.ts'
import { isAuthor, type PolicyInForce, type PolicyUseCases, policyTag } from '../policy-use-cases.ts'
import type { PolicyVersion } from '../ports.ts'
import type { ActionOffer } from './actions.ts'
import { callerOf, denial, type Viewer } from './viewer.ts'

export interface PolicyPageParts extends Pick<Parts, 'policyReader'> {
  readonly policies: PolicyUseCases
}

export interface PolicyPage {
  readonly inForce: PolicyInForce
  /** Newest first. */
  readonly versions: readonly PolicyVersion[]
  readonly proposed: PolicyVersion | undefined
  readonly etag: string
  readonly offers: readonly ActionOffer[]
}

export async function policyPage(
  { policies, policyReader }: PolicyPageParts,
  viewer: Viewer,
): Promise<PolicyPage> {
  const caller = callerOf(viewer)
  const [{ inForce, proposed: open }, all] = await Promise.all([policies.get(caller), policies.list(caller)])
  const versions = all.map((version) => ({ ...version, text: inFull(policyReader, version) }))
  const proposed = versions.find(({ version }) => version === open?.version)
  return {
    inForce,
    proposed,
    versions,
    etag: policyTag({ inForce, proposed }),
    offers: offers(viewer, proposed),
  }
}

/** With defaults put in, so that two versions can be compared; as it was proposed where it no longer reads. */
function inFull(reader: PolicyPageParts['policyReader'], { vaspId, text }: PolicyVersion): string {
  try {
    return JSON.stringify(reader.read(vaspId, text))
  } catch (error) {
    if (error instanceof Refusal) return text
    throw error
  }
}

function offers(viewer: Viewer, proposed: PolicyVersion | undefined): readonly ActionOffer[] {
  const values: Readonly<Record<string, string>> = proposed ? { version: String(proposed.version) } : {}
  const mayPropose = denial(viewer, 'propose-policy')
  const propose = { action: 'propose-policy', consequence: 'policy.propose', values } as const
  if (proposed === undefined) return [{ ...propose, why: mayPropose }]
  const isOwn = isAuthor(proposed, viewer.person.subject, viewer.people)
  return [
    {
      action: 'approve-policy',
      why: denial(viewer, 'approve-policy') ?? (isOwn ? 'SECOND_PERSON_REQUIRED' : undefined),
      consequence: 'policy.approve',
      values,
    },
    { action: 'withdraw-policy', why: mayPropose, consequence: 'policy.withdraw', values },
    { ...propose, why: mayPropose ?? 'POLICY_CHANGED' },
  ]
}
