/** A signed ping, and what its pong proves. */
import type { Parts } from './parts.ts'
import type { Letter } from './ports.ts'

/** A pong that comes later than this says nothing about now. */
const PING_SECONDS = 15 * 60

export function pingLetter(parts: Pick<Parts, 'clock' | 'newId'>, from: string, to: string): Letter {
  const now = parts.clock.now()
  return {
    type: 'ping',
    from,
    to,
    expiresAt: new Date(now.getTime() + PING_SECONDS * 1000),
    content: { nonce: parts.newId(), sent_at: now.toISOString() },
  }
}

export function pongLetter(
  parts: Pick<Parts, 'clock'>,
  from: string,
  ping: { readonly from: string; readonly jti: string; readonly nonce: string },
): Letter {
  const now = parts.clock.now()
  return {
    type: 'pong',
    from,
    to: ping.from,
    expiresAt: new Date(now.getTime() + PING_SECONDS * 1000),
    inReplyTo: ping.jti,
    content: { nonce: ping.nonce, sent_at: now.toISOString() },
  }
}
