import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EnvelopeRefusal } from '../../src/domain/envelope/refusal.ts'
import type { MessageContent, RequestContent } from '../../src/domain/transfer/transfer.ts'
import { parseContent } from '../../src/nats/contents.ts'
import { connectNats, type NatsLink } from '../../src/nats/transport.ts'
import { addressOf, type Behaviour } from '../../src/sim/behaviours.ts'
import { robotCard, robotKeys } from '../../src/sim/keys.ts'
import { rememberedPeers } from '../../src/sim/peers.ts'
import { type Robot, startRobot } from '../../src/sim/robot.ts'
import { type Voice, voiceOf } from '../../src/sim/voice.ts'
import { startTestNats } from '../support/nats.ts'

/** What came, as the real sealer judges it. */
export interface Heard {
  readonly sender: string
  readonly bytes: Buffer
  /** Why it is not believed; undefined when it is. */
  readonly refused: string | undefined
  readonly type?: string
  readonly jti?: string
  readonly seq?: number | undefined
  readonly inReplyTo?: string | undefined
  readonly digest?: string | undefined
  readonly transferId?: string | undefined
  readonly content?: unknown
}

export interface Mailboxes {
  readonly robot: Robot
  readonly mallory: Robot
  /** A VASP that only writes and listens: alice. */
  readonly voice: Voice
  readonly heard: readonly Heard[]
  /** Asks the robot for a behaviour; the jti and digest of the request. */
  ask(transferId: string, behaviour: Behaviour): Promise<{ readonly jti: string; readonly jws: string }>
  say(transferId: string, seq: number, message: MessageContent): Promise<string>
  /** What came about a transfer, receipts left out, once there are `count` or after six seconds. */
  answers(transferId: string, count: number): Promise<readonly Heard[]>
  receipts(transferId: string): readonly Heard[]
  remove(): Promise<void>
}

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A robot, its accomplice, and alice's bare mailbox, on a nats-server of their own. */
export async function startMailboxes(): Promise<Mailboxes> {
  const nats = await startTestNats(['alice', 'robot', 'mallory'])
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-robot-'))
  const settings = (id: string) => ({ servers: [nats.url], password: `${id}-password` })
  const mallory = await startRobot({
    id: 'mallory',
    directory: join(directory, 'mallory'),
    nats: settings('mallory'),
  })
  const robot = await startRobot({
    id: 'robot',
    directory: join(directory, 'robot'),
    nats: settings('robot'),
    accomplice: mallory,
  })

  const keyStore = await robotKeys('alice', join(directory, 'alice'))
  const link = await connectNats({ vaspId: 'alice', user: 'alice', ...settings('alice'), log: QUIET })
  const peers = rememberedPeers()
  const voice = voiceOf({ id: 'alice', keyStore, impostorKeys: keyStore, peers, link })
  for (const one of [robot, mallory]) {
    await peers.meet(await one.card())
    await one.meet(await robotCard('alice', keyStore))
  }
  const heard: Heard[] = []
  listen(link, voice, heard)

  const about = (transferId: string) => heard.filter((one) => one.transferId === transferId)
  return {
    robot,
    mallory,
    voice,
    heard,
    async ask(transferId, behaviour) {
      const words = {
        to: 'robot',
        transferId,
        seq: 1,
        type: 'transfer.request',
        content: request(behaviour),
      } as const
      const envelope = await voice.seal(words)
      await voice.post(envelope)
      return envelope
    },
    async say(transferId, seq, message) {
      const inReplyTo = about(transferId).findLast(({ type }) => type !== 'receipt')?.jti ?? randomUUID()
      const envelope = await voice.seal({ to: 'robot', transferId, seq, inReplyTo, ...message })
      await voice.post(envelope)
      return envelope.jti
    },
    async answers(transferId, count) {
      const said = () => about(transferId).filter(({ type }) => type !== 'receipt')
      for (let waited = 0; waited < 6_000 && said().length < count; waited += 20) await sleep(20)
      return said()
    },
    receipts: (transferId) => about(transferId).filter(({ type }) => type === 'receipt'),
    async remove() {
      await link.close()
      for (const one of [robot, mallory]) await one.close()
      await nats.remove()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function request(behaviour: Behaviour): RequestContent {
  return {
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: addressOf(behaviour),
    identity: '{}',
    answer_by: new Date(Date.now() + 1_000).toISOString(),
  }
}

function listen(link: NatsLink, voice: Voice, heard: Heard[]): void {
  link.consume(
    async ({ bytes, sender }) => {
      const judged = await judge(voice, bytes, sender)
      heard.push({ sender, bytes, ...judged })
      const { refused, type, jti, digest, transferId } = judged
      if (refused === undefined && type !== 'receipt' && jti !== undefined)
        await voice.post(await voice.receipt({ from: sender, jti, digest, transferId }))
      return { ack: true }
    },
    { concurrency: 1 },
  )
}

/** Believes it or not exactly as a gateway's sealer does; the claims of what is not believed are read all the same. */
async function judge(voice: Voice, bytes: Buffer, sender: string): Promise<Omit<Heard, 'sender' | 'bytes'>> {
  try {
    const verified = await voice.sealer.verify(bytes, { audience: 'alice', subjectSender: sender })
    const { jti, type, seq, transferId, inReplyTo, digest } = verified.claims
    const claims = { jti, type, seq, transferId, inReplyTo, digest }
    if (type === 'receipt') return { refused: undefined, ...claims }
    const { content } = await voice.sealer.open(verified)
    return { refused: undefined, ...claims, content: parseContent(type, content) }
  } catch (error) {
    if (!(error instanceof EnvelopeRefusal)) throw error
    return { refused: error.reason, ...claimsOf(bytes) }
  }
}

function claimsOf(bytes: Buffer): { transferId?: string } {
  const payload = Buffer.from(bytes.toString('latin1').split('.')[1] ?? '', 'base64url').toString('latin1')
  const transferId = /"transfer_id":"([0-9a-f-]{36})"/.exec(payload)?.[1]
  return transferId === undefined ? {} : { transferId }
}
