/**
 * What a robot does with a transfer, chosen by the address that the transfer goes to. The table is what the demo prints, what its
 * story plays, and what the tests assert.
 */
import type { Exchange } from './exchange.ts'
import { FORGERIES, type ForgeryName } from './forgeries.ts'

export interface Behaviour {
  /** Last two hex digits of the address; never given to another behaviour. */
  readonly number: number
  /** What the robot does, for people. */
  readonly does: string
  /** What the originating gateway makes of it, for people. */
  readonly outcome: string
  readonly onRequest: (exchange: Exchange) => Promise<unknown>
  readonly onRepair?: (exchange: Exchange) => Promise<unknown>
  /** How it receipts the n-th copy of a message, from 1; honestly when absent. */
  readonly receipts?: (copy: number) => 'honest' | 'none' | 'wrong digest'
}

const REVIEW_MILLISECONDS = 1_500
const SLOW_MILLISECONDS = 3_000
/** Long enough for the later word to arrive alone. */
const REORDER_MILLISECONDS = 500
/** The clocks of a gateway ring within half a second; by then it has expired for certain. */
const LATE_MILLISECONDS = 1_500

const accept = (exchange: Exchange) => exchange.answer({ answer: 'accept' })
const never = () => Promise.resolve()

export const BEHAVIOURS = {
  approves: { number: 0x01, does: 'accepts', outcome: 'PROCEED', onRequest: accept },
  rejects: {
    number: 0x02,
    does: 'rejects with BENEFICIARY_NAME_UNMATCHED',
    outcome: 'STOP',
    onRequest: (exchange) => exchange.answer({ answer: 'reject', code: 'BENEFICIARY_NAME_UNMATCHED' }),
  },
  repairs: {
    number: 0x03,
    does: 'asks for a corrected birth date, then accepts what is sent',
    outcome: 'WAIT in REPAIR; PROCEED after RepairTransfer',
    onRequest: (exchange) =>
      exchange.answer({
        answer: 'repair',
        fields: [
          {
            path: '/originator/originatorPerson/0/naturalPerson/dateAndPlaceOfBirth/dateOfBirth',
            code: 'DATE_DIFFERS',
            message: 'the date of birth differs from our records; check it',
          },
        ],
      }),
    onRepair: accept,
  },
  reviews: {
    number: 0x04,
    does: 'puts it under review, accepts after 1.5 s',
    outcome: 'WAIT in REVIEW, then PROCEED',
    async onRequest(exchange) {
      await exchange.answer({ answer: 'review' })
      await exchange.pause(REVIEW_MILLISECONDS)
      await accept(exchange)
    },
  },
  slow: {
    number: 0x05,
    does: 'takes 3 s, then accepts',
    outcome: 'PROCEED, late',
    async onRequest(exchange) {
      await exchange.pause(SLOW_MILLISECONDS)
      await accept(exchange)
    },
  },
  mute: {
    number: 0x06,
    does: 'receipts, and never answers',
    outcome: 'WAIT, EXPIRED at the exchange deadline',
    onRequest: never,
  },
  silent: {
    number: 0x07,
    does: 'neither receipts nor answers',
    outcome: 'held as COUNTERPARTY_UNREACHABLE',
    onRequest: never,
    receipts: () => 'none',
  },
  sleepy: {
    number: 0x08,
    does: 'misses the first copy of the request, takes the next one and accepts',
    outcome: 'held as COUNTERPARTY_UNREACHABLE if that takes too long, then PROCEED by itself',
    onRequest: accept,
    receipts: (copy) => (copy === 1 ? 'none' : 'honest'),
  },
  liesAboutReceipts: {
    number: 0x09,
    does: 'signs receipts for something else',
    outcome: 'as if there were none',
    onRequest: never,
    receipts: () => 'wrong digest',
  },
  duplicates: {
    number: 0x0a,
    does: 'accepts, in four copies of one envelope',
    outcome: 'PROCEED, once',
    async onRequest(exchange) {
      const envelope = await accept(exchange)
      for (let copy = 2; copy <= 4; copy++) await exchange.voice.post(envelope)
    },
  },
  replays: {
    number: 0x0b,
    does: 'accepts, and says it once more when the transfer is long over',
    outcome: 'PROCEED; the copy changes nothing',
    async onRequest(exchange) {
      const envelope = await accept(exchange)
      await exchange.pause(SLOW_MILLISECONDS)
      await exchange.voice.post(envelope)
    },
  },
  late: {
    number: 0x0c,
    does: 'accepts after the exchange deadline',
    outcome: 'EXPIRED; the late answer is recorded and releases nothing',
    async onRequest(exchange) {
      await exchange.pause(Date.parse(exchange.request.answer_by) - Date.now() + LATE_MILLISECONDS)
      await accept(exchange)
    },
  },
  outOfRole: {
    number: 0x0d,
    does: 'reports a transaction id, which is the originating VASP’s to report',
    outcome: 'refused as ROLE',
    onRequest: (exchange) =>
      exchange.say({ type: 'transfer.settled', content: { tx_id: 'not-mine-to-say' } }),
  },
  reorders: {
    number: 0x0e,
    does: 'puts it under review, then accepts, and has the acceptance delivered first',
    outcome: 'PROCEED, each word in the order in which it was said',
    async onRequest(exchange) {
      const say = (answer: 'review' | 'accept') =>
        exchange.voice.seal(exchange.next({ type: 'transfer.answer', content: { answer } }))
      const [review, acceptance] = [await say('review'), await say('accept')]
      await exchange.voice.post(acceptance)
      await exchange.pause(REORDER_MILLISECONDS)
      await exchange.voice.post(review)
    },
  },
  altered: forger(0x10, 'altered', 'accepts, with one bit of the envelope turned', 'SIGNATURE'),
  wrongKey: forger(0x11, 'wrongKey', 'accepts under a key that is on no card', 'KEY_UNKNOWN'),
  misaddressed: forger(0x12, 'misaddressed', 'accepts towards another VASP, delivered here', 'AUDIENCE'),
  expired: forger(0x13, 'expired', 'accepts in an envelope that expired an hour ago', 'EXPIRED'),
  fromTheFuture: forger(
    0x14,
    'fromTheFuture',
    'accepts in an envelope of an hour from now',
    'FROM_THE_FUTURE',
  ),
  oversized: forger(0x15, 'oversized', 'accepts in an envelope of 122 kB', 'OVERSIZED'),
  wrongDigest: forger(0x16, 'wrongDigest', 'accepts under the digest of something else', 'DIGEST'),
  carriedByAnother: forger(
    0x17,
    'carriedByAnother',
    'has another VASP deliver its acceptance',
    'SUBJECT_MISMATCH',
  ),
  thirdParty: forger(0x18, 'thirdParty', 'says nothing; another VASP accepts in its place', 'NOT_A_PARTY'),
  reusedJti: forger(0x19, 'reusedJti', 'accepts, and says more under the same jti', 'JTI_REUSED'),
  reusedSequence: forger(
    0x1a,
    'reusedSequence',
    'accepts twice under one sequence number',
    'SEQUENCE_REUSED',
  ),
} as const satisfies Record<string, Behaviour>

/** The first answer is a forgery; those of two messages have an honest review as their first. */
function forger(number: number, forgery: ForgeryName, does: string, reason: string) {
  return {
    number,
    does,
    outcome: `refused as ${reason}`,
    async onRequest(exchange: Exchange) {
      const { accomplice } = exchange
      if (accomplice === undefined) throw new Error('this robot has no accomplice')
      const words = exchange.next({ type: 'transfer.answer', content: { answer: 'accept' } })
      await FORGERIES[forgery](words, { ...exchange, accomplice })
    },
  } satisfies Behaviour
}

const ADDRESS_PREFIX = 'eip155:1:0x0b070000000000000000000000000000000000'

/** The CAIP-10 account that asks a robot for this behaviour. */
export function addressOf({ number }: Pick<Behaviour, 'number'>): string {
  return ADDRESS_PREFIX + number.toString(16).padStart(2, '0')
}

/** Every address that is none of the table's is accepted. */
export function behaviourAt(address: string): Behaviour {
  const all: readonly Behaviour[] = Object.values(BEHAVIOURS)
  return all.find((behaviour) => addressOf(behaviour) === address.toLowerCase()) ?? BEHAVIOURS.approves
}
