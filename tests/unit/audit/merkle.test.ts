import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  consistencyRanges,
  growingTree,
  type Hash,
  hashOfRange,
  inclusionRanges,
  isConsistent,
  isIncluded,
  leafHash,
  nodeHash,
  type Range,
  rootOf,
} from '../../../src/domain/audit/merkle.ts'

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The inputs and roots of the tests of certificate-transparency and of transparency-dev/merkle. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const LEAVES = INPUTS.map((input) => leafHash(sha256, Buffer.from(input, 'hex')))

const leavesOf = (size: number) =>
  Array.from({ length: size }, (_, n) => leafHash(sha256, Buffer.from(`entry ${n}`)))
/** By the definition, and slowly. */
function mth(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (leaves.length === 1 && only !== undefined) return only
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(sha256, mth(leaves.slice(0, k)), mth(leaves.slice(k)))
}
const hashes = (leaves: readonly Uint8Array[], ranges: readonly Range[]) =>
  ranges.map(({ start, end }) => mth(leaves.slice(start, end)))

describe('the Merkle tree of RFC 9162, 2.1', () => {
  test('has the known roots at every size from 0 to 8', () => {
    const tree = growingTree(sha256)
    const roots = [hex(tree.root())]
    for (const leaf of LEAVES) {
      tree.append(leaf)
      roots.push(hex(tree.root()))
    }
    expect(roots).toEqual(ROOTS)
  })

  test('has the proofs of the example in RFC 9162, 2.1.5', () => {
    // Leaves d0 … d6; a … j as in the figure.
    expect(inclusionRanges(0, 7)).toEqual([
      { start: 1, end: 2 },
      { start: 2, end: 4 },
      { start: 4, end: 7 },
    ])
    expect(inclusionRanges(3, 7)).toEqual([
      { start: 2, end: 3 },
      { start: 0, end: 2 },
      { start: 4, end: 7 },
    ])
    expect(inclusionRanges(6, 7)).toEqual([
      { start: 4, end: 6 },
      { start: 0, end: 4 },
    ])
    expect(consistencyRanges(3, 7)).toEqual([
      { start: 2, end: 3 },
      { start: 3, end: 4 },
      { start: 0, end: 2 },
      { start: 4, end: 7 },
    ])
    expect(consistencyRanges(4, 7)).toEqual([{ start: 4, end: 7 }])
    expect(consistencyRanges(6, 7)).toEqual([
      { start: 4, end: 6 },
      { start: 6, end: 7 },
      { start: 0, end: 4 },
    ])
  })

  test('has the known consistency proof from 6 to 8 leaves', () => {
    expect(hashes(LEAVES, consistencyRanges(6, 8)).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })
})

describe('every proof of small trees', () => {
  const SIZE = 20
  const leaves = leavesOf(SIZE)
  const at = (size: number) => ({ size, root: rootOf(sha256, leaves.slice(0, size)) })
  const pairs = Array.from({ length: SIZE }, (_, n) => n + 1).flatMap((size) =>
    Array.from({ length: size }, (_, other) => [other, size] as const),
  )

  test('shows each entry in its place and in no other', () => {
    for (const [index, size] of pairs) {
      const proof = hashes(leaves, inclusionRanges(index, size))
      const leaf = leaves[index] ?? new Uint8Array()
      expect(isIncluded(sha256, { leaf, index, ...at(size) }, proof)).toBe(true)
      for (let wrong = 0; wrong <= size; wrong++)
        if (wrong !== index)
          expect(isIncluded(sha256, { leaf, index: wrong, ...at(size) }, proof)).toBe(false)
      expect(isIncluded(sha256, { leaf, index, ...at(size) }, [...proof, leaf])).toBe(false)
      if (proof.length > 0)
        expect(isIncluded(sha256, { leaf, index, ...at(size) }, proof.slice(1))).toBe(false)
    }
  })

  test('shows each earlier tree as the beginning of the later one, and no forked one', () => {
    for (const [old, size] of pairs) {
      const proof = hashes(leaves, consistencyRanges(old, size))
      expect(isConsistent(sha256, at(old), at(size), proof)).toBe(true)
      if (old === 0) continue
      const fork = rootOf(sha256, [...leaves.slice(0, old - 1), leafHash(sha256, Buffer.from('another'))])
      expect(isConsistent(sha256, { size: old, root: fork }, at(size), proof)).toBe(false)
      expect(isConsistent(sha256, at(old), { size, root: fork }, proof)).toBe(false)
      expect(isConsistent(sha256, at(size), at(old), proof)).toBe(false)
      expect(isConsistent(sha256, at(old), at(size), [...proof, fork])).toBe(false)
    }
  })
})

test('a proof with any byte changed proves nothing', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 300 }),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (size, i, b, flip) => {
        const leaves = leavesOf(size)
        const index = i % size
        const proof = hashes(leaves, inclusionRanges(index, size))
        const inclusion = {
          leaf: leaves[index] ?? new Uint8Array(),
          index,
          size,
          root: rootOf(sha256, leaves),
        }
        expect(isIncluded(sha256, inclusion, proof)).toBe(true)
        const changed = Buffer.concat(proof)
        const byte = b % changed.length
        changed[byte] = (changed[byte] ?? 0) ^ flip
        const parts = proof.map((_, n) => changed.subarray(n * 32, n * 32 + 32))
        expect(isIncluded(sha256, inclusion, parts)).toBe(false)
      },
    ),
    { numRuns: 50 },
  )
})

test('the hash over any range of a proof comes from complete subtrees', async () => {
  const leaves = leavesOf(77)
  const find = async ({ height, index }: { height: number; index: number }) =>
    mth(leaves.slice(index * 2 ** height, (index + 1) * 2 ** height))
  for (let end = 1; end <= 77; end++)
    expect(hex(await hashOfRange(sha256, { start: 0, end }, find))).toBe(hex(mth(leaves.slice(0, end))))
  for (const range of [...inclusionRanges(3, 77), ...consistencyRanges(13, 77)])
    expect(hex(await hashOfRange(sha256, range, find))).toBe(hex(mth(leaves.slice(range.start, range.end))))
})
