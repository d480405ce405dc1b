/** From pack data to packs that can be applied: checked, parsed once, and named by the hash of their content. */
import type { FieldTree } from './field-tree.ts'
import { parseFieldTree } from './field-tree.ts'
import { isPackData, lintPack } from './lint-pack.ts'
import type { PackData } from './pack.ts'

export interface RulePack extends PackData {
  /** SHA-256 of the canonical JSON of the data, lower-case hex. */
  readonly hash: string
  readonly trees: {
    readonly basic: FieldTree | undefined
    readonly natural: FieldTree
    readonly legal: FieldTree
  }
}

/**
 * Checks and prepares packs. `sha256Hex` hashes UTF-8 text. Throws an Error that lists every problem: a gateway must not start on a
 * pack that means something else than it says.
 */
export function loadPacks(
  data: readonly unknown[],
  sha256Hex: (text: string) => string,
): readonly RulePack[] {
  const problems = data.flatMap((pack) => lintPack(pack))
  if (problems.length > 0) {
    throw new Error(
      `rule packs: ${problems.map((problem) => `${problem.rule} ${problem.path}: ${problem.message}`).join('; ')}`,
    )
  }
  return data.filter(isPackData).map((pack) => ({
    ...pack,
    hash: sha256Hex(canonicalJson(pack)),
    trees: {
      basic: pack.basic === null ? undefined : treeOf(pack.basic.tree),
      natural: treeOf(pack.full.natural.tree),
      legal: treeOf(pack.full.legal.tree),
    },
  }))
}

/** RFC 8785 for what packs hold (text, whole numbers, booleans, null, lists, objects): members sorted by UTF-16 code unit, no space. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}

function treeOf(text: string): FieldTree {
  const tree = parseFieldTree(text)
  if (tree === undefined) throw new Error(`field tree: ${text}`)
  return tree
}
