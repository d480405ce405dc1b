/** Envelopes as nobody honest sends them. Each takes the honest one's words, and posts something that must be refused. */
import { randomUUID } from 'node:crypto'
import type { Envelope, Voice, Words } from './voice.ts'

/** Everything that a forgery may be made of. */
export interface Workshop {
  readonly voice: Voice
  /** Another robot's voice: a VASP that is no party to the transfer. */
  readonly accomplice: Voice
}

export type Forgery = (words: Words, workshop: Workshop) => Promise<void>

const HOUR_SECONDS = 3_600
/** Base64url makes 92,000 characters of it 122,700: over the 120,000 of an envelope, within what NATS carries. */
const OVERSIZED_BODY_LENGTH = 92_000

export const FORGERIES = {
  /** One bit of the signed payload is another. */
  altered: async (words, { voice }) => {
    const envelope = await voice.seal(words)
    await voice.post({ ...envelope, jws: withAlteredBit(envelope.jws) })
  },
  /** Signed by a key that is on no card. */
  wrongKey: async (words, { voice }) => voice.post(await voice.sealAsImpostor(words)),
  /** Addressed to another VASP, delivered here. */
  misaddressed: (words, workshop) => resigned(words, workshop, () => ({ aud: workshop.accomplice.id })),
  expired: (words, workshop) =>
    resigned(words, workshop, (now) => ({ iat: now - 2 * HOUR_SECONDS, exp: now - HOUR_SECONDS })),
  fromTheFuture: (words, workshop) =>
    resigned(words, workshop, (now) => ({ iat: now + HOUR_SECONDS, exp: now + 2 * HOUR_SECONDS })),
  oversized: (words, workshop) =>
    resigned(words, workshop, () => ({ body: 'A'.repeat(OVERSIZED_BODY_LENGTH) })),
  /** The signature is right, the digest is of some other content. */
  wrongDigest: (words, workshop) => resigned(words, workshop, () => ({ digest: 'A'.repeat(43) })),
  /** An honest envelope of ours, delivered by somebody else. */
  carriedByAnother: async (words, { voice, accomplice }) => accomplice.post(await voice.seal(words)),
  /** Another VASP's honest envelope about a transfer in which it has no part. */
  thirdParty: async (words, { accomplice }) => accomplice.post(await accomplice.seal(words)),
  /** Two contents under one jti, the first one honest. */
  reusedJti: async (words, { voice }) => {
    const first = await voice.seal(words)
    await voice.post(first)
    const second = await voice.seal({ ...words, seq: (words.seq ?? 0) + 1 })
    await voice.post(await voice.signAgain(second, { jti: first.jti }))
  },
  /** Two messages under one sequence number, the first one honest. */
  reusedSequence: async (words, { voice }) => {
    await voice.post(await voice.seal(words))
    await voice.post(await voice.seal(words))
  },
} as const satisfies Record<string, Forgery>

export type ForgeryName = keyof typeof FORGERIES

async function resigned(
  words: Words,
  { voice }: Workshop,
  claims: (nowSeconds: number) => Parameters<Voice['signAgain']>[1],
): Promise<void> {
  const honest: Envelope = await voice.seal(words)
  const nowSeconds = Math.floor(Date.now() / 1000)
  await voice.post(await voice.signAgain(honest, { jti: randomUUID(), ...claims(nowSeconds) }))
}

function withAlteredBit(jws: string): string {
  const [header, payload = '', signature] = jws.split('.')
  const bytes = Buffer.from(payload, 'base64url')
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  return [header, bytes.toString('base64url'), signature].join('.')
}
