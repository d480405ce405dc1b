/**
 * A strict reader of JSON text, RFC 8259, for text that a stranger wrote. It finds what `JSON.parse` hides (duplicate
 * members, numbers that lose digits), refuses what a database or a name comparison chokes on (NUL, lone surrogates), and
 * bounds size, depth and the number of nodes. It is linear in the text and never throws.
 */
import { type JsonNode, JsonObject, pointer } from './json.ts'

export interface JsonLimits {
  /** Of the text in UTF-8. */
  readonly bytesMax: number
  readonly depthMax: number
  /** Objects, lists and scalars together. */
  readonly nodesMax: number
}

export const JSON_LIMITS: JsonLimits = { bytesMax: 65_536, depthMax: 16, nodesMax: 2_000 }

export type JsonFindingCode =
  | 'JSON_SYNTAX'
  | 'JSON_TOO_LARGE'
  | 'JSON_TOO_DEEP'
  | 'JSON_TOO_MANY_NODES'
  | 'DUPLICATE_MEMBER'
  | 'NUL_CHARACTER'
  | 'LONE_SURROGATE'
  | 'NUMBER_RANGE'
  | 'NUMBER_PRECISION'

export interface JsonFinding {
  readonly code: JsonFindingCode
  readonly path: string
  readonly detail: string
}

export interface JsonReading {
  /** Absent when the text is not JSON or goes past a limit. */
  readonly root: JsonNode | undefined
  readonly findings: readonly JsonFinding[]
}

export function readJson(text: string, limits: JsonLimits = JSON_LIMITS): JsonReading {
  if (utf8BytesOver(text, limits.bytesMax)) {
    const detail = `(more than ${limits.bytesMax} bytes)`
    return { root: undefined, findings: [{ code: 'JSON_TOO_LARGE', path: '', detail }] }
  }
  const reader = new Reader(text, limits)
  try {
    return { root: reader.document(), findings: reader.findings }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    return { root: undefined, findings: [...reader.findings, error.finding] }
  }
}

/** Ends the reading; it never leaves this file. */
class Stop extends Error {
  readonly finding: JsonFinding
  constructor(finding: JsonFinding) {
    super(finding.code)
    this.finding = finding
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const HEX4 = /^[0-9a-fA-F]{4}$/
const LITERALS: readonly (readonly [string, JsonNode])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
/** Up to here comparing a name with every other is cheaper than a set. */
const SMALL_OBJECT = 24

class Reader {
  readonly findings: JsonFinding[] = []
  private readonly text: string
  private readonly limits: JsonLimits
  private readonly path: (string | number)[] = []
  private at = 0
  private nodes = 0

  constructor(text: string, limits: JsonLimits) {
    this.text = text
    this.limits = limits
  }

  document(): JsonNode {
    // A byte order mark says nothing about the data; RFC 8259, 8.1 lets a reader ignore it.
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1
    const root = this.value(1)
    if (this.at < this.text.length) this.syntax()
    return root
  }

  /** Reads a value and the white space around it. */
  private value(depth: number): JsonNode {
    this.nodes += 1
    if (this.nodes > this.limits.nodesMax) {
      this.stop('JSON_TOO_MANY_NODES', `(more than ${this.limits.nodesMax})`)
    }
    const code = this.skipSpace()
    let value: JsonNode
    if (code === QUOTE) value = this.string()
    else if (code === 0x7b) value = this.object(depth)
    else if (code === 0x5b) value = this.list(depth)
    else value = this.numberOrLiteral(code)
    this.skipSpace()
    return value
  }

  private object(depth: number): JsonObject {
    this.descend(depth)
    const object = new JsonObject()
    if (this.skipSpace() === 0x7d) {
      this.at += 1
      return object
    }
    let seen: Set<string> | undefined
    while (true) {
      if (this.skipSpace() !== QUOTE) this.syntax()
      this.path.push('?')
      const key = this.string()
      this.path[this.path.length - 1] = key
      if (object.keys.length === SMALL_OBJECT) seen = new Set(object.keys)
      if (seen === undefined ? object.keys.includes(key) : seen.has(key)) this.find('DUPLICATE_MEMBER')
      seen?.add(key)
      if (this.skipSpace() !== 0x3a) this.syntax()
      this.at += 1
      object.keys.push(key)
      object.values.push(this.value(depth + 1))
      this.path.pop()
      const next = this.text.charCodeAt(this.at)
      this.at += 1
      if (next === 0x7d) return object
      if (next !== 0x2c) this.syntax(-1)
    }
  }

  private list(depth: number): readonly JsonNode[] {
    this.descend(depth)
    const list: JsonNode[] = []
    if (this.skipSpace() === 0x5d) {
      this.at += 1
      return list
    }
    while (true) {
      this.path.push(list.length)
      list.push(this.value(depth + 1))
      this.path.pop()
      const next = this.text.charCodeAt(this.at)
      this.at += 1
      if (next === 0x5d) return list
      if (next !== 0x2c) this.syntax(-1)
    }
  }

  private descend(depth: number): void {
    if (depth > this.limits.depthMax) this.stop('JSON_TOO_DEEP', `(more than ${this.limits.depthMax} levels)`)
    this.at += 1
  }

  private string(): string {
    const { text } = this
    const start = this.at + 1
    let at = start
    let surrogate = false
    while (true) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) break
      if (code === BACKSLASH) return this.escapedString(start, at)
      // Also false for NaN, which is the end of the text.
      if (!(code >= 0x20)) this.syntax(at - this.at)
      if (code >= 0xd800 && code <= 0xdfff) surrogate = true
      at += 1
    }
    this.at = at + 1
    const value = text.slice(start, at)
    if (surrogate && !value.isWellFormed()) this.find('LONE_SURROGATE')
    return value
  }

