/** The envelope port: letters in, sealed and signed outbox entries out; bytes in, verified letters out. */
import type { Clock, Content, Envelopes, NewId, OutboxEntry } from '../app/ports.ts'
import type { EnvelopeType } from '../domain/envelope/envelope.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { Refusal } from '../domain/refusal.ts'
import type { JsonValue } from '../domain/strict-json.ts'
import { envelopeSealer, type Sealer } from './envelope-sealer.ts'
import type { KeyStore } from './key-store.ts'
import type { PinnedKeys } from './pinned-keys.ts'

export interface EnvelopeParts {
  readonly keyStore: KeyStore
  readonly pinned: PinnedKeys
  readonly clock: Clock
  readonly newId: NewId
  /** The head of the VASP's audit log, when this counterparty should have it. */
  checkpointFor?(vaspId: string, counterpartyId: string): string | undefined
  /** Reads opened content of a type; throws when it is not what its type says. */
  readContent(type: Content['type'], content: unknown): Content
}

/** Receipts and what they receipt may meet much later than a transfer's own clocks. */
const RECEIPT_SECONDS = 7 * 24 * 3600

export function envelopes(parts: EnvelopeParts): Envelopes {
  const sealers = new Map<string, Sealer>()
  const sealerOf = (vaspId: string): Sealer => {
    const known = sealers.get(vaspId)
    if (known !== undefined) return known
    const sealer = envelopeSealer({
      keyStore: parts.keyStore,
      peerKeys: { find: (kid) => parts.pinned.byKid(vaspId, kid) },
      clock: parts.clock,
    })
    sealers.set(vaspId, sealer)
    return sealer
  }

  return {
    async write(letter, now) {
      const key = await parts.pinned.sealing(letter.from, letter.to, now)
      if (key === undefined) throw new Refusal('COUNTERPARTY_NOT_FOUND', 'it has no valid sealing key')
      const jti = parts.newId()
      const { transferId, seq, inReplyTo } = letter
      const sealed = await fitting(() =>
        sealerOf(letter.from).seal(
          {
            iss: letter.from,
            aud: letter.to,
            jti,
            ...times(now, letter.expiresAt),
            type: letter.type,
            ...(transferId !== undefined && { transferId }),
            ...(seq !== undefined && { seq }),
            ...(inReplyTo !== undefined && { inReplyTo }),
            content: jsonOf(letter.content),
          },
          key,
        ),
      )
      return {
        jti,
        receiver: letter.to,
        kind: isAboutVasp(letter.type) ? 'ctl' : 'env',
        type: letter.type,
        envelope: sealed.jws,
        digest: sealed.digest,
        expiresAt: letter.expiresAt,
        ...(transferId !== undefined && { transferId }),
        ...(seq !== undefined && { seq }),
      } satisfies OutboxEntry
    },

    async receipt(vaspId, letter, refusedBecause, now) {
      const checkpoint = parts.checkpointFor?.(vaspId, letter.from)
      const { jws } = await sealerOf(vaspId).seal({
        iss: vaspId,
        aud: letter.from,
        jti: parts.newId(),
        ...times(now, new Date(now.getTime() + RECEIPT_SECONDS * 1000)),
        type: 'receipt',
        inReplyTo: letter.jti,
        status: refusedBecause === undefined ? 'stored' : 'refused',
        ...(letter.digest !== undefined && { digest: letter.digest }),
        ...(refusedBecause !== undefined && { reason: refusedBecause }),
        ...(letter.transferId !== undefined && { transferId: letter.transferId }),
        ...(checkpoint !== undefined && { checkpoint }),
      })
      return jws
    },

    async read(vaspId, bytes, sender) {
      const sealer = sealerOf(vaspId)
      const verified = await sealer.verify(bytes, { audience: vaspId, subjectSender: sender })
      const { claims } = verified
      return {
        from: claims.iss,
        jti: claims.jti,
        issuedAt: new Date(claims.iat * 1000),
        type: claims.type,
        transferId: claims.transferId,
        seq: claims.seq,
        inReplyTo: claims.inReplyTo,
        digest: claims.digest,
        status: claims.status,
        sha256: verified.payloadDigest,
        envelope: verified.jws,
        async open() {
          if (claims.type === 'receipt') throw new EnvelopeRefusal('SEALED_FORM')
          const { content } = await sealer.open(verified)
          return contentOf(parts, claims.type, content)
        },
      }
    },
  }
}

/** Escaping can make a payload outgrow the envelope: that is the caller's to mend, not a fault of ours. */
async function fitting<T>(seal: () => Promise<T>): Promise<T> {
  try {
    return await seal()
  } catch (error) {
    if (error instanceof EnvelopeRefusal && error.reason === 'OVERSIZED')
      throw new Refusal(
        'REQUEST_INVALID',
        'the payload does not fit an envelope once escaped; make it smaller',
        {
          cause: error,
          fields: [{ field: 'identity.ivms101', description: 'must be smaller once escaped' }],
        },
      )
    throw error
  }
}

/** NumericDates are whole seconds (RFC 7519, 2): issued rounds down, expiry too, so that nothing lives longer than was decided. */
function times(now: Date, expiresAt: Date): { iat: number; exp: number } {
  const iat = Math.floor(now.getTime() / 1000)
  return { iat, exp: Math.max(iat + 1, Math.floor(expiresAt.getTime() / 1000)) }
}

function isAboutVasp(type: EnvelopeType): boolean {
  return type === 'card' || type === 'ping' || type === 'pong'
}

function contentOf(parts: EnvelopeParts, type: Content['type'], content: JsonValue): Content {
  try {
    return parts.readContent(type, content)
  } catch (error) {
    throw new EnvelopeRefusal('CLAIMS', error instanceof Error ? `content: ${error.message}` : 'content')
  }
}

/** Contents are plain JSON by construction; this only says so to the compiler. */
function jsonOf(content: Content['content']): JsonValue {
  return JSON.parse(JSON.stringify(content))
}
