/** The form of an endpoint's contract, and what its handler takes and gives. OpenAPI document, validation and types come from it. */
import type { z } from 'zod'

/** `public`: anybody; `person`: signed in; `member`: signed in, with a role in the selected VASP. */
export type Access = 'public' | 'person' | 'member'

/** What is sent that is not JSON. */
export interface Media {
  readonly media: 'text/csv' | 'application/pdf' | 'application/json' | 'text/event-stream'
  readonly summary: string
}

export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: `/api/${string}`
  readonly tag: string
  readonly summary: string
  readonly access: Access
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** A decision on what was seen: needs If-Match (428 without, 412 when stale). */
  readonly ifMatch?: true
  /** JSON, or nothing (204) when absent. */
  readonly answer?: z.ZodType
  readonly file?: readonly Media[]
}

export type Endpoints = { readonly [operationId: string]: Endpoint }
