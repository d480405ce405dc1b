/**
 * A card: a VASP's signed statement about itself. Importing one pins its keys; from then on only these keys may replace it.
 * Keys are JWKs (RFC 7517) with `nbf` and `exp` in seconds since 1970.
 */
import {
  defined,
  optionalString,
  readMembers,
  readObject,
  requiredInteger,
  requiredList,
  requiredSeconds,
  requiredString,
  SHA256_BASE64URL,
  VASP_ID,
} from '../envelope/claims-reader.ts'
import { checkLifetime } from '../envelope/lifetime.ts'
import { ALGORITHM_OF, CURVE_OF, keyRefusal, type PublicKeyRecord } from '../envelope/public-key.ts'
import { EnvelopeRefusal } from '../envelope/refusal.ts'
import { hostKindOf } from '../host-name.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../strict-json.ts'

export interface Card {
  readonly vaspId: string
  readonly legalName: string
  /** ISO 17442-1; its check digits are the identity check's concern. */
  readonly lei?: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly licence: Licence
  readonly keys: readonly PublicKeyRecord[]
  readonly reach: readonly Reach[]
  readonly contacts: readonly Contact[]
  /** Grows with every change. */
  readonly version: number
  /** Seconds since 1970. */
  readonly iat: number
  /** Seconds since 1970. */
  readonly exp: number
}

interface Licence {
  readonly regulator: string
  readonly number: string
  readonly url?: string
}

type Reach =
  | { readonly protocol: 'nats'; readonly subject: string }
  | { readonly protocol: 'trisa'; readonly endpoint: string }
  | { readonly protocol: 'trp'; readonly url: string }

/** A role's address, never a person's. */
export interface Contact {
  readonly role: ContactRole
  readonly address: string
}

export const CONTACT_ROLES = ['compliance', 'operations', 'security', 'technical'] as const
type ContactRole = (typeof CONTACT_ROLES)[number]

/** A card whose signature was checked, and by which of its keys it was made. */
export interface VerifiedCard {
  readonly card: Card
  readonly kid: string
  /** The card as it was signed. */
  readonly token: string
}

export type CardSuccession = 'same' | 'update' | 'stale' | 'alarm'

export const CARD_BYTES_MAX = 32_768
/** A card that nobody renews says nothing about today. */
const CARD_LIFETIME_SECONDS_MAX = 1_100 * 86_400
const CARD_KEYS_MAX = 16

const LIMITS = { lengthMax: 24_000, depthMax: 3, nodesMax: 400 }
/** As JWA names them (RFC 7518, 7.1). */
const ALGORITHM = /^[A-Za-z0-9+._-]{1,64}$/
const KEY_NAMES = new Set('kty crv x kid use alg nbf exp'.split(' '))
/** A protocol or a role, known here or not. */
const WORD = /^[a-z][a-z0-9_-]{0,31}$/

