/** Signed tombstones of shredded transfers (src/domain/retention/tombstone.ts), made and read. */
import canonicalize from 'canonicalize'
import { z } from 'zod'
import type { EvidenceDesk } from '../app/evidence.ts'
import type { CounterpartyStore, TombstoneDesk } from '../app/ports.ts'
import { ENVELOPE_BYTES_MAX, parseEnvelopeClaims } from '../domain/envelope/envelope.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { isCodesOnly } from '../domain/retention/retention.ts'
import { type BuriedMessage, TOMBSTONE_FORMAT, type Tombstone } from '../domain/retention/tombstone.ts'
import { type JsonValue, parseStrictJson, StrictJsonError } from '../domain/strict-json.ts'
import { signCompactJws, verifyCompactJws } from './compact-jws.ts'
import { fromBase64url, fromUtf8 } from './encoding.ts'
import { ENVELOPE_TYP } from './envelope-sealer.ts'
import { sha256 } from './evidence-bundle.ts'
import type { KeyStore } from './key-store.ts'
import { recordOf } from './pinned-keys.ts'

export const TOMBSTONE_TYP = 'tamga-tombstone+jws'
/** A transfer has few messages, each of some hundred bytes here. */
export const TOMBSTONE_BYTES_MAX = 1_000_000

export interface TombstoneParts {
  readonly keyStore: KeyStore
  readonly counterparties: Pick<CounterpartyStore, 'key'>
  readonly desk: Pick<EvidenceDesk, 'open'>
}

export function tombstoneDesk({ keyStore, counterparties, desk }: TombstoneParts): TombstoneDesk {
  async function keyOf(vaspId: string, kid: string) {
    const own = (await keyStore.publicKeys(vaspId)).find((key) => key.kid === kid)
    const pinned = own === undefined ? await counterparties.key(vaspId, kid) : undefined
    return own ?? (pinned && recordOf(pinned))
  }

  async function isGood(vaspId: string, envelope: string): Promise<boolean> {
    const expected = {
      typ: ENVELOPE_TYP,
      bytesMax: ENVELOPE_BYTES_MAX,
      keyFor: (kid: string) => keyOf(vaspId, kid),
    }
    return verifyCompactJws(envelope, expected).then(
      () => true,
      (error: unknown) => {
        if (error instanceof EnvelopeRefusal) return false
        throw error
      },
    )
  }

  /** Undefined for a message that may stay whole: what it says, it says in codes. */
  async function buried(
    vaspId: string,
    { direction, envelope }: { readonly direction: 'sent' | 'received'; readonly envelope: string },
  ): Promise<BuriedMessage | undefined> {
    const [header = '', payload = ''] = envelope.split('.')
    const claims = parseEnvelopeClaims(fromUtf8(fromBase64url(payload)))
    if (claims.body === undefined) return undefined
    // What we sent was sealed for the other side only: whether it says more than codes cannot be seen any more.
    const content = direction === 'received' ? await opened(desk, envelope) : undefined
    if (content !== undefined && isCodesOnly(claims.type, content)) return undefined
    return {
      direction,
      kid: Kid.parse(JSON.parse(fromUtf8(fromBase64url(header)))).kid,
      signature: (await isGood(vaspId, envelope)) ? 'good' : 'not good',
      sha256: sha256(envelope),
      claims: WithBody.parse(JSON.parse(fromUtf8(fromBase64url(payload)))),
    }
  }

  return {
    async bury({ vaspId, transferId, version, state, by, early, kept, messages }, now) {
      const all = await Promise.all(messages.map((message) => buried(vaspId, message)))
      const gone = all.filter((message) => message !== undefined)
      const claims: Tombstone = {
        format: TOMBSTONE_FORMAT,
        iss: vaspId,
        iat: Math.floor(now.getTime() / 1000),
        transfer_id: transferId,
        version,
        state,
        by,
        early: early ?? null,
        kept: { years: kept.years, rules: kept.rules, until: kept.until.toISOString() },
        messages: gone,
      }
      const { kid } = await keyStore.signingKey(vaspId, now)
      const text = canonicalize(claims) ?? ''
      const tombstone = await signCompactJws(TOMBSTONE_TYP, kid, text, (bytes) => keyStore.sign(kid, bytes))
      const bodies = gone.map(({ direction, claims: { jti } }) => ({
        direction,
        jti: typeof jti === 'string' ? jti : '',
      }))
      return { tombstone, sha256: sha256(tombstone), bodies }
    },

    read(tombstone) {
      const [, payload = ''] = tombstone.split('.')
      return parseTombstone(fromUtf8(fromBase64url(payload)))
    },
  }
}

/** The content that was sealed for us; undefined when it no longer opens. */
async function opened(desk: Pick<EvidenceDesk, 'open'>, envelope: string): Promise<JsonValue | undefined> {
  try {
    return (await desk.open(envelope))?.content
  } catch (error) {
    if (error instanceof EnvelopeRefusal) return undefined
    throw error
  }
}

const Json: z.ZodType<JsonValue> = z.json()
const Kid = z.looseObject({ kid: z.string() })
const WithBody = z.record(z.string(), Json).transform((claims) => {
  const { body: _, ...rest } = claims
  return rest
})

const Statement = z.strictObject({
  format: z.literal(TOMBSTONE_FORMAT),
  iss: z.string(),
  iat: z.int().positive(),
  transfer_id: z.string(),
  version: z.int(),
  state: z.string(),
  by: z.string(),
  early: z.string().nullable(),
  kept: z.strictObject({ years: z.int(), rules: z.array(z.string()), until: z.iso.datetime() }),
  messages: z.array(
    z.strictObject({
      direction: z.enum(['sent', 'received']),
      kid: z.string(),
      signature: z.enum(['good', 'not good']),
      sha256: z.string(),
      claims: z.record(z.string(), Json),
    }),
  ),
})

/** From the signed text. Throws EnvelopeRefusal. */
export function parseTombstone(text: string): Tombstone {
  try {
    const parsed = Statement.safeParse(
      parseStrictJson(text, { lengthMax: TOMBSTONE_BYTES_MAX, depthMax: 6, nodesMax: 50_000 }),
    )
    if (parsed.success) return parsed.data
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error
  }
  throw new EnvelopeRefusal('CLAIMS', 'not a tombstone')
}