  private escapedString(start: number, firstEscape: number): string {
    const { text } = this
    let value = text.slice(start, firstEscape)
    let at = firstEscape
    while (true) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) break
      if (!(code >= 0x20)) this.syntax(at - this.at)
      if (code !== BACKSLASH) {
        value += text.charAt(at)
        at += 1
        continue
      }
      const letter = text.charAt(at + 1)
      const hex = text.slice(at + 2, at + 6)
      const simple = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined
      if (simple === undefined && !(letter === 'u' && HEX4.test(hex))) this.syntax(at - this.at)
      value += simple ?? String.fromCharCode(Number.parseInt(hex, 16))
      at += simple === undefined ? 6 : 2
    }
    this.at = at + 1
    if (value.includes('\0')) this.find('NUL_CHARACTER')
    if (!value.isWellFormed()) this.find('LONE_SURROGATE')
    return value
  }

  private numberOrLiteral(code: number): JsonNode {
    for (const [word, value] of LITERALS) {
      if (code === word.charCodeAt(0) && this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    }
    NUMBER.lastIndex = this.at
    const literal = NUMBER.exec(this.text)?.[0]
    if (literal === undefined) this.syntax()
    this.at += literal.length
    const value = Number(literal)
    if (!Number.isFinite(value)) this.find('NUMBER_RANGE')
    else if (literal.length > 15 && String(value) !== literal) this.find('NUMBER_PRECISION')
    return value
  }

  private skipSpace(): number {
    const { text } = this
    let code = text.charCodeAt(this.at)
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
      this.at += 1
      code = text.charCodeAt(this.at)
    }
    return code
  }

  private find(code: JsonFindingCode): void {
    this.findings.push({ code, path: pointer(this.path), detail: '' })
  }

  private syntax(ahead = 0): never {
    this.stop('JSON_SYNTAX', `(at character ${this.at + ahead + 1})`)
  }

  private stop(code: JsonFindingCode, detail: string): never {
    throw new Stop({ code, path: pointer(this.path), detail })
  }
}

function utf8BytesOver(text: string, bytesMax: number): boolean {
  if (text.length > bytesMax) return true
  if (text.length * 3 <= bytesMax) return false
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4
  }
  return bytes > bytesMax
}
