/** A TCP port of this machine that nobody listens on. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the ports that Linux gives to outgoing connections (32768 and up, ip(7)): one of those could be taken by any connection, between
 * now and the caller's binding, or while a server is down that is to be started again on its port.
 */
const FIRST = 15_000
const LAST = 32_000
/** Given out by this process and perhaps not bound yet. */
const given = new Set<number>()

/**
 * A port of 127.0.0.1 that nobody listens on now. Somebody else may take it before the caller binds it, so a caller that may choose
 * again does so when binding fails.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

/** Whether `port` of 127.0.0.1 can be bound now: `wanted` when it can, else another that can. */
export async function freePortPreferring(wanted: number | undefined): Promise<number> {
  return wanted !== undefined && (await isFree(wanted)) ? wanted : freePort()
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
