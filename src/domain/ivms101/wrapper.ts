/**
 * Finds the identity payload in what arrived: bare, or under a member such as `ivms101`, `IVMS101` (TRP) or
 * `identity_payload`, at most three levels down.
 */
import { type JsonNode, JsonObject } from './json.ts'
import { IDENTITY_PAYLOAD } from './structure.ts'

const WRAPPERS = new Set(
  `ivms ivms101 ivmsmessage ivmspayload ivmsdata ivms101payload ivms101data ivms1012020 ivms1012023 identity
   identitypayload identitydata payload data pii piipayload travelrule travelruledata travelruleinfo message body`.split(
    /\s+/,
  ),
)
const DEPTH_MAX = 3

export interface Found {
  readonly payload: JsonObject
  /** The members that lead to it. */
  readonly segments: readonly string[]
  /** Pointers' segments of what stands beside the payload on the way. */
  readonly beside: readonly (readonly string[])[]
}

/** Undefined where the root is no object. An object in which no payload is found is taken for the payload itself. */
export function findPayload(root: JsonNode): Found | undefined {
  if (!(root instanceof JsonObject)) return undefined
  const segments: string[] = []
  const beside: string[][] = []
  let current = root
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    if (looksLikePayload(current)) return { payload: current, segments, beside }
    const at = wrapperAt(current)
    const inner = at === undefined ? undefined : current.values[at]
    if (at === undefined || !(inner instanceof JsonObject)) break
    for (const [other, key] of current.keys.entries()) if (other !== at) beside.push([...segments, key])
    segments.push(current.keys[at] ?? '')
    current = inner
  }
  return looksLikePayload(current) || segments.length === 1
    ? { payload: current, segments, beside }
    : { payload: root, segments: [], beside: [] }
}

function looksLikePayload(json: JsonObject): boolean {
  return json.keys.some((key) => IDENTITY_PAYLOAD.match(key) !== undefined)
}

/** The only member that can hold a payload; two would be a guess. */
function wrapperAt(json: JsonObject): number | undefined {
  const candidates: number[] = []
  for (const [at, key] of json.keys.entries()) {
    if (json.values[at] instanceof JsonObject && mayWrap(key)) candidates.push(at)
  }
  return chosen(candidates, (at) => json.keys[at] ?? '')
}

/** Names that a payload is put under. They are a closed list, so that one of them tells nothing about anybody. */
export function mayWrap(key: string): boolean {
  return key.length <= 64 && WRAPPERS.has(key.replace(/[^A-Za-z0-9]/g, '').toLowerCase())
}

function chosen<Candidate>(
  candidates: readonly Candidate[],
  name: (candidate: Candidate) => string,
): Candidate | undefined {
  const exact = candidates.filter((one) => /ivms/i.test(name(one)))
  return exact.length === 1 ? exact[0] : candidates.length === 1 ? candidates[0] : undefined
}

type Plain = Readonly<Record<string, unknown>>

/** The same, of parsed JSON: the payload, and the members that lead to it. */
export function findPlainPayload(root: Plain): {
  readonly payload: Plain
  readonly segments: readonly string[]
} {
  const segments: string[] = []
  let current = root
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    if (Object.keys(current).some((key) => IDENTITY_PAYLOAD.match(key) !== undefined))
      return { payload: current, segments }
    const candidates = Object.entries(current).filter(([key, value]) => isPlain(value) && mayWrap(key))
    const [key, inner] = chosen(candidates, ([name]) => name) ?? []
    if (key === undefined || !isPlain(inner)) break
    segments.push(key)
    current = inner
  }
  return { payload: root, segments: [] }
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
