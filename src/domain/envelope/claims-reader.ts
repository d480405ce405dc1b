/** Reads the claims of signed statements: strict JSON, every member known, every string of a known form. Throws EnvelopeRefusal. */
import {
  isJsonObject,
  type JsonLimits,
  type JsonObject,
  type JsonValue,
  parseStrictJson,
  StrictJsonError,
} from '../strict-json.ts'
import { EnvelopeRefusal, type EnvelopeRefusalReason } from './refusal.ts'

export const VASP_ID = /^[a-z0-9_]{1,32}$/
/** A UUID of version 4 or 7 (RFC 9562) in lower case. */
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** SHA-256 in base64url; 43 characters carry 258 bits, so the last one must end in two zero bits to be canonical. */
export const SHA256_BASE64URL = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
/** A UUID, or at least 128 random bits in base64url. */
export const JTI =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[A-Za-z0-9_-]{22,64})$/
/** Seconds since 1970; four times today's value is beyond any key's life. */
const SECONDS_MAX = 8_000_000_000

const REASON_OF: Partial<Record<string, EnvelopeRefusalReason>> = {
  OVERSIZED: 'OVERSIZED',
  DUPLICATE_MEMBER: 'DUPLICATE_MEMBER',
  DEPTH: 'DEPTH',
  NODES: 'DEPTH',
}

/** Refuses what is not one JSON object with only these members. */
export function readClaims(text: string, known: ReadonlySet<string>, limits: JsonLimits): JsonObject {
  return readMembers(parse(text, limits), known, 'claims')
}

/** Refuses what is not one JSON object; whoever reads on passes over what it does not know. */
export function readObject(text: string, limits: JsonLimits): JsonObject {
  const value = parse(text, limits)
  if (!isJsonObject(value)) throw new EnvelopeRefusal('CLAIMS', 'claims')
  return value
}

function parse(text: string, limits: JsonLimits): JsonValue {
  try {
    return parseStrictJson(text, limits)
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error
    throw new EnvelopeRefusal(REASON_OF[error.reason] ?? 'JSON')
  }
}

export function readMembers(
  value: JsonValue | undefined,
  known: ReadonlySet<string>,
  path: string,
): JsonObject {
  if (!isJsonObject(value)) throw new EnvelopeRefusal('CLAIMS', path)
  for (const name of Object.keys(value)) {
    // The name itself stays out of the message: it is the sender's text.
    if (!known.has(name)) throw new EnvelopeRefusal('CLAIMS', `${path} has an unknown member`)
  }
  return value
}

export function member(claims: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(claims, name) ? claims[name] : undefined
}

export function requiredString(claims: JsonObject, name: string, form: RegExp): string {
  const value = member(claims, name)
  if (typeof value !== 'string' || !form.test(value)) throw new EnvelopeRefusal('CLAIMS', name)
  return value
}

export function optionalString(claims: JsonObject, name: string, form: RegExp): string | undefined {
  return member(claims, name) === undefined ? undefined : requiredString(claims, name, form)
}

export function requiredInteger(claims: JsonObject, name: string, min: number, max: number): number {
  const value = member(claims, name)
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new EnvelopeRefusal('CLAIMS', name)
  }
  return value
}

/** A NumericDate (RFC 7519, 2) in whole seconds. */
export function requiredSeconds(claims: JsonObject, name: string): number {
  return requiredInteger(claims, name, 1, SECONDS_MAX)
}

export function requiredList(claims: JsonObject, name: string, itemsMax: number): readonly JsonValue[] {
  const value = member(claims, name)
  if (!Array.isArray(value) || value.length > itemsMax) throw new EnvelopeRefusal('CLAIMS', name)
  return value
}

/** Without the members that are undefined, as `exactOptionalPropertyTypes` wants them. */
export function defined<T extends object>(members: T): Defined<T>
export function defined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }
