/** Searching the audit log, and taking it along. */
import type { EvidenceUseCases } from '../gateway.ts'
import type { Parts } from '../parts.ts'
import { callerOf, demand, type Viewer } from './viewer.ts'

export interface AuditFilter {
  /** The beginning of the kind. */
  readonly kind?: string
  readonly actor?: string
  readonly subject?: string
  readonly from?: Date
  readonly to?: Date
}

export interface FoundEntry {
  readonly id: string
  readonly position: number | undefined
  readonly at: string
  readonly kind: string
  readonly actor: string
  readonly subject: string
  readonly data: Readonly<Record<string, unknown>>
  /** Base64. */
  readonly leaf: string
  /** As it was hashed. */
  readonly text: string
}

export interface AuditPage {
  readonly items: readonly FoundEntry[]
  readonly nextCursor: string | undefined
}

export interface AuditReads {
  /** Newest first. A page may be short, or empty, and have a next one: how far a page looks is bounded. */
  entries(
    vaspId: string,
    filter: AuditFilter,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<AuditPage>
}

export interface AuditParts extends Pick<Parts, 'clock' | 'outbox'> {
  readonly auditReads: AuditReads
  readonly bundles: EvidenceUseCases
}

export function searchAudit(
  parts: AuditParts,
  viewer: Viewer,
  filter: AuditFilter,
  page: { readonly cursor?: string; readonly limit: number },
): Promise<AuditPage> {
  demand(viewer, 'read-audit')
  return parts.auditReads.entries(viewer.vaspId, filter, page)
}

const EXPORT_MAX = 100_000
const EXPORT_PAGE = 2_000

export interface AuditExport {
  readonly exportedAt: Date
  readonly checkpoint: { readonly size: number; readonly note: string }
  readonly entries: readonly FoundEntry[]
}

/** That it was exported is written down before anything is given out. */
export async function exportAudit(
  parts: AuditParts,
  viewer: Viewer,
  filter: AuditFilter,
): Promise<AuditExport> {
  demand(viewer, 'read-audit')
  demand(viewer, 'export')
  const { vaspId, person } = viewer
  const read = {
    kind: 'audit.exported',
    actor: `person:${person.subject}`,
    subject: vaspId,
    data: wordsOf(filter),
  }
  await parts.outbox.add(vaspId, [], [read])
  const entries: FoundEntry[] = []
  let cursor: string | undefined
  do {
    const page = await parts.auditReads.entries(vaspId, filter, {
      ...(cursor !== undefined && { cursor }),
      limit: EXPORT_PAGE,
    })
    entries.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined && entries.length < EXPORT_MAX)
  const { size, note } = await parts.bundles.checkpoint(callerOf(viewer), 0)
  return { exportedAt: parts.clock.now(), checkpoint: { size, note }, entries: entries.slice(0, EXPORT_MAX) }
}

function wordsOf({ kind = '', actor = '', subject = '', from, to }: AuditFilter) {
  return { kind, actor, subject, from: from?.toISOString() ?? '', to: to?.toISOString() ?? '' }
}
