import { type PolicyPageParts, policyPage } from '../../../app/console/policies.ts'
import { callerOf } from '../../../app/console/viewer.ts'
import type { Names } from '../json/basics.ts'
import { dryRunJson, policyPageJson } from '../json/policies.ts'
import type { HandlersOf } from '../routes.ts'
import { changeBy, seenIn, showTag, type Visit, viewerOf } from '../visit.ts'

export interface PolicyHandlerParts extends PolicyPageParts {
  people(vaspId: string): Promise<Names>
}

type PolicyOperation =
  | 'getPolicy'
  | 'getPolicySchema'
  | 'tryPolicy'
  | 'proposePolicy'
  | 'approvePolicy'
  | 'withdrawPolicy'

export function policyHandlers(parts: PolicyHandlerParts): HandlersOf<PolicyOperation> {
  const { policies } = parts

  async function show(visit: Visit) {
    const viewer = viewerOf(visit)
    const [page, names] = await Promise.all([policyPage(parts, viewer), parts.people(viewer.vaspId)])
    showTag(visit, page.etag)
    return policyPageJson(page, names)
  }

  return {
    getPolicy: (_, visit) => show(visit),
    getPolicySchema: async () => ({ ...parts.policyReader.schema() }),

    tryPolicy: async ({ body }, visit) =>
      dryRunJson(await policies.dryRun(callerOf(viewerOf(visit)), body.text, body.transfers)),

    async proposePolicy({ body }, visit) {
      const { person } = viewerOf(visit)
      const request = changeBy(visit, 'propose-policy', body)
      await policies.propose(request, body.text, person.subject, seenIn(visit))
      return show(visit)
    },

    async approvePolicy({ params: { version } }, visit) {
      const viewer = viewerOf(visit)
      const all = await policies.list(callerOf(viewer))
      const hash = all.find((one) => one.version === version)?.hash ?? ''
      const request = changeBy(visit, 'approve-policy', { version })
      await policies.approve(request, version, hash, viewer.person.subject, seenIn(visit))
      return show(visit)
    },

    async withdrawPolicy({ params: { version } }, visit) {
      const { person } = viewerOf(visit)
      const request = changeBy(visit, 'withdraw-policy', { version })
      await policies.withdraw(request, version, person.subject, seenIn(visit))
      return show(visit)
    },
  }
}
