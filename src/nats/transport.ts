/** NATS as the way to other VASPs: an untrusted mailbox that delivers at least once, late, in any order, or not at all. */
import { keepConnected, type NatsSettings } from './connection.ts'
import { type Consumer, startConsumer } from './consumer.ts'
import type { Delivery, Verdict } from './delivery.ts'
import type { PoolOptions } from './pool.ts'
import { type OutgoingMail, publisher } from './publisher.ts'
import { isSenderToken, isVaspToken } from './subject.ts'
import { within } from './time.ts'

export type { NatsSettings } from './connection.ts'
export type { Consumer } from './consumer.ts'
export type { Delivery, Verdict } from './delivery.ts'
export type { PoolOptions } from './pool.ts'
export { PublishError } from './publish-error.ts'
export type { OutgoingMail } from './publisher.ts'
export type { Kind } from './subject.ts'

/** The link of one local VASP. */
export interface NatsLink {
  readonly vaspId: string
  /** Resolves when the broker has acknowledged. Rejects with PublishError otherwise: then nobody knows whether it was stored. */
  publish(mail: OutgoingMail): Promise<void>
  /**
   * Starts consuming the inbox, making it when it is missing. A handler acknowledges only what is stored. One that throws gets the
   * message again after 0.5, 1, 2, 4, then every 5 s. Once per link; throws when it consumes already.
   */
  consume(handler: (delivery: Delivery) => Promise<Verdict>, options: PoolOptions): Consumer
  health(): NatsHealth
  /** Closes the consumer first, then waits until the broker has what was said, if it answers. */
  close(): Promise<void>
}

export interface NatsHealth {
  readonly connected: boolean
  /** When `connected` last changed. */
  readonly since: Date
  /** Whether messages would reach us now; false without a consumer. */
  readonly receiving: boolean
  readonly publishing: number
  readonly handling: number
  readonly serverVersion: string | undefined
  /** Code of the newest error since the connection was made. */
  readonly lastError: string | undefined
}

/**
 * Connects in the background and for ever; a broker that is down delays this by two seconds at most. Rejects only when the
 * settings cannot be right.
 */
export async function connectNats(settings: NatsSettings): Promise<NatsLink> {
  const { vaspId, accountToken = vaspId } = settings
  if (!isVaspToken(vaspId)) throw new RangeError('a VASP id for NATS is [a-z0-9_]{1,32}')
  if (!isSenderToken(accountToken)) throw new RangeError('the account token is no VASP id and no account key')
  if (settings.servers.length === 0) throw new RangeError('there is no NATS server to connect to')
  const connection = await keepConnected(settings)
  const outgoing = publisher(connection, accountToken)
  let consumer: Consumer | undefined
  return {
    vaspId,
    publish: (mail) => outgoing.publish(mail),
    consume(handler, options) {
      if (consumer !== undefined) throw new Error('this link consumes already')
      consumer = startConsumer(connection, settings, handler, options)
      return consumer
    },
    health: () => ({
      ...connection.health(),
      receiving: consumer?.receiving() ?? false,
      publishing: outgoing.inFlight(),
      handling: consumer?.inHand() ?? 0,
      serverVersion: connection.current()?.nc.info?.version,
    }),
    async close() {
      await consumer?.close()
      await within(
        1_000,
        connection
          .current()
          ?.nc.flush()
          .catch(() => undefined),
      )
      await connection.close()
    },
  }
}
