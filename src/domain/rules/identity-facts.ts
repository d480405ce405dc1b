/**
 * Identity facts of a canonical IVMS101 JSON payload, 2020 or 2023. Lenient: reads what it finds and never throws; judging the
 * payload is the validator's work (src/domain/ivms101).
 */
import { foldCode, NATIONAL_IDENTIFIER_TYPE } from '../ivms101/codes.ts'
import { pointer as pointerOf } from '../ivms101/json.ts'
import { findPlainPayload } from '../ivms101/wrapper.ts'
import type { IdentityFacts, PersonFacts, PersonKind, RoleFacts } from './facts.ts'
import { NO_IDENTITY } from './facts.ts'

/** An attacker's list of a million persons costs no more than this many. */
const LIST_MAX = 64

/**
 * Text that only looks like data. Kept to what no person or company is called: `Null` and `Na` are surnames. Repeated x, or
 * nothing but punctuation and zeros.
 */
const PLACEHOLDER =
  /^(?:x{2,}|[\s\p{P}\p{S}0]+|(?:my|our|the) (?:customer|client)|customer|client|one of our (?:customers|clients)|unknown|anonymous|undisclosed|confidential|not (?:available|applicable|provided|known)|n\/a|tbd)$/iu

/** Never throws. Takes parsed JSON, the payload bare or wrapped; anything that is not an object yields the facts of an absent payload. */
export function identityFactsOf(json: unknown): IdentityFacts {
  if (!isObject(json)) return NO_IDENTITY
  const { payload, segments } = findPlainPayload(json)
  const at = pointerOf(segments)
  const placeholders: string[] = []
  const edition = editionOf(payload)
  return {
    edition,
    ...(at === '' ? {} : { at }),
    originator: roleFacts(payload, at, 'originator', edition, placeholders),
    beneficiary: roleFacts(payload, at, 'beneficiary', edition, placeholders),
    originatingVasp: hasVaspName(payload, 'originatingVASP'),
    beneficiaryVasp: hasVaspName(payload, 'beneficiaryVASP'),
    placeholders,
  }
}

/** A payload version of 2023 decides; else an element name that only 2023 has. The version `101` overrides no names. */
function editionOf(payload: Fields): '2020' | '2023' {
  const version = get(get(payload, 'payloadMetadata'), 'payloadVersion')
  if (typeof version === 'string' && version.includes('2023')) return '2023'
  const originator = get(payload, 'originator')
  const names = isObject(originator) ? Object.keys(originator).map(fold) : []
  return names.includes('originatorperson') ? '2023' : '2020'
}

function roleFacts(
  payload: Fields,
  at: string,
  role: 'originator' | 'beneficiary',
  edition: '2020' | '2023',
  placeholders: string[],
): RoleFacts {
  const container = get(payload, role)
  const singular = `${role}Person`
  const plural = `${role}Persons`
  const found = isObject(container)
    ? Object.keys(container).find((name) => [fold(singular), fold(plural)].includes(fold(name)))
    : undefined
  const key = found ?? (edition === '2023' ? singular : plural)
  const raw = get(container, key)
  const base = `${at}/${role}/${key}`
  const entries = listOf(raw).map((person, index) => ({
    person,
    pointer: Array.isArray(raw) ? `${base}/${index}` : base,
  }))
  const holder = entries.find(({ person }) => hasText(get(person, 'accountNumber'), '', []))
  const onRole = hasText(get(container, 'accountNumber'), `${at}/${role}/accountNumber`, placeholders)
  const onPerson =
    holder !== undefined &&
    hasText(get(holder.person, 'accountNumber'), `${holder.pointer}/accountNumber`, placeholders)
  return {
    persons: entries.map(({ person, pointer }) => personFacts(person, pointer, placeholders)),
    accountPointer: edition === '2023' ? `${base}/0/accountNumber` : `${at}/${role}/accountNumber`,
    accountOrWallet: onRole || onPerson,
  }
}

