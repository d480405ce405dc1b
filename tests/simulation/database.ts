/**
 * The database of one VASP, shared by its replicas: what the PostgreSQL stores promise, in memory. A commit is one act without a
 * pause, so that it is there whole or not at all; versions, primary keys and unique indexes are those of src/postgres/migrations, and
 * tests/integration/simulated-store.test.ts holds both beside each other.
 */
import type {
  AuditEntry,
  Commit,
  CommitOutcome,
  CounterpartyCommit,
  HoldNote,
  IdempotencyKey,
  InboxEntry,
  OutboxEntry,
  RecordedEvent,
} from '../../src/app/ports.ts'
import type { Counterparty } from '../../src/domain/counterparty/counterparty.ts'
import type { Hold } from '../../src/domain/hold/hold.ts'
import type { ReleaseProposal } from '../../src/domain/hold/proposal.ts'
import { nextClock } from '../../src/domain/transfer/clocks.ts'
import type { Transfer, TransferEvent } from '../../src/domain/transfer/transfer.ts'

export interface OutboxRow extends OutboxEntry {
  readonly vaspId: string
  state: 'waiting' | 'receipted' | 'refused' | 'expired'
  attempt: number
  nextAttemptAt: number
  readonly createdAt: number
}

/** As a row of `counterparty_circuits`. */
export interface Circuit {
  readonly counterpartyId: string
  readonly messageJti: string
  pingJti?: string
  readonly suspectedAt: number
  openedAt?: number
  nextPingAt?: number
  heardAt?: number
}

export interface Held {
  readonly transferId: string
  readonly hold: Hold
}

/** What keeps rows apart; each can be switched off to see that the judge finds out. */
export interface Rules {
  readonly versions: boolean
  readonly inboxKey: boolean
  readonly idempotencyKey: boolean
}

export const ALL_RULES: Rules = { versions: true, inboxKey: true, idempotencyKey: true }

/** How long the committing process has to publish before another one takes the row; as src/postgres/commit.ts. */
const FIRST_LEASE_MILLISECONDS = 3_000

export class Database {
  readonly vaspId: string
  readonly transfers = new Map<string, Transfer>()
  /** Written by one version: all of them are known. */
  readonly events: (RecordedEvent & { readonly event: TransferEvent })[] = []
  readonly holds = new Map<string, Held>()
  readonly proposals = new Map<string, ReleaseProposal>()
  readonly notes: HoldNote[] = []
  readonly outbox = new Map<string, OutboxRow>()
  readonly inbox = new Map<string, InboxEntry>()
  readonly requests = new Map<string, IdempotencyKey & { readonly resourceId: string }>()
  readonly audit: AuditEntry[] = []
  readonly securityEvents: string[] = []
  readonly counterparties = new Map<string, Counterparty>()
  readonly circuits = new Map<string, Circuit>()
  readonly #now: () => number
  readonly #rules: Rules
  /** Told of every event, once it is durable. */
  onEvent: (event: RecordedEvent, transfer: Transfer) => void = () => undefined

  constructor(vaspId: string, now: () => number, rules: Rules = ALL_RULES) {
    this.vaspId = vaspId
    this.#now = now
    this.#rules = rules
  }

  /** As `transfers.find`: with open holds only, their open proposals, and how far the newest message has come. */
  find(id: string): Transfer | undefined {
    const row = this.transfers.get(id)
    if (row === undefined) return undefined
    const held = [...this.holds.values()].filter(
      ({ transferId, hold }) => transferId === id && hold.state === 'open',
    )
    const newest = this.rows().find(({ transferId, seq }) => transferId === id && seq === row.ownSeq)
    const delivery = newest === undefined ? 'none' : newest.state === 'waiting' ? 'unreceipted' : newest.state
    return { ...row, holds: held.map(({ hold }) => this.withProposal(hold)), delivery }
  }

  withProposal(hold: Hold): Hold {
    const { proposal: _, ...bare } = hold
    const open = [...this.proposals.values()].find(
      ({ holdId, state }) => holdId === hold.id && state === 'open',
    )
    return open === undefined ? bare : { ...bare, proposal: open }
  }

  rows(): OutboxRow[] {
    return [...this.outbox.values()]
  }

