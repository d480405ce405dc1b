import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  examineLog,
  type LoggedEntry,
  type Place,
  type SignedHead,
} from '../../../src/domain/audit/examine.ts'
import { type Hash, leafHash, rootOf } from '../../../src/domain/audit/merkle.ts'

const sha256: Hash = (bytes) => createHash('sha256').update(bytes).digest()
const leafOf = (text: string) => leafHash(sha256, Buffer.from(text))

const entryOf = (n: number, text = `entry ${n}`): LoggedEntry => ({
  xid: BigInt(100 + Math.floor(n / 3)),
  seq: BigInt(n),
  computed: leafOf(text),
  stored: leafOf(text),
})
const logOf = (size: number) => {
  const entries = Array.from({ length: size }, (_, n) => entryOf(n))
  const places = entries.map(
    ({ xid, seq, stored }, position): Place => ({ xid, seq, position, leaf: stored }),
  )
  return { entries, places }
}
const headOf = (
  places: readonly Place[],
  size: number,
  from: SignedHead['from'] = 'database',
): SignedHead => ({
  size,
  root: rootOf(
    sha256,
    places.slice(0, size).map(({ leaf }) => leaf),
  ),
  from,
})
async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
const examine = (
  entries: readonly LoggedEntry[],
  places: readonly Place[],
  heads: readonly SignedHead[] = [],
) => examineLog(sha256, stream(entries), stream(places), heads)

const some = fc
  .integer({ min: 1, max: 60 })
  .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(size)))

describe('an examination', () => {
  test('finds nothing in a log as it was written, whatever waits for its place', async () => {
    await fc.assert(
      fc.asyncProperty(some, async ([size, signed, placed]) => {
        const { entries, places } = logOf(size)
        const heads = placed > signed ? [headOf(places, signed + 1)] : []
        const found = await examine(entries, places.slice(0, placed), heads)
        expect(found).toMatchObject({ findings: [], size: placed, waiting: size - placed, more: 0 })
      }),
    )
  })

  test('names whichever entry was edited', async () => {
    await fc.assert(
      fc.asyncProperty(some, async ([size, n]) => {
        const { entries, places } = logOf(size)
        const changed = entries.with(n, { ...entryOf(n), computed: leafOf('another') })
        const { findings } = await examine(changed, places)
        expect(findings).toMatchObject([{ code: 'ENTRY_EDITED', position: n }])
      }),
    )
  })

  test('names whichever entry was removed, and a removed end as cut off', async () => {
    await fc.assert(
      fc.asyncProperty(some, async ([size, n]) => {
        const { entries, places } = logOf(size)
        const { findings } = await examine(entries.toSpliced(n, 1), places)
        const code = n === size - 1 ? 'LOG_TRUNCATED' : 'ENTRY_REMOVED'
        expect(findings).toMatchObject([{ code, position: n }])
      }),
    )
  })

  test('brackets a rewritten log between the last signed head that fits and the first that does not', async () => {
    const { places } = logOf(30)
    const heads = [5, 12, 20, 30].map((size) => headOf(places, size, 'pin'))
    for (let n = 0; n < 30; n++) {
      const entries = Array.from({ length: 30 }, (_, at) => entryOf(at, at === n ? 'rewritten' : undefined))
      const forged = entries.map(({ xid, seq, stored }, position) => ({ xid, seq, position, leaf: stored }))
      const { findings } = await examine(entries, forged, heads)
      const good = [0, 5, 12, 20].findLast((size) => size <= n)
      expect(findings).toMatchObject([{ code: 'LOG_FORKED', position: good }])
    }
  })

  test('tells a thousand faults and counts the others', async () => {
    const { places } = logOf(3_000)
    const { findings, more } = await examine(
      logOf(3_000).entries.filter((_, n) => n % 2 === 1),
      places,
    )
    expect([findings.length, more]).toEqual([1_000, 500])
  })
})
