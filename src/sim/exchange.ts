/** One transfer as a robot sees it: it keeps count of its own messages, and says them until they are receipted. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnswerContent, MessageContent, RequestContent } from '../domain/transfer/transfer.ts'
import type { Receipts } from './receipts.ts'
import type { Envelope, Voice, Words } from './voice.ts'

export interface Exchange {
  readonly transferId: string
  readonly peer: string
  readonly request: RequestContent
  readonly voice: Voice
  /** Another robot, a third party to this transfer. */
  readonly accomplice: Voice | undefined
  /** Aborts when the robot stops. */
  readonly signal: AbortSignal
  /** The jti of the peer's newest message. */
  heard(jti: string): void
  /** The next message in words, not yet sealed; counts. */
  next(message: MessageContent): Words
  /** Says the next message honestly: again every two seconds until it is receipted. */
  say(message: MessageContent): Promise<Envelope>
  answer(content: AnswerContent): Promise<Envelope>
  pause(milliseconds: number): Promise<void>
}

export interface ExchangeParts {
  readonly voice: Voice
  readonly accomplice: Voice | undefined
  readonly receipts: Receipts
  readonly signal: AbortSignal
}

const AGAIN_AFTER_MILLISECONDS = 2_000
const ATTEMPTS_MAX = 30

export function exchangeWith(
  parts: ExchangeParts,
  about: { readonly transferId: string; readonly peer: string; readonly request: RequestContent },
): Exchange {
  const { voice, signal } = parts
  let seq = 0
  let inReplyTo: string | undefined

  function next({ type, content }: MessageContent): Words {
    seq++
    const { peer, transferId } = about
    return {
      to: peer,
      type,
      content,
      transferId,
      seq,
      ...(inReplyTo !== undefined && { inReplyTo }),
    }
  }

  async function say(message: MessageContent): Promise<Envelope> {
    const envelope = await voice.seal(next(message))
    await sayUntilReceipted(parts, envelope)
    return envelope
  }

  return {
    ...about,
    ...parts,
    heard(jti) {
      inReplyTo = jti
    },
    next,
    say,
    answer: (content) => say({ type: 'transfer.answer', content }),
    pause: (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
  }
}

/** Posts the envelope again every two seconds until its receipt is there. */
export async function sayUntilReceipted(
  { voice, receipts, signal }: Pick<ExchangeParts, 'voice' | 'receipts' | 'signal'>,
  envelope: Envelope,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX && !signal.aborted; attempt++) {
    // Without a broker this fails; the next attempt comes all the same.
    await voice.post(envelope).catch(() => undefined)
    if (await receipts.arrives(envelope.jti, AGAIN_AFTER_MILLISECONDS, signal)) return
  }
}
