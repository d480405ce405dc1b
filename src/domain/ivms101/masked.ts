/** An identity payload as it is shown before anybody needs it: which parts there are, and no value but those asked for. */
import { isTellableName } from './element-names.ts'

const MASK = '•••'
const DEPTH_MAX = 24
const INDEX = /^\d{1,4}$/

export interface Masked {
  /** JSON. */
  readonly text: string
  /** Those of the pointers that lead to something. */
  readonly revealed: readonly string[]
}

/** Pointers are JSON pointers (RFC 6901) without escapes: names of IVMS 101 and indices need none. A text that is no JSON is masked whole. */
export function masked(identity: string, pointers: readonly string[]): Masked {
  const seen = new Set<string>()
  const shown = mask(parsed(identity), '', new Set(pointers), seen, 0)
  return { text: JSON.stringify(shown), revealed: pointers.filter((pointer) => seen.has(pointer)) }
}

/** A pointer whose every name is one of IVMS 101, or of what it is wrapped in: it can be told without telling a value. */
export function isTellable(pointer: string): boolean {
  const names = pointer.split('/').slice(1)
  return pointer.startsWith('/') && names.every((name) => INDEX.test(name) || isTellableName(name))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function mask(
  value: unknown,
  path: string,
  wanted: ReadonlySet<string>,
  seen: Set<string>,
  depth: number,
): unknown {
  if (wanted.has(path)) {
    seen.add(path)
    return value ?? null
  }
  if (typeof value !== 'object' || value === null || depth === DEPTH_MAX) return MASK
  const inner = (key: string, member: unknown) => mask(member, `${path}/${key}`, wanted, seen, depth + 1)
  if (Array.isArray(value)) return value.map((item, index) => inner(String(index), item))
  // A name that is not of IVMS 101 is the sender's text, and may itself be a value.
  const members = Object.entries(value).filter(([name]) => isTellableName(name))
  return Object.fromEntries(members.map(([name, member]) => [name, inner(name, member)]))
}
