/** An ops console: shows what is held and why, and records what a person decided on what that person saw. */
import { randomUUID } from 'node:crypto'
import { connect, type Hold, Refused, type Transfer } from './connect.ts'

/** As a person sees it, and the hash that binds the decision to exactly that. */
export interface Shown {
  readonly hold: Hold
  readonly transfer: Transfer
  readonly comments: readonly { readonly text: string }[]
  readonly seen_hash: string
}

/** The open hold whose deadline is nearest, undefined when nothing is held. */
export async function nextHold(profile: string): Promise<Shown | undefined> {
  const gateway = connect(profile)
  try {
    const { holds } = await gateway.call<{ holds: Hold[] }>('ReviewService/ListHolds', { page_size: 1 })
    const [first] = holds
    return first && (await gateway.call<Shown>('ReviewService/GetHold', { hold_id: first.hold_id }))
  } finally {
    gateway.close()
  }
}

export interface PersonDecision {
  readonly verdict: 'release' | 'reject'
  /** Stable code, as in FALSE_POSITIVE; a rejection's is told to the counterparty. */
  readonly reason: string
  /** For colleagues and auditors; stored encrypted. */
  readonly note: string
}

/** `changed`: something happened since the person looked. Show it again; never decide for them. */
export async function decide(
  profile: string,
  person: string,
  { hold, seen_hash }: Shown,
  { verdict, reason, note }: PersonDecision,
): Promise<Transfer | 'changed'> {
  const gateway = connect(profile)
  const rpc = verdict === 'release' ? 'ProposeRelease' : 'RejectHeldTransfer'
  try {
    const { transfer } = await gateway.call<{ transfer: Transfer }>(`ReviewService/${rpc}`, {
      request_id: randomUUID(),
      hold_id: hold.hold_id,
      person: { subject: person },
      reason,
      note,
      seen_hash,
    })
    return transfer
  } catch (error) {
    if (error instanceof Refused && error.reason === 'HOLD_CHANGED') return 'changed'
    throw error
  } finally {
    gateway.close()
  }
}
