/**
 * The claims of an envelope: one signed message from one VASP to another, with everything confidential sealed in `body`.
 * Names and times as in JWT (RFC 7519, 4.1); the sealing itself is an adapter's work.
 */
import type { JsonObject } from '../strict-json.ts'
import {
  defined,
  JTI,
  member,
  optionalString,
  readClaims,
  requiredInteger,
  requiredSeconds,
  requiredString,
  SHA256_BASE64URL,
  UUID,
  VASP_ID,
} from './claims-reader.ts'
import { CLOCK_SKEW_SECONDS, checkLifetime } from './lifetime.ts'
import { EnvelopeRefusal } from './refusal.ts'

/**
 * - transfer.request: originating → beneficiary VASP, with both parties' data.
 * - transfer.answer: accepted, rejected, under review or to be repaired, as its content says.
 * - transfer.repair: the originating VASP sends the corrected data that it was asked for.
 * - transfer.cancel, transfer.settled: the originating VASP gives up, or names the transaction.
 * - transfer.returned: the beneficiary VASP has sent the asset back.
 * - deposit.inquiry, deposit.answer: is this deposit of a transfer of yours? Not, or of which. Outside the order of `seq`.
 * - receipt: the receiver stored, or refused, the envelope that `inReplyTo` names.
 * - card: a new card of the sender. ping, pong: is the other one there, with its keys?
 */
export const ENVELOPE_TYPES = [
  'transfer.request',
  'transfer.answer',
  'transfer.repair',
  'transfer.cancel',
  'transfer.settled',
  'transfer.returned',
  'deposit.inquiry',
  'deposit.answer',
  'receipt',
  'card',
  'ping',
  'pong',
] as const
export type EnvelopeType = (typeof ENVELOPE_TYPES)[number]

const RECEIPT_STATUSES = ['stored', 'refused'] as const
type ReceiptStatus = (typeof RECEIPT_STATUSES)[number]

export interface EnvelopeClaims {
  /** The sending VASP. */
  readonly iss: string
  /** The one receiving VASP. */
  readonly aud: string
  readonly jti: string
  /** Seconds since 1970. */
  readonly iat: number
  /** Seconds since 1970. */
  readonly exp: number
  readonly type: EnvelopeType
  readonly transferId?: string
  /** The n-th message of this sender about this transfer, from 1: the receiver applies them in this order. */
  readonly seq?: number
  /** The jti of the envelope that this one answers or receipts. */
  readonly inReplyTo?: string
  /** Salted SHA-256 of the canonical content; in a receipt, the digest of the receipted envelope. */
  readonly digest?: string
  /** The sealed content: a compact JWE. */
  readonly body?: string
  readonly status?: ReceiptStatus
  /** A stable code: why the envelope was refused. */
  readonly reason?: string
  /** In a receipt: the head of its signer's audit log, as a signed note (C2SP tlog-checkpoint), for the other side to keep. */
  readonly checkpoint?: string
}

const RULED_CLAIMS = [
  'transferId',
  'seq',
  'inReplyTo',
  'digest',
  'body',
  'status',
  'reason',
  'checkpoint',
] as const
type Presence = 'must' | 'may' | 'none'
type ClaimRules = { readonly [C in (typeof RULED_CLAIMS)[number]]: Presence }

const SEALED = { digest: 'must', body: 'must', status: 'none', reason: 'none', checkpoint: 'none' } as const
const ABOUT_TRANSFER = { ...SEALED, transferId: 'must', seq: 'must' } as const
const ABOUT_DEPOSIT = { ...SEALED, transferId: 'must', seq: 'none' } as const
const ABOUT_VASP = {
  transferId: 'none',
  seq: 'none',
  status: 'none',
  reason: 'none',
  checkpoint: 'none',
} as const

/** Which claims each type has; every type has iss, aud, jti, iat, exp and type. */
export const CLAIM_RULES: { readonly [T in EnvelopeType]: ClaimRules } = {
  'transfer.request': { ...ABOUT_TRANSFER, inReplyTo: 'may' },
  'transfer.answer': { ...ABOUT_TRANSFER, inReplyTo: 'must' },
  'transfer.repair': { ...ABOUT_TRANSFER, inReplyTo: 'must' },
  'transfer.cancel': { ...ABOUT_TRANSFER, inReplyTo: 'may' },
  'transfer.settled': { ...ABOUT_TRANSFER, inReplyTo: 'may' },
  'transfer.returned': { ...ABOUT_TRANSFER, inReplyTo: 'may' },
  'deposit.inquiry': { ...ABOUT_DEPOSIT, inReplyTo: 'none' },
  'deposit.answer': { ...ABOUT_DEPOSIT, inReplyTo: 'must' },
  receipt: {
    transferId: 'may',
    seq: 'none',
    inReplyTo: 'must',
    digest: 'may',
    body: 'none',
    status: 'must',
    reason: 'may',
    checkpoint: 'may',
  },
  card: { ...ABOUT_VASP, inReplyTo: 'may', digest: 'must', body: 'must' },
  ping: { ...ABOUT_VASP, inReplyTo: 'none', digest: 'may', body: 'may' },
  pong: { ...ABOUT_VASP, inReplyTo: 'must', digest: 'may', body: 'may' },
}

