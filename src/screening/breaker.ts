/** A provider that has not answered several times in a row is left alone for a while: its transfers are held at once, not after a wait. */
import { type ScreeningProvider, ScreeningUnavailable } from '../app/ports.ts'

const FAILURES_MAX = 5
const REST_MILLISECONDS = 10_000

export function withBreaker(provider: ScreeningProvider): ScreeningProvider {
  let failures = 0
  let restsUntil = 0
  return {
    async screen(request, signal, now) {
      if (performance.now() < restsUntil)
        throw new ScreeningUnavailable('SCREENING_ERROR', 'it has failed several times and is left alone')
      try {
        const answer = await provider.screen(request, signal, now)
        failures = 0
        return answer
      } catch (error) {
        failures += 1
        if (failures >= FAILURES_MAX) restsUntil = performance.now() + REST_MILLISECONDS
        throw error
      }
    },
  }
}
