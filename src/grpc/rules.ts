/** Who may call what: one rule per RPC, by full method name. Without a rule the table does not compile, and nobody gets in. */
import { CALLER_ROLES, type CallerRole } from '../app/gateway.ts'
import type { CounterpartyServiceService } from '../gen/travelrule/v1/counterparty.ts'
import type { EvidenceServiceService } from '../gen/travelrule/v1/evidence.ts'
import type { InboundServiceService } from '../gen/travelrule/v1/inbound.ts'
import type { PersonServiceService } from '../gen/travelrule/v1/person.ts'
import type { PolicyServiceService } from '../gen/travelrule/v1/policy.ts'
import type { ReviewServiceService } from '../gen/travelrule/v1/review.ts'
import type { TransferServiceService } from '../gen/travelrule/v1/transfer.ts'
import type { WalletServiceService } from '../gen/travelrule/v1/wallet.ts'
import type { WebhookServiceService } from '../gen/travelrule/v1/webhook.ts'

type PathOf<Service> = {
  [M in keyof Service]: Service[M] extends { path: infer P extends string } ? P : never
}[keyof Service]

export type RpcPath =
  | PathOf<typeof TransferServiceService>
  | PathOf<typeof InboundServiceService>
  | PathOf<typeof ReviewServiceService>
  | PathOf<typeof CounterpartyServiceService>
  | PathOf<typeof EvidenceServiceService>
  | PathOf<typeof WalletServiceService>
  | PathOf<typeof WebhookServiceService>
  | PathOf<typeof PersonServiceService>
  | PathOf<typeof PolicyServiceService>

/** Ours are checked for completeness by the compiler; those of gRPC itself by a test. */
type StandardPath = `/grpc.health.v1.${string}` | `/grpc.reflection.${string}`

const MOVERS = ['integrator', 'custody'] as const
const TRANSFER_READERS = [...MOVERS, 'console', 'auditor'] as const
const OFFICERS = ['console', 'admin'] as const
const PERSONS = ['console', 'auditor', 'admin'] as const

export const RULES = {
  '/travelrule.v1.TransferService/AssessTransfer': MOVERS,
  '/travelrule.v1.TransferService/AuthorizeTransfer': MOVERS,
  '/travelrule.v1.TransferService/GetTransfer': TRANSFER_READERS,
  '/travelrule.v1.TransferService/ListTransfers': TRANSFER_READERS,
  '/travelrule.v1.TransferService/WatchTransfers': TRANSFER_READERS,
  '/travelrule.v1.TransferService/RepairTransfer': MOVERS,
  '/travelrule.v1.TransferService/CancelTransfer': MOVERS,
  '/travelrule.v1.TransferService/ReportSettlement': MOVERS,
  '/travelrule.v1.TransferService/ReportDeposit': MOVERS,
  '/travelrule.v1.TransferService/InquireDeposit': MOVERS,
  '/travelrule.v1.TransferService/ReportReturn': MOVERS,
  '/travelrule.v1.TransferService/RedeemPermit': MOVERS,

  '/travelrule.v1.InboundService/WatchInbound': MOVERS,
  '/travelrule.v1.InboundService/AcceptTransfer': MOVERS,
  '/travelrule.v1.InboundService/RejectTransfer': MOVERS,
  '/travelrule.v1.InboundService/RequestRepair': MOVERS,

  '/travelrule.v1.ReviewService/ListHolds': ['console', 'auditor'],
  '/travelrule.v1.ReviewService/GetHold': ['console', 'auditor'],
  '/travelrule.v1.ReviewService/WatchHolds': ['console', 'auditor'],
  '/travelrule.v1.ReviewService/CommentHold': ['console'],
  '/travelrule.v1.ReviewService/HoldTransfer': ['console'],
  '/travelrule.v1.ReviewService/ProposeRelease': ['console'],
  '/travelrule.v1.ReviewService/ApproveRelease': ['console'],
  '/travelrule.v1.ReviewService/WithdrawRelease': ['console'],
  '/travelrule.v1.ReviewService/AssignHold': ['console'],
  '/travelrule.v1.ReviewService/EscalateHold': ['console'],
  '/travelrule.v1.ReviewService/RejectHeldTransfer': ['console'],
  '/travelrule.v1.ReviewService/BreakGlass': ['console'],
  '/travelrule.v1.ReviewService/RevealIdentity': ['console'],

  '/travelrule.v1.CounterpartyService/LookupCounterparty': CALLER_ROLES,
  '/travelrule.v1.CounterpartyService/GetCounterparty': CALLER_ROLES,
  '/travelrule.v1.CounterpartyService/ListCounterparties': CALLER_ROLES,
  '/travelrule.v1.CounterpartyService/ImportCounterparty': OFFICERS,
  '/travelrule.v1.CounterpartyService/VerifyCounterparty': OFFICERS,
  '/travelrule.v1.CounterpartyService/SuspendCounterparty': OFFICERS,
  '/travelrule.v1.CounterpartyService/ReinstateCounterparty': OFFICERS,

  '/travelrule.v1.EvidenceService/GetEvidence': ['console', 'auditor'],
  '/travelrule.v1.EvidenceService/ListAuditEntries': ['console', 'auditor'],
  '/travelrule.v1.EvidenceService/GetCheckpoint': ['console', 'auditor'],

  '/travelrule.v1.WebhookService/ListWebhooks': ['integrator', 'auditor', 'admin'],
  '/travelrule.v1.WebhookService/AddWebhook': ['admin'],
  '/travelrule.v1.WebhookService/RotateWebhookSecret': ['admin'],
  '/travelrule.v1.WebhookService/ReplayWebhook': ['admin'],
  '/travelrule.v1.WebhookService/DisableWebhook': ['admin'],
  '/travelrule.v1.WebhookService/EnableWebhook': ['admin'],
  '/travelrule.v1.PolicyService/GetPolicy': PERSONS,
  '/travelrule.v1.PolicyService/ListPolicies': PERSONS,
  '/travelrule.v1.PolicyService/DryRunPolicy': ['console'],
  '/travelrule.v1.PolicyService/ProposePolicy': ['console'],
  '/travelrule.v1.PolicyService/ApprovePolicy': ['console'],
  '/travelrule.v1.PolicyService/WithdrawPolicy': ['console'],

  '/travelrule.v1.PersonService/SignIn': PERSONS,
  '/travelrule.v1.PersonService/GetPerson': PERSONS,
  '/travelrule.v1.PersonService/ChangePassword': PERSONS,

  '/travelrule.v1.WalletService/IssueWalletChallenge': MOVERS,
  '/travelrule.v1.WalletService/SubmitWalletProof': MOVERS,
  '/travelrule.v1.WalletService/AllowWallet': ['console'],
  '/travelrule.v1.WalletService/RevokeWallet': ['console'],
  '/travelrule.v1.WalletService/ListWallets': TRANSFER_READERS,

  '/grpc.health.v1.Health/Check': CALLER_ROLES,
  '/grpc.health.v1.Health/List': CALLER_ROLES,
  '/grpc.health.v1.Health/Watch': CALLER_ROLES,
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': CALLER_ROLES,
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': CALLER_ROLES,
} as const satisfies Record<RpcPath, readonly CallerRole[]> & Record<StandardPath, readonly CallerRole[]>

/** False also for an RPC that has no rule. */
export function mayCall(role: CallerRole, path: string): boolean {
  const rules: Readonly<Record<string, readonly CallerRole[]>> = RULES
  return Object.hasOwn(rules, path) && rules[path]?.includes(role) === true
}
