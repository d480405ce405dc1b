/** One envelope on its way in: its inbox entry and receipt, made once it is known what came of it. */
import type { Parts } from './parts.ts'
import type { InboxEntry, VerifiedLetter } from './ports.ts'

/** Why a verified envelope was not applied; told to its sender in the receipt. */
export class Declined extends Error {
  override readonly name = 'Declined'
  readonly reason: string

  constructor(reason: string) {
    super(reason)
    this.reason = reason
  }
}

/** `later`: its predecessor has not come yet. `envelope-known`: it came before. */
export type Taken = 'committed' | 'later' | 'envelope-known'

export interface Received {
  readonly vaspId: string
  readonly letter: VerifiedLetter
  /** From here on the receipt says that the envelope was refused, or, without a reason, that it was stored. */
  refuse(reason: string | undefined): void
  refusedBecause(): string | undefined
  /** The transfer that it is about, where the sender has another id for it. */
  about(transferId: string): void
  entry(): Promise<InboxEntry>
  sendReceipt(): void
}

export function receivedFrom(parts: Parts, vaspId: string, letter: VerifiedLetter): Received {
  let refusedBecause: string | undefined
  let latest: InboxEntry | undefined
  let transferId = letter.transferId
  return {
    vaspId,
    letter,
    refuse(reason) {
      refusedBecause = reason
    },
    refusedBecause: () => refusedBecause,
    about(id) {
      transferId = id
    },
    async entry() {
      latest = {
        iss: letter.from,
        jti: letter.jti,
        sha256: letter.sha256,
        type: letter.type,
        ...(transferId !== undefined && { transferId }),
        envelope: letter.envelope,
        receipt: await parts.envelopes.receipt(vaspId, letter, refusedBecause, parts.clock.now()),
      }
      return latest
    },
    sendReceipt() {
      if (latest !== undefined) parts.postReceipt(vaspId, letter.from, latest.receipt)
    },
  }
}