  commit(commit: Commit): CommitOutcome {
    const { next, previousVersion } = commit
    const current = this.transfers.get(next.id)
    if (this.#rules.versions && (current?.version ?? 0) !== previousVersion) return 'conflict'
    if (previousVersion > 0 && current === undefined) return 'conflict'
    if (this.#hasTwoOpenHolds(next)) return 'conflict'
    if (current === undefined && this.#isUnaware(next)) return 'conflict'
    const broken = this.broken(commit.outbox, commit.inbox, commit.idempotency)
    if (broken !== undefined) return broken
    this.transfers.set(next.id, next)
    for (const hold of next.holds) this.holds.set(hold.id, { transferId: next.id, hold })
    for (const proposal of commit.proposals ?? []) this.proposals.set(proposal.id, proposal)
    this.notes.push(...(commit.notes ?? []))
    this.write(commit.outbox, commit.inbox, commit.idempotency, next.id, commit.audit)
    for (const event of commit.events) {
      const recorded = {
        cursor: String(this.events.length + 1),
        transferId: next.id,
        version: next.version,
        occurredAt: next.updatedAt,
        event,
      }
      this.events.push(recorded)
      this.onEvent(recorded, next)
    }
    return 'committed'
  }

  /** The trigger `transfers_counterparty_free`: a new transfer that does not know of its counterparty's suspension. */
  #isUnaware({ counterpartyId, holds }: Transfer): boolean {
    const isSuspended = this.counterparties.get(counterpartyId ?? '')?.suspension !== undefined
    return isSuspended && !holds.some(({ reason }) => reason === 'COUNTERPARTY_SUSPENDED')
  }

  /** The unique index `holds_one_open`. */
  #hasTwoOpenHolds({ id, holds }: Transfer): boolean {
    const ending = new Set(holds.filter(({ state }) => state !== 'open').map((hold) => hold.id))
    const stored = [...this.holds.values()].filter(
      ({ transferId, hold }) => transferId === id && hold.state === 'open' && !ending.has(hold.id),
    )
    return holds.some(
      (hold) =>
        hold.state === 'open' &&
        stored.some((other) => other.hold.reason === hold.reason && other.hold.id !== hold.id),
    )
  }

  /** Which primary key or unique index would be broken, if any. */
  broken(
    outbox: readonly OutboxEntry[],
    inbox: InboxEntry | undefined,
    key: IdempotencyKey | undefined,
  ): Exclude<CommitOutcome, 'committed'> | undefined {
    const taken = ({ transferId, seq }: OutboxEntry) =>
      transferId !== undefined && this.rows().some((row) => row.transferId === transferId && row.seq === seq)
    if (this.#rules.versions && outbox.some(taken)) return 'conflict'
    if (this.#rules.inboxKey && inbox !== undefined && this.inbox.has(inboxKey(inbox.iss, inbox.jti)))
      return 'envelope-known'
    if (this.#rules.idempotencyKey && key !== undefined && this.requests.has(requestKey(key)))
      return 'request-known'
    return undefined
  }

  write(
    outbox: readonly OutboxEntry[],
    inbox: InboxEntry | undefined,
    key: IdempotencyKey | undefined,
    resourceId: string,
    audit: readonly AuditEntry[],
  ): void {
    for (const entry of outbox)
      this.outbox.set(entry.jti, {
        ...entry,
        vaspId: this.vaspId,
        state: 'waiting',
        attempt: 1,
        nextAttemptAt: this.#now() + FIRST_LEASE_MILLISECONDS,
        createdAt: this.#now(),
      })
    if (inbox !== undefined) this.inbox.set(inboxKey(inbox.iss, inbox.jti), inbox)
    if (key !== undefined) this.requests.set(requestKey(key), { ...key, resourceId })
    this.audit.push(...audit)
  }

  saveCounterparty(change: CounterpartyCommit): Exclude<CommitOutcome, never> {
    const current = this.counterparties.get(change.next.id)
    if ((current?.version ?? 0) !== change.previousVersion) return 'conflict'
    const broken = this.broken(change.outbox, change.inbox, change.idempotency)
    if (broken !== undefined) return broken
    this.counterparties.set(change.next.id, change.next)
    this.write(change.outbox, change.inbox, change.idempotency, change.next.id, change.audit)
    return 'committed'
  }

  isSilent(counterpartyId: string | undefined): boolean {
    return this.circuits.get(counterpartyId ?? '')?.openedAt !== undefined
  }

  /** Held, unsent, for the silence of a counterparty that is silent no longer. */
  resumable(): string[] {
    const held = [...this.holds.values()].filter(
      ({ hold }) => hold.state === 'open' && hold.reason === 'COUNTERPARTY_UNREACHABLE',
    )
    return held.flatMap(({ transferId }) => {
      const transfer = this.transfers.get(transferId)
      return transfer?.state === 'started' && !this.isSilent(transfer.counterpartyId) ? [transferId] : []
    })
  }

  /** When something here is next due: a clock, an envelope to be sent again, a ping to who is silent. */
  nextDue(): number | undefined {
    const clocks = [...this.transfers.values()].flatMap((transfer) => nextClock(transfer)?.getTime() ?? [])
    const attempts = this.rows().flatMap((row) => (row.state === 'waiting' ? [row.nextAttemptAt] : []))
    const pings = [...this.circuits.values()].flatMap(({ nextPingAt }) => nextPingAt ?? [])
    const resuming = this.resumable().map(() => this.#now())
    const due = Math.min(...clocks, ...attempts, ...pings, ...resuming)
    return Number.isFinite(due) ? due : undefined
  }
}

export function inboxKey(iss: string, jti: string): string {
  return `${iss} ${jti}`
}

export function requestKey({ caller, method, requestId }: Omit<IdempotencyKey, 'fingerprint'>): string {
  return `${caller} ${method} ${requestId}`
}
