/** Who controls a self-hosted wallet. */
import type { ChallengeMethod, SeenTransfer, Wallet, WalletChallenge } from '../../domain/wallet/wallet.ts'
import type { Page, WalletFilter } from '../ports.ts'
import type { Caller, Outcome, Request } from './caller.ts'

export interface ChallengeInput {
  readonly account: string
  readonly customer: string
  readonly method: ChallengeMethod
  readonly micro?: { readonly asset: string; readonly base: string; readonly to: string }
}

export interface ProofInput {
  readonly signature?: string
  readonly seen?: SeenTransfer
}

export interface WalletUseCases {
  issue(request: Request, input: ChallengeInput): Promise<Outcome<WalletChallenge>>
  submit(request: Request, challengeId: string, proof: ProofInput): Promise<Outcome<Wallet>>
  /** An officer's word. */
  allow(
    request: Request,
    by: {
      readonly account: string
      readonly customer: string
      readonly expiresAt: Date
      readonly person: string
    },
  ): Promise<Outcome<Wallet>>
  revoke(
    request: Request,
    id: string,
    by: { readonly person: string; readonly reason: string },
  ): Promise<Outcome<Wallet>>
  list(caller: Caller, filter: WalletFilter): Promise<Page<Wallet>>
}
