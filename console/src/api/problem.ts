/** How the gateway says no: RFC 9457, with a stable code. */
import type { components } from './schema'

type ProblemJson = components['schemas']['Problem']

export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly fields: NonNullable<ProblemJson['fields']>
  readonly retryAfter: number | undefined

  constructor(json: Partial<ProblemJson>, status: number) {
    super(json.title ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = json.status ?? status
    this.code = json.code ?? `HTTP_${status}`
    this.fields = json.fields ?? []
    this.retryAfter = json.retryAfter
  }
}

export function isProblem(error: unknown): error is Problem {
  return error instanceof Problem
}

/** Somebody or something was faster: what was shown is no longer so. */
export function isStale(error: unknown): boolean {
  return (
    isProblem(error) && (error.status === 412 || error.code === 'HOLD_CHANGED' || error.code === 'HOLD_ENDED')
  )
}
