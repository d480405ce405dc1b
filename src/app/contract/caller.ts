/** Who calls, and what of a call may be repeated. */
import type { SignedInPerson } from '../ports.ts'

export const CALLER_ROLES = ['integrator', 'custody', 'console', 'auditor', 'admin'] as const

export type CallerRole = (typeof CALLER_ROLES)[number]

/** From the client certificate's URI SAN, `spiffe://<trust-domain>/vasp/<vasp-id>/role/<role>`. */
export interface Caller {
  readonly vaspId: string
  readonly role: CallerRole
  /** Who acts, where the gateway has authenticated the person. */
  readonly person?: SignedInPerson
}

/** A call that may be repeated. `fingerprint` is the SHA-256 (hex) of the canonical request without request_id and wait. */
export interface Request {
  readonly caller: Caller
  readonly method: string
  readonly requestId: string
  readonly fingerprint: string
}

/** `replayed`: an earlier call with the same request_id did it. */
export interface Outcome<T> {
  readonly value: T
  readonly replayed: boolean
}
