/** What src/postgres/circuit-store.ts promises, over the shared database of the simulation. */
import type { CircuitStore } from '../../src/app/ports.ts'
import type { Database } from './database.ts'
import type { Access } from './stores.ts'

export function circuitStore(db: Database, { read, write, now }: Access): CircuitStore {
  const isReceipted = (jti: string | undefined) =>
    ['receipted', 'refused'].includes(db.outbox.get(jti ?? '')?.state ?? '')
  return {
    suspect: (_, attempts, at) =>
      write('suspect', () => {
        const stuck = db
          .rows()
          .filter(
            ({ state, attempt, expiresAt, type }) =>
              state === 'waiting' &&
              attempt >= attempts &&
              expiresAt > at &&
              !['ping', 'pong'].includes(type),
          )
          .toSorted((one, other) => other.createdAt - one.createdAt)
        return [...Map.groupBy(stuck, ({ receiver }) => receiver)].flatMap(([receiver, [newest]]) => {
          const known = db.circuits.get(receiver)
          if (newest === undefined || known?.nextPingAt !== undefined) return []
          if (known !== undefined && newest.createdAt <= (known.heardAt ?? 0)) return []
          const suspectedAt = at.getTime()
          const about = {
            counterpartyId: receiver,
            messageJti: newest.jti,
            suspectedAt,
            nextPingAt: suspectedAt,
          }
          const heardAt = known?.heardAt
          db.circuits.set(receiver, { ...about, ...(heardAt !== undefined && { heardAt }) })
          return [receiver]
        })
      }),
    claimPings: (_, at, nextAt) =>
      write('claim pings', () => {
        const due = [...db.circuits.values()].filter(
          ({ nextPingAt }) => nextPingAt !== undefined && nextPingAt <= at.getTime(),
        )
        for (const circuit of due) circuit.nextPingAt = nextAt.getTime()
        return due.map(({ counterpartyId }) => counterpartyId)
      }),
    pinged: (_, id, jti) =>
      write('pinged', () => {
        const circuit = db.circuits.get(id)
        if (circuit !== undefined) circuit.pingJti = jti
      }),
    silence: (_, before, at) =>
      write('silence', () => {
        const silent = [...db.circuits.values()].filter(
          ({ nextPingAt, openedAt, pingJti, suspectedAt }) =>
            nextPingAt !== undefined &&
            openedAt === undefined &&
            pingJti !== undefined &&
            suspectedAt <= before.getTime(),
        )
        for (const circuit of silent) circuit.openedAt = at.getTime()
        return silent.map(({ counterpartyId }) => counterpartyId)
      }),
    hear: () =>
      write('hear', () => {
        const heard = [...db.circuits.values()].filter(
          ({ nextPingAt, messageJti, pingJti }) =>
            nextPingAt !== undefined && (isReceipted(messageJti) || isReceipted(pingJti)),
        )
        return heard.flatMap((circuit) => {
          const { openedAt, nextPingAt: _, ...rest } = circuit
          db.circuits.set(circuit.counterpartyId, { ...rest, heardAt: now() })
          return openedAt === undefined ? [] : [circuit.counterpartyId]
        })
      }),
    resumable: (_, limit) => read('resumable', () => db.resumable().slice(0, limit)),
  }
}
