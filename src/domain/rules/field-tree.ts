/**
 * Field trees: which data a regime asks for, as AND/OR over elements. Written in packs as text that a compliance officer reads
 * like the law: `O.name & B.name & (O.address | (O.dob & O.pob))`. O originator, B beneficiary, V VASP, T transfer.
 */
import type { RuleElement } from './elements.ts'
import { isRuleElement } from './elements.ts'

export type FieldTree =
  | { readonly element: RuleElement }
  | { readonly all: readonly FieldTree[] }
  | { readonly any: readonly FieldTree[] }

/** Bounds on what a pack file may bring; the largest regime today has 13 elements at depth 3. */
const TOKENS_MAX = 200
const DEPTH_MAX = 16
const OPTIONS_MAX = 64

/** Reads an expression: `&` binds closer than `|`, parentheses group. Undefined when it is malformed or names an unknown element. */
export function parseFieldTree(text: string): FieldTree | undefined {
  const tokens = text.match(/[&|()]|[^\s&|()]+/g) ?? []
  if (tokens.length > TOKENS_MAX) return undefined
  const reader = { tokens, next: 0 }
  const tree = parseAny(reader, 0)
  if (tree === undefined || reader.next !== tokens.length || !isBounded(tree)) return undefined
  return tree
}

/**
 * A tree as requirements that must all hold, each a choice between sets of elements (a conjunction of disjunctions of
 * conjunctions): the form in which "which fields are missing, which alternative is nearest" has a direct answer.
 */
export function requirementsOf(tree: FieldTree): readonly (readonly (readonly RuleElement[])[])[] {
  if ('all' in tree) return tree.all.flatMap(requirementsOf)
  return [optionsOf(tree)]
}

export function elementsOf(tree: FieldTree): readonly RuleElement[] {
  if ('element' in tree) return [tree.element]
  return ('all' in tree ? tree.all : tree.any).flatMap(elementsOf)
}

/** Requirements at the top are kept apart, so only the choices inside one of them multiply. */
function isBounded(tree: FieldTree): boolean {
  return 'all' in tree ? tree.all.every(isBounded) : optionCount(tree) <= OPTIONS_MAX
}

/** How many sets `optionsOf` would list, counted before they are built: nested choices multiply. */
function optionCount(tree: FieldTree): number {
  if ('element' in tree) return 1
  if ('any' in tree) return tree.any.reduce((sum, child) => sum + optionCount(child), 0)
  return tree.all.reduce((product, child) => product * optionCount(child), 1)
}

function optionsOf(tree: FieldTree): readonly (readonly RuleElement[])[] {
  if ('element' in tree) return [[tree.element]]
  if ('any' in tree) return tree.any.flatMap(optionsOf)
  return tree.all.reduce<readonly (readonly RuleElement[])[]>(
    (sets, child) => sets.flatMap((set) => optionsOf(child).map((option) => [...set, ...option])),
    [[]],
  )
}

interface Reader {
  readonly tokens: readonly string[]
  next: number
}

function parseAny(reader: Reader, depth: number): FieldTree | undefined {
  const children = parseList(reader, '|', () => parseAll(reader, depth))
  if (children === undefined) return undefined
  const [only] = children
  return children.length === 1 ? only : { any: children }
}

function parseAll(reader: Reader, depth: number): FieldTree | undefined {
  const children = parseList(reader, '&', () => parsePrimary(reader, depth))
  if (children === undefined) return undefined
  const [only] = children
  return children.length === 1 ? only : { all: children }
}

function parseList(
  reader: Reader,
  separator: string,
  parse: () => FieldTree | undefined,
): readonly FieldTree[] | undefined {
  const children: FieldTree[] = []
  do {
    const child = parse()
    if (child === undefined) return undefined
    children.push(child)
  } while (take(reader, separator))
  return children
}

function parsePrimary(reader: Reader, depth: number): FieldTree | undefined {
  if (depth > DEPTH_MAX) return undefined
  if (take(reader, '(')) {
    const tree = parseAny(reader, depth + 1)
    return take(reader, ')') ? tree : undefined
  }
  const token = reader.tokens[reader.next]
  if (token === undefined || !isRuleElement(token)) return undefined
  reader.next += 1
  return { element: token }
}

function take(reader: Reader, token: string): boolean {
  if (reader.tokens[reader.next] !== token) return false
  reader.next += 1
  return true
}
