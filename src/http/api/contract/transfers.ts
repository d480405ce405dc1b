import type { Endpoints } from '../endpoint.ts'
import { Revealed, RevealRequest } from '../schemas/comparison.ts'
import { HoldDetail } from '../schemas/holds.ts'
import * as s from '../schemas/transfers.ts'

const tag = 'transfers'
const params = s.TransferParams

export const TRANSFERS = {
  listTransfers: {
    method: 'GET',
    url: '/api/transfers',
    tag,
    summary: 'Transfers by filter or search, newest first.',
    access: 'read',
    query: s.TransferQuery,
    answer: s.TransferPage,
  },
  getTransfer: {
    method: 'GET',
    url: '/api/transfers/:id',
    tag,
    summary: 'All about one transfer, personal data masked, with the actions that this person may take now.',
    access: 'read',
    params,
    answer: s.TransferDetail,
  },
  holdTransfer: {
    method: 'POST',
    url: '/api/transfers/:id/hold',
    tag,
    summary: 'Puts an open transfer on hold. If-Match is the ETag of the transfer.',
    access: 'read',
    ifMatch: true,
    params,
    body: s.HoldTransfer,
    answer: HoldDetail,
  },
  lookAtTransfer: {
    method: 'PUT',
    url: '/api/transfers/:id/presence',
    tag,
    summary:
      'Says that this person has it open, and gives who else has: to be repeated every 5 s, forgotten after 15 s.',
    access: 'read',
    params,
    answer: s.Presence,
  },
  leaveTransfer: {
    method: 'DELETE',
    url: '/api/transfers/:id/presence',
    tag,
    summary: 'This person no longer has it open.',
    access: 'read',
    params,
  },
  revealTransfer: {
    method: 'POST',
    url: '/api/transfers/:id/reveal',
    tag,
    summary: 'Shows personal data for a purpose. Each reveal is an entry of the audit log.',
    access: 'read',
    params,
    body: RevealRequest,
    answer: Revealed,
  },
  listRelated: {
    method: 'GET',
    url: '/api/transfers/:id/related',
    tag,
    summary: 'Other transfers with the same address, name or counterparty, or alike in amount and time.',
    access: 'read',
    params,
    answer: s.Related,
  },
  getEvidence: {
    method: 'GET',
    url: '/api/transfers/:id/evidence',
    tag,
    summary: 'The evidence bundle as a file, without personal data: docs/evidence.md says how to check it.',
    access: 'export',
    params,
    file: [{ media: 'application/json', summary: 'tamga-evidence/1' }],
  },
} as const satisfies Endpoints
