/**
 * The contents of envelopes as they arrive: what another VASP may say under each type, and nothing besides. A member that we do
 * not know is refused, since acting on the rest would be acting on less than was said.
 *
 * Identity payloads and cards are only bounded here; whoever understands them reads them.
 */
import { z } from 'zod'
import { parseAccountId, parseAssetId } from '../domain/caip.ts'
import { isDecimal } from '../domain/decimal.ts'
import type { EnvelopeType } from '../domain/envelope/envelope.ts'
import { ONE_LINE } from '../domain/one-line.ts'
import type { InquiryAnswer, InquiryContent } from '../domain/transfer/deposit.ts'
import type {
  AnswerContent,
  CancelContent,
  RepairContent,
  RequestContent,
  SettledContent,
} from '../domain/transfer/transfer.ts'

export interface CardContent {
  /** Compact JWS. */
  readonly card: string
}

/** `ping` and, with the same nonce, `pong`. */
export interface PingContent {
  readonly nonce: string
  readonly sent_at: string
}

export interface Contents {
  readonly 'transfer.request': RequestContent
  readonly 'transfer.repair': RepairContent
  readonly 'transfer.answer': AnswerContent
  readonly 'transfer.cancel': CancelContent
  readonly 'transfer.settled': SettledContent
  readonly 'transfer.returned': SettledContent
  readonly 'deposit.inquiry': InquiryContent
  readonly 'deposit.answer': InquiryAnswer
  readonly card: CardContent
  readonly ping: PingContent
  readonly pong: PingContent
}
export type ContentType = keyof Contents & EnvelopeType

/** UTC with milliseconds (RFC 3339), as we write them: one spelling per instant. */
const time = z.iso.datetime({ precision: 3 }).max(30)
const decimal = z.string().max(70).refine(isDecimal)
const code = z.string().regex(/^[A-Z0-9_]{1,64}$/)
const asset = z
  .string()
  .max(260)
  .refine((text) => parseAssetId(text) !== undefined)
const account = z
  .string()
  .max(180)
  .refine((text) => parseAccountId(text) !== undefined)
const identity = z.string().min(2).max(65_536)
/** RFC 6901. */
const pointer = z
  .string()
  .max(512)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/)
const line = z.string().max(500).regex(ONE_LINE)
const ping = z.strictObject({ nonce: z.string().regex(/^[A-Za-z0-9_-]{16,128}$/), sent_at: time })

const tag = z.string().min(1).max(128).pipe(line).exactOptional()
const txId = z.string().regex(/^[!-~]{1,128}$/)
const request = z.strictObject({
  asset,
  amount: decimal,
  destination: account,
  tag,
  fiat: z
    .strictObject({ amount: decimal, currency: z.string().regex(/^[A-Z]{3}$/), priced_at: time })
    .exactOptional(),
  identity,
  answer_by: time,
})

const SCHEMAS: { readonly [T in ContentType]: z.ZodType<Contents[T]> } = {
  'transfer.request': request,
  'transfer.repair': z.strictObject({ identity, answer_by: time }),
  'transfer.answer': z.discriminatedUnion('answer', [
    z.strictObject({ answer: z.literal('review') }),
    z.strictObject({ answer: z.literal('accept') }),
    z.strictObject({ answer: z.literal('reject'), code }),
    z.strictObject({
      answer: z.literal('repair'),
      fields: z
        .array(z.strictObject({ path: pointer, code, message: line }))
        .min(1)
        .max(100),
    }),
  ]),
  'transfer.cancel': z.strictObject({ reason: code, expired: z.boolean() }),
  'transfer.settled': z.strictObject({ tx_id: txId }),
  'transfer.returned': z.strictObject({ tx_id: txId }),
  'deposit.inquiry': z.strictObject({
    asset,
    amount: decimal,
    destination: account,
    tag,
    tx_id: txId,
    seen_at: time,
  }),
  'deposit.answer': z.discriminatedUnion('answer', [
    z.strictObject({ answer: z.literal('none') }),
    z.strictObject({ answer: z.literal('linked'), transfer_id: z.uuid(), request: request.exactOptional() }),
  ]),
  card: z.strictObject({
    card: z
      .string()
      .max(60_000)
      .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/),
  }),
  ping,
  pong: ping,
}

/** Names the fields that are wrong as JSON pointers, and no value: contents are confidential. A member we do not know is named by its object. */
export class ContentError extends Error {
  override readonly name = 'ContentError'
  readonly code = 'CONTENT'
  readonly fields: readonly string[]

  constructor(type: string, fields: readonly string[]) {
    super(`the content is no ${type}: ${fields.map((field) => field || 'as a whole').join(', ')}`)
    this.fields = fields
  }
}

/** Reads the opened content of an envelope of this type. Throws ContentError. */
export function parseContent<T extends ContentType>(type: T, content: unknown): Contents[T] {
  const parsed = SCHEMAS[type].safeParse(content)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path }) => path.map((part) => `/${String(part)}`).join(''))
  throw new ContentError(type, [...new Set(fields)].slice(0, 20))
}
