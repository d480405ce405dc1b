import { z } from 'zod'
import type { Endpoints } from '../endpoint.ts'
import * as audit from '../schemas/audit.ts'
import { Uuid } from '../schemas/common.ts'
import * as dashboard from '../schemas/dashboard.ts'
import * as views from '../schemas/views.ts'

export const HOUSE = {
  getDashboard: {
    method: 'GET',
    url: '/api/dashboard',
    tag: 'dashboard',
    summary: 'Figures over a period.',
    access: 'read',
    query: dashboard.Period,
    answer: dashboard.Dashboard,
  },
  getReport: {
    method: 'GET',
    url: '/api/reports/:month/:format',
    tag: 'dashboard',
    summary: 'The monthly report as a file.',
    access: 'export',
    params: dashboard.ReportParams,
    file: [
      { media: 'text/csv', summary: 'every figure and day, one a line' },
      { media: 'application/pdf', summary: 'for the MLRO to file' },
    ],
  },
  listAudit: {
    method: 'GET',
    url: '/api/audit',
    tag: 'audit',
    summary: 'The audit log, newest first.',
    access: 'read-audit',
    query: audit.AuditQuery,
    answer: audit.AuditPage,
  },
  exportAudit: {
    method: 'GET',
    url: '/api/audit/export',
    tag: 'audit',
    summary:
      'What fits the filter, as a file; at most 100,000 entries. That it was exported is an entry of the log.',
    access: 'export',
    query: audit.AuditExportQuery,
    file: [
      { media: 'text/csv', summary: 'position, time, kind, actor, subject, data' },
      { media: 'application/json', summary: 'the entries as they were hashed, with a signed checkpoint' },
    ],
  },
  getCheckpoint: {
    method: 'GET',
    url: '/api/audit/checkpoint',
    tag: 'audit',
    summary: 'A signed head of the log, to be kept elsewhere.',
    access: 'read-audit',
    answer: audit.Checkpoint,
  },
  listViews: {
    method: 'GET',
    url: '/api/views',
    tag: 'views',
    summary: 'The person’s saved views in the selected VASP.',
    access: 'member',
    answer: views.SavedViews,
  },
  saveView: {
    method: 'PUT',
    url: '/api/views/:id',
    tag: 'views',
    summary: 'Saves a view under an id that the client chooses; at most 100 a person.',
    access: 'member',
    params: z.object({ id: Uuid }),
    body: views.SaveView,
    answer: views.SavedView,
  },
  deleteView: {
    method: 'DELETE',
    url: '/api/views/:id',
    tag: 'views',
    summary: 'Deletes a saved view.',
    access: 'member',
    params: z.object({ id: Uuid }),
  },
  streamEvents: {
    method: 'GET',
    url: '/api/events',
    tag: 'live',
    summary:
      'Server-sent events: `hello` first, then `transfer` with ids and versions; a comment every 15 s. Resumes after Last-Event-ID.',
    access: 'read',
    file: [{ media: 'text/event-stream', summary: 'see the schemas Hello and TransferChanged' }],
  },
} as const satisfies Endpoints
