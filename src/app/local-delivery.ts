/**
 * Between two VASPs of one deployment nothing goes out: the gateway that sent an envelope hands it to the other VASP itself. All else is as
 * between strangers: signed, sealed, receipted, kept by both sides in their own rows and audit logs.
 */

import type { Transport } from './ports.ts'
import type { Delivered, Delivery } from './receive-envelope.ts'

/** How soon an envelope that came before its predecessor is looked at again; after that its sender's outbox sends it again. */
const EARLY_RETRIES_MILLISECONDS = [50, 200, 500]

/** `pause` waits, in milliseconds. */
export function withLocalDelivery(
  outside: Transport,
  isLocal: (vaspId: string) => boolean,
  receive: (delivery: Delivery) => Promise<Delivered>,
  pause: (milliseconds: number) => Promise<unknown>,
): Transport {
  return {
    async publish(message) {
      const { vaspId: sender, receiver, kind, bytes } = message
      if (!isLocal(receiver)) return outside.publish(message)
      const delivery = { vaspId: receiver, sender, subject: `local.${receiver}.${sender}.${kind}`, bytes }
      for (const milliseconds of EARLY_RETRIES_MILLISECONDS) {
        if ((await receive(delivery)) === 'done') return
        await pause(milliseconds)
      }
      await receive(delivery)
    },
  }
}
