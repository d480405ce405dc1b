/** Payloads to start from, and ways to bend them. Every person is invented. */
import { readFileSync } from 'node:fs'
import { type Ivms101Options, type Ivms101Result, parseIvms101 } from '../../../src/domain/ivms101/index.ts'

const VECTORS = new URL('../../vectors/ivms101/', import.meta.url)

/** Any JSON data; the helpers below look into it. */
export type Json = unknown

export function vectorText(file: string): string {
  return readFileSync(new URL(file, VECTORS), 'utf8')
}

export function vector(file: string): Json {
  return JSON.parse(vectorText(file))
}

/** The start of most tests: natural originator with everything, beneficiary with a name only, both VASPs by LEI. */
export const base2020 = (): Json => vector('payloads/2020-base.json')
export const base2023 = (): Json => vector('payloads/2023-base.json')
/** The originator is a legal person with a registration number. */
export const legal2020 = (): Json => vector('payloads/C7-ok-RAID.json')

export const PERSON_2020 = '/originator/originatorPersons/0/naturalPerson'
export const PERSON_2023 = '/originator/originatorPerson/0/naturalPerson'
export const LEGAL_2020 = '/originator/originatorPersons/0/legalPerson'
export const ADDRESS_2020 = `${PERSON_2020}/geographicAddress/0`

/** Puts a value at a JSON pointer, making objects on the way; undefined takes the member away. */
export function put(root: Json, pointer: string, value: Json): Json {
  const segments = pointer.split('/').slice(1)
  const last = segments.pop() ?? ''
  let at: Json = root
  for (const segment of segments) {
    if (!isContainer(at)) throw new Error(`nothing at ${segment}`)
    if (Reflect.get(at, segment) === undefined) Reflect.set(at, segment, {})
    at = Reflect.get(at, segment)
  }
  if (!isContainer(at)) throw new Error(`nothing at ${last}`)
  if (value === undefined) Reflect.deleteProperty(at, last)
  else Reflect.set(at, last, value)
  return root
}

/** Follows a JSON pointer; undefined where it leads nowhere. */
export function get(root: Json, pointer: string): Json {
  let at: Json = root
  for (const segment of pointer.split('/').slice(1)) {
    if (!isContainer(at) || !Object.hasOwn(at, segment)) return undefined
    at = Reflect.get(at, segment)
  }
  return at
}

function isContainer(json: Json): json is object {
  return typeof json === 'object' && json !== null
}

export const TODAY = '2025-06-30'

export function judge(payload: Json, options: Partial<Ivms101Options> = {}): Ivms101Result {
  return parseIvms101(JSON.stringify(payload), { profile: 'interop', today: TODAY, ...options })
}

/** `CODE /pointer` of each issue, in order. */
export function codes(issues: readonly { code: string; path: string }[]): string[] {
  return issues.map(({ code, path }) => `${code} ${path}`).toSorted()
}

export function errorsOf(payload: Json, options: Partial<Ivms101Options> = {}): string[] {
  return codes(judge(payload, options).errors)
}

export function warningsOf(payload: Json, options: Partial<Ivms101Options> = {}): string[] {
  return codes(judge(payload, options).warnings)
}

export function libertiesOf(payload: Json, options: Partial<Ivms101Options> = {}): string[] {
  return codes(judge(payload, options).liberties)
}
