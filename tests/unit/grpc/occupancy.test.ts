import { describe, expect, it } from 'vitest'
import { occupancy } from '../../../src/grpc/occupancy.ts'

describe('the room for callers', () => {
  it('is counted for each caller, and for calls and streams apart', () => {
    const room = occupancy({ callsPerCaller: 2, watchesPerCaller: 1 })
    room.enter('alice/integrator', 'call')
    room.enter('alice/integrator', 'call')
    expect(() => room.enter('alice/integrator', 'call')).toThrow(
      expect.objectContaining({ code: 'OVERLOADED' }),
    )
    room.enter('alice/integrator', 'watch')
    expect(() => room.enter('alice/integrator', 'watch')).toThrow(
      expect.objectContaining({ code: 'OVERLOADED' }),
    )
    room.enter('alice/console', 'call')
    room.enter('carol/integrator', 'call')
  })

  it('is freed once by each that leaves', () => {
    const room = occupancy({ callsPerCaller: 2, watchesPerCaller: 1 })
    const leave = room.enter('a', 'call')
    room.enter('a', 'call')
    leave()
    leave()
    room.enter('a', 'call')
    expect(() => room.enter('a', 'call')).toThrow(/at its limit/)
  })
})
