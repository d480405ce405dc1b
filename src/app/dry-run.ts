/** What a policy would have done with past transfers, as if they came now: nothing is stored, nobody is asked. */
import { verdictOn } from '../domain/counterparty/counterparty.ts'
import type { HoldReason } from '../domain/hold/hold.ts'
import { approvalsRequired, type LocalVasp, type VaspPolicy } from '../domain/policy.ts'
import type { Transfer } from '../domain/transfer/transfer.ts'
import { assessRules } from './check-rules.ts'
import { counterpartyHolds } from './checks.ts'
import { localVasp, type Parts } from './parts.ts'

export interface DryRun {
  /** Past transfers that were looked at. */
  readonly transfers: number
  /** Those whose data are gone, so that nothing can be said of them. */
  readonly unknown: number
  /** Held under the policy in force, and under the one that is tried. */
  readonly heldNow: number
  readonly heldThen: number
  /** Not held now, but then; and the other way round. */
  readonly more: number
  readonly fewer: number
  /** Holds whose release would take two persons, now and then. */
  readonly twoPersonsNow: number
  readonly twoPersonsThen: number
  /** Some of those that would be held and are not now, with the reasons. */
  readonly examples: readonly DryRunExample[]
  /** Some of those that are held now and would not be, with the reasons that hold them. */
  readonly fewerExamples: readonly DryRunExample[]
}

export interface DryRunExample {
  readonly transferId: string
  /** The caller's own, where it gave one. */
  readonly reference: string | undefined
  readonly reasons: readonly HoldReason[]
}

const PAGE = 200
const EXAMPLES_MAX = 20

export async function dryRun(
  parts: Parts,
  vaspId: string,
  policy: VaspPolicy,
  transfers: number,
): Promise<DryRun> {
  const now = localVasp(parts, vaspId)
  const then = { ...now, policy }
  const all = await newest(parts, vaspId, transfers)
  const judgeable = all.filter(({ secret }) => secret.identity !== undefined)
  const judged = await Promise.all(
    judgeable.map(async (transfer) => {
      const [before, after] = [
        await holdsUnder(parts, now, transfer),
        await holdsUnder(parts, then, transfer),
      ]
      return { transfer, before, after }
    }),
  )
  const twoPersons = (under: VaspPolicy, pick: (one: (typeof judged)[number]) => readonly HoldReason[]) =>
    judged.flatMap((one) =>
      pick(one).filter((reason) => approvalsRequired(under, reason, one.transfer) === 2),
    ).length
  const more = judged.filter(({ before, after }) => before.length === 0 && after.length > 0)
  const fewer = judged.filter(({ before, after }) => before.length > 0 && after.length === 0)
  return {
    transfers: all.length,
    unknown: all.length - judgeable.length,
    heldNow: judged.filter(({ before }) => before.length > 0).length,
    heldThen: judged.filter(({ after }) => after.length > 0).length,
    more: more.length,
    fewer: fewer.length,
    twoPersonsNow: twoPersons(now.policy, ({ before }) => before),
    twoPersonsThen: twoPersons(policy, ({ after }) => after),
    examples: more.slice(0, EXAMPLES_MAX).map(({ transfer, after }) => exampleOf(transfer, after)),
    fewerExamples: fewer.slice(0, EXAMPLES_MAX).map(({ transfer, before }) => exampleOf(transfer, before)),
  }
}

function exampleOf({ id, clientReference }: Transfer, reasons: readonly HoldReason[]): DryRunExample {
  return { transferId: id, reference: clientReference, reasons }
}

async function newest(parts: Parts, vaspId: string, count: number): Promise<readonly Transfer[]> {
  const found: Transfer[] = []
  let pageToken: string | undefined
  do {
    const pageSize = Math.min(PAGE, count - found.length)
    const page = await parts.transfers.list(vaspId, {
      pageSize,
      ...(pageToken !== undefined && { pageToken }),
    })
    found.push(...page.items)
    pageToken = page.nextPageToken
  } while (pageToken !== undefined && found.length < count)
  return found
}

/** As the checks would hold it: by its counterparty as it is known now, by the rules of the day on which it came, and by policy. */
async function holdsUnder(parts: Parts, vasp: LocalVasp, transfer: Transfer): Promise<readonly HoldReason[]> {
  const { role, asset, amount, fiat, counterpartyId, secret, createdAt } = transfer
  const peer =
    counterpartyId === undefined ? undefined : await parts.counterparties.recent(vasp.id, counterpartyId)
  const facts = { vaspId: vasp.id, counterpartyId, asset, amount, fiat, identity: secret.identity ?? '{}' }
  const rules = assessRules(vasp, facts, peer?.country, role, createdAt)
  if (rules.exempt) return []
  const byCounterparty = counterpartyHolds(peer, verdictOn(peer, vasp.policy, parts.clock.now()))
  const incomplete = role === 'originator' && rules.missing.length > 0 ? ['IDENTITY_INCOMPLETE' as const] : []
  const byPolicy = role === 'beneficiary' && vasp.policy.inbound === 'hold' ? ['POLICY' as const] : []
  const reasons = [...byCounterparty, ...rules.holds].map(({ reason }) => reason)
  return [...new Set([...reasons, ...incomplete, ...byPolicy])]
}
