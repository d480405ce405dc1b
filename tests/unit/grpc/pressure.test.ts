import { describe, expect, it } from 'vitest'
import { CALLER_ROLES } from '../../../src/app/gateway.ts'
import { isShed, lateness } from '../../../src/grpc/pressure.ts'

const method = (path: string, responseStream = false) => ({ path: `/travelrule.v1.${path}`, responseStream })

describe('pressure', () => {
  it('rises only when timers are late twice in a row, and falls at once', () => {
    const late = lateness()
    expect([0, 900, 0, 900, 600, 100, 2_500, 2_500, 30].map(late)).toEqual([
      'none',
      'none',
      'none',
      'none',
      'high',
      'none',
      'none',
      'extreme',
      'none',
    ])
  })
})

describe('what is refused under pressure', () => {
  it('is nothing without it', () => {
    for (const role of CALLER_ROLES)
      expect(isShed('none', method('ReviewService/ListHolds'), role)).toBe(false)
  })

  it('is people, exports and new streams before transfers', () => {
    expect(isShed('high', method('ReviewService/ListHolds'), 'console')).toBe(true)
    expect(isShed('high', method('EvidenceService/GetEvidence'), 'auditor')).toBe(true)
    expect(isShed('high', method('TransferService/WatchTransfers', true), 'integrator')).toBe(true)
    expect(isShed('high', method('TransferService/AuthorizeTransfer'), 'integrator')).toBe(false)
    expect(isShed('extreme', method('TransferService/AuthorizeTransfer'), 'integrator')).toBe(true)
  })

  it('is never the report that an asset moves, nor the question whether we live', () => {
    const health = { path: '/grpc.health.v1.Health/Check', responseStream: false }
    for (const path of ['TransferService/RedeemPermit', 'TransferService/ReportSettlement'])
      expect(isShed('extreme', method(path), 'custody')).toBe(false)
    expect(isShed('extreme', health, 'auditor')).toBe(false)
  })
})
