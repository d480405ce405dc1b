/**
 * Finds the identity payload in what arrived: bare, or under a member such as `ivms101`, `IVMS101` (TRP) or
 * `identity_payload`, at most three levels down.
 */
import { type JsonNode, JsonObject } from './json.ts'
import type { ObjectType } from './schema.ts'
import { BENEFICIARY, IDENTITY_PAYLOAD, ORIGINATOR } from './structure.ts'

const WRAPPERS = new Set(
  `ivms ivms101 ivmsmessage ivmspayload ivmsdata ivms101payload ivms101data ivms1012020 ivms1012023 identity
   identitypayload identitydata payload data pii piipayload travelrule travelruledata travelruleinfo message body`.split(
    /\s+/,
  ),
)
const DEPTH_MAX = 3

export interface Found<Json> {
  readonly payload: Json
  /** The members that lead to it. */
  readonly segments: readonly string[]
  /** Pointers' segments of what stands beside the payload on the way. */
  readonly beside: readonly (readonly string[])[]
}

/** Undefined where the root is no object. An object in which no payload is found is taken for the payload itself. */
export function findPayload(root: JsonNode): Found<JsonObject> | undefined {
  return READ.is(root) ? find(root, READ) : undefined
}

type Plain = Readonly<Record<string, unknown>>

/** The same, of parsed JSON. */
export function findPlainPayload(root: Plain): Found<Plain> {
  return find(root, PLAIN)
}

type Member = readonly [key: string, value: unknown]

interface Shape<Json> {
  is(value: unknown): value is Json
  members(json: Json): readonly Member[]
}

const READ: Shape<JsonObject> = {
  is: (value) => value instanceof JsonObject,
  members: ({ keys, values }) => keys.map((key, at) => [key, values[at]]),
}

const PLAIN: Shape<Plain> = {
  is: (value): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value),
  members: Object.entries,
}

function find<Json>(root: Json, shape: Shape<Json>): Found<Json> {
  const segments: string[] = []
  const beside: string[][] = []
  let current = root
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const members = shape.members(current)
    const [key, inner] = wrapper(members, shape) ?? []
    if (looksLikePayload(members) && !isOnlyAbout(members, key, inner, shape))
      return { payload: current, segments, beside }
    if (key === undefined || !shape.is(inner)) break
    for (const [other] of members) if (other !== key) beside.push([...segments, other])
    segments.push(key)
    current = inner
  }
  return looksLikePayload(shape.members(current)) || segments.length === 1
    ? { payload: current, segments, beside }
    : { payload: root, segments: [], beside: [] }
}

function looksLikePayload(members: readonly Member[]): boolean {
  return members.some(([key]) => IDENTITY_PAYLOAD.match(key) !== undefined)
}

/** Notabene names the parties by their ids and puts the payload beside them: what has a party without persons is not meant. */
function isOnlyAbout<Json>(
  members: readonly Member[],
  key: string | undefined,
  inner: unknown,
  shape: Shape<Json>,
): boolean {
  if (key === undefined || !IVMS.test(key) || !shape.is(inner)) return false
  const hasPersons = members.some(
    ([, party]) =>
      shape.is(party) && shape.members(party).some(([name]) => PARTIES.some((type) => isPersons(type, name))),
  )
  return !hasPersons && looksLikePayload(shape.members(inner))
}

const PARTIES = [ORIGINATOR, BENEFICIARY]
const IVMS = /ivms/i

function isPersons(type: ObjectType, name: string): boolean {
  return type.match(name)?.index === type.indexOf('persons')
}

/** The only member that can hold a payload; two would be a guess. */
function wrapper<Json>(members: readonly Member[], shape: Shape<Json>): Member | undefined {
  const candidates = members.filter(([key, value]) => shape.is(value) && mayWrap(key))
  const exact = candidates.filter(([key]) => IVMS.test(key))
  return exact.length === 1 ? exact[0] : candidates.length === 1 ? candidates[0] : undefined
}

/** Names that a payload is put under. They are a closed list, so that one of them tells nothing about anybody. */
export function mayWrap(key: string): boolean {
  return key.length <= 64 && WRAPPERS.has(key.replace(/[^A-Za-z0-9]/g, '').toLowerCase())
}
