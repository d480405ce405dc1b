/** Page tokens and cursors: opaque to callers, two sortable parts within. */
import { Refusal, type RefusalCode } from '../domain/refusal.ts'

export function encodeToken(first: string, second: string): string {
  return Buffer.from(JSON.stringify([first, second])).toString('base64url')
}

/** What a part of a token must be: an expression, or one with a range besides. */
type Form = Pick<RegExp, 'test'>

/** Throws Refusal `code` for anything that `encodeToken` did not make in the given form. */
export function decodeToken(token: string, form: readonly [Form, Form], code: RefusalCode): [string, string] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.length === 2) {
      const [first, second]: unknown[] = parts
      if (
        typeof first === 'string' &&
        typeof second === 'string' &&
        form[0].test(first) &&
        form[1].test(second)
      )
        return [first, second]
    }
  } catch (error) {
    throw new Refusal(code, undefined, { cause: error })
  }
  throw new Refusal(code)
}

/** A time that exists: PostgreSQL takes no other. */
export const TIME_FORM: Form = {
  test: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text)),
}
export const UUID_FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** A bigint of PostgreSQL. */
export const NUMBER_FORM: Form = { test: (text) => /^\d{1,19}$/.test(text) && BigInt(text) < 2n ** 63n }
