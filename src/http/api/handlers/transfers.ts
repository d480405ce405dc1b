import { holdCase } from '../../../app/console/holds.ts'
import type { PresenceStore } from '../../../app/console/ports.ts'
import { type RelatedParts, relatedTransfers } from '../../../app/console/related.ts'
import { type RevealParts, revealTransfer } from '../../../app/console/reveal.ts'
import { listTransfers, transferCase } from '../../../app/console/transfers.ts'
import { callerOf, demand } from '../../../app/console/viewer.ts'
import type { EvidenceUseCases } from '../../../app/gateway.ts'
import { localVasp } from '../../../app/parts.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { iso, personJson } from '../json/basics.ts'
import { transferDetailJson, transferItemJson } from '../json/transfers.ts'
import { FileAnswer, type HandlersOf } from '../routes.ts'
import { changeBy, seenIn, showTag, viewerOf } from '../visit.ts'
import { defined, detailOf, type HoldHandlerParts, pageJson } from './holds.ts'

export interface TransferHandlerParts extends HoldHandlerParts, RelatedParts {
  readonly reveals: RevealParts['reveals']
  readonly bundles: EvidenceUseCases
  readonly presence: PresenceStore
}

/** A console tells every five seconds: one or two may be late. */
const PRESENT_MILLISECONDS = 15_000

type TransferOperation =
  | 'listTransfers'
  | 'getTransfer'
  | 'holdTransfer'
  | 'lookAtTransfer'
  | 'leaveTransfer'
  | 'revealTransfer'
  | 'listRelated'
  | 'getEvidence'

export function transferHandlers(parts: TransferHandlerParts): HandlersOf<TransferOperation> {
  return {
    async listTransfers({ query }, visit) {
      const viewer = viewerOf(visit)
      const { q, state, direction, counterparty, from, to, ...rest } = query
      const found = q === undefined ? undefined : await parts.search(viewer.vaspId, q)
      const page = await listTransfers(parts, viewer, {
        ...defined(rest),
        ...(state && { states: state }),
        ...(direction && { role: direction === 'outbound' ? 'originator' : 'beneficiary' }),
        ...(counterparty !== undefined && { counterpartyId: counterparty }),
        ...(from !== undefined && { from: new Date(from) }),
        ...(to !== undefined && { to: new Date(to) }),
        ...(found && { found }),
      })
      const items = page.items.map((item) => {
        const isByCounterparty = found?.counterpartyIds.includes(item.transfer.counterpartyId ?? '') === true
        return transferItemJson(
          item.matchedBy === undefined && isByCounterparty ? { ...item, matchedBy: 'counterparty' } : item,
        )
      })
      return { ...pageJson(page), items }
    },

    async getTransfer({ params }, visit) {
      const viewer = viewerOf(visit)
      const found = await transferCase(parts, viewer, params.id)
      const names = await parts.people(viewer.vaspId)
      showTag(visit, versionTag(found.view.transfer.version))
      return transferDetailJson(found, names, localVasp(parts, viewer.vaspId).policy, parts.clock.now())
    },

    async holdTransfer({ params, body }, visit) {
      const viewer = viewerOf(visit)
      const seenVersion = versionIn(seenIn(visit))
      const request = changeBy(visit, 'hold', { params, body })
      const { value } = await parts.review.hold(request, params.id, {
        ...body,
        person: viewer.person.subject,
        seenVersion,
      })
      return detailOf(parts, viewer, visit, await holdCase(parts, viewer, value.hold.id))
    },

    async lookAtTransfer({ params }, visit) {
      const { vaspId, person } = viewerOf(visit)
      const now = parts.clock.now()
      const at = { now, since: new Date(now.getTime() - PRESENT_MILLISECONDS) }
      const [others, names] = await Promise.all([
        parts.presence.look(vaspId, params.id, person.subject, at),
        parts.people(vaspId),
      ])
      return { others: others.map((subject) => personJson(subject, names)) }
    },

    async leaveTransfer({ params }, visit) {
      const { vaspId, person } = viewerOf(visit)
      await parts.presence.leave(vaspId, params.id, person.subject)
      return undefined
    },

    async revealTransfer({ params, body: { purpose, note, fields } }, visit) {
      const request = { purpose, ...(note !== undefined && { note }), ...(fields && { fields }) }
      const revealed = await revealTransfer(parts, viewerOf(visit), params.id, request)
      return {
        until: iso(revealed.until),
        fields: revealed.fields.map(({ path, sent, held }) => ({
          path,
          sent: sent ?? null,
          held: held ?? null,
        })),
      }
    },

    async listRelated({ params }, visit) {
      const items = await relatedTransfers(parts, viewerOf(visit), params.id)
      return { items: items.map((item) => ({ ...transferItemJson(item), sharedBy: item.sharedBy })) }
    },

    async getEvidence({ params }, visit) {
      const viewer = viewerOf(visit)
      demand(viewer, 'export')
      const body = await parts.bundles.bundle(callerOf(viewer), params.id)
      return new FileAnswer('application/json', `evidence-${params.id}.json`, body)
    },
  }
}

function versionTag(version: number): string {
  return `v${version}`
}

/** Throws Refusal HOLD_CHANGED: no version that ever was. */
function versionIn(tag: string): number {
  const [, digits] = /^v(\d{1,9})$/.exec(tag) ?? []
  if (digits === undefined) throw new Refusal('HOLD_CHANGED')
  return Number(digits)
}
