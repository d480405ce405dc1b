import { type AuditParts, exportAudit, type FoundEntry, searchAudit } from '../../../app/console/audit.ts'
import { type Dashboard, type DashboardReads, dashboard, periodOf } from '../../../app/console/dashboard.ts'
import type { SavedViewStore } from '../../../app/console/ports.ts'
import { callerOf, demand } from '../../../app/console/viewer.ts'
import { csv } from '../csv.ts'
import { iso } from '../json/basics.ts'
import { HttpProblem } from '../problem.ts'
import { reportCsv, reportPdf } from '../report.ts'
import { FileAnswer, type HandlersOf } from '../routes.ts'
import { viewerOf } from '../visit.ts'

export interface HouseHandlerParts extends AuditParts {
  readonly dashboards: DashboardReads
  readonly views: SavedViewStore
}

type HouseOperation =
  | 'getDashboard'
  | 'getReport'
  | 'listAudit'
  | 'exportAudit'
  | 'getCheckpoint'
  | 'listViews'
  | 'saveView'
  | 'deleteView'

const VIEWS_MAX = 100

export function houseHandlers(parts: HouseHandlerParts): HandlersOf<HouseOperation> {
  return {
    async getDashboard({ query }, visit) {
      const now = parts.clock.now()
      const shown = await dashboard(parts.dashboards, viewerOf(visit).vaspId, periodOf(given(query), now))
      return { ...dashboardJson(shown), asOf: iso(now) }
    },

    async getReport({ params: { month, format } }, visit) {
      const viewer = viewerOf(visit)
      demand(viewer, 'export')
      const from = new Date(`${month}-01T00:00:00Z`)
      const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1))
      const report = {
        vaspId: viewer.vaspId,
        month,
        madeAt: parts.clock.now(),
        madeBy: viewer.person.subject,
        dashboard: await dashboard(parts.dashboards, viewer.vaspId, { from, to }),
      }
      const name = `travel-rule-${viewer.vaspId}-${month}.${format}`
      return format === 'csv'
        ? new FileAnswer('text/csv; charset=utf-8', name, reportCsv(report))
        : new FileAnswer('application/pdf', name, await reportPdf(report))
    },

    async listAudit({ query: { cursor, limit, ...filter } }, visit) {
      const page = await searchAudit(parts, viewerOf(visit), auditFilter(filter), {
        ...(cursor !== undefined && { cursor }),
        limit,
      })
      return { items: page.items.map(entryJson), nextCursor: page.nextCursor ?? null }
    },

    async exportAudit({ query: { format, ...filter } }, visit) {
      const viewer = viewerOf(visit)
      const { exportedAt, checkpoint, entries } = await exportAudit(parts, viewer, auditFilter(filter))
      const name = `audit-${viewer.vaspId}-${exportedAt.toISOString().slice(0, 10)}.${format}`
      if (format === 'csv') return new FileAnswer('text/csv; charset=utf-8', name, entriesCsv(entries))
      const body = {
        format: 'tamga-audit-export/1',
        vasp: viewer.vaspId,
        exported_at: iso(exportedAt),
        checkpoint: checkpoint.note,
        size: checkpoint.size,
        entries: entries.map(({ position, text, leaf }) => ({
          position: position ?? null,
          entry: text,
          leaf,
        })),
      }
      return new FileAnswer('application/json', name, JSON.stringify(body, null, 2))
    },

    async getCheckpoint(_, visit) {
      const viewer = viewerOf(visit)
      demand(viewer, 'read-audit')
      const { size, note } = await parts.bundles.checkpoint(callerOf(viewer), 0)
      return { size, note }
    },

    async listViews(_, visit) {
      const { vaspId, person } = viewerOf(visit)
      return { items: [...(await parts.views.list(vaspId, person.subject))] }
    },

    async saveView({ params, body }, visit) {
      const { vaspId, person } = viewerOf(visit)
      const view = { id: params.id, ...body }
      if (!(await parts.views.save(vaspId, person.subject, view, VIEWS_MAX)))
        throw new HttpProblem('VIEWS_FULL')
      return view
    },

    async deleteView({ params }, visit) {
      const { vaspId, person } = viewerOf(visit)
      await parts.views.delete(vaspId, person.subject, params.id)
      return undefined
    },
  }
}

function given({ from, to }: { from?: string | undefined; to?: string | undefined }) {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

function auditFilter(query: {
  kind?: string | undefined
  actor?: string | undefined
  subject?: string | undefined
  from?: string | undefined
  to?: string | undefined
}) {
  const { kind, actor, subject, from, to } = query
  return {
    ...(kind !== undefined && { kind }),
    ...(actor !== undefined && { actor }),
    ...(subject !== undefined && { subject }),
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  }
}

function entryJson({ id, position, at, kind, actor, subject, data, leaf }: FoundEntry) {
  return {
    id,
    position: position ?? null,
    at: iso(new Date(at)),
    kind,
    actor,
    subject,
    data: { ...data },
    leaf,
  }
}

function entriesCsv(entries: readonly FoundEntry[]): string {
  return csv([
    ['position', 'at', 'kind', 'actor', 'subject', 'data', 'leaf'],
    ...entries.map(({ position, at, kind, actor, subject, data, leaf }) => [
      position,
      at,
      kind,
      actor,
      subject,
      JSON.stringify(data),
      leaf,
    ]),
  ])
}

function dashboardJson({ from, to, figures, days, holdsByReason, counterparties }: Dashboard) {
  return {
    from,
    to,
    figures: figures.map(({ id, unit, value, of, list }) => ({
      id,
      unit,
      value: value ?? null,
      of: of === undefined ? null : { ...of },
      list: list ?? null,
    })),
    days: days.map((day) => ({ ...day, decisionP50Ms: day.decisionP50Ms ?? null })),
    holdsByReason: holdsByReason.map((row) => ({ ...row })),
    counterparties: counterparties.map((row) => ({ ...row, answerP50Ms: row.answerP50Ms ?? null })),
  }
}
