/**
 * Which act of a person each RPC is: whoever comes with a person's token needs a role that may do one of them. An RPC of machines has
 * none, and a person gets nowhere with it. docs/holds.md shows the roles.
 */
import { mayAct, type PersonAction, type PersonRole } from '../domain/people.ts'
import type { RpcPath } from './rules.ts'

const MACHINES = [] as const
/** Whoever is somebody: it is about the person itself. */
const SELF = 'self'

const PERSON_RULES = {
  '/travelrule.v1.TransferService/AssessTransfer': MACHINES,
  '/travelrule.v1.TransferService/AuthorizeTransfer': MACHINES,
  '/travelrule.v1.TransferService/GetTransfer': ['read'],
  '/travelrule.v1.TransferService/ListTransfers': ['read'],
  '/travelrule.v1.TransferService/WatchTransfers': ['read'],
  '/travelrule.v1.TransferService/RepairTransfer': MACHINES,
  '/travelrule.v1.TransferService/CancelTransfer': MACHINES,
  '/travelrule.v1.TransferService/ReportSettlement': MACHINES,
  '/travelrule.v1.TransferService/ReportDeposit': MACHINES,
  '/travelrule.v1.TransferService/RedeemPermit': MACHINES,
  '/travelrule.v1.TransferService/InquireDeposit': MACHINES,
  '/travelrule.v1.TransferService/ReportReturn': MACHINES,

  '/travelrule.v1.InboundService/WatchInbound': MACHINES,
  '/travelrule.v1.InboundService/AcceptTransfer': MACHINES,
  '/travelrule.v1.InboundService/RejectTransfer': MACHINES,
  '/travelrule.v1.InboundService/RequestRepair': MACHINES,

  '/travelrule.v1.ReviewService/ListHolds': ['read'],
  '/travelrule.v1.ReviewService/GetHold': ['read'],
  '/travelrule.v1.ReviewService/WatchHolds': ['read'],
  '/travelrule.v1.ReviewService/CommentHold': ['comment'],
  '/travelrule.v1.ReviewService/HoldTransfer': ['hold'],
  '/travelrule.v1.ReviewService/ProposeRelease': ['release', 'propose'],
  '/travelrule.v1.ReviewService/ApproveRelease': ['approve'],
  '/travelrule.v1.ReviewService/WithdrawRelease': ['propose'],
  '/travelrule.v1.ReviewService/AssignHold': ['assign'],
  '/travelrule.v1.ReviewService/EscalateHold': ['escalate'],
  '/travelrule.v1.ReviewService/RejectHeldTransfer': ['reject'],
  '/travelrule.v1.ReviewService/BreakGlass': ['break-glass'],
  '/travelrule.v1.ReviewService/RevealIdentity': ['reveal'],

  '/travelrule.v1.CounterpartyService/LookupCounterparty': ['read-counterparties'],
  '/travelrule.v1.CounterpartyService/GetCounterparty': ['read-counterparties'],
  '/travelrule.v1.CounterpartyService/ListCounterparties': ['read-counterparties'],
  '/travelrule.v1.CounterpartyService/ImportCounterparty': ['import-counterparty'],
  '/travelrule.v1.CounterpartyService/VerifyCounterparty': ['verify-counterparty'],
  '/travelrule.v1.CounterpartyService/SuspendCounterparty': ['suspend-counterparty'],
  '/travelrule.v1.CounterpartyService/ReinstateCounterparty': ['reinstate-counterparty'],

  '/travelrule.v1.EvidenceService/GetEvidence': ['export'],
  '/travelrule.v1.EvidenceService/ListAuditEntries': ['read-audit'],
  '/travelrule.v1.EvidenceService/GetCheckpoint': ['read-audit'],

  '/travelrule.v1.WebhookService/ListWebhooks': ['configure', 'read-audit'],
  '/travelrule.v1.WebhookService/AddWebhook': ['configure'],
  '/travelrule.v1.WebhookService/RotateWebhookSecret': ['configure'],
  '/travelrule.v1.WebhookService/ReplayWebhook': ['configure'],
  '/travelrule.v1.WebhookService/DisableWebhook': ['configure'],
  '/travelrule.v1.WebhookService/EnableWebhook': ['configure'],

  '/travelrule.v1.WalletService/IssueWalletChallenge': MACHINES,
  '/travelrule.v1.WalletService/SubmitWalletProof': MACHINES,
  '/travelrule.v1.WalletService/AllowWallet': ['allow-wallet'],
  '/travelrule.v1.WalletService/RevokeWallet': ['revoke-wallet'],
  '/travelrule.v1.WalletService/ListWallets': ['read'],

  '/travelrule.v1.PolicyService/GetPolicy': ['read-policy'],
  '/travelrule.v1.PolicyService/ListPolicies': ['read-policy'],
  '/travelrule.v1.PolicyService/DryRunPolicy': ['propose-policy', 'approve-policy'],
  '/travelrule.v1.PolicyService/ProposePolicy': ['propose-policy'],
  '/travelrule.v1.PolicyService/ApprovePolicy': ['approve-policy'],
  '/travelrule.v1.PolicyService/WithdrawPolicy': ['propose-policy'],

  '/travelrule.v1.PersonService/SignIn': SELF,
  '/travelrule.v1.PersonService/GetPerson': SELF,
  '/travelrule.v1.PersonService/ChangePassword': SELF,
} as const satisfies Record<RpcPath, readonly PersonAction[] | typeof SELF>

/** False also for what has no rule, such as the services of gRPC itself. */
export function mayPersonCall(roles: readonly PersonRole[], path: string): boolean {
  const rules: Readonly<Record<string, readonly PersonAction[] | typeof SELF>> = PERSON_RULES
  const rule = Object.hasOwn(rules, path) ? rules[path] : undefined
  if (rule === SELF) return true
  return rule?.some((action) => roles.some((role) => mayAct(role, action))) === true
}
