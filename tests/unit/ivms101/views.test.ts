import { describe, expect, it } from 'vitest'
import {
  accountNumbersOf,
  type IdentityPayload,
  isTellable,
  masked,
  naturalAndLegalPersons,
  vaspOf,
} from '../../../src/domain/ivms101/index.ts'
import { changedPaths } from '../../../src/domain/transfer/changed-paths.ts'
import { base2020, base2023, get, type Json, judge, legal2020, PERSON_2020, put } from './support.ts'

const payloadOf = (json: Json): IdentityPayload => {
  const { payload } = judge(json)
  if (payload === undefined) throw new Error('no payload')
  return payload
}

describe('views of a payload', () => {
  it('give the persons of a party by kind', () => {
    const both = put(
      base2020(),
      '/originator/originatorPersons/1',
      get(legal2020(), '/originator/originatorPersons/0'),
    )
    const { natural, legal } = naturalAndLegalPersons(payloadOf(both), 'originator')
    expect(natural[0]?.name[0]?.nameIdentifier[0]?.primaryIdentifier).toBe('Okafor')
    expect(legal).toHaveLength(1)
    expect(naturalAndLegalPersons(payloadOf({}), 'beneficiary')).toEqual({ natural: [], legal: [] })
  })

  it('give account numbers wherever the edition puts them', () => {
    expect(accountNumbersOf(payloadOf(base2020()), 'originator')).toEqual(['acct001'])
    expect(accountNumbersOf(payloadOf(base2023()), 'beneficiary')).toEqual(['acct002'])
    expect(accountNumbersOf(payloadOf({}), 'originator')).toEqual([])
  })

  it('give the VASP on either side', () => {
    const name = (role: 'originator' | 'beneficiary') =>
      vaspOf(payloadOf(base2020()), role)?.legalPerson?.name?.nameIdentifier[0]?.legalPersonName
    expect([name('originator'), name('beneficiary')]).toEqual(['Alpha VASP', 'Beta VASP'])
  })
})

describe('a payload that a network wraps', () => {
  const wrapped = JSON.stringify({ ivms101: base2020(), 'Ada Okafor': {}, transaction: { txid: 'x' } })
  const at = `/ivms101${PERSON_2020}/customerIdentification`

  it('is shown masked, and part by part to whom may see it, without what stands beside it', () => {
    const { text, revealed } = masked(wrapped, [at])
    expect(revealed).toEqual([at])
    expect(get(JSON.parse(text), at)).toBe('CUST77')
    expect(text).not.toMatch(/Okafor|Lagos|txid/)
    expect(isTellable(at)).toBe(true)
    expect(isTellable('/Ada Okafor')).toBe(false)
  })

  it('is compared with the one before it by paths that lead somewhere', () => {
    const after = JSON.parse(wrapped)
    put(after, at, 'CUST78')
    expect(changedPaths(wrapped, JSON.stringify(after))).toEqual([at])
  })
})
