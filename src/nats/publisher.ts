/** Publishing with an acknowledgement, a bounded number at once. */
import type { Connection, Era } from './connection.ts'
import { PublishError, publishError } from './publish-error.ts'
import { type Slots, slots } from './slots.ts'
import { type Kind, mailSubject } from './subject.ts'

export interface OutgoingMail {
  readonly receiver: string
  readonly kind: Kind
  /** `<envelope id>.<attempt>`: the broker drops a repetition of the same attempt, within a window and while it remembers. */
  readonly id: string
  readonly bytes: Uint8Array
}

export interface Publisher {
  publish(mail: OutgoingMail): Promise<void>
  inFlight(): number
}

/** Headers and bytes together: what the inbox stream takes. */
export const MAIL_BYTES_MAX = 128 * 1024
const HEADER_BYTES = 512
const IN_FLIGHT_MAX = 256
/** Where an inbox is missing, 2.9 answers nothing: those that wait for it must not take every slot. */
const IN_FLIGHT_PER_RECEIVER_MAX = 64
/** Longer than a slow disk takes, short enough that a vanished inbox is tried again soon. */
const TIMEOUT_MS = 3_000

export function publisher(connection: Connection, sender: string): Publisher {
  const inFlight = slots(IN_FLIGHT_MAX)
  const inFlightTo = new Map<string, Slots>()
  return {
    inFlight: () => inFlight.taken(),
    async publish({ receiver, kind, id, bytes }) {
      const subject = mailSubject({ receiver, sender, kind })
      if (bytes.length > MAIL_BYTES_MAX - HEADER_BYTES) throw new PublishError('TOO_LARGE')
      // What is published without a connection vanishes without an error.
      if (connection.current() === undefined) throw new PublishError('DISCONNECTED')
      const deadline = Date.now() + TIMEOUT_MS
      const left = () => Math.max(deadline - Date.now(), 1)
      await holding(inFlightToOne(receiver), left, () =>
        holding(inFlight, left, async () => {
          const era = connection.current()
          if (era === undefined) throw new PublishError('DISCONNECTED')
          await acknowledged(era, subject, id, bytes, left())
        }),
      )
    },
  }

  function inFlightToOne(receiver: string): Slots {
    const found = inFlightTo.get(receiver) ?? slots(IN_FLIGHT_PER_RECEIVER_MAX)
    inFlightTo.set(receiver, found)
    return found
  }
}

async function holding(held: Slots, left: () => number, act: () => Promise<void>): Promise<void> {
  if (!(await held.take(left()))) throw new PublishError('TIMEOUT')
  try {
    await act()
  } catch (error) {
    throw publishError(error)
  } finally {
    held.give()
  }
}

/** Without watching for the loss, everything in flight would wait for its timeout when the server dies. */
async function acknowledged(
  { js, onLost }: Era,
  subject: string,
  msgID: string,
  bytes: Uint8Array,
  timeout: number,
): Promise<void> {
  const lost = Promise.withResolvers<never>()
  const forget = onLost(() => lost.reject(new PublishError('DISCONNECTED')))
  try {
    await Promise.race([js.publish(subject, bytes, { msgID, timeout }), lost.promise])
  } finally {
    forget()
  }
}
