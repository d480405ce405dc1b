/** A bounded number of things at once; more wait in order. */
export interface Slots {
  /** False when no slot came free within `timeoutMs`. */
  take(timeoutMs: number): Promise<boolean>
  give(): void
  taken(): number
}

export function slots(limit: number): Slots {
  let taken = 0
  // In order of arrival; a Set lets one that has given up leave from the middle.
  const waiting = new Set<() => void>()
  return {
    async take(timeoutMs) {
      if (taken < limit) {
        taken += 1
        return true
      }
      return await new Promise<boolean>((resolve) => {
        const admit = () => {
          clearTimeout(timer)
          resolve(true)
        }
        const timer = setTimeout(() => {
          waiting.delete(admit)
          resolve(false)
        }, timeoutMs)
        waiting.add(admit)
      })
    },
    give() {
      const [next] = waiting
      if (next === undefined) {
        taken -= 1
        return
      }
      // The slot passes on.
      waiting.delete(next)
      next()
    },
    taken: () => taken,
  }
}
