/**
 * How often somebody may try to sign in: a minute and address, and fewer for one login from one address. The login alone is never counted,
 * so that nobody's attempts keep another person out. Counted by hashes, over all replicas.
 */
import { createHash } from 'node:crypto'
import type { AttemptStore } from './ports.ts'

export interface AttemptLimits {
  readonly ofAddressAMinute: number
  readonly ofLoginAMinute: number
}

export interface SignInGate {
  /** Seconds to wait; undefined: go on. Counts the attempt either way. */
  pass(address: string, login?: string): Promise<number | undefined>
  sweep(): Promise<void>
}

const PERIOD_SECONDS = 60

export function signInGate(attempts: AttemptStore, limits: AttemptLimits): SignInGate {
  return {
    async pass(address, login) {
      const place = networkOf(address)
      const who = login === undefined ? [hashOf(place)] : [hashOf(place), hashOf(place, login)]
      const [ofAddress, ofLogin] = await attempts.count(who, PERIOD_SECONDS)
      const waits = [
        ...(ofAddress !== undefined && ofAddress.count > limits.ofAddressAMinute
          ? [ofAddress.secondsLeft]
          : []),
        ...(ofLogin !== undefined && ofLogin.count > limits.ofLoginAMinute ? [ofLogin.secondsLeft] : []),
      ]
      return waits.length === 0 ? undefined : Math.max(...waits)
    },
    sweep: () => attempts.sweep(PERIOD_SECONDS),
  }
}

/** One subscriber has a whole /64 of IPv6 (RFC 6177), so that is what counts as one address. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const before = head.split(':').filter((group) => group !== '')
  const after = (tail ?? '').split(':').filter((group) => group !== '')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

function hashOf(...parts: readonly string[]): Uint8Array {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
