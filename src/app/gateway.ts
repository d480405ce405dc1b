/**
 * The use cases as the front doors (gRPC, HTTP) call them. Each works on behalf of one local VASP, the caller's, and sees
 * nothing of another. Throws Refusal for what it declines; anything else thrown is a fault.
 */
import type { CounterpartyUseCases } from './contract/counterparties.ts'
import type { EvidenceUseCases } from './contract/evidence.ts'
import type { ReviewUseCases } from './contract/review.ts'
import type { InboundUseCases, TransferUseCases } from './contract/transfers.ts'
import type { WalletUseCases } from './contract/wallets.ts'
import type { WebhookUseCases } from './contract/webhooks.ts'
import type { PeopleUseCases } from './people-use-cases.ts'
import type { PolicyUseCases } from './policy-use-cases.ts'
import type { RetentionUseCases } from './retention-use-cases.ts'

export type * from './contract/caller.ts'
export { CALLER_ROLES } from './contract/caller.ts'
export type * from './contract/counterparties.ts'
export type * from './contract/evidence.ts'
export type * from './contract/review.ts'
export type * from './contract/transfers.ts'
export type * from './contract/wallets.ts'
export type * from './contract/webhooks.ts'

export interface Gateway {
  readonly transfers: TransferUseCases
  readonly inbound: InboundUseCases
  readonly review: ReviewUseCases
  readonly counterparties: CounterpartyUseCases
  readonly evidence: EvidenceUseCases
  readonly wallets: WalletUseCases
  readonly webhooks: WebhookUseCases
  readonly people: PeopleUseCases
  readonly policies: PolicyUseCases
  readonly retention: RetentionUseCases
}
