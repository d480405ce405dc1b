/**
 * A robot VASP: it has keys, a card and a mailbox like any other, answers pings, and treats each transfer as its behaviours table
 * says. It keeps nothing but its keys: what it was told before a restart, it has forgotten.
 */
import { join } from 'node:path'
import { receiptsIn } from '../app/post-receipts.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import type { JsonValue } from '../domain/strict-json.ts'
import type { RequestContent } from '../domain/transfer/transfer.ts'
import { ContentError, type ContentType, parseContent } from '../nats/contents.ts'
import { connectNats, type Delivery, type NatsSettings } from '../nats/transport.ts'
import { type Behaviour, behaviourAt } from './behaviours.ts'
import { type Exchange, exchangeWith, sayUntilReceipted } from './exchange.ts'
import { robotCard, robotKeys } from './keys.ts'
import { rememberedPeers } from './peers.ts'
import { type ReceiptHeard, receiptBook } from './receipts.ts'
import { type Envelope, type Posted, type Voice, voiceOf } from './voice.ts'

export interface RobotOptions {
  /** VASP id, the robot's NATS user. */
  readonly id: string
  /** For its keys. */
  readonly directory: string
  readonly nats: Omit<NatsSettings, 'vaspId' | 'user' | 'log'>
  /** Says and delivers what this robot itself cannot; see FORGERIES. */
  readonly accomplice?: Robot
}

export interface Robot {
  readonly id: string
  readonly voice: Voice
  /** The robot's own card, a compact JWS, to be imported by others. */
  card(): Promise<string>
  /** Pins the keys of another VASP's card; only VASPs that it has met are understood. */
  meet(card: string): Promise<void>
  /** Types of the messages that it was sent about a transfer, in the order in which they came; copies count once. */
  heard(transferId: string): readonly string[]
  /** What it sent about a transfer, receipts included, whether or not it was taken. */
  posted(transferId: string): readonly Posted[]
  /** The receipt that it was given for one of its messages. */
  receipt(jti: string): ReceiptHeard | undefined
  /** Sends a request of its own, as an originating VASP; resolves once it is receipted. */
  request(to: string, transferId: string, content: RequestContent): Promise<Envelope>
  close(): Promise<void>
}

interface Known {
  readonly exchange: Exchange
  readonly behaviour: Behaviour
}

interface Letter {
  readonly from: string
  readonly jti: string
  readonly digest: string | undefined
  readonly transferId: string | undefined
  readonly type: ContentType
  readonly content: JsonValue
}

const CONCURRENCY = 16
const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined }
const SOME_OTHER_DIGEST = 'A'.repeat(43)

export async function startRobot({ id, directory, nats, accomplice }: RobotOptions): Promise<Robot> {
  const keyStore = await robotKeys(id, directory)
  const impostorKeys = await robotKeys(id, join(directory, 'impostor'))
  const link = await connectNats({ ...nats, vaspId: id, user: id, log: QUIET })
  const peers = rememberedPeers()
  const voice = voiceOf({ id, keyStore, impostorKeys, peers, link })
  const receipts = receiptBook()
  const stopping = new AbortController()
  const parts = { voice, accomplice: accomplice?.voice, receipts, signal: stopping.signal }

  const transfers = new Map<string, Known>()
  const copies = new Map<string, number>()
  const heard = new Map<string, Letter>()

  async function take(delivery: Delivery): Promise<void> {
    const statements = receiptsIn(delivery.bytes) ?? [delivery.bytes]
    for (const bytes of statements) await takeOne(bytes, delivery.sender)
  }

  async function takeOne(bytes: string | Uint8Array, sender: string): Promise<void> {
    const verified = await voice.sealer.verify(bytes, { audience: id, subjectSender: sender })
    const { iss: from, jti, type, transferId, inReplyTo, status, reason, digest } = verified.claims
    if (type === 'receipt') {
      if (inReplyTo !== undefined && status !== undefined) receipts.add(inReplyTo, { status, reason })
      return
    }
    const { content } = await voice.sealer.open(verified)
    await hear({ from, jti, digest, transferId, type, content })
  }

  /** Receipts every copy as the behaviour has it, and acts on the first one that it owned up to. */
  async function hear(letter: Letter): Promise<void> {
    const { jti, digest } = letter
    const known = about(letter)
    const copy = (copies.get(jti) ?? 0) + 1
    copies.set(jti, copy)
    const receipted = known?.behaviour.receipts?.(copy) ?? 'honest'
    if (receipted === 'none') return
    await voice.post(await voice.receipt(letter, receipted === 'honest' ? digest : SOME_OTHER_DIGEST))
    if (heard.has(jti)) return
    heard.set(jti, letter)
    known?.exchange.heard(jti)
    // Behaviours take their time; a robot that stops lets them fail.
    void act(letter, known).catch(() => undefined)
  }

  function about({ transferId, from, type, content }: Letter): Known | undefined {
    if (transferId === undefined) return undefined
    const known = transfers.get(transferId)
    if (known !== undefined || type !== 'transfer.request') return known
    const request = parseContent(type, content)
    const exchange = exchangeWith(parts, { transferId, peer: from, request })
    const created = { exchange, behaviour: behaviourAt(request.destination) }
    transfers.set(transferId, created)
    return created
  }

  async function act({ from, jti, type, content }: Letter, known: Known | undefined): Promise<void> {
    if (type === 'ping') {
      const { nonce } = parseContent(type, content)
      const pong = { nonce, sent_at: new Date().toISOString() }
      await sayUntilReceipted(
        parts,
        await voice.seal({ to: from, type: 'pong', content: pong, inReplyTo: jti }),
      )
    }
    if (type === 'card') await peers.meet(parseContent(type, content).card)
    if (type === 'transfer.request') await known?.behaviour.onRequest(known.exchange)
    if (type === 'transfer.repair') await known?.behaviour.onRepair?.(known.exchange)
  }

  link.consume(
    async (delivery) => {
      // What cannot be believed or read, another attempt makes no better.
      await take(delivery).catch((error: unknown) => {
        if (!(error instanceof EnvelopeRefusal || error instanceof ContentError)) throw error
      })
      return { ack: true }
    },
    { concurrency: CONCURRENCY },
  )

  return {
    id,
    voice,
    card: () => robotCard(id, keyStore),
    meet: async (card) => void (await peers.meet(card)),
    heard: (transferId) =>
      [...heard.values()].filter((letter) => letter.transferId === transferId).map(({ type }) => type),
    posted: (transferId) => voice.posted(transferId),
    receipt: (jti) => receipts.of(jti),
    request(to, transferId, content) {
      const exchange = exchangeWith(parts, { transferId, peer: to, request: content })
      transfers.set(transferId, { exchange, behaviour: behaviourAt(content.destination) })
      return exchange.say({ type: 'transfer.request', content })
    },
    async close() {
      stopping.abort()
      await link.close()
    },
  }
}
