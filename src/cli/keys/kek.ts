/** Key-encryption keys: a new one, stored data keys wrapped by it beside running gateways, and the end of the old one. */
import { setTimeout as sleep } from 'node:timers/promises'
import { rewrapDataKeys, wrappedDataKeys } from '../../app/rewrap.ts'
import { postgresDataKeyStore } from '../../postgres/data-key-store.ts'
import { postgresOutbox } from '../../postgres/outbox.ts'
import { wrappedBy } from '../../sealing/key-store.ts'
import type { ExitCode, Io } from '../command.ts'
import type { Desk } from './announce.ts'
import { SETTLE_MILLISECONDS } from './rotate.ts'

export interface KekOrder {
  readonly vaspId: string
  readonly actor: string
  readonly json: boolean
}

/** From here on new data keys are wrapped by a new key; the stored ones follow. */
export async function rotateKek(desk: Desk, order: KekOrder, io: Io): Promise<ExitCode> {
  const { vaspId, actor, json } = order
  const kid = await desk.keyStore.rotateKek(vaspId, new Date())
  const entry = { kind: 'keys.rotated', actor, subject: vaspId, data: { kid, use: 'kek' } }
  await postgresOutbox(desk.pool).add(vaspId, [], [entry])
  if (!json) io.out(`new kek key ${kid}, used from now`)
  // A gateway that has not noticed yet wraps by the old one.
  await sleep(SETTLE_MILLISECONDS)
  return rewrap(desk, order, io)
}

/** Safe to repeat, and to stop anywhere. */
export async function rewrap(desk: Desk, { vaspId, actor, json }: KekOrder, io: Io): Promise<ExitCode> {
  const dataKeys = postgresDataKeyStore(desk.pool)
  const { rewrapped } = await rewrapDataKeys({ dataKeys, wrapping: desk.keyStore }, vaspId)
  const [newest, ...older] = await desk.keyStore.keks(vaspId)
  const data = { kid: newest?.kid ?? '', count: rewrapped }
  if (rewrapped > 0)
    await postgresOutbox(desk.pool).add(
      vaspId,
      [],
      [{ kind: 'keys.rewrapped', actor, subject: vaspId, data }],
    )
  const left: { kid: string; wraps: number }[] = []
  for (const { kid } of older) left.push({ kid, wraps: await wrapsOf(desk, vaspId, kid) })
  if (json) io.out(JSON.stringify({ vasp_id: vaspId, kid: newest?.kid, rewrapped, older: left }))
  else {
    io.out(`${rewrapped} data keys wrapped anew`)
    for (const { kid, wraps } of left)
      io.out(
        `old kek key ${kid} wraps ${wraps}${wraps === 0 ? `; end it with: tamga keys destroy --vasp ${vaspId} ${kid}` : ''}`,
      )
  }
  return left.every(({ wraps }) => wraps === 0) ? 0 : 1
}

export function wrapsOf({ pool }: Pick<Desk, 'pool'>, vaspId: string, kid: string): Promise<number> {
  const dataKeys = postgresDataKeyStore(pool)
  return wrappedDataKeys({ dataKeys }, vaspId, (wrapped) => wrappedBy(wrapped) === kid)
}
