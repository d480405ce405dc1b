/** Sends a VASP's present card to every counterparty: into the outbox, from where the running gateways take it until it is receipted. */
import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { z } from 'zod'
import type { AuditEntry, OutboxEntry } from '../../app/ports.ts'
import { keyRefusal } from '../../domain/envelope/public-key.ts'
import { Refusal } from '../../domain/refusal.ts'
import { readContent } from '../../nats/read-content.ts'
import { postgresCounterpartyStore } from '../../postgres/counterparty-store.ts'
import { postgresOutbox } from '../../postgres/outbox.ts'
import { cardDesk } from '../../sealing/card-desk.ts'
import { envelopes } from '../../sealing/envelopes.ts'
import type { KeyStore } from '../../sealing/key-store.ts'
import { pinnedKeys } from '../../sealing/pinned-keys.ts'
import type { ConfiguredVasp } from '../../vasps.ts'

export interface Desk {
  readonly pool: Pool
  readonly keyStore: KeyStore
  readonly vasps: ReadonlyMap<string, ConfiguredVasp>
}

export interface Announcement {
  readonly sent: readonly Pick<OutboxEntry, 'jti' | 'receiver'>[]
  /** Counterparties without a valid sealing key on file: they must import the card by hand. */
  readonly unsealable: readonly string[]
}

/** Less than the longest life of an envelope; whoever is away for longer must import the card by hand. */
const CARD_ENVELOPE_SECONDS = 7 * 86_400
const PAGE = 200

/**
 * Signs with the oldest key that still counts: the one that a counterparty knows which never heard of the newer ones, as when a
 * rotation was cut short before its card went out.
 */
function signingAsKnown(keyStore: KeyStore): KeyStore {
  return {
    ...keyStore,
    async signingKey(vaspId, at) {
      const seconds = Math.floor(at.getTime() / 1000)
      const oldest = (await keyStore.publicKeys(vaspId)).find(
        (key) => key.use === 'sig' && keyRefusal(key, seconds, at) === undefined,
      )
      return oldest ?? keyStore.signingKey(vaspId, at)
    },
  }
}

/** Durable when it resolves, with `audit` in the same transaction. */
export async function announceCard(
  { pool, keyStore: store, vasps }: Desk,
  vaspId: string,
  audit: readonly AuditEntry[],
): Promise<Announcement> {
  const keyStore = signingAsKnown(store)
  const counterparties = postgresCounterpartyStore(pool)
  const clock = { now: () => new Date() }
  const parts = { keyStore, pinned: pinnedKeys(counterparties), clock, newId: randomUUIDv7, readContent }
  const port = envelopes(parts)
  const now = clock.now()
  const card = await cardDesk(keyStore, vasps).own(vaspId, now)
  const expiresAt = new Date(now.getTime() + CARD_ENVELOPE_SECONDS * 1000)
  const entries: OutboxEntry[] = []
  const unsealable: string[] = []
  let page: string | undefined
  do {
    const { items, nextPageToken } = await counterparties.list(vaspId, PAGE, page)
    for (const { id } of items) {
      const letter = { type: 'card', from: vaspId, to: id, expiresAt, content: { card } } as const
      try {
        entries.push(await port.write(letter, now))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        unsealable.push(id)
      }
    }
    page = nextPageToken
  } while (page !== undefined)
  await postgresOutbox(pool).add(vaspId, entries, audit)
  return { sent: entries.map(({ jti, receiver }) => ({ jti, receiver })), unsealable }
}

export interface Told {
  readonly counterparty: string
  /** receipted: it has the card. waiting: it is being sent again. refused: it said no. expired: too late. */
  readonly state: 'waiting' | 'receipted' | 'refused' | 'expired'
}

const StateRows = z.array(
  z
    .object({ receiver: z.string(), state: z.enum(['waiting', 'receipted', 'refused', 'expired']) })
    .transform(({ receiver, state }) => ({ counterparty: receiver, state })),
)

const POLL_MILLISECONDS = 500

/** How far the cards have come: once none waits any more, or at `until`. */
export async function awaitReceipts(
  pool: Pool,
  vaspId: string,
  { sent }: Announcement,
  until: Date,
): Promise<readonly Told[]> {
  for (;;) {
    const { rows } = await pool.query(
      `select receiver, state from outbox where vasp_id = $1 and jti = any($2) order by receiver`,
      [vaspId, sent.map(({ jti }) => jti)],
    )
    const told = StateRows.parse(rows)
    if (told.every(({ state }) => state !== 'waiting') || new Date() >= until) return told
    await sleep(POLL_MILLISECONDS)
  }
}
