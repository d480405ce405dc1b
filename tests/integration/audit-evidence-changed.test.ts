/** No change to an evidence bundle goes unseen, nor keys that are not those of the VASPs. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../src/domain/strict-json.ts'
import { isJsonObject } from '../../src/domain/strict-json.ts'
import { evidenceDesk } from '../../src/sealing/evidence-bundle.ts'
import { jwkSetOf } from '../../src/sealing/jwk-set.ts'
import { bundleOf, check, codes, held, rejected, settled, world } from '../support/evidence.ts'
import { type Side, twoGateways } from '../support/two-gateways.ts'

const keySet = async (side: Side) => jwkSetOf(await side.keyStore.publicKeys(side.id))

describe('pinned keys', () => {
  test('of both sides leave nothing to trust', async () => {
    const file = await bundleOf(world.alice, settled)
    const verdict = await check(file, [await keySet(world.alice), await keySet(world.bob)])
    expect(verdict).toMatchObject({ valid: true, unpinned: [] })
  })

  test('of one side name the other', async () => {
    const file = await bundleOf(world.alice, settled)
    expect(await check(file, [await keySet(world.alice)])).toMatchObject({ valid: true, unpinned: ['bob'] })
    expect(await codes(file, [await keySet(world.bob)])).toEqual(['EXPORTER_NOT_PINNED'])
  })

  test('of a gateway by the same name refuse a bundle made up with other keys', async () => {
    const other = await twoGateways()
    try {
      const pins = [await keySet(other.alice), await keySet(other.bob)]
      const found = await codes(await bundleOf(world.alice, settled), pins)
      expect(new Set(found)).toEqual(new Set(['KEY_NOT_PINNED']))
    } finally {
      await other.close()
    }
  })
})

/** Paths of all values that are no objects and no lists. */
function leavesOf(
  value: JsonValue,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  if (Array.isArray(value)) return value.flatMap((item, n) => leavesOf(item, [...path, n]))
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]))
  return [path]
}

function changed(
  value: JsonValue,
  path: readonly (string | number)[],
  change: (leaf: JsonValue) => JsonValue,
): JsonValue {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (Array.isArray(value)) return value.map((item, n) => (n === step ? changed(item, rest, change) : item))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, name === step ? changed(item, rest, change) : item]),
  )
}

describe('a bundle that was changed', () => {
  const other = (leaf: JsonValue, at: number): JsonValue => {
    if (typeof leaf === 'number') return leaf + 1
    if (typeof leaf === 'boolean') return !leaf
    if (leaf === null || leaf === '') return 'x'
    if (typeof leaf !== 'string') throw new Error('not a leaf')
    const text = leaf
    const n = at % text.length
    return `${text.slice(0, n)}${text[n] === 'A' ? 'B' : 'A'}${text.slice(n + 1)}`
  }

  test('in any one of its values is not valid', async () => {
    const file = await bundleOf(world.bob, settled, true)
    const bundle: JsonValue = JSON.parse(file)
    const leaves = leavesOf(bundle)
    expect(leaves.length).toBeGreaterThan(150)
    const unseen: string[] = []
    for (const [n, path] of leaves.entries()) {
      const forged = JSON.stringify(changed(bundle, path, (leaf) => other(leaf, n * 7)))
      if ((await codes(forged)).length === 0) unseen.push(path.join('/'))
    }
    expect(unseen).toEqual([])
  })

  test('in any one of its bytes is not valid', async () => {
    const file = await bundleOf(world.alice, held, true)
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 127 }), async (at, flip) => {
        const byte = String.fromCharCode(file.charCodeAt(at) ^ flip)
        expect(await codes(`${file.slice(0, at)}${byte}${file.slice(at + 1)}`)).not.toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('in any byte of what it tells of the screening is not valid', async () => {
    const file = await bundleOf(world.alice, held, true)
    const { screenings, personal } = JSON.parse(file)
    for (const part of [screenings, personal.screened]) {
      const text = JSON.stringify(part)
      const from = file.indexOf(text)
      expect(from).toBeGreaterThan(0)
      const unseen: number[] = []
      for (let at = from; at < from + text.length; at++) {
        const byte = String.fromCharCode(file.charCodeAt(at) ^ (1 << (at % 7)))
        if ((await codes(`${file.slice(0, at)}${byte}${file.slice(at + 1)}`)).length === 0) unseen.push(at)
      }
      expect(unseen).toEqual([])
    }
  })

  test('by white space or the order of members is named as such', async () => {
    const file = await bundleOf(world.alice, rejected)
    expect(await codes(`${file}\n`)).toEqual([])
    expect(await codes(` ${file}`)).toEqual(['NOT_CANONICAL'])
    expect(
      await codes(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(file)).toReversed()))),
    ).toEqual(['NOT_CANONICAL'])
  })

  test('and sealed again by its own gateway still cannot change what the other side signed, or the log', async () => {
    const file = await bundleOf(world.alice, settled)
    const { seal: _, ...bundle } = JSON.parse(file)
    const reseal = (forged: typeof bundle) =>
      evidenceDesk(world.alice.keyStore).seal('alice', settled, forged, new Date())
    expect(await codes(await reseal(bundle))).toEqual([])
    const without = (n: number) => bundle.messages.filter((_message: unknown, at: number) => at !== n)
    expect(await codes(await reseal({ ...bundle, messages: without(1) }))).toContain('MESSAGE_MISSING')
    const state = { ...bundle.transfer, state: 'rejected' }
    expect(await codes(await reseal({ ...bundle, transfer: state }))).toEqual(['ENTRY'])
    const events = bundle.events.map((event: { actor: string }) => ({ ...event, actor: 'person:nobody' }))
    expect(await codes(await reseal({ ...bundle, events }))).toContain('EVENTS')
    const [first, ...others] = bundle.audit.entries
    const entry = first.entry.replace('"created"', '"exempted"')
    const audit = { ...bundle.audit, entries: [{ ...first, entry }, ...others] }
    expect(await codes(await reseal({ ...bundle, audit }))).toContain('PROOF')
    expect(await codes(await reseal({ ...bundle, audit: { ...bundle.audit, entries: others } }))).toContain(
      'ENTRY',
    )
    expect(await codes(await reseal({ ...bundle, permit: { ...bundle.permit, jti: 'another' } }))).toEqual([
      'PERMIT',
    ])
  })
})
