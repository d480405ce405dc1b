/** The answer to a decision webhook, read strictly: what is not exactly one of the four is none. */
import { z } from 'zod'
import { parseStrictJson } from '../domain/strict-json.ts'
import type { DecisionAnswer } from '../domain/webhook/decision.ts'

const code = z.string().regex(/^[A-Z0-9_]{1,64}$/)
const transfer_id = z.uuid().toLowerCase()

const Answer = z.discriminatedUnion('decision', [
  z.strictObject({ transfer_id, decision: z.literal('accept') }),
  z.strictObject({ transfer_id, decision: z.literal('pending') }),
  z.strictObject({ transfer_id, decision: z.literal('reject'), code }),
  z.strictObject({
    transfer_id,
    decision: z.literal('repair'),
    fields: z
      .array(
        z.strictObject({
          path: z
            .string()
            .max(512)
            .regex(/^(?:\/(?:[^~/\p{Cc}\p{Cs}]|~[01])*)*$/u),
          code,
          message: z.string().regex(/^[^\p{Cc}\p{Cs}]{0,500}$/u),
        }),
      )
      .min(1)
      .max(50),
  }),
])

export function readDecision(text: string): DecisionAnswer | undefined {
  let json: unknown
  try {
    json = parseStrictJson(text)
  } catch {
    return undefined
  }
  const parsed = Answer.safeParse(json)
  if (!parsed.success) return undefined
  const { transfer_id: transferId, ...answer } = parsed.data
  return { transferId, ...answer }
}
