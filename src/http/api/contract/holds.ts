import { z } from 'zod'
import type { Endpoints } from '../endpoint.ts'
import { Uuid } from '../schemas/common.ts'
import * as s from '../schemas/holds.ts'

const tag = 'holds'
const params = z.object({ id: Uuid })
const decision = {
  method: 'POST',
  tag,
  access: 'read',
  ifMatch: true,
  params,
  answer: s.HoldDetail,
} as const

export const HOLDS = {
  getQueues: {
    method: 'GET',
    url: '/api/queues',
    tag,
    summary: 'The work queues with their counts.',
    access: 'read',
    answer: s.Queues,
  },
  listHolds: {
    method: 'GET',
    url: '/api/holds',
    tag,
    summary: 'Holds by filter; open ones unless `state` says otherwise.',
    access: 'read',
    query: s.HoldQuery,
    answer: s.HoldPage,
  },
  getHold: {
    method: 'GET',
    url: '/api/holds/:id',
    tag,
    summary:
      'One hold with its notes and the actions that this person may take now. The ETag goes into If-Match.',
    access: 'read',
    params,
    answer: s.HoldDetail,
  },
  commentHold: { ...decision, url: '/api/holds/:id/comment', summary: 'Adds a note.', body: s.Comment },
  assignHold: {
    ...decision,
    url: '/api/holds/:id/assign',
    summary: 'Gives the hold to a person, or back to nobody.',
    body: s.Assign,
  },
  escalateHold: {
    ...decision,
    url: '/api/holds/:id/escalate',
    summary: 'Hands the decision to the MLRO.',
    body: s.Note,
  },
  releaseHold: {
    ...decision,
    url: '/api/holds/:id/release',
    summary:
      'Releases where one person suffices; else proposes it to a second one: the hold then has a proposal.',
    body: s.Decide,
  },
  approveRelease: {
    ...decision,
    url: '/api/holds/:id/approve',
    summary: 'A second natural person’s consent to the proposed release.',
    body: s.Note,
  },
  withdrawRelease: {
    ...decision,
    url: '/api/holds/:id/withdraw',
    summary: 'Takes the own proposal back.',
    body: s.Nothing,
  },
  breakGlass: {
    ...decision,
    url: '/api/holds/:id/break-glass',
    summary: 'One person alone ends a hold in an emergency, whatever policy asks for. Everybody is told.',
    body: s.Decide,
  },
  rejectHold: {
    ...decision,
    url: '/api/holds/:id/reject',
    summary: 'Rejects the transfer for good.',
    body: s.Decide,
  },
} as const satisfies Endpoints