/** 64 KiB of content, sealed and signed, each in base64url, with headers. */
export const ENVELOPE_BYTES_MAX = 120_000
const ENVELOPE_LIFETIME_SECONDS_MAX = 8 * 86_400
const SEQ_MAX = 2_147_483_647

const LIMITS = { lengthMax: 90_000, depthMax: 1, nodesMax: 20 }
const WIRE_NAMES = new Set(
  'iss aud jti iat exp type transfer_id seq in_reply_to digest body status reason checkpoint'.split(' '),
)
const BODY = /^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
/** A signed note of a few lines; what it says is asked when somebody looks. */
const NOTE = /^tamga\/audit\/[^]{1,1000}$/
const REASON_CODE = /^[A-Z][A-Z0-9_]{0,63}$/

/** Reads the claims from the signed JSON text. Throws EnvelopeRefusal. */
export function parseEnvelopeClaims(text: string): EnvelopeClaims {
  const wire = readClaims(text, WIRE_NAMES, LIMITS)
  const claims: EnvelopeClaims = {
    iss: requiredString(wire, 'iss', VASP_ID),
    aud: requiredString(wire, 'aud', VASP_ID),
    jti: requiredString(wire, 'jti', JTI),
    iat: requiredSeconds(wire, 'iat'),
    exp: requiredSeconds(wire, 'exp'),
    type: oneOf(ENVELOPE_TYPES, wire, 'type'),
    ...defined({
      transferId: optionalString(wire, 'transfer_id', UUID),
      seq: member(wire, 'seq') === undefined ? undefined : requiredInteger(wire, 'seq', 1, SEQ_MAX),
      inReplyTo: optionalString(wire, 'in_reply_to', JTI),
      digest: optionalString(wire, 'digest', SHA256_BASE64URL),
      body: member(wire, 'body') === undefined ? undefined : requiredString(wire, 'body', BODY),
      status: member(wire, 'status') === undefined ? undefined : oneOf(RECEIPT_STATUSES, wire, 'status'),
      reason: optionalString(wire, 'reason', REASON_CODE),
      checkpoint: optionalString(wire, 'checkpoint', NOTE),
    }),
  }
  checkClaimRules(claims)
  return claims
}

/** Throws EnvelopeRefusal CLAIMS when the type lacks a claim or has one too many. */
function checkClaimRules(claims: EnvelopeClaims): void {
  const rules = CLAIM_RULES[claims.type]
  for (const name of RULED_CLAIMS) {
    const has = claims[name] !== undefined
    if (rules[name] === (has ? 'none' : 'must')) throw new EnvelopeRefusal('CLAIMS', `${claims.type} ${name}`)
  }
  if (claims.type === 'receipt') {
    if ((claims.status === 'refused') !== (claims.reason !== undefined))
      throw new EnvelopeRefusal('CLAIMS', 'reason')
  } else if ((claims.digest === undefined) !== (claims.body === undefined)) {
    throw new EnvelopeRefusal('CLAIMS', 'digest and body go together')
  }
}

/** Throws EnvelopeRefusal LIFETIME, FROM_THE_FUTURE or EXPIRED. */
export function checkEnvelopeTimes(claims: EnvelopeClaims, now: Date): void {
  checkLifetime(claims, now, {
    lifetimeSecondsMax: ENVELOPE_LIFETIME_SECONDS_MAX,
    skewSeconds: CLOCK_SKEW_SECONDS,
  })
}

/** The JSON text to sign. The order of the members is ours; a reader must not depend on it. */
export function writeEnvelopeClaims(claims: EnvelopeClaims): string {
  const { transferId, inReplyTo, ...same } = claims
  return JSON.stringify({ ...same, transfer_id: transferId, in_reply_to: inReplyTo })
}

function oneOf<const T extends string>(values: readonly T[], wire: JsonObject, name: string): T {
  const given = member(wire, name)
  const value = values.find((one) => one === given)
  if (value === undefined) throw new EnvelopeRefusal('CLAIMS', name)
  return value
}
