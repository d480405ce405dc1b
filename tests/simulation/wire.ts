/**
 * The broker between the VASPs, at its worst: it loses, doubles, delays and so reorders, forgets everything, and lets nothing through
 * in one direction. What it has it delivers until it is acknowledged, to whichever replica is up.
 */
import type { TransportMessage } from '../../src/app/ports.ts'
import type { Delivered, Delivery } from '../../src/app/receive-envelope.ts'
import type { Random } from '../../src/chaos/random.ts'
import type { Replica } from './replica.ts'
import type { Life, Scheduler } from './scheduler.ts'
import type { Weather } from './settings.ts'

/** As src/start-gateway.ts and src/nats have them. */
const EARLY_RETRIES_MILLISECONDS = [300, 300, 300, 500, 1_000, 2_000, 4_000, 8_000]
const FAILED_RETRIES_MILLISECONDS = [500, 1_000, 2_000, 4_000, 5_000]
const ACK_WAIT_MILLISECONDS = 30_000
const PUBLISH_TIMEOUT_MILLISECONDS = 5_000

type Taken = Delivered | 'failed'

export interface WireParts {
  readonly scheduler: Scheduler
  readonly random: Random
  weather(): Weather
  isCut(from: string, to: string): boolean
  replicasOf(vaspId: string): readonly Replica[]
  complain(who: string, error: unknown): void
}

export interface Wire {
  publish(life: Life, message: TransportMessage): Promise<void>
  /** Loses everything that it holds. */
  wipe(): void
}

export function wire(parts: WireParts): Wire {
  const { scheduler, random } = parts
  let broker = { name: 'nats', dead: false }

  async function take(replica: Replica, delivery: Delivery): Promise<Taken> {
    try {
      return await replica.receive(delivery)
    } catch (error) {
      parts.complain(replica.name, error)
      return 'failed'
    }
  }

  function deliver(message: TransportMessage, redeliveries: number): void {
    const here = broker
    const again = (milliseconds: number, count: number) =>
      scheduler.later(here, `again ${label(message)}`, milliseconds, () => deliver(message, count))
    const up = parts.replicasOf(message.receiver).filter(({ isUp }) => isUp)
    if (up.length === 0) return again(1_000, redeliveries)
    const replica = random.pick(up)
    let isSettled = false
    const after = (outcome: Taken) => {
      const early = EARLY_RETRIES_MILLISECONDS[redeliveries]
      if (outcome === 'later' && early !== undefined) again(early, redeliveries + 1)
      if (outcome === 'failed') again(FAILED_RETRIES_MILLISECONDS[redeliveries] ?? 5_000, redeliveries + 1)
    }
    const settle = (next: () => void) => {
      if (isSettled || here.dead) return
      isSettled = true
      next()
    }
    scheduler.note(replica.name, `gets ${label(message)}`)
    const { receiver, vaspId: sender, kind, bytes } = message
    const subject = `tr.v1.${receiver}.${sender}.${kind}`
    void take(replica, { vaspId: receiver, sender, subject, bytes }).then((outcome) => {
      // An acknowledgement may be lost like anything else.
      if (!random.chance(parts.weather().loss / 4)) settle(() => after(outcome))
      return undefined
    })
    scheduler.later(here, 'no acknowledgement', ACK_WAIT_MILLISECONDS, () =>
      settle(() => deliver(message, redeliveries + 1)),
    )
  }

  return {
    async publish(life, message) {
      await scheduler.wait(life, `publish ${label(message)}`, random.about(3))
      const { loss, copy, delay } = parts.weather()
      if (parts.isCut(message.vaspId, message.receiver)) {
        await scheduler.wait(life, 'publish timeout', PUBLISH_TIMEOUT_MILLISECONDS)
        throw new Error('no answer from the broker')
      }
      const copies = random.chance(loss) ? 0 : random.chance(copy) ? 2 + random.below(2) : 1
      for (let n = 0; n < copies; n++) {
        const slow = random.chance(delay) ? random.about(8_000) : random.about(5)
        scheduler.later(broker, `brings ${label(message)}`, slow, () => deliver(message, 0))
      }
      if (random.chance(loss / 2)) throw new Error('the acknowledgement was lost')
    },
    wipe() {
      scheduler.note('nats', 'loses everything')
      broker.dead = true
      broker = { name: 'nats', dead: false }
    },
  }
}

function label({ vaspId, receiver, kind, id }: TransportMessage): string {
  return `${vaspId}>${receiver} ${kind} ${id.slice(-14)}`
}
