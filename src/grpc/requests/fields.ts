/** The fields that requests are made of. Every text has a maximum, every number a range; descriptions never tell a value. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { OtherSideInput } from '../../app/gateway.ts'
import { parseAccountId, parseAssetId } from '../../domain/caip.ts'
import { compareDecimals, isDecimal, parseDecimal } from '../../domain/decimal.ts'
import { hostKindOf, isHostName } from '../../domain/host-name.ts'
import { hasLeiCheckDigits, hasLeiForm } from '../../domain/ivms101/lei.ts'
import { ONE_LINE } from '../../domain/one-line.ts'
import { SUBJECT } from '../../domain/people.ts'
import { TAG } from '../../domain/permit/permit.ts'
import { decodeTravelAddress } from '../../domain/travel-address.ts'
import { CounterpartyKind, WalletHolder } from '../../gen/travelrule/v1/transfer.ts'
import { wordOf } from '../wire/words.ts'
import { defined } from './parse.ts'

/** Protobuf cannot tell an absent text from an empty one: the empty one is absent. */
export function optional<S extends z.ZodType<unknown, string>>(schema: S) {
  return z
    .string()
    .transform((text) => (text === '' ? undefined : text))
    .pipe(schema.optional())
}

/** A repeated enumeration or a single one as domain words. Zero, UNSPECIFIED, is a word of no table. */
export function word<Word extends string>(table: Readonly<Record<Word, number>>) {
  return z.number().transform((number, ctx): Word => {
    const found = wordOf(table, number)
    if (found !== undefined) return found
    ctx.addIssue({ code: 'custom', message: 'must be a value of its enumeration other than UNSPECIFIED' })
    return z.NEVER
  })
}

export const requestId = z
  .string()
  .regex(
    /^[^\p{Cc}\p{Cs}]{1,128}$/u,
    'must have 1 to 128 characters, no control characters; one id per intent',
  )
export const uuid = z
  .string()
  .regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i, 'must be a UUID')
  .toLowerCase()
export const vaspId = z.string().regex(/^[a-z0-9_]{1,32}$/, 'must be a VASP id, [a-z0-9_]{1,32}')
export const lei = z
  .string()
  .refine(
    (text) => hasLeiForm(text) && hasLeiCheckDigits(text),
    'must be an LEI (ISO 17442) with right check digits',
  )
export const domain = z
  .string()
  .refine(
    (text) => hostKindOf(text) === 'domain' && isHostName(text),
    'must be a DNS name under a known top-level domain, in ASCII',
  )
  .toLowerCase()
export const travelAddress = z
  .string()
  .refine(
    (text) =>
      !('problem' in decodeTravelAddress(text, (bytes) => createHash('sha256').update(bytes).digest())),
    'must be a travel address (ta…); tamga travel-address decode says what is wrong',
  )
export const reasonCode = z.string().regex(/^[A-Z0-9_]{1,64}$/, 'must match [A-Z0-9_]{1,64}')
export const txId = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must have 1 to 128 printable ASCII characters')
export const seenHash = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be the seen_hash of GetHoldResponse')
export const cursor = z
  .string()
  .regex(/^[\x21-\x7e]{0,256}$/, 'must be a cursor of this service, empty, or "now"')
export const permit = compactJws(8_192)
export const card = compactJws(65_536)
/** Of what is to be sent: as a permit holds it. */
export const destinationTag = optional(
  z.string().regex(TAG, 'must have 1 to 128 printable ASCII characters, as a permit holds them'),
)
/** Of what somebody has sent. */
export const receivedTag = optional(oneLine(1, 128))
export const clientReference = optional(printable(1, 128))
/** Lines are allowed: people write these. */
export const note = z
  .string()
  .regex(
    /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t]){1,4000}$/u,
    'must have 1 to 4000 characters, no control characters but line ends',
  )

/** The grammars of CAIP bound the length. */
export const asset = z
  .string()
  .refine((text) => parseAssetId(text) !== undefined, 'must be a CAIP-19 asset, as in eip155:1/slip44:60')
export const destination = z
  .string()
  .refine((text) => parseAccountId(text) !== undefined, 'must be a CAIP-10 account, as in eip155:1:0x…')
export const amount = z
  .string()
  .refine(isPositive, 'must be a decimal greater than zero, as in 1.5: no sign, exponent or leading zeros')

const TIME_MIN = new Date('0001-01-01T00:00:00Z')
const TIME_MAX = new Date('9999-12-31T23:59:59.999Z')
const TIME_PROBLEM = 'must be a time of the years 0001 to 9999'

/** As google.protobuf.Timestamp has it. Beyond, RFC 3339 cannot write it, and a counterparty refuses the envelope that it stands in. */
export const time = z.date().min(TIME_MIN, TIME_PROBLEM).max(TIME_MAX, TIME_PROBLEM)