/** No control character, no line break, no bidirectional override: it is shown to officers. */
const NAME = /^(?!\s)[^\p{Cc}\p{Cs}\p{Cn}\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]{1,200}(?<!\s)$/u
const URL_FORM = /^https:\/\/[a-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:\/[!-~]{0,400})?$/
const EMAIL = /^[a-z0-9._+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}$/
const FORM_OF = {
  nats: /^(?!.{201})[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/,
  trisa: /^[a-z0-9.-]{1,253}:[0-9]{1,5}$/,
  trp: URL_FORM,
} as const satisfies Record<Reach['protocol'], RegExp>

/**
 * Reads the card from the signed JSON text. What a newer gateway says besides, of members, keys of other algorithms, ways and contacts, is
 * passed over: it describes the VASP and restricts nothing that is read here. Throws EnvelopeRefusal.
 */
export function parseCard(text: string): Card {
  const wire = readObject(text, LIMITS)
  const vaspId = requiredString(wire, 'vasp_id', VASP_ID)
  const keys = requiredList(wire, 'keys', CARD_KEYS_MAX).flatMap((key) => readKey(key, vaspId))
  if (new Set(keys.map((key) => key.kid)).size !== keys.length)
    throw new EnvelopeRefusal('CLAIMS', 'keys repeat a kid')
  return {
    vaspId,
    legalName: requiredString(wire, 'legal_name', NAME),
    country: requiredString(wire, 'country', /^[A-Z]{2}$/),
    licence: readLicence(wire['licence']),
    keys,
    reach: requiredList(wire, 'reach', 8).flatMap(readReach),
    contacts: requiredList(wire, 'contacts', 8).flatMap(readContact),
    version: requiredInteger(wire, 'version', 1, 2_147_483_647),
    iat: requiredSeconds(wire, 'iat'),
    exp: requiredSeconds(wire, 'exp'),
    ...defined({ lei: optionalString(wire, 'lei', /^[0-9A-Z]{18}[0-9]{2}$/) }),
  }
}

/** RFC 7517, 5: keys that are not understood are ignored. One that is has no member besides, and above all no private part. */
function readKey(value: JsonValue, vaspId: string): readonly PublicKeyRecord[] {
  const alg = requiredString(objectIn(value, 'keys'), 'alg', ALGORITHM)
  const use = (['sig', 'enc'] as const).find((one) => ALGORITHM_OF[one] === alg)
  if (use === undefined) return []
  const wire = readMembers(value, KEY_NAMES, 'keys')
  if (wire['kty'] !== 'OKP' || wire['use'] !== use || wire['crv'] !== CURVE_OF[use]) {
    throw new EnvelopeRefusal('CLAIMS', 'keys alg')
  }
  const notBefore = requiredSeconds(wire, 'nbf')
  const notAfter = requiredSeconds(wire, 'exp')
  if (notAfter <= notBefore) throw new EnvelopeRefusal('CLAIMS', 'keys exp')
  const key: PublicKeyRecord = {
    kid: requiredString(wire, 'kid', SHA256_BASE64URL),
    vaspId,
    use,
    alg: ALGORITHM_OF[use],
    jwk: { kty: 'OKP', crv: CURVE_OF[use], x: requiredString(wire, 'x', SHA256_BASE64URL) },
    notBefore: new Date(notBefore * 1000),
    notAfter: new Date(notAfter * 1000),
  }
  return [key]
}

function readLicence(value: JsonValue | undefined): Licence {
  const wire = objectIn(value, 'licence')
  return {
    regulator: requiredString(wire, 'regulator', NAME),
    number: requiredString(wire, 'number', NAME),
    ...defined({ url: optionalString(wire, 'url', URL_FORM) }),
  }
}

function readReach(value: JsonValue): readonly Reach[] {
  const wire = objectIn(value, 'reach')
  switch (requiredString(wire, 'protocol', WORD)) {
    case 'nats':
      return [{ protocol: 'nats', subject: requiredString(wire, 'subject', FORM_OF.nats) }]
    case 'trisa':
      return [{ protocol: 'trisa', endpoint: requiredString(wire, 'endpoint', FORM_OF.trisa) }]
    case 'trp':
      return [{ protocol: 'trp', url: requiredString(wire, 'url', FORM_OF.trp) }]
    default:
      return []
  }
}

/** The hosts at which the card says that the VASP is reached, lower case; NATS subjects are none. */
export function hostsOf({ reach }: Card): readonly string[] {
  const hosts = reach.flatMap((way) => {
    if (way.protocol === 'nats') return []
    const [host = ''] = (way.protocol === 'trp' ? way.url.slice('https://'.length) : way.endpoint).split(
      /[:/]/,
    )
    return hostKindOf(host) === 'domain' ? [host] : []
  })
  return [...new Set(hosts)]
}

function readContact(value: JsonValue): readonly Contact[] {
  const wire = objectIn(value, 'contacts')
  const word = requiredString(wire, 'role', WORD)
  const role = CONTACT_ROLES.find((one) => one === word)
  return role === undefined ? [] : [{ role, address: requiredString(wire, 'address', EMAIL) }]
}

function objectIn(value: JsonValue | undefined, path: string): JsonObject {
  if (!isJsonObject(value)) throw new EnvelopeRefusal('CLAIMS', path)
  return value
}

/** The JSON text to sign. */
export function writeCard(card: Card): string {
  const { vaspId, legalName, keys, ...same } = card
  return JSON.stringify({ vasp_id: vaspId, legal_name: legalName, ...same, keys: keys.map(publicJwk) })
}

/** A key as a JWK with its use and validity (RFC 7517, 4); `revokedAt` stays out: a revoked key is simply no longer listed. */
export function publicJwk(key: PublicKeyRecord): JsonObject {
  return {
    ...key.jwk,
    kid: key.kid,
    use: key.use,
    alg: key.alg,
    nbf: Math.floor(key.notBefore.getTime() / 1000),
    exp: Math.floor(key.notAfter.getTime() / 1000),
  }
}

/** Throws EnvelopeRefusal LIFETIME, FROM_THE_FUTURE or EXPIRED. */
export function checkCardTimes(card: Card, now: Date): void {
  checkLifetime(card, now, { lifetimeSecondsMax: CARD_LIFETIME_SECONDS_MAX, skewSeconds: 0 })
}

/** What is on file of an earlier card. */
export interface PinnedCard {
  readonly vaspId: string
  readonly version: number
  /** The card as it was signed. */
  readonly token: string
  /** All keys pinned so far, those of still earlier cards included. */
  readonly keys: readonly PublicKeyRecord[]
}

/**
 * What a verified card means to somebody who has pinned an earlier one: nothing new, a replacement signed by a pinned key that
 * still counts, an old one come late, or an alarm, which only persons can settle. Who signed is asked before the version: an
 * impostor's old card is an alarm too.
 */
export function cardSuccession(pinned: PinnedCard, next: VerifiedCard, now: Date): CardSuccession {
  if (next.token === pinned.token) return 'same'
  const signer = pinned.keys.find((key) => key.kid === next.kid && key.use === 'sig')
  if (next.card.vaspId !== pinned.vaspId || signer === undefined) return 'alarm'
  if (next.card.version < pinned.version) return 'stale'
  // Two cards with one version: somebody else signs with this key.
  if (next.card.version === pinned.version) return 'alarm'
  return keyRefusal(signer, next.card.iat, now) === undefined ? 'update' : 'alarm'
}
