import { describe, expect, it } from 'vitest'
import { isCodesOnly, retentionOf, yearsAfter } from '../../../src/domain/retention/retention.ts'

const regime = (
  rule: string,
  retentionYears: number,
  binds: 'local' | 'counterparty' | 'both' = 'local',
) => ({
  rule,
  retentionYears,
  binds,
})
const end = new Date('2024-02-29T12:00:00Z')

describe('how long data is kept', () => {
  it('is what the longest regime says that binds the local VASP', () => {
    const regimes = [
      regime('EU', 5),
      regime('CH', 10, 'both'),
      regime('LI', 10),
      regime('XX', 30, 'counterparty'),
    ]
    expect(retentionOf(regimes, 5, end)).toEqual({
      years: 10,
      rules: ['CH', 'LI'],
      until: new Date('2034-03-01T12:00:00Z'),
    })
  })

  it('is never less than the policy says, and the policy is named then', () => {
    expect(retentionOf([regime('EU', 5)], 7, end)).toMatchObject({ years: 7, rules: ['policy'] })
    expect(retentionOf([], 5, end)).toMatchObject({ years: 5, rules: ['policy'] })
  })

  it('ends on the same day, or on the next where there is no such day', () => {
    expect(yearsAfter(end, 5)).toEqual(new Date('2029-03-01T12:00:00Z'))
    expect(yearsAfter(end, 4)).toEqual(new Date('2028-02-29T12:00:00Z'))
    expect(yearsAfter(end, -5)).toEqual(new Date('2019-03-01T12:00:00Z'))
  })
})

describe('a message stays whole', () => {
  it.each([
    ['transfer.answer', { answer: 'accept' }],
    ['transfer.answer', { answer: 'review' }],
    ['transfer.answer', { answer: 'reject', code: 'NAME_UNKNOWN' }],
    ['transfer.cancel', { reason: 'CUSTOMER', expired: false }],
  ])('if it is a %s of codes only', (type, content) => {
    expect(isCodesOnly(type, content)).toBe(true)
  })

  it.each([
    ['transfer.answer', { answer: 'reject', code: 'Maria Musterfrau is unknown' }],
    ['transfer.answer', { answer: 'repair', fields: [] }],
    ['transfer.answer', null],
    ['transfer.answer', 'accept'],
    ['transfer.cancel', { reason: 'as Maria asked' }],
    ['transfer.settled', { tx_id: '0x1' }],
    ['transfer.request', { answer: 'accept' }],
  ])('but not %s %j', (type, content) => {
    expect(isCodesOnly(type, content)).toBe(false)
  })
})
