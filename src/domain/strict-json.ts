/**
 * JSON (RFC 8259) as it may arrive from another VASP: what two readers could understand differently is refused.
 *
 * `JSON.parse` takes the last of two equal members, reads 9007199254740993 as …992 and nests until memory ends; a signature over
 * such a text commits its signer to nothing certain. I-JSON (RFC 7493, 2) forbids the first two; the limits are ours.
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [member: string]: JsonValue
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export interface JsonLimits {
  /** In UTF-16 code units, as `text.length` counts them. */
  readonly lengthMax: number
  /** Containers within containers; a scalar has depth 0, `{}` depth 1. */
  readonly depthMax: number
  /** Values of any kind, containers included. */
  readonly nodesMax: number
}

/** What an identity payload needs, with room: the largest of the IVMS101 vectors has depth 9. */
export const JSON_LIMITS: JsonLimits = { lengthMax: 65_536, depthMax: 16, nodesMax: 2_000 }

export type StrictJsonReason =
  | 'OVERSIZED'
  | 'SYNTAX'
  | 'DEPTH'
  | 'NODES'
  | 'DUPLICATE_MEMBER'
  | 'FORBIDDEN_MEMBER'
  | 'LONE_SURROGATE'
  | 'NUL'
  | 'NUMBER'

/** Carries the position only: the text itself may hold personal data. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError'
  readonly reason: StrictJsonReason

  constructor(reason: StrictJsonReason, position: number) {
    super(`${reason} at ${position}`)
    this.reason = reason
  }
}

interface Cursor {
  readonly text: string
  readonly limits: JsonLimits
  at: number
  nodes: number
}

/**
 * Parses a whole text. Refuses duplicate members, `__proto__`, lone surrogates, NUL, integers beyond 2^53 - 1, numbers beyond
 * the range of a double, a byte order mark, and whatever exceeds the limits. Throws StrictJsonError.
 */
export function parseStrictJson(text: string, limits: JsonLimits = JSON_LIMITS): JsonValue {
  if (text.length > limits.lengthMax) throw new StrictJsonError('OVERSIZED', limits.lengthMax)
  if (!text.isWellFormed()) throw new StrictJsonError('LONE_SURROGATE', 0)
  const cursor: Cursor = { text, limits, at: 0, nodes: 0 }
  const value = readValue(cursor, 0)
  skipSpace(cursor)
  if (cursor.at !== text.length) throw new StrictJsonError('SYNTAX', cursor.at)
  return value
}

function readValue(cursor: Cursor, depth: number): JsonValue {
  skipSpace(cursor)
  cursor.nodes += 1
  if (cursor.nodes > cursor.limits.nodesMax) throw new StrictJsonError('NODES', cursor.at)
  switch (cursor.text.charAt(cursor.at)) {
    case '{':
      return readObject(cursor, depth + 1)
    case '[':
      return readArray(cursor, depth + 1)
    case '"':
      return readString(cursor)
    case 't':
      return readWord(cursor, 'true', true)
    case 'f':
      return readWord(cursor, 'false', false)
    case 'n':
      return readWord(cursor, 'null', null)
    default:
      return readNumber(cursor)
  }
}

function readObject(cursor: Cursor, depth: number): JsonObject {
  enter(cursor, depth)
  const members: Record<string, JsonValue> = {}
  if (tryTake(cursor, '}')) return members
  do {
    skipSpace(cursor)
    const start = cursor.at
    const name = readString(cursor)
    // Assigning `__proto__` would set the prototype instead of a member.
    if (name === '__proto__') throw new StrictJsonError('FORBIDDEN_MEMBER', start)
    if (Object.hasOwn(members, name)) throw new StrictJsonError('DUPLICATE_MEMBER', start)
    take(cursor, ':')
    members[name] = readValue(cursor, depth)
  } while (tryTake(cursor, ','))
  take(cursor, '}')
  return members
}

function readArray(cursor: Cursor, depth: number): readonly JsonValue[] {
  enter(cursor, depth)
  const items: JsonValue[] = []
  if (tryTake(cursor, ']')) return items
  do items.push(readValue(cursor, depth))
  while (tryTake(cursor, ','))
  take(cursor, ']')
  return items
}

/** From the space on, without quote and backslash: RFC 8259, 7, "unescaped". */
const PLAIN_STRING = /"[ !#-[\]-\uffff]*"/y

function readString(cursor: Cursor): string {
  const start = cursor.at
  PLAIN_STRING.lastIndex = start
  if (PLAIN_STRING.test(cursor.text)) {
    cursor.at = PLAIN_STRING.lastIndex
    return cursor.text.slice(start + 1, cursor.at - 1)
  }
  const value = unescape(cursor.text.slice(start, endOfString(cursor)), start)
  if (!value.isWellFormed()) throw new StrictJsonError('LONE_SURROGATE', start)
  if (value.includes('\0')) throw new StrictJsonError('NUL', start)
  return value
}

/** Moves behind the closing quote. Which escapes exist is left to `unescape`. */
function endOfString(cursor: Cursor): number {
  const { text } = cursor
  if (text[cursor.at] !== '"') throw new StrictJsonError('SYNTAX', cursor.at)
  for (let at = cursor.at + 1; at < text.length; at += 1) {
    if (text[at] === '"') {
      cursor.at = at + 1
      return cursor.at
    }
    if (text[at] === '\\') at += 1
  }
  throw new StrictJsonError('SYNTAX', text.length)
}

function unescape(quoted: string, start: number): string {
  try {
    const value: unknown = JSON.parse(quoted)
    if (typeof value === 'string') return value
  } catch {
    // The parser's message would quote the text.
  }
  throw new StrictJsonError('SYNTAX', start)
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y

function readNumber(cursor: Cursor): number {
  NUMBER.lastIndex = cursor.at
  const match = NUMBER.exec(cursor.text)
  if (match === null) throw new StrictJsonError('SYNTAX', cursor.at)
  const value = Number(match[0])
  if (!Number.isFinite(value)) throw new StrictJsonError('NUMBER', cursor.at)
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new StrictJsonError('NUMBER', cursor.at)
  cursor.at = NUMBER.lastIndex
  return value
}

function readWord<T extends JsonValue>(cursor: Cursor, word: string, value: T): T {
  if (!cursor.text.startsWith(word, cursor.at)) throw new StrictJsonError('SYNTAX', cursor.at)
  cursor.at += word.length
  return value
}

function enter(cursor: Cursor, depth: number): void {
  if (depth > cursor.limits.depthMax) throw new StrictJsonError('DEPTH', cursor.at)
  cursor.at += 1
}

function take(cursor: Cursor, character: string): void {
  if (!tryTake(cursor, character)) throw new StrictJsonError('SYNTAX', cursor.at)
}

function tryTake(cursor: Cursor, character: string): boolean {
  skipSpace(cursor)
  if (cursor.text[cursor.at] !== character) return false
  cursor.at += 1
  return true
}

/** RFC 8259, 2: only space, tab, line feed and carriage return are insignificant. */
function skipSpace(cursor: Cursor): void {
  const { text } = cursor
  for (;;) {
    const code = text.charCodeAt(cursor.at)
    if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return
    cursor.at += 1
  }
}
