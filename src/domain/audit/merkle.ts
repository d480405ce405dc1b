/**
 * The Merkle tree of RFC 9162, 2.1 (the same as RFC 6962, 2.1): hashes, roots, and the two proofs with their verification. The hash
 * function is an argument; proofs name the subtrees that they need, and whoever has the tree looks these up.
 */
export type Hash = (bytes: Uint8Array) => Uint8Array

/** The leaves from `start` up to but not including `end`. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** A complete, aligned subtree: the leaves from index * 2^height on, 2^height of them. */
export interface Node {
  readonly height: number
  readonly index: number
}

/** RFC 9162, 2.1.1: the zero byte keeps a leaf from passing for an inner node. */
export function leafHash(hash: Hash, entry: Uint8Array): Uint8Array {
  return hash(joined(Uint8Array.of(0), entry))
}

export function nodeHash(hash: Hash, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash(joined(Uint8Array.of(1), left, right))
}

export interface Growing {
  readonly size: number
  append(leaf: Uint8Array): void
  /** Of all leaves so far. */
  root(): Uint8Array
}

/** A tree that only remembers its right edge: leaf hashes in, the root at any size out. */
export function growingTree(hash: Hash): Growing {
  let size = 0
  const edge: { readonly height: number; readonly hash: Uint8Array }[] = []
  return {
    get size() {
      return size
    },
    append(leaf) {
      size += 1
      let top = { height: 0, hash: leaf }
      for (let left = edge.at(-1); left?.height === top.height; left = edge.at(-1)) {
        edge.pop()
        top = { height: top.height + 1, hash: nodeHash(hash, left.hash, top.hash) }
      }
      edge.push(top)
    },
    root() {
      const last = edge.at(-1)
      if (last === undefined) return hash(new Uint8Array())
      return edge.slice(0, -1).reduceRight((right, left) => nodeHash(hash, left.hash, right), last.hash)
    },
  }
}

export function rootOf(hash: Hash, leaves: readonly Uint8Array[]): Uint8Array {
  const tree = growingTree(hash)
  for (const leaf of leaves) tree.append(leaf)
  return tree.root()
}

/** The subtrees whose hashes are the inclusion proof of the leaf at `index` in the tree of `size` leaves, in the proof's order. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  return pathOf(index, 0, size)
}

function pathOf(index: number, start: number, end: number): readonly Range[] {
  if (end - start <= 1) return []
  const middle = start + splitOf(end - start)
  return index < middle
    ? [...pathOf(index, start, middle), { start: middle, end }]
    : [...pathOf(index, middle, end), { start, end: middle }]
}

/** The subtrees whose hashes prove that the tree of `oldSize` leaves is the beginning of that of `size`, in the proof's order. */
export function consistencyRanges(oldSize: number, size: number): readonly Range[] {
  return oldSize === 0 || oldSize === size ? [] : subproofOf(oldSize, 0, size, true)
}

/** RFC 9162, 2.1.4.1. `whole`: the old tree is what has been looked at so far, and its root known to the verifier. */
function subproofOf(oldEnd: number, start: number, end: number, whole: boolean): readonly Range[] {
  if (oldEnd === end) return whole ? [] : [{ start, end }]
  const middle = start + splitOf(end - start)
  return oldEnd <= middle
    ? [...subproofOf(oldEnd, start, middle, whole), { start: middle, end }]
    : [...subproofOf(oldEnd, middle, end, false), { start, end: middle }]
}

/** The hash over a range of either proof, or over a whole tree, from the complete subtrees that it consists of. */
export async function hashOfRange(
  hash: Hash,
  { start, end }: Range,
  find: (node: Node) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const length = end - start
  const height = Math.round(Math.log2(length))
  if (2 ** height === length) return find({ height, index: start / length })
  const middle = start + splitOf(length)
  const left = await hashOfRange(hash, { start, end: middle }, find)
  return nodeHash(hash, left, await hashOfRange(hash, { start: middle, end }, find))
}

/** The largest power of two below `length`, which is at least 2. */
function splitOf(length: number): number {
  let power = 1
  while (power * 2 < length) power *= 2
  return power
}

export interface Inclusion {
  readonly leaf: Uint8Array
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
}

/** RFC 9162, 2.1.3.2. */
export function isIncluded(
  hash: Hash,
  { leaf, index, size, root }: Inclusion,
  proof: readonly Uint8Array[],
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let at = index
  let last = size - 1
  let computed = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      computed = nodeHash(hash, sibling, computed)
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      computed = nodeHash(hash, computed, sibling)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && isSame(computed, root)
}

export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

/** RFC 9162, 2.1.4.2. A tree without leaves is the beginning of every other. */
export function isConsistent(
  hash: Hash,
  old: TreeHead,
  head: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (old.size > head.size) return false
  if (old.size === head.size) return proof.length === 0 && isSame(old.root, head.root)
  if (old.size === 0) return proof.length === 0
  const isPower = 2 ** Math.round(Math.log2(old.size)) === old.size
  const [first, ...others] = isPower ? [old.root, ...proof] : proof
  if (first === undefined) return false
  let [at, last] = [old.size - 1, head.size - 1]
  while (isOdd(at)) [at, last] = [half(at), half(last)]
  let [oldRoot, newRoot] = [first, first]
  for (const sibling of others) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      oldRoot = nodeHash(hash, sibling, oldRoot)
      newRoot = nodeHash(hash, sibling, newRoot)
      while (!isOdd(at) && at !== 0) [at, last] = [half(at), half(last)]
    } else {
      newRoot = nodeHash(hash, newRoot, sibling)
    }
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && isSame(oldRoot, old.root) && isSame(newRoot, head.root)
}

/** Not `& 1` and `>> 1`: these cut numbers to 32 bits. */
function isOdd(value: number): boolean {
  return value % 2 === 1
}

function half(value: number): number {
  return Math.floor(value / 2)
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
