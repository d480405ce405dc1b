import { describe, expect, it } from 'vitest'
import { EnvelopeRefusal } from '../../../src/domain/envelope/refusal.ts'
import {
  checkPermitTimes,
  type PermitClaims,
  type PermitField,
  parsePermitClaims,
  permitMismatch,
  type WantedTransaction,
  writePermitClaims,
} from '../../../src/domain/permit/permit.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const IAT = NOW.getTime() / 1000
const EVM = '0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B'

const PERMIT: PermitClaims = {
  transferId: '0199f2a0-1111-7abc-8def-0123456789ab',
  vasp: 'alice',
  counterparty: 'bob',
  asset: 'eip155:1/slip44:60',
  amount: '1.50',
  destination: `eip155:1:${EVM}`,
  tag: '12345',
  ruleVersion: 'kz-aifc@2026-01-01',
  approvers: ['user:7'],
  jti: '0199f2a0-0000-7abc-8def-0123456789ab',
  iat: IAT,
  exp: IAT + 1_800,
}

function reasonOf(work: () => unknown): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    if (error instanceof EnvelopeRefusal) return error.reason
    throw error
  }
}

describe('the claims of a permit', () => {
  it('survive the wire, with and without counterparty and tag', () => {
    expect(parsePermitClaims(writePermitClaims(PERMIT))).toEqual(PERMIT)
    const { counterparty: _, tag: __, ...unhosted } = PERMIT
    expect(parsePermitClaims(writePermitClaims(unhosted))).toEqual(unhosted)
  })

  it.each<[string, object]>([
    ['an amount as a number', { amount: 1.5 }],
    ['an amount with an exponent', { amount: '1e3' }],
    ['a negative amount', { amount: '-1' }],
    ['an asset that is no CAIP-19', { asset: 'ETH' }],
    ['a destination that is no CAIP-10', { destination: EVM }],
    ['an approver with a space', { approvers: ['a b'] }],
    ['approvers as text', { approvers: 'user:7' }],
    ['no rule version', { rule_version: undefined }],
    ['a claim of its own', { redeemed: false }],
  ])('refuse %s', (_, changes) => {
    const wire: object = JSON.parse(writePermitClaims(PERMIT))
    expect(reasonOf(() => parsePermitClaims(JSON.stringify({ ...wire, ...changes })))).toBe('CLAIMS')
  })

  it('count from 60 s before to the last second, and not one longer', () => {
    const at = (seconds: number) => reasonOf(() => checkPermitTimes(PERMIT, new Date((IAT + seconds) * 1000)))
    expect([at(-61), at(-60), at(0), at(1_800), at(1_801)]).toEqual([
      'FROM_THE_FUTURE',
      'accepted',
      'accepted',
      'accepted',
      'EXPIRED',
    ])
    expect(reasonOf(() => checkPermitTimes({ ...PERMIT, exp: IAT + 86_401 }, NOW))).toBe('LIFETIME')
  })
})

describe('a permit', () => {
  it.each<[string, WantedTransaction]>([
    [
      'the same transaction',
      { destination: PERMIT.destination, tag: '12345', asset: PERMIT.asset, amount: '1.50' },
    ],
    ['the same amount in other digits', { amount: '1.5' }],
    [
      'the same EVM address without its checksum',
      { destination: PERMIT.destination.toLowerCase(), tag: '12345' },
    ],
    ['its transfer and parties', { transferId: PERMIT.transferId, vasp: 'alice', counterparty: 'bob' }],
    ['nothing in particular', {}],
  ])('fits %s', (_, wanted) => {
    expect(permitMismatch(PERMIT, wanted)).toBeUndefined()
  })

  it.each<[PermitField, WantedTransaction]>([
    ['transferId', { transferId: '0199f2a0-1111-7abc-8def-0123456789ac' }],
    ['vasp', { vasp: 'bob' }],
    ['counterparty', { counterparty: 'carol' }],
    ['asset', { asset: 'eip155:137/slip44:60' }],
    ['amount', { amount: '1.51' }],
    ['amount', { amount: '1.500000000000000001' }],
    ['amount', { amount: '15' }],
    ['amount', { amount: 'all' }],
    ['destination', { destination: 'eip155:1:0x0000000000000000000000000000000000000000' }],
    ['destination', { destination: `eip155:137:${EVM}` }],
    ['destination', { destination: EVM }],
    ['tag', { destination: PERMIT.destination, tag: '12346' }],
    ['tag', { destination: PERMIT.destination }],
    ['asset', { asset: 'eip155:1/slip44:61', amount: '2', destination: 'x' }],
  ])('is for another %s', (field, wanted) => {
    expect(permitMismatch(PERMIT, wanted)).toBe(field)
  })

  it('without a tag does not fit a transaction with one', () => {
    const { tag: _, ...untagged } = PERMIT
    expect(permitMismatch(untagged, { destination: PERMIT.destination, tag: '1' })).toBe('tag')
    expect(permitMismatch(untagged, { destination: PERMIT.destination })).toBeUndefined()
  })

  it('keeps the case of addresses where case counts', () => {
    const solana = {
      ...PERMIT,
      destination: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv',
    }
    expect(permitMismatch(solana, { destination: solana.destination, tag: '12345' })).toBeUndefined()
    expect(permitMismatch(solana, { destination: solana.destination.toLowerCase(), tag: '12345' })).toBe(
      'destination',
    )
  })
})
