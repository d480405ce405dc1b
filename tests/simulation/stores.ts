/**
 * The store ports of one replica over the shared database. Each call waits before and after, so that others come in between, the
 * process may die at either point, and what a writer is told may differ from what was written: a statement may fail before it was done
 * or, as when the connection breaks, after it.
 */
import type { CounterpartyStore, Inbox, Outbox, SecurityLog, TransferStore } from '../../src/app/ports.ts'
import { RECENT_MILLISECONDS_MAX } from '../../src/app/ports.ts'
import type { Counterparty } from '../../src/domain/counterparty/counterparty.ts'
import { nextClock } from '../../src/domain/transfer/clocks.ts'
import { isFinal } from '../../src/domain/transfer/states.ts'
import { type Database, type Held, inboxKey, type OutboxRow, requestKey } from './database.ts'
import { partly } from './partial.ts'

/** Runs one statement: `work` without a pause, in the middle of the time that it takes. */
export type Statement = <T>(label: string, work: () => T) => Promise<T>

export interface Access {
  readonly read: Statement
  readonly write: Statement
  readonly now: () => number
}

/** Seconds until the next attempt, by attempts made; as src/postgres/outbox.ts. */
const BACKOFF_SECONDS = [3, 6, 12, 25, 50, 60]
const PARKED_SECONDS = 60

export function transferStore(db: Database, { read, write }: Access): TransferStore {
  return partly<TransferStore>('transfers', {
    find: (_, id) => read('find', () => db.find(id)),
    findMany: (_, ids) => read('findMany', () => ids.flatMap((id) => db.find(id) ?? [])),
    commit: (commit) => write(`commit ${commit.next.id} v${commit.next.version}`, () => db.commit(commit)),
    outcome: (_, key) =>
      read('outcome', () => {
        const known = db.requests.get(requestKey(key))
        return known && { fingerprint: known.fingerprint, resourceId: known.resourceId }
      }),
    openWith: (_, counterpartyId) =>
      read('openWith', () =>
        [...db.transfers.values()]
          .filter((transfer) => transfer.counterpartyId === counterpartyId && !isFinal(transfer.state))
          .map(({ id }) => id),
      ),
    due: (now, limit) =>
      read('due', () =>
        [...db.transfers.values()]
          .flatMap((transfer) => {
            const at = nextClock(transfer)
            return at !== undefined && at <= now ? [{ vaspId: db.vaspId, id: transfer.id, at }] : []
          })
          .toSorted((one, other) => one.at.getTime() - other.at.getTime())
          .slice(0, limit),
      ),
    matchDeposit: (_, deposit) =>
      read('matchDeposit', () => {
        const there = [...db.transfers.values()].filter(
          ({ role, asset, secret }) =>
            role === 'beneficiary' && asset === deposit.asset && secret.destination === deposit.destination,
        )
        const known = there.filter(({ secret }) => secret.txId === deposit.txId)
        const fitting = there.filter(
          ({ amount, state, secret }) =>
            amount === deposit.amount && !isFinal(state) && state !== 'started' && secret.txId === undefined,
        )
        const ids = known.length > 0 ? known : fitting
        return ids.length === 1 ? ids[0]?.id : undefined
      }),
    // No deposit here is one whose data come later: whoever sees one has been told of it, or never will be.
    matchRequest: (_, { exchangeId }) => read('matchRequest', () => byExchangeId(db, exchangeId)),
    byExchangeId: (_, exchangeId) => read('byExchangeId', () => byExchangeId(db, exchangeId)),
    findHold: (_, holdId) => read('findHold', () => shown(db, db.holds.get(holdId))),
    notes: (_, holdId) => read('notes', () => db.notes.filter((note) => note.holdId === holdId)),
  })
}

function byExchangeId(db: Database, exchangeId: string): string | undefined {
  return [...db.transfers.values()].find((transfer) => transfer.exchangeId === exchangeId)?.id
}

function shown(db: Database, held: Held | undefined): Held | undefined {
  return held && { ...held, hold: db.withProposal(held.hold) }
}

