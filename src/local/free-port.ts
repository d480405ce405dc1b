/** A TCP port of this machine that nobody listens on. */
import { createServer } from 'node:net'

/**
 * Asks the kernel for a free port on 127.0.0.1 and gives it back at once. Somebody else may take it before the caller binds
 * it, so a caller that may choose again does so when binding fails.
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

/** Whether `port` of 127.0.0.1 can be bound now: `wanted` when it can, else another that can. */
export async function freePortPreferring(wanted: number | undefined): Promise<number> {
  if (wanted === undefined) return freePort()
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
  return free ? wanted : freePort()
}