export const fiatValue = z.strictObject({
  amount: z
    .string()
    .refine(isDecimal, 'must be a decimal, as in 1250.00: no sign, exponent or leading zeros'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, as in USD'),
  pricedAt: time.optional(),
})

export const counterpartyHint = z
  .strictObject({
    vaspId: optional(vaspId),
    lei: optional(lei),
    domain: optional(domain),
    travelAddress: optional(travelAddress),
  })
  .transform(defined)
  .default({})

export const customerReference = printable(1, 128)

const OWNERS: ReadonlyMap<number, 'own-customer' | 'third-party'> = new Map([
  [WalletHolder.UNSPECIFIED, 'third-party'],
  [WalletHolder.CUSTOMER, 'own-customer'],
  [WalletHolder.THIRD_PARTY, 'third-party'],
])

/** Absent, or of kind UNSPECIFIED: a VASP that takes part. */
export const otherSide = z
  .strictObject({
    kind: z.number(),
    holder: z.number(),
    customerReference: optional(customerReference),
    country: optional(z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 country')),
  })
  .transform(({ kind, holder, customerReference: customer, country }, ctx): OtherSideInput | undefined => {
    if (kind === CounterpartyKind.UNSPECIFIED) return undefined
    if (kind === CounterpartyKind.SUNRISE_VASP && country !== undefined) return { kind: 'sunrise', country }
    const owner = OWNERS.get(holder)
    if (kind === CounterpartyKind.SELF_HOSTED && customer !== undefined && owner !== undefined)
      return { kind: 'self-hosted', owner, customer }
    const unknown = 'must be a value of its enumeration'
    const required = 'is required for this kind of counterparty'
    if (kind === CounterpartyKind.SELF_HOSTED) {
      if (customer === undefined)
        ctx.addIssue({ code: 'custom', path: ['customerReference'], message: required })
      if (owner === undefined) ctx.addIssue({ code: 'custom', path: ['holder'], message: unknown })
    } else if (kind === CounterpartyKind.SUNRISE_VASP)
      ctx.addIssue({ code: 'custom', path: ['country'], message: required })
    else ctx.addIssue({ code: 'custom', path: ['kind'], message: unknown })
    return z.NEVER
  })
  .optional()

/** A sealed envelope carries 64 KiB of content, in which the text is a JSON string with its quotes escaped. */
const IDENTITY_BYTES_MAX = 49_152

/** Only its size is looked at here; what it says is the use case's to judge. */
export const identity = z.strictObject({
  ivms101: z
    .string()
    .min(1, 'is required')
    .refine((text) => Buffer.byteLength(text) <= IDENTITY_BYTES_MAX, 'must have at most 49152 bytes'),
})

const WAIT_MAX_MS = 60_000

/** Milliseconds. */
export const wait = z
  .strictObject({ seconds: z.bigint(), nanos: z.number() })
  .transform(({ seconds, nanos }) => Number(seconds) * 1000 + nanos / 1e6)
  .refine((milliseconds) => milliseconds >= 0 && milliseconds <= WAIT_MAX_MS, 'must be 0 to 60 s')
  .default(0)

export const subject = z.string().regex(SUBJECT, 'must match [A-Za-z0-9@._:|-]{1,128}')

/** The subject of the natural person who acts. */
export const person = z.strictObject({ subject }).transform((named) => named.subject)

export const pageSize = z
  .number()
  .max(200, 'must be at most 200')
  .transform((size) => (size === 0 ? 50 : size))
export const pageToken = optional(
  z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be a next_page_token of this service'),
)

/** For requests that name an asset and where it goes. */
export function onOneChain(
  request: { readonly asset: string; readonly destination: string },
  ctx: z.RefinementCtx,
): void {
  const [held, goes] = [parseAssetId(request.asset)?.chain, parseAccountId(request.destination)?.chain]
  // What is no asset or account has been told already.
  if (held === undefined || goes === undefined) return
  if (held.namespace === goes.namespace && held.reference === goes.reference) return
  ctx.addIssue({ code: 'custom', path: ['destination'], message: "must be on the asset's chain" })
}

export function printable(min: number, max: number) {
  const message = `must have ${min} to ${max} characters, no control characters`
  return z.string().regex(new RegExp(`^[^\\p{Cc}\\p{Cs}]{${min},${max}}$`, 'u'), message)
}

/** Of UTF-16 units, as the reader at the other end counts them. */
export function oneLine(min: number, max: number) {
  const message = `must have ${min} to ${max} characters, no control characters, line breaks or marks that turn the direction of reading`
  return z.string().min(min, message).max(max, message).regex(ONE_LINE, message)
}

const ZERO = { units: 0n, scale: 0 }

function isPositive(text: string): boolean {
  const decimal = parseDecimal(text)
  return decimal !== undefined && compareDecimals(decimal, ZERO) > 0
}

function compactJws(max: number) {
  return z
    .string()
    .max(max, `must have at most ${max} characters`)
    .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'must be a compact JWS')
}