export function outboxStore(db: Database, { read, write }: Access): Outbox {
  const waiting = (row: OutboxRow) => row.state === 'waiting'
  return partly<Outbox>('outbox', {
    claim: (at, limit) =>
      write('claim', () => {
        const due = db
          .rows()
          .filter((row) => waiting(row) && row.nextAttemptAt <= at.getTime() && row.expiresAt > at)
          .toSorted((one, other) => one.nextAttemptAt - other.nextAttemptAt)
          .slice(0, limit)
        return due.map((row) => {
          const parked = db.isSilent(row.receiver)
          if (!parked) row.attempt++
          const wait = parked ? PARKED_SECONDS : (BACKOFF_SECONDS[Math.min(row.attempt, 6) - 1] ?? 60)
          row.nextAttemptAt = at.getTime() + wait * 1000
          return { ...row, parked }
        })
      }),
    close: (receipts) =>
      write('close', () => {
        const reached = []
        const lies = []
        for (const { vaspId, from, jti, status, digest } of receipts) {
          const row = db.outbox.get(jti)
          if (row === undefined || row.receiver !== from || !waiting(row)) continue
          if (row.digest !== digest) {
            lies.push({ vaspId, jti })
            continue
          }
          row.state = status === 'stored' ? 'receipted' : 'refused'
          const { transferId } = row
          const isHeld = [...db.holds.values()].some(
            ({ transferId: id, hold }) =>
              id === transferId && hold.state === 'open' && hold.reason === 'COUNTERPARTY_UNREACHABLE',
          )
          if (transferId !== undefined && isHeld) reached.push({ vaspId, transferId })
        }
        return { reached, lies }
      }),
    add: (_, entries, audit, inbox) =>
      write('add', () => {
        if (db.broken(entries, inbox, undefined) !== undefined) return 'envelope-known'
        db.write(entries, inbox, undefined, '', audit)
        return 'committed'
      }),
    wasSent: (_, receiver, jti, type) =>
      read('wasSent', () => {
        const row = db.outbox.get(jti)
        return row?.receiver === receiver && row.type === type
      }),
    expire: (at) =>
      write('expire', () => {
        const over = db.rows().filter((row) => waiting(row) && row.expiresAt <= at)
        for (const row of over) row.state = 'expired'
        return over.length
      }),
    wake: (_, at, receiver) =>
      write('wake', () => {
        const due = db.rows().filter((row) => waiting(row) && (receiver ?? row.receiver) === row.receiver)
        for (const row of due) row.nextAttemptAt = Math.min(row.nextAttemptAt, at.getTime())
      }),
  })
}

export function inboxStore(db: Database, { read }: Access): Inbox {
  return partly<Inbox>('inbox', {
    find: (_, iss, jti) =>
      read('inbox', () => {
        const entry = db.inbox.get(inboxKey(iss, jti))
        return entry && { sha256: entry.sha256, receipt: entry.receipt }
      }),
  })
}

export function securityLog(db: Database, { write }: Access): SecurityLog {
  return {
    record: ({ reason }) => write(`distrust ${reason}`, () => void db.securityEvents.push(reason)),
  }
}

export function counterpartyStore(db: Database, { read, write, now }: Access): CounterpartyStore {
  const recent = new Map<string, { readonly counterparty: Counterparty; readonly until: number }>()
  const find = (id: string) =>
    read('counterparty', () => {
      const known = db.counterparties.get(id)
      if (known === undefined) return undefined
      // It has a table of its own: what was saved with the counterparty is not it.
      const { silentSince: _, ...rest } = known
      const openedAt = db.circuits.get(id)?.openedAt
      return { ...rest, ...(openedAt !== undefined && { silentSince: new Date(openedAt) }) }
    })
  return partly<CounterpartyStore>('counterparties', {
    async recent(_, id) {
      const known = recent.get(id)
      if (known !== undefined && known.until > now()) return known.counterparty
      const counterparty = await find(id)
      if (counterparty === undefined) recent.delete(id)
      else recent.set(id, { counterparty, until: now() + RECENT_MILLISECONDS_MAX })
      return counterparty
    },
    find: (_, id) => find(id),
    list: () =>
      read('counterparties', () => ({ items: [...db.counterparties.values()], nextPageToken: undefined })),
    save(change) {
      recent.delete(change.next.id)
      return write(`save ${change.next.id}`, () => db.saveCounterparty(change))
    },
    keys: () => read('keys', () => []),
  })
}
