/** Wycheproof's files of JOSE vectors, as github.com/C2SP/wycheproof has them in testvectors_v1. */
import type { JsonWebKey } from 'node:crypto'

/** The members of all the files that are read here; which of them a file has, its own schema says. */
export interface Vector {
  readonly tcId: number
  readonly comment: string
  readonly result: 'valid' | 'invalid' | 'acceptable'
  readonly jws?: unknown
  readonly jwe?: unknown
  readonly jwk?: object
  readonly msg?: string
  readonly sig?: string
  readonly public?: { readonly kty: string; readonly crv: string; readonly x?: string }
  readonly private?: JsonWebKey
  readonly shared?: string
}
export interface Group {
  readonly tests: readonly Vector[]
  readonly public?: object
  readonly private?: object
  readonly publicKey?: { readonly pk: string }
}
