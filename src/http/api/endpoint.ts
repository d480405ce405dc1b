/** The form of an endpoint's contract, and what its handler takes and gives. OpenAPI document, validation and types come from it. */
import type { z } from 'zod'
import type { PersonAction } from '../../domain/people.ts'

/**
 * `public`: anybody; `person`: signed in; `member`: with a role in the selected VASP; else with a role that may do this there. What a
 * change needs besides is the use case's to say.
 */
export type Access = 'public' | 'person' | 'member' | PersonAction

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
type Of<S> = S extends z.ZodType ? z.output<S> : undefined

export interface Input<E extends Endpoint> {
  readonly params: Of<E['params']>
  readonly query: Of<E['query']>
  readonly body: Of<E['body']>
}

export type Answer<E extends Endpoint> = E['answer'] extends z.ZodType ? z.output<E['answer']> : undefined
