/** The texts of an identity payload, each with its place in it. */
export type PayloadParty = 'originator' | 'beneficiary' | 'originating-vasp' | 'beneficiary-vasp' | 'other'

export interface Leaf {
  /** JSON pointer. */
  readonly path: string
  readonly party: PayloadParty
  /** The path without its party and positions, as in `naturalPerson.name.nameIdentifier.primaryIdentifier`. */
  readonly label: string
  readonly value: string
}

/** A payload has some dozens; what has more is cut off. */
const LEAVES_MAX = 500
const DEPTH_MAX = 32

export function leavesOf(text: string): readonly Leaf[] {
  const found: Leaf[] = []
  walk(parsed(text), [], found)
  return found
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function walk(value: unknown, path: readonly string[], found: Leaf[]): void {
  if (found.length >= LEAVES_MAX || path.length > DEPTH_MAX) return
  if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) walk(member, [...path, key], found)
  } else if (isText(value)) {
    found.push(leafAt(path, String(value)))
  }
}

function isText(value: unknown): value is string | number | boolean {
  return (
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
  )
}

const PARTIES: { readonly [name: string]: PayloadParty } = {
  originator: 'originator',
  beneficiary: 'beneficiary',
  originatingvasp: 'originating-vasp',
  beneficiaryvasp: 'beneficiary-vasp',
}
const POSITION = /^\d+$/
/** Wrappers that say nothing: `/originator/originatorPersons/0/naturalPerson`. */
const WRAPPER = /^(?:originatorPersons?|beneficiaryPersons?)$/i

function leafAt(path: readonly string[], value: string): Leaf {
  const at = path.findIndex((key) => PARTIES[key.toLowerCase()] !== undefined)
  const party = at < 0 ? undefined : PARTIES[(path[at] ?? '').toLowerCase()]
  const label = path.slice(at + 1).filter((key) => !POSITION.test(key) && !WRAPPER.test(key) && !isParty(key))
  return { path: pointerOf(path), party: party ?? 'other', label: label.join('.'), value }
}

/** The VASPs stand in a member of their own name. */
function isParty(key: string): boolean {
  return PARTIES[key.toLowerCase()] !== undefined
}

/** RFC 6901. */
function pointerOf(path: readonly string[]): string {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
