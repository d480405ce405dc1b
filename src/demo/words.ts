/** What the gateway's API says, in the words of the domain. */
import type { Transfer } from '../gen/travelrule/v1/common.ts'
import { GatewayError } from '../grpc/client.ts'
import { DECISIONS, HOLD_REASON_NUMBERS, STATES, wordOf } from '../grpc/wire/words.ts'

/** As in "ACCEPTED, PROCEED" or "STARTED, WAIT: COUNTERPARTY_UNVERIFIED", with the open holds behind the colon. */
export function statusOf(transfer: Transfer): string {
  const state = wordOf(STATES, transfer.state)?.toUpperCase() ?? 'UNKNOWN STATE'
  const decision = wordOf(DECISIONS, transfer.decision) ?? 'UNKNOWN DECISION'
  const holds = transfer.holds.map(({ reason }) => wordOf(HOLD_REASON_NUMBERS, reason) ?? 'UNKNOWN REASON')
  return `${state}, ${decision}${holds.length > 0 ? `: ${holds.join(' ')}` : ''}`
}

/** As in "IDENTITY_INVALID", the reason why a call was refused; "not refused" when it was not. Anything else is thrown. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const refused = await refusedCall(call)
  return refused === undefined ? 'not refused' : (refused.reason ?? refused.code)
}

export async function refusedCall(call: Promise<unknown>): Promise<GatewayError | undefined> {
  try {
    await call
    return undefined
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}
