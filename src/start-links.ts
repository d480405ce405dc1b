/** The local VASPs' links to the broker: connected, published to, consumed from. */
import type { SecurityLog, Transport } from './app/ports.ts'
import type { ReceiveEnvelope } from './app/receive-envelope.ts'
import type { Config } from './config.ts'
import { readSecret } from './config.ts'
import type { RootLog } from './log.ts'
import { connectNats, type NatsLink } from './nats/transport.ts'
import type { ConfiguredVasp } from './vasps.ts'

export type Links = ReadonlyMap<string, NatsLink>

/** Messages of one sender wait for each other at the receiver; across transfers they need not. */
const CONSUMER_CONCURRENCY = 32
/** A message that fails so often is set aside; without a receipt its sender sends it again, until it expires. */
const REDELIVERIES_MAX = 1_000
/**
 * How soon a message that came before its predecessor is looked at again, by the number of redeliveries. After the last one it is left
 * to its sender, who sends it again until it is receipted: kept, its copies would fill the sender's share of the inbox.
 */
const EARLY_RETRIES_MILLISECONDS = [300, 300, 300, 500, 1_000, 2_000, 4_000, 8_000]

export async function connectAll(
  config: Config,
  vasps: ReadonlyMap<string, ConfiguredVasp>,
  log: RootLog,
): Promise<Links> {
  const links = new Map<string, NatsLink>()
  for (const [vaspId, { nats }] of vasps) {
    const { servers, ca, cert, key } = config.nats
    const tls = ca && { ca, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) }
    const password = readSecret(`the NATS password of ${vaspId}`, nats.passwordFile)
    const settings = { vaspId, servers, user: nats.user, password, ...(tls && { tls }), log }
    links.set(vaspId, await connectNats(settings))
  }
  return links
}

export function transportOver(links: Links): Transport {
  return {
    async publish({ vaspId, receiver, kind, id, bytes }) {
      const link = links.get(vaspId)
      if (link === undefined) throw new Error(`${vaspId} has no link`)
      await link.publish({ receiver, kind, id, bytes })
    },
  }
}

export function consumeAll(links: Links, receive: ReceiveEnvelope, securityLog: SecurityLog): void {
  for (const [vaspId, link] of links) {
    const record = (reason: string, mail: { subject: string; bytes: Uint8Array }, claimedSender?: string) =>
      securityLog.record({ vaspId, reason, claimedSender, subject: mail.subject, bytes: mail.bytes })
    link.consume(
      async ({ sender, subject, bytes, redeliveries }) => {
        if (redeliveries >= REDELIVERIES_MAX) {
          await record('UNPROCESSABLE', { subject, bytes }, sender)
          return { ack: true }
        }
        const outcome = await receive({ vaspId, sender, subject, bytes })
        const retryMs = EARLY_RETRIES_MILLISECONDS[redeliveries]
        return outcome === 'done' || retryMs === undefined ? { ack: true } : { retryMs }
      },
      { concurrency: CONSUMER_CONCURRENCY, onStray: (mail) => record('STRAY', mail) },
    )
  }
}
