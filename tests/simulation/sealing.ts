/**
 * Envelopes and permits without cryptography: a deterministic stand-in behind the same ports, so that thousands of histories run in
 * seconds. The claims are the real ones (written, read and checked by the domain), and so are the contents; a "signature" is a hash with
 * the issuer's name, which is all that honest parties need. Forgery is tested where the cryptography is, in tests/unit/sealing.
 */
import { createHash } from 'node:crypto'
import type {
  Clock,
  Content,
  CounterpartyStore,
  Envelopes,
  NewId,
  PermitClaims,
  Permits,
} from '../../src/app/ports.ts'
import {
  checkEnvelopeTimes,
  type EnvelopeClaims,
  parseEnvelopeClaims,
  writeEnvelopeClaims,
} from '../../src/domain/envelope/envelope.ts'
import { EnvelopeRefusal } from '../../src/domain/envelope/refusal.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { readContent } from '../../src/nats/read-content.ts'

const RECEIPT_SECONDS = 7 * 24 * 3600

/** A SHA-256 in base64url. */
const SIGNATURE_LENGTH = 43

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')
const signed = (claims: EnvelopeClaims) => {
  const payload = writeEnvelopeClaims(claims)
  return `${payload}${sha256(`${claims.iss} ${payload}`)}`
}
const times = (now: Date, expiresAt: Date) => {
  const iat = Math.floor(now.getTime() / 1000)
  return { iat, exp: Math.max(iat + 1, Math.floor(expiresAt.getTime() / 1000)) }
}

export interface SealingParts {
  readonly clock: Clock
  readonly newId: NewId
  readonly counterparties: Pick<CounterpartyStore, 'recent'>
}

export function plainEnvelopes({ clock, newId, counterparties }: SealingParts): Envelopes {
  return {
    async write(letter, now) {
      if ((await counterparties.recent(letter.from, letter.to)) === undefined)
        throw new Refusal('COUNTERPARTY_NOT_FOUND')
      const jti = newId()
      const content = Buffer.from(JSON.stringify(letter.content)).toString('base64url')
      const digest = sha256(`${jti} ${content}`)
      const { transferId, seq, inReplyTo, expiresAt, type } = letter
      const about = { ...(transferId !== undefined && { transferId }), ...(seq !== undefined && { seq }) }
      const envelope = signed({
        iss: letter.from,
        aud: letter.to,
        jti,
        ...times(now, expiresAt),
        type,
        ...about,
        ...(inReplyTo !== undefined && { inReplyTo }),
        digest,
        body: `e..iv.${content}.tag`,
      })
      const kind = type === 'card' || type === 'ping' || type === 'pong' ? 'ctl' : 'env'
      return { jti, receiver: letter.to, kind, type, envelope, digest, expiresAt, ...about }
    },

    async receipt(vaspId, letter, refusedBecause, now) {
      return signed({
        iss: vaspId,
        aud: letter.from,
        jti: newId(),
        ...times(now, new Date(now.getTime() + RECEIPT_SECONDS * 1000)),
        type: 'receipt',
        inReplyTo: letter.jti,
        status: refusedBecause === undefined ? 'stored' : 'refused',
        ...(letter.digest !== undefined && { digest: letter.digest }),
        ...(refusedBecause !== undefined && { reason: refusedBecause }),
        ...(letter.transferId !== undefined && { transferId: letter.transferId }),
      })
    },

    async read(vaspId, bytes, sender) {
      const envelope = Buffer.from(bytes).toString()
      const payload = envelope.slice(0, -SIGNATURE_LENGTH)
      const claims = parseEnvelopeClaims(payload)
      if (envelope.slice(-SIGNATURE_LENGTH) !== sha256(`${claims.iss} ${payload}`))
        throw new EnvelopeRefusal('SIGNATURE')
      if (claims.aud !== vaspId) throw new EnvelopeRefusal('AUDIENCE')
      if (claims.iss !== sender) throw new EnvelopeRefusal('SUBJECT_MISMATCH')
      checkEnvelopeTimes(claims, clock.now())
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
        sha256: sha256(payload),
        envelope,
        open: async () => contentOf(claims),
      }
    },
  }
}

function contentOf({ type, body }: EnvelopeClaims): Content {
  if (type === 'receipt' || body === undefined) throw new EnvelopeRefusal('SEALED_FORM')
  return readContent(type, JSON.parse(Buffer.from(body.split('.')[3] ?? '', 'base64url').toString()))
}

export const plainPermits: Permits = {
  async issue(claims) {
    return `permit ${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  },
  async verify(vaspId, permit) {
    const [, text] = permit.split(' ')
    if (text === undefined) throw new Refusal('PERMIT_INVALID')
    const claims: PermitClaims = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (claims.vaspId !== vaspId) throw new Refusal('PERMIT_INVALID')
    return claims
  },
}
