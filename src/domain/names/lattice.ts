/**
 * A lattice is every permitted spelling of one word at once: states in a row, edges that carry one letter or nothing. Two
 * words are one name under a writing system when their lattices share a path. The cost is the product of their sizes, however many
 * spellings they hold, so nothing is ever listed out.
 */
export interface Lattice {
  /** By state: letter ('' moves on without one) and the state it leads to. */
  readonly edges: readonly (readonly Edge[])[]
  readonly end: number
}

interface Edge {
  readonly letter: string
  readonly to: number
}

/** What a unit of one to five letters may be written as. An empty string: it may be left out. */
export type SpellingTable = ReadonlyMap<string, readonly string[]>

/** States per lattice: about 40 letters with their alternatives. A longer word is cut, and then never equal to anything. */
const STATES_MAX = 700
const UNIT_LETTERS_MAX = 5

/** `unit=spelling|spelling …`, separated by white space; `_` is the empty spelling. */
export function spellingTable(source: string): SpellingTable {
  const table = new Map<string, string[]>()
  for (const entry of source.trim().split(/\s+/)) {
    const [unit = '', spellings = ''] = entry.split('=')
    const known = table.get(unit) ?? []
    table.set(unit, [...known, ...spellings.split('|').map((s) => (s === '_' ? '' : s))])
  }
  return table
}

/** Reads the table the other way round: from a spelling to the units it may stand for. */
export function inverse(table: SpellingTable): SpellingTable {
  const turned = new Map<string, string[]>()
  for (const [unit, spellings] of table) {
    for (const spelling of spellings) {
      if (spelling === '') continue
      turned.set(spelling, [...(turned.get(spelling) ?? []), unit])
    }
  }
  return turned
}

/** One spelling only: the first that the table lists, letter by letter. */
export function firstSpelling(word: string, table: SpellingTable): string {
  return Array.from(word, (letter) => table.get(letter)?.[0] ?? letter).join('')
}

/** `identity: 'always'` lets each letter also stand for itself; `'unlisted'` only the letters the table does not know. */
export function latticeOf(word: string, table: SpellingTable, identity: 'always' | 'unlisted'): Lattice {
  const letters = Array.from(word)
  const edges: Edge[][] = letters.map(() => [])
  edges.push([])
  const end = letters.length
  for (let at = 0; at < end; at += 1) {
    let listed = false
    for (let length = 1; length <= UNIT_LETTERS_MAX && at + length <= end; length += 1) {
      const spellings = table.get(letters.slice(at, at + length).join(''))
      if (spellings === undefined) continue
      if (length === 1) listed = true
      for (const spelling of spellings) addPath(edges, at, at + length, spelling)
    }
    if (identity === 'always' || !listed) addPath(edges, at, at + 1, letters[at] ?? '')
    if (edges.length > STATES_MAX) break
  }
  return { edges, end }
}

function addPath(edges: Edge[][], from: number, to: number, spelling: string): void {
  const letters = Array.from(spelling)
  let state = from
  for (const [index, letter] of letters.entries()) {
    const last = index === letters.length - 1
    const next = last ? to : edges.push([]) - 1
    edges[state]?.push({ letter, to: next })
    state = next
  }
  if (letters.length === 0) edges[from]?.push({ letter: '', to })
}

/**
 * The least number of letters to add, leave out or exchange until the two share a spelling; undefined above `editsMax`.
 * A search by rising cost over pairs of states: each pair is visited at most once per cost.
 */
export function latticeDistance(a: Lattice, b: Lattice, editsMax: number): number | undefined {
  const width = b.edges.length
  const seen = new Uint8Array(a.edges.length * width)
  let layer = [0]
  for (let cost = 0; cost <= editsMax && layer.length > 0; cost += 1) {
    const next: number[] = []
    while (layer.length > 0) {
      const pair = layer.pop() ?? 0
      if (seen[pair] === 1) continue
      seen[pair] = 1
      const left = Math.floor(pair / width)
      const right = pair % width
      if (left === a.end && right === b.end) return cost
      step(a, b, left, right, width, layer, cost < editsMax ? next : undefined)
    }
    layer = next
  }
  return undefined
}

function step(
  a: Lattice,
  b: Lattice,
  left: number,
  right: number,
  width: number,
  free: number[],
  paid: number[] | undefined,
): void {
  const mine = a.edges[left] ?? []
  const theirs = b.edges[right] ?? []
  for (const edge of mine) (edge.letter === '' ? free : paid)?.push(edge.to * width + right)
  for (const edge of theirs) (edge.letter === '' ? free : paid)?.push(left * width + edge.to)
  for (const one of mine) {
    if (one.letter === '') continue
    for (const other of theirs) {
      if (other.letter === '') continue
      ;(one.letter === other.letter ? free : paid)?.push(one.to * width + other.to)
    }
  }
}

/** Whether the two lattices have a spelling in common. */
export function shareSpelling(a: Lattice, b: Lattice): boolean {
  return latticeDistance(a, b, 0) !== undefined
}
