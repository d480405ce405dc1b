/**
 * A permit: the gateway's short-lived, signed word to whoever signs the on-chain transaction that this transfer, and no other, may
 * go ahead. Claims as in JWT (RFC 7519, 4.1); asset CAIP-19, destination CAIP-10, amount a decimal string.
 */
import { canonicalAccountId, canonicalAssetId } from '../caip.ts'
import { canonicalDecimal } from '../decimal.ts'
import {
  defined,
  JTI,
  optionalString,
  readClaims,
  requiredList,
  requiredSeconds,
  requiredString,
  UUID,
  VASP_ID,
} from '../envelope/claims-reader.ts'
import { checkLifetime } from '../envelope/lifetime.ts'
import { EnvelopeRefusal } from '../envelope/refusal.ts'
import type { JsonObject, JsonValue } from '../strict-json.ts'

export interface PermitClaims {
  readonly transferId: string
  /** The local VASP, whose key signs. */
  readonly vasp: string
  /** Absent where there is none: an unhosted wallet. */
  readonly counterparty?: string
  readonly asset: string
  readonly amount: string
  readonly destination: string
  /** Destination tag or memo, where the chain has them. */
  readonly tag?: string
  readonly ruleVersion: string
  /** Ids of the persons who released holds; empty when nobody had to. */
  readonly approvers: readonly string[]
  readonly jti: string
  /** Seconds since 1970. */
  readonly iat: number
  /** Seconds since 1970. */
  readonly exp: number
}

/** What the signer is about to sign. Only what is given is compared; but with a destination, its tag always is. */
export interface WantedTransaction {
  readonly transferId?: string
  readonly vasp?: string
  readonly counterparty?: string
  readonly asset?: string
  readonly amount?: string
  readonly destination?: string
  readonly tag?: string
}

export const PERMIT_BYTES_MAX = 8_192
const PERMIT_LIFETIME_SECONDS_MAX = 86_400

const LIMITS = { lengthMax: 6_000, depthMax: 2, nodesMax: 60 }
const WIRE_NAMES = new Set(
  'transfer_id vasp counterparty asset amount destination tag rule_version approvers jti iat exp'.split(' '),
)
/** Any text of a bounded length; the identifier's own reader judges it. */
const ID = /^[!-~]{1,260}$/
/** Printable, without space: what a memo or an id may hold. */
const TOKEN = /^[!-~]{1,128}$/
/** Memos may be sentences, in ASCII: a signer compares them byte by byte, and other scripts spell one text in several ways. */
export const TAG = /^[ -~]{1,128}$/

/** Reads the claims from the signed JSON text. Throws EnvelopeRefusal. */
export function parsePermitClaims(text: string): PermitClaims {
  const wire = readClaims(text, WIRE_NAMES, LIMITS)
  return {
    transferId: requiredString(wire, 'transfer_id', UUID),
    vasp: requiredString(wire, 'vasp', VASP_ID),
    asset: requiredId(wire, 'asset', canonicalAssetId),
    amount: requiredId(wire, 'amount', canonicalDecimal),
    destination: requiredId(wire, 'destination', canonicalAccountId),
    ruleVersion: requiredString(wire, 'rule_version', TOKEN),
    approvers: requiredList(wire, 'approvers', 16).map(approver),
    jti: requiredString(wire, 'jti', JTI),
    iat: requiredSeconds(wire, 'iat'),
    exp: requiredSeconds(wire, 'exp'),
    ...defined({
      counterparty: optionalString(wire, 'counterparty', VASP_ID),
      tag: optionalString(wire, 'tag', TAG),
    }),
  }
}

/** Kept as written, so that what was signed can be shown; compared in canonical form. */
function requiredId(wire: JsonObject, name: string, canonical: (text: string) => string | undefined): string {
  const text = requiredString(wire, name, ID)
  if (canonical(text) === undefined) throw new EnvelopeRefusal('CLAIMS', name)
  return text
}

function approver(value: JsonValue): string {
  if (typeof value !== 'string' || !TOKEN.test(value)) throw new EnvelopeRefusal('CLAIMS', 'approvers')
  return value
}

/** The JSON text to sign. */
export function writePermitClaims(claims: PermitClaims): string {
  const { transferId, ruleVersion, ...same } = claims
  return JSON.stringify({ transfer_id: transferId, rule_version: ruleVersion, ...same })
}

/** No grace at the end: a broadcast too late is worse than asking again. Throws EnvelopeRefusal. */
export function checkPermitTimes(claims: PermitClaims, now: Date): void {
  checkLifetime(claims, now, { lifetimeSecondsMax: PERMIT_LIFETIME_SECONDS_MAX, skewSeconds: 0 })
}

const COMPARED = [
  'transferId',
  'vasp',
  'counterparty',
  'asset',
  'amount',
  'destination',
] as const satisfies readonly (keyof WantedTransaction)[]

export type PermitField = keyof WantedTransaction

/** The first field in which the permit is for something else; undefined when it fits. */
export function permitMismatch(claims: PermitClaims, wanted: WantedTransaction): PermitField | undefined {
  for (const field of COMPARED) {
    const want = wanted[field]
    if (want !== undefined && !isSame(field, claims[field], want)) return field
  }
  // Funds sent to an exchange's address without the tag, or with another one, are another customer's or lost.
  const tagCounts = wanted.destination !== undefined || wanted.tag !== undefined
  return tagCounts && claims.tag !== wanted.tag ? 'tag' : undefined
}

/** 1.50 and 1.5 are one amount, and the capitals of an EVM address are only its checksum. */
const CANONICAL: Partial<Record<PermitField, (text: string) => string | undefined>> = {
  asset: canonicalAssetId,
  amount: canonicalDecimal,
  destination: canonicalAccountId,
}

function isSame(field: PermitField, claim: string | undefined, want: string): boolean {
  const canonical = CANONICAL[field]
  if (claim === undefined || canonical === undefined) return claim === want
  const wanted = canonical(want)
  return wanted !== undefined && canonical(claim) === wanted
}
