import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../../src/domain/refusal.ts'
import { rates } from '../../../src/grpc/rate.ts'

function clocked(callsPerSecond: number, callsBurst: number) {
  let now = 0
  const rate = rates({ callsPerSecond, callsBurst }, () => now)
  /** Undefined when the call is let in, or after how many milliseconds to call again. */
  const call = (caller = 'alice/integrator'): number | undefined => {
    try {
      rate.take(caller)
      return undefined
    } catch (error) {
      expect(error).toMatchObject({ code: 'RATE_LIMITED' })
      return error instanceof Refusal ? error.retryAfterMs : undefined
    }
  }
  return { call, pass: (milliseconds: number) => (now += milliseconds) }
}

describe('the rate of callers', () => {
  it('lets a burst in at once, then so many a second', () => {
    const { call, pass } = clocked(10, 3)
    expect([call(), call(), call(), call()]).toEqual([undefined, undefined, undefined, 100])
    pass(50)
    expect(call()).toBe(50)
    pass(50)
    expect([call(), call()]).toEqual([undefined, 100])
  })

  it('is counted for each caller', () => {
    const { call } = clocked(1, 1)
    expect([call('a'), call('b')]).toEqual([undefined, undefined])
    expect([call('a'), call('b')]).toEqual([1_000, 1_000])
  })

  it('lets in whoever waits as long as it was told', () => {
    const { call, pass } = clocked(7, 1)
    expect(call()).toBeUndefined()
    for (let n = 0; n < 20; n++) {
      pass(call() ?? 0)
      expect(call()).toBeUndefined()
    }
  })

  it('never lets in more than the burst and what flowed in since, whenever the calls come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat(300), { minLength: 1, maxLength: 200 }),
        (perSecond, burst, pauses) => {
          const { call, pass } = clocked(perSecond, burst)
          let passed = 0
          let admitted = 0
          for (const pause of pauses) {
            pass(pause)
            passed += pause
            if (call() === undefined) admitted++
          }
          expect(admitted).toBeLessThanOrEqual(burst + (passed * perSecond) / 1_000 + 1e-6)
        },
      ),
    )
  })
})
