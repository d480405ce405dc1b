/** Never rejects; an aborted signal ends it early. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
}

/** Waits for what happens, but not longer than this; leaves no timer behind. Rejects as `happening` does. */
export async function within(milliseconds: number, happening: Promise<unknown> | undefined): Promise<void> {
  const over = new AbortController()
  try {
    await Promise.race([happening, pause(milliseconds, over.signal)])
  } finally {
    over.abort()
  }
}
