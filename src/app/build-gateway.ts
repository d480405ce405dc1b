/** The use cases over one set of parts. */
import { counterpartyUseCases } from './counterparty-use-cases.ts'
import { diligenceUseCases } from './diligence-use-cases.ts'
import { evidenceUseCases } from './evidence-use-cases.ts'
import type { Gateway } from './gateway.ts'
import { inboundUseCases } from './inbound-use-cases.ts'
import type { Parts } from './parts.ts'
import { peopleUseCases } from './people-use-cases.ts'
import { policyUseCases } from './policy-use-cases.ts'
import { retentionUseCases } from './retention-use-cases.ts'
import { reviewUseCases } from './review-use-cases.ts'
import { transferUseCases } from './transfer-use-cases.ts'
import { walletUseCases } from './wallet-use-cases.ts'
import { webhookUseCases } from './webhook-use-cases.ts'

export function buildGateway(parts: Parts): Gateway {
  return {
    transfers: transferUseCases(parts),
    inbound: inboundUseCases(parts),
    review: reviewUseCases(parts),
    counterparties: { ...counterpartyUseCases(parts), ...diligenceUseCases(parts) },
    evidence: evidenceUseCases(parts),
    wallets: walletUseCases(parts),
    webhooks: webhookUseCases(parts),
    people: peopleUseCases(parts),
    policies: policyUseCases(parts),
    retention: retentionUseCases(parts),
  }
}