function personFacts(person: unknown, pointer: string, placeholders: string[]): PersonFacts {
  const kind = kindOf(person)
  const member = kind === 'legal' ? 'legalPerson' : 'naturalPerson'
  const body = get(person, member)
  const at = `${pointer}/${member}`
  const addresses = listOf(get(body, 'geographicAddress'))
  const birth = get(body, 'dateAndPlaceOfBirth')
  const text = (value: unknown, path: string): boolean => hasText(value, `${at}/${path}`, placeholders)
  return {
    pointer,
    kind,
    name: hasName(get(body, 'name'), `${at}/name`, placeholders),
    address: addresses.some((address) => isAddress(address, `${at}/geographicAddress`, placeholders)),
    addressCountry: addresses.some((address) => hasText(get(address, 'country'), '', [])),
    nationalIdTypes: listOf(get(body, 'nationalIdentification'))
      .filter((id) => text(get(id, 'nationalIdentifier'), 'nationalIdentification/nationalIdentifier'))
      .map((id) => idTypeOf(get(id, 'nationalIdentifierType'))),
    // The 2020 edition calls a legal person's number customerNumber in one place and customerIdentification in another.
    customerId:
      text(get(body, 'customerIdentification'), 'customerIdentification') ||
      text(get(body, 'customerNumber'), 'customerNumber'),
    dateOfBirth: text(get(birth, 'dateOfBirth'), 'dateAndPlaceOfBirth/dateOfBirth'),
    placeOfBirth: text(get(birth, 'placeOfBirth'), 'dateAndPlaceOfBirth/placeOfBirth'),
  }
}

function kindOf(person: unknown): PersonKind {
  if (isObject(get(person, 'naturalPerson'))) return 'natural'
  return isObject(get(person, 'legalPerson')) ? 'legal' : 'unknown'
}

/** Whatever its spelling: as protobuf name or number too. */
function idTypeOf(type: unknown): string {
  const wire = typeof type === 'string' || typeof type === 'number' ? type : ''
  return foldCode(NATIONAL_IDENTIFIER_TYPE, wire)?.code ?? 'UNKNOWN'
}

/** A name in any of the three scripts' lists: primary identifier of a natural person, or a legal person's name. */
function hasName(name: unknown, pointer: string, placeholders: string[]): boolean {
  const identifiers = listOf(name).flatMap((one) =>
    ['nameIdentifier', 'localNameIdentifier', 'phoneticNameIdentifier'].flatMap((key) =>
      listOf(get(one, key)),
    ),
  )
  const texts = identifiers.flatMap((identifier) =>
    ['primaryIdentifier', 'legalPersonName'].map((key) => get(identifier, key)),
  )
  const found: string[] = []
  const isNamed = texts.some((value) => hasText(value, pointer, found))
  // One placeholder beside a real name (an empty phonetic form, say) takes nothing away.
  if (!isNamed && found.length > 0) placeholders.push(pointer)
  return isNamed
}

/** IVMS 101, C8: address lines, or a street (or building) with number; here anything that locates, country and type aside. */
function isAddress(address: unknown, pointer: string, placeholders: string[]): boolean {
  if (!isObject(address)) return false
  return Object.entries(address).some(
    ([key, value]) =>
      key !== 'addressType' &&
      key !== 'geographicAddressType' &&
      key !== 'country' &&
      hasText(value, pointer, placeholders),
  )
}

function hasVaspName(payload: Fields, key: string): boolean {
  const outer = get(payload, key)
  const person = get(outer, key) ?? outer
  return hasName(get(get(person, 'legalPerson') ?? get(person, 'naturalPerson'), 'name'), '', [])
}

/** True when a string, or one string of a list, says something. What says nothing is noted by its pointer. */
function hasText(value: unknown, pointer: string, placeholders: string[]): boolean {
  let isFound = false
  for (const item of listOf(value)) {
    if (typeof item !== 'string' || item.trim() === '') continue
    if (item.length <= 64 && PLACEHOLDER.test(item.trim())) placeholders.push(pointer)
    else isFound = true
  }
  return isFound
}

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member of that name; else of the same name in another spelling (`natural_person`, `NaturalPerson`, a plural of it). */
function get(value: unknown, key: string): unknown {
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, key)) return value[key]
  const wanted = fold(key)
  const other = Object.keys(value).find((name) => {
    const folded = fold(name)
    return folded === wanted || folded === `${wanted}s` || folded === `${wanted}es`
  })
  return other === undefined ? undefined : value[other]
}

function fold(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

/** A list, or the single object that some networks write for a list of one; nothing for absent and null. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value.slice(0, LIST_MAX) : [value]
}
