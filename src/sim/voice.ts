/** How a robot speaks: real envelopes under its own keys, and whatever bytes a behaviour makes of them. */
import { createHash, randomUUID } from 'node:crypto'
import type { Content } from '../app/ports.ts'
import type { EnvelopeType } from '../domain/envelope/envelope.ts'
import type { JsonObject, JsonValue } from '../domain/strict-json.ts'
import type { Kind, NatsLink } from '../nats/transport.ts'
import { signCompactJws } from '../sealing/compact-jws.ts'
import { ENVELOPE_TYP, envelopeSealer, type Sealer } from '../sealing/envelope-sealer.ts'
import type { KeyStore } from '../sealing/key-store.ts'
import type { Peers } from './peers.ts'

/** What is said, before it is sealed. */
export interface Words {
  readonly to: string
  readonly type: Exclude<EnvelopeType, 'receipt'>
  readonly content: Content['content']
  readonly transferId?: string
  readonly seq?: number
  readonly inReplyTo?: string
}

export interface Envelope {
  readonly to: string
  readonly kind: Kind
  readonly jti: string
  readonly transferId: string | undefined
  /** Compact JWS. */
  readonly jws: string
}

export interface Receipted {
  readonly from: string
  readonly jti: string
  readonly digest: string | undefined
  readonly transferId: string | undefined
}

export interface Voice {
  readonly id: string
  readonly sealer: Sealer
  seal(words: Words): Promise<Envelope>
  /** The same, signed by a key that nobody has pinned. */
  sealAsImpostor(words: Words): Promise<Envelope>
  /** The envelope with other claims in clear, signed anew by the robot's own key. */
  signAgain(envelope: Envelope, claims: JsonObject): Promise<Envelope>
  receipt(letter: Receipted, digest?: string): Promise<Envelope>
  /** One attempt; the broker's acknowledgement is all that it waits for. */
  post(envelope: Envelope): Promise<void>
  /** What was posted about a transfer, oldest first. */
  posted(transferId: string): readonly Posted[]
}

export interface Posted {
  readonly to: string
  readonly jti: string
  /** SHA-256 (hex) of the bytes, as the receiver's security events have it. */
  readonly sha256: string
}

export interface VoiceParts {
  readonly id: string
  readonly keyStore: KeyStore
  /** Keys under the same id that are on no card. */
  readonly impostorKeys: KeyStore
  readonly peers: Peers
  readonly link: NatsLink
}

const LIFETIME_SECONDS = 3_600

export function voiceOf({ id, keyStore, impostorKeys, peers, link }: VoiceParts): Voice {
  const sealer = sealerOver(keyStore, peers)
  const impostor = sealerOver(impostorKeys, peers)
  const posted: (Posted & { transferId: string | undefined })[] = []

  async function seal({ to, type, content, transferId, ...rest }: Words, by: Sealer): Promise<Envelope> {
    const jti = randomUUID()
    const about = { ...rest, ...(transferId !== undefined && { transferId }) }
    const draft = { iss: id, aud: to, jti, ...lifetime(), type, ...about, content: jsonOf(content) }
    const { jws } = await by.seal(draft, peers.sealingKey(to))
    return { to, kind: transferId === undefined ? 'ctl' : 'env', jti, transferId, jws }
  }

  return {
    id,
    sealer,
    seal: (words) => seal(words, sealer),
    sealAsImpostor: (words) => seal(words, impostor),

    async signAgain(envelope, claims) {
      const payload: object = JSON.parse(
        Buffer.from(envelope.jws.split('.')[1] ?? '', 'base64url').toString(),
      )
      const { kid } = await keyStore.signingKey(id, new Date())
      const text = JSON.stringify({ ...payload, ...claims })
      return {
        ...envelope,
        jws: await signCompactJws(ENVELOPE_TYP, kid, text, (bytes) => keyStore.sign(kid, bytes)),
      }
    },

    async receipt({ from, jti: inReplyTo, transferId, ...letter }, digest = letter.digest) {
      const jti = randomUUID()
      const { jws } = await sealer.seal({
        iss: id,
        aud: from,
        jti,
        ...lifetime(),
        type: 'receipt',
        inReplyTo,
        status: 'stored',
        ...(digest !== undefined && { digest }),
        ...(transferId !== undefined && { transferId }),
      })
      return { to: from, kind: 'rcpt', jti, transferId, jws }
    },

    async post({ to, kind, jti, transferId, jws }) {
      const bytes = Buffer.from(jws)
      posted.push({ to, jti, transferId, sha256: createHash('sha256').update(bytes).digest('hex') })
      // Every attempt has a name of its own, or the broker would drop it as a repetition.
      await link.publish({ receiver: to, kind, id: randomUUID(), bytes })
    },

    posted: (transferId) => posted.filter((one) => one.transferId === transferId),
  }
}

function sealerOver(keyStore: KeyStore, peers: Peers): Sealer {
  return envelopeSealer({
    keyStore,
    peerKeys: { find: (kid) => peers.byKid(kid) },
    clock: { now: () => new Date() },
  })
}

function lifetime(): { iat: number; exp: number } {
  const iat = Math.floor(Date.now() / 1000)
  return { iat, exp: iat + LIFETIME_SECONDS }
}

/** Contents are plain JSON by construction; this only says so to the compiler. */
function jsonOf(content: Content['content']): JsonValue {
  return JSON.parse(JSON.stringify(content))
}
