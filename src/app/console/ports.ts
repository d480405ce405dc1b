/** What the console needs besides the gateway's own ports: sessions, saved views, and reads made for its pages. */
import type { AuditEntry, SignedInPerson } from '../ports.ts'

export interface StoredSession {
  readonly id: string
  /** As at sign-in; roles are looked up anew with every request. */
  readonly person: SignedInPerson
  readonly vaspId: string | undefined
  readonly userAgent: string
  /** What the identity provider calls its own session, where it says so. */
  readonly providerSession?: string
  readonly signedInAt: Date
  readonly lastSeenAt: Date
  /** Ends then, whatever the person does. */
  readonly expiresAt: Date
}

/** Only a hash of the token is stored: who reads the database cannot take over a session. */
export interface SessionStore {
  add(session: StoredSession, tokenHash: Uint8Array, audit?: AuditEntry): Promise<void>
  find(tokenHash: Uint8Array): Promise<StoredSession | undefined>
  seen(id: string, at: Date): Promise<void>
  select(id: string, vaspId: string): Promise<void>
  /** False where the person has no such session. */
  end(id: string, subject: string): Promise<boolean>
  listOf(subject: string): Promise<readonly StoredSession[]>
  /** Ends those that the identity provider began no later than `until`: of its session, or of the person where it names none. */
  endProvided(ended: EndedAtProvider, until: Date): Promise<void>
  /** Forgets those that can no longer be used. */
  sweep(idleBefore: Date, now: Date): Promise<void>
}

/** Whom the identity provider has signed out. */
export interface EndedAtProvider {
  readonly subject?: string
  readonly providerSession?: string
}

/** A sign-in that the browser has gone to the identity provider for. */
export interface PendingSignIn {
  readonly nonce: string
  /** PKCE (RFC 7636). */
  readonly codeVerifier: string
  /** Path within the console. */
  readonly returnTo: string
  /** The session that the new one takes the place of, and whose it is. */
  readonly former?: { readonly id: string; readonly subject: string }
}

export interface PendingSignInStore {
  add(stateHash: Uint8Array, browserHash: Uint8Array, pending: PendingSignIn, expiresAt: Date): Promise<void>
  /** Gives it once, to the browser that began it, before it expires. */
  take(stateHash: Uint8Array, browserHash: Uint8Array, now: Date): Promise<PendingSignIn | undefined>
  sweep(now: Date): Promise<void>
}

export interface Attempts {
  /** Within the period that is running, this one included. */
  readonly count: number
  readonly secondsLeft: number
}

/** Counts over all replicas. */
export interface AttemptStore {
  /** One more for each; a period begins with the first one after the last has ended. In the order given. */
  count(who: readonly Uint8Array[], periodSeconds: number): Promise<readonly Attempts[]>
  sweep(periodSeconds: number): Promise<void>
}

export interface SavedView {
  readonly id: string
  readonly name: string
  readonly page: 'holds' | 'transfers' | 'counterparties' | 'audit'
  readonly query: string
}

export interface SavedViewStore {
  list(vaspId: string, subject: string): Promise<readonly SavedView[]>
  /** False where the person has as many as may be. */
  save(vaspId: string, subject: string, view: SavedView, max: number): Promise<boolean>
  delete(vaspId: string, subject: string, id: string): Promise<void>
}

/** Who has a transfer open in a console of any replica, now. Nothing of it is kept. */
export interface PresenceStore {
  /** This person looks at it at `now`; gives the others who did at `since` or later. */
  look(
    vaspId: string,
    transferId: string,
    subject: string,
    at: { readonly now: Date; readonly since: Date },
  ): Promise<readonly string[]>
  leave(vaspId: string, transferId: string, subject: string): Promise<void>
}
