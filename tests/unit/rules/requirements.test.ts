import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clause } from '../../../src/domain/rules/requirements.ts'
import { nearestOf, toRequirements, unite } from '../../../src/domain/rules/requirements.ts'

const pointer = fc.constantFrom('/a', '/b', '/c', '/d', '/e')
const option = fc.uniqueArray(pointer, { minLength: 1, maxLength: 3 })
const clauses = fc.array(fc.array(option, { minLength: 1, maxLength: 4 }), { maxLength: 5 })

function isMet(demands: readonly Clause[], held: readonly string[]): boolean {
  return demands.every((clause) => clause.some((one) => one.every((path) => held.includes(path))))
}

describe('the union of duties', () => {
  it('is met exactly by what meets every duty', () => {
    fc.assert(
      fc.property(clauses, fc.uniqueArray(pointer), (demands, held) => {
        expect(isMet(unite(demands), held)).toBe(isMet(demands, held))
      }),
    )
  })

  it('names as nearest a set that meets it, and none is smaller', () => {
    fc.assert(
      fc.property(clauses, fc.uniqueArray(pointer), (demands, other) => {
        const nearest = nearestOf(unite(demands))
        expect(isMet(demands, nearest)).toBe(true)
        expect(isMet(demands, other) && other.length < nearest.length).toBe(false)
      }),
    )
  })

  it('drops a choice that a plain duty has made, and the weaker of two choices', () => {
    expect(unite([[['/a']], [['/a'], ['/b']]])).toEqual([[['/a']]])
    expect(
      unite([
        [['/a'], ['/b'], ['/c']],
        [['/a'], ['/b', '/c']],
      ]),
    ).toEqual([[['/a'], ['/b', '/c']]])
  })

  it('says a duty once however many regimes have it', () => {
    expect(toRequirements(unite([[['/a', '/b']], [['/b']], [['/c'], ['/d']], [['/c'], ['/d']]]))).toEqual([
      '/a',
      '/b',
      { anyOf: [['/c'], ['/d']], nearest: ['/c'] },
    ])
  })

  it('chooses for all regimes together: one element that serves two beats two that serve one each', () => {
    expect(
      nearestOf([
        [['/a'], ['/b']],
        [['/c'], ['/b']],
      ]),
    ).toEqual(['/b'])
  })
})
