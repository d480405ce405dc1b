/** Self-hosted wallets: their proofs, and where challenges and wallets are kept. */
import type { SignedMethod, Wallet, WalletChallenge, WalletOwner } from '../../domain/wallet/wallet.ts'
import type { AuditEntry, IdempotencyKey, Page } from './transfers.ts'

export interface WalletProofs {
  /** Whether the key of the account made this signature of this message. Never throws: what is no signature is not one. */
  isSigned(method: SignedMethod, account: string, message: string, signature: string): boolean
}

/** Written in one transaction with the key of the call and its audit entry. */
export interface WalletWrite {
  readonly idempotency: IdempotencyKey
  readonly audit: AuditEntry
}

export interface WalletFilter {
  /** CAIP-10; absent: all. */
  readonly account?: string
  readonly pageSize: number
  readonly pageToken?: string
}

export interface WalletStore {
  challenge(vaspId: string, id: string): Promise<WalletChallenge | undefined>
  issue(challenge: WalletChallenge, write: WalletWrite): Promise<'committed' | 'request-known'>
  /** With a challenge: only if nobody has used it, else `conflict`. */
  prove(
    wallet: Wallet,
    challengeId: string | undefined,
    write: WalletWrite,
  ): Promise<'committed' | 'request-known' | 'conflict'>
  /** `conflict` when it is revoked already. */
  revoke(
    vaspId: string,
    id: string,
    revoked: NonNullable<Wallet['revoked']>,
    write: WalletWrite,
  ): Promise<'committed' | 'request-known' | 'conflict'>
  find(vaspId: string, id: string): Promise<Wallet | undefined>
  /** Whether the account is proven to be under the customer's control now. */
  isProven(vaspId: string, owner: WalletOwner, now: Date): Promise<boolean>
  list(vaspId: string, filter: WalletFilter): Promise<Page<Wallet>>
}
