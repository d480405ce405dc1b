/** The persons behind consoles: local accounts, and tokens that name a person. */
import type { KnownPerson, PersonRole } from '../../domain/people.ts'
import type { AuditEntry } from './transfers.ts'

/** A person whom this gateway has authenticated itself. */
export interface SignedInPerson {
  /** The account, [A-Za-z0-9@._:|-]{1,128}. */
  readonly subject: string
  /** Id of the human being behind it; several accounts may have the same. */
  readonly naturalPerson: string
  readonly displayName: string
  /** By id of the local VASP. */
  readonly roles: RolesByVasp
  /** The local VASPs at which the person has a role. */
  readonly vaspIds: readonly string[]
  readonly source: 'local' | 'oidc'
}

export type RolesByVasp = Readonly<Record<string, readonly PersonRole[]>>

/** A local account. */
export interface Operator {
  readonly subject: string
  /** Whose key encrypts the account, and whose audit log tells of it. */
  readonly vaspId: string
  readonly naturalPerson: string
  readonly displayName: string
  readonly roles: RolesByVasp
  /** As `passwords.ts` writes it. */
  readonly passwordHash: string
  /** Base32 (RFC 4648, 6); absent: the password suffices. */
  readonly totpSecret?: string
  /** The time step of the last code that was taken: it and earlier ones are spent. */
  readonly spentStep: number
  /** Failed attempts in a row, one under way included. */
  readonly failures: number
  /** No attempt counts before. */
  readonly lockedUntil?: Date
  readonly disabledAt?: Date
  /** Tokens and sessions from before are void. */
  readonly validFrom: Date
  readonly version: number
}

export interface OperatorStore {
  find(subject: string): Promise<Operator | undefined>
  /** By subject; those with a role at the VASP, if one is named. */
  list(vaspId?: string): Promise<readonly Operator[]>
  /** Writes the account with version `next.version`, if its version is still the one before; 1 creates. */
  save(next: Operator, audit: readonly AuditEntry[]): Promise<'committed' | 'conflict'>
}

/** Time-based one-time codes (RFC 6238). */
export interface OneTimeCodes {
  /** A new secret in base32. */
  newSecret(): string
  /** What an authenticator app scans or imports. */
  uri(secret: string, subject: string): string
  /** The time step of a code that counts at `now`, or one step beside it; undefined if it does not. */
  stepOf(secret: string, code: string, now: Date): number | undefined
}

/** What a token of this gateway says. Roles are not in it: they are looked up when it is used. */
export interface PersonClaims {
  readonly subject: string
  /** The one local VASP at which it counts. */
  readonly vaspId: string
  readonly jti: string
  readonly issuedAt: Date
  readonly expiresAt: Date
}

export interface PersonTokens {
  /** Compact JWS of type tamga-person+jws. */
  issue(claims: PersonClaims): Promise<string>
  /** Undefined: not a token of this gateway. Throws Refusal PERSON_TOKEN_INVALID for one that does not verify or has expired. */
  read(token: string): Promise<PersonClaims | undefined>
}

/** Who is known at a local VASP. */
export interface PeopleDirectory {
  /** Enabled local accounts with a role there, and persons whom tokens have named. */
  at(vaspId: string): Promise<readonly KnownPerson[]>
  /** A token named this person. */
  saw(vaspId: string, person: KnownPerson): Promise<void>
  /** The identity provider names no role here any more for a person whom it may have named before. */
  withdrew(vaspId: string, subject: string): Promise<void>
  /** The roles that tokens have named last for this person. */
  lastNamed(subject: string): Promise<RolesByVasp>
}

/** Tokens of an identity provider. */
export interface ForeignTokens {
  /** Throws Refusal PERSON_TOKEN_INVALID. */
  personOf(token: string): Promise<SignedInPerson>
}

/** Passwords that many have chosen, or that were breached: whoever guesses tries these first. */
export interface CommonPasswords {
  has(password: string): boolean
}
