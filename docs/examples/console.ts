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
  readonly verdict: 'release' | 'approve' | 'reject'
  /** Stable code, as in FALSE_POSITIVE; a rejection's is told to the counterparty. An approval takes the proposal's. */
  readonly reason?: string
  /** For colleagues and auditors; stored encrypted. */
  readonly note: string
}

const RPCS = { release: 'ProposeRelease', approve: 'ApproveRelease', reject: 'RejectHeldTransfer' } as const

/**
 * `second-person`: policy asks for two; another natural person must approve. `changed`: something happened since the person looked;
 * show it again, and never decide for them.
 */
export async function decide(
  profile: string,
  person: string,
  { hold, seen_hash }: Shown,
  { verdict, ...why }: PersonDecision,
): Promise<'done' | 'second-person' | 'changed'> {
  const gateway = connect(profile)
  const hold_id = hold.hold_id
  const decision = { request_id: randomUUID(), hold_id, person: { subject: person }, seen_hash, ...why }
  try {
    const rpc = `ReviewService/${RPCS[verdict]}`
    const { hold: after } = await gateway.call<{ hold: Hold }>(rpc, decision)
    return after.state === 'HOLD_STATE_OPEN' ? 'second-person' : 'done'
  } catch (error) {
    if (error instanceof Refused && error.reason === 'HOLD_CHANGED') return 'changed'
    throw error
  } finally {
    gateway.close()
  }
}
