/** What the VASPs file may say about people and about releases that take two. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadVasps } from '../../src/vasps.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamga-vasps-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

function load(policy: object) {
  const file = join(folder, 'vasps.json')
  const vasp = {
    id: 'alice',
    legalName: 'Alice Exchange Ltd.',
    country: 'KZ',
    licence: { regulator: 'AFSA', number: '1' },
    contacts: [],
    nats: { user: 'alice', passwordFile: 'nats' },
    policy,
  }
  writeFileSync(file, JSON.stringify([vasp]))
  return loadVasps(file).get('alice')?.policy
}

describe('the policy of a VASP', () => {
  it('asks for nothing more unless it says so', () => {
    const policy = load({})
    expect(policy).toMatchObject({ fourEyes: [], proposalSeconds: 28_800 })
    expect([policy?.people, policy?.persons, policy?.mlros]).toEqual([undefined, undefined, undefined])
  })

  it('names rules, persons, roles, and the MLRO with deputies', () => {
    const given = {
      fourEyes: [
        { reasons: ['MANUAL'], minFiat: { amount: '1000.50', currency: 'EUR' }, counterparties: ['bob'] },
        { assets: ['eip155:1/slip44:60'] },
      ],
      proposalSeconds: 60,
      persons: { 'aida@alice.example': 'p-1', 'aida.admin@alice.example': 'p-1' },
      people: { 'aida@alice.example': ['analyst'], 'rosa@audit.example': ['auditor'] },
      mlros: [{ subject: 'marat', deputies: ['dina'] }],
    }
    expect(load(given)).toMatchObject(given)
    expect(load({ mlros: [{ subject: 'marat' }] })?.mlros).toEqual([{ subject: 'marat', deputies: [] }])
  })

  it.each([
    ['an unknown reason', { fourEyes: [{ reasons: ['NOPE'] }] }],
    ['a list of nothing, which would fit nothing', { fourEyes: [{ assets: [] }] }],
    ['an amount that is a number', { fourEyes: [{ minFiat: { amount: 1000, currency: 'EUR' } }] }],
    ['a condition that it does not know', { fourEyes: [{ minAmount: '1' }] }],
    ['an unknown role', { people: { aida: ['root'] } }],
    ['a subject that no console could send', { people: { 'aida sultan': ['analyst'] } }],
  ])('does not take %s', (_, policy) => {
    expect(() => load(policy)).toThrow(/→ at \[0\]\.policy\./)
  })

  it('names its own rule as a permit can hold it: with a space in it no permit could be issued', () => {
    const threshold = { amount: '10', currency: 'USD', version: '1', clause: 'small ones' }
    expect(load({ threshold: { ...threshold, pack: 'house' } })?.threshold?.pack).toBe('house')
    expect(() => load({ threshold: { ...threshold, pack: 'house rule' } })).toThrow('pack')
  })
})
