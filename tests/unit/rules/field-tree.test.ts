import { describe, expect, it } from 'vitest'
import { elementsOf, parseFieldTree, requirementsOf } from '../../../src/domain/rules/field-tree.ts'

function requirements(text: string) {
  const tree = parseFieldTree(text)
  return tree === undefined ? undefined : requirementsOf(tree)
}

describe('a field tree', () => {
  it('lets & bind closer than |', () => {
    expect(requirements('O.address | O.dob & O.pob')).toEqual([[['O.address'], ['O.dob', 'O.pob']]])
  })

  it('becomes requirements that all must hold', () => {
    expect(requirements('O.name & (O.address | (O.dob & O.pob)) & B.name')).toEqual([
      [['O.name']],
      [['O.address'], ['O.dob', 'O.pob']],
      [['B.name']],
    ])
  })

  it('spreads a choice inside a conjunction inside a choice', () => {
    expect(requirements('O.address | (O.national_id & (O.dob | O.pob))')).toEqual([
      [['O.address'], ['O.national_id', 'O.dob'], ['O.national_id', 'O.pob']],
    ])
  })

  it('lists its elements', () => {
    const tree = parseFieldTree('O.name & (O.dob | B.name)')
    expect(tree === undefined ? [] : elementsOf(tree)).toEqual(['O.name', 'O.dob', 'B.name'])
  })

  it.each([
    '',
    'O.',
    'O.shoe_size',
    'O.name &',
    '& O.name',
    'O.name B.name',
    '(O.name',
    'O.name)',
    'O.name && B.name',
    '()',
  ])('refuses %j', (text) => expect(parseFieldTree(text)).toBeUndefined())

  it('refuses what would grow without bound', () => {
    const choice = '(O.dob | O.pob)'
    expect(
      parseFieldTree(`O.name | (${Array.from({ length: 40 }, () => choice).join(' & ')})`),
    ).toBeUndefined()
    expect(parseFieldTree(`${'('.repeat(60)}O.name${')'.repeat(60)}`)).toBeUndefined()
    expect(parseFieldTree(Array.from({ length: 150 }, () => 'O.name').join(' & '))).toBeUndefined()
  })
})
