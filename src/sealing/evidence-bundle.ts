/** The form of an evidence bundle, and the seal over the whole. */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { EVIDENCE_FORMAT, type EvidenceDesk } from '../app/evidence.ts'
import { parseEnvelopeClaims } from '../domain/envelope/envelope.ts'
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseStrictJson,
  StrictJsonError,
} from '../domain/strict-json.ts'
import { openCompactJwe, parseCompactJwe } from './compact-jwe.ts'
import { signCompactJws } from './compact-jws.ts'
import { fromBase64url, fromUtf8 } from './encoding.ts'
import { jwkSetOf } from './jwk-set.ts'
import type { KeyStore } from './key-store.ts'
import { recordOf } from './pinned-keys.ts'

export const EVIDENCE_TYP = 'tamga-evidence+jws'
/** A transfer has few messages of at most 120 kB each, and each content once more in clear. */
const LIMITS = { lengthMax: 64_000_000, depthMax: 32, nodesMax: 1_000_000 }

const Json: z.ZodType<JsonValue> = z.json()
const text = z.string()
const time = z.iso.datetime({ precision: 3 })
const vaspId = z.string().regex(/^[a-z0-9_]{1,32}$/)

const Entry = z.strictObject({ position: z.int().min(0), entry: text, proof: z.array(text) })

export const Bundle = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  exporter: vaspId,
  exported_at: time,
  transfer: z.strictObject({
    id: z.uuid(),
    role: z.enum(['originator', 'beneficiary']),
    counterparty: vaspId.nullable(),
    state: text,
    version: z.int(),
    own_seq: z.int(),
    peer_seq: z.int(),
    asset: text,
    amount: text,
    exempt: z.boolean(),
    rule: Json,
    rejection: Json,
    approvers: z.array(text),
    shredded: z.boolean(),
    created_at: time,
    updated_at: time,
    /** Under which the counterparty speaks of it, where that is another id. */
    exchange_id: z.uuid().exactOptional(),
  }),
  messages: z.array(
    z.strictObject({
      direction: z.enum(['sent', 'received']),
      type: text,
      jti: text,
      at: time,
      envelope: text,
      receipt: text.nullable(),
      receipt_at: time.nullable(),
    }),
  ),
  events: z.array(
    z.strictObject({ version: z.int(), type: text, actor: text, data: z.record(text, Json), at: time }),
  ),
  holds: z.array(
    z.strictObject({
      id: text,
      reason: text,
      finding: z.record(text, Json),
      state: text,
      opened_at: time,
      deadline: time,
      outcome: text,
      overdue: z.boolean(),
      ended_at: time.nullable(),
      ended_by: text.nullable(),
      end_reason: text.nullable(),
    }),
  ),
  rulings: z.array(z.strictObject({ version: z.int(), record: Json })),
  screenings: z.array(z.strictObject({ version: z.int(), record: Json })).default([]),
  permit: z
    .strictObject({ jti: text, issued_at: time, expires_at: time, sha256: text.nullable() })
    .nullable(),
  /** Null unless the transfer was shredded. */
  shredding: z.strictObject({ tombstone: text, entry: Entry }).nullable().default(null),
  cards: z.record(vaspId, text),
  keys: z.array(Json),
  audit: z.strictObject({
    checkpoint: text,
    entries: z.array(Entry),
  }),
  personal: z
    .strictObject({
      contents: z.array(z.strictObject({ jti: text, salt: text, content: Json })),
      permit: text.nullable(),
      /** Whom the screenings looked for: what opens the commitments of `screenings`. */
      screened: z
        .array(z.strictObject({ version: z.int(), ref: text, salt: text, subject: Json }))
        .default([]),
    })
    .nullable(),
  seal: text,
})
export type Bundle = z.infer<typeof Bundle>

export interface ReadBundle {
  readonly bundle: Bundle
  /** SHA-256 (base64url) of the canonical form without the seal. */
  readonly digest: string
  /** False for a file that says the same in other bytes. */
  readonly canonical: boolean
}

/** Undefined for what is no bundle at all. */
export function readBundle(file: string): ReadBundle | undefined {
  const json = parsed(file)
  const shaped = Bundle.safeParse(json)
  if (!shaped.success || !isJsonObject(json)) return undefined
  const { seal: _, ...sealed } = json
  const canonical = canonicalText(json) === file.replace(/\n$/, '')
  return { bundle: shaped.data, digest: digestOf(sealed), canonical }
}

function parsed(file: string): JsonValue | undefined {
  try {
    return parseStrictJson(file, LIMITS)
  } catch (error) {
    if (error instanceof StrictJsonError) return undefined
    throw error
  }
}

function canonicalText(value: JsonValue): string {
  return canonicalize(value) ?? ''
}

function digestOf(bundle: JsonObject): string {
  return sha256(canonicalText(bundle))
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('base64url')
}

/** The commitment of an envelope to its content: `digest` is this of the salt and the content in RFC 8785 form. */
export function commitmentOf(salt: string, content: JsonValue): string {
  return createHash('sha256').update(fromBase64url(salt)).update(canonicalText(content)).digest('base64url')
}

export function evidenceDesk(keyStore: KeyStore): EvidenceDesk {
  return {
    sha256,

    async open(envelope) {
      const claims = parseEnvelopeClaims(fromUtf8(fromBase64url(envelope.split('.')[1] ?? '')))
      if (claims.body === undefined) return undefined
      const sealed = parseCompactJwe(claims.body, claims)
      const key = await keyStore.openingKey(claims.aud, sealed.kid)
      if (key === undefined) return undefined
      const plaintext = fromUtf8(openCompactJwe(sealed, await key.agree(sealed.ephemeral)))
      return z.strictObject({ salt: z.string(), content: Json }).parse(JSON.parse(plaintext))
    },

    async keys(owner, others) {
      return jwkSetOf([...(await keyStore.publicKeys(owner)), ...others.map(recordOf)]).keys
    },

    async seal(issuer, transferId, bundle, now) {
      const iat = Math.floor(now.getTime() / 1000)
      const claims = { iss: issuer, iat, transfer_id: transferId, sha256: digestOf(bundle) }
      const { kid } = await keyStore.signingKey(issuer, now)
      const seal = await signCompactJws(EVIDENCE_TYP, kid, canonicalText(claims), (bytes) =>
        keyStore.sign(kid, bytes),
      )
      return canonicalText({ ...bundle, seal })
    },
  }
}
