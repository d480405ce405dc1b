import { REFUSALS, type RefusalCode } from '../../../src/domain/refusal.ts'

export const REFUSAL_CODES: readonly RefusalCode[] = Object.keys(REFUSALS).filter((key): key is RefusalCode =>
  Object.hasOwn(REFUSALS, key),
)
