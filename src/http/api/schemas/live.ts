/** What the event stream says: ids and versions only. The stream is `text/event-stream`; each `data:` is one of these. */
import { z } from 'zod'
import { Uuid, VaspId } from './common.ts'

/** `event: transfer`: something of this transfer changed. `id:` is the cursor to resume from (Last-Event-ID). */
const TransferChanged = z
  .object({ transferId: Uuid, version: z.int(), type: z.string(), holdId: Uuid.nullable() })
  .meta({ id: 'TransferChanged' })

/** `event: hello`: the first on every connection. `resumed` false: what was missed is not known, so read everything again. */
const Hello = z.object({ vaspId: VaspId, resumed: z.boolean() }).meta({ id: 'Hello' })

export const LiveEvent = z.union([TransferChanged, Hello]).meta({ id: 'LiveEvent' })
