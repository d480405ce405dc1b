import type { Endpoints } from '../endpoint.ts'
import * as s from '../schemas/retention.ts'
import { TransferParams } from '../schemas/transfers.ts'

const tag = 'retention'

export const RETENTION = {
  getRetention: {
    method: 'GET',
    url: '/api/retention',
    tag,
    summary: 'What the rules that bind ask to keep, and the legal holds that are set.',
    access: 'read-retention',
    answer: s.Retention,
  },
  listDue: {
    method: 'GET',
    url: '/api/retention/due',
    tag,
    summary: 'Whose personal data is to be shredded, and when.',
    access: 'read-retention',
    query: s.DueQuery,
    answer: s.DueTransfers,
  },
  listShredded: {
    method: 'GET',
    url: '/api/retention/shredded',
    tag,
    summary: 'What was shredded, newest first, as the tombstones say.',
    access: 'read-retention',
    query: s.ShreddedQuery,
    answer: s.ShreddedPage,
  },
  getTransferRetention: {
    method: 'GET',
    url: '/api/transfers/:id/retention',
    tag,
    summary: 'Until when the data of one transfer is kept, and its legal holds, lifted ones too.',
    access: 'read-retention',
    params: TransferParams,
    answer: s.TransferRetention,
  },
  setLegalHold: {
    method: 'POST',
    url: '/api/transfers/:id/legal-hold',
    tag,
    summary: 'Keeps the data of a transfer until somebody lifts it. An entry of the audit log.',
    access: 'set-legal-hold',
    params: TransferParams,
    body: s.LegalReason,
    answer: s.LegalHold,
  },
  liftLegalHold: {
    method: 'POST',
    url: '/api/legal-holds/:id/lift',
    tag,
    summary: 'Lifts a legal hold: what is due is shredded from then on. An entry of the audit log.',
    access: 'lift-legal-hold',
    params: s.LegalHoldParams,
    body: s.LegalReason,
    answer: s.LegalHold,
  },
} as const satisfies Endpoints
