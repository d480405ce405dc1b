/** Telling an outage of ours, after which the same call may succeed, from a fault. */
import { Refusal } from '../domain/refusal.ts'

/** Socket errors, and what PostgreSQL says while it starts, stops or is full (SQLSTATE classes 08, 53, 57P). */
const OUTAGE_CODE =
  /^(?:E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)|08...|53...|57P0[1-5])$/
/** What `pg` throws without a code. */
const OUTAGE_MESSAGE = /^(?:Connection terminated|timeout exceeded when trying to connect)/

/** The call may or may not have been carried out; asking again with the same request_id tells. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof Refusal) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return OUTAGE_CODE.test(code) || OUTAGE_MESSAGE.test(error.message)
}
