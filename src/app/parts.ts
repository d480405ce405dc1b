/** What every use case is made of: the ports, and the local VASPs of this deployment. */
import { type KnownPerson, withPeople } from '../domain/people.ts'
import type { LocalVasp } from '../domain/policy.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Context } from '../domain/transfer/step.ts'
import type { AuditLog, NoteSigner } from './audit-log.ts'
import type { EvidenceDesk, EvidenceReads } from './evidence.ts'
import type { PeopleParts } from './people-use-cases.ts'
import type { PolicyParts } from './policy-use-cases.ts'
import type {
  Cards,
  CircuitStore,
  CounterpartyStore,
  DataKeyStore,
  DiligenceReads,
  DirectoryChecks,
  DirectorySource,
  Dispatch,
  Doorbell,
  Envelopes,
  Inbox,
  KeyWrapping,
  Meter,
  Outbox,
  Permits,
  PostReceipt,
  RetentionStore,
  ScreeningProvider,
  SecurityLog,
  TombstoneDesk,
  Tracer,
  TransferStore,
  Transport,
  WalletProofs,
  WalletStore,
  WebhookSender,
  WebhookStore,
} from './ports.ts'
import type { CheckpointPublisher } from './publish-checkpoints.ts'
import type { RecentTransfers } from './recent-transfers.ts'

export interface Parts extends PeopleParts, PolicyParts {
  /** Waits. Like the clock, it is given, so that time can be simulated. */
  readonly pause: (milliseconds: number) => Promise<unknown>
  readonly vasps: ReadonlyMap<string, LocalVasp>
  readonly transfers: TransferStore
  readonly counterparties: CounterpartyStore
  readonly circuits: CircuitStore
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly securityLog: SecurityLog
  readonly envelopes: Envelopes
  readonly permits: Permits
  /** Registers and directories, by name. */
  readonly directories: ReadonlyMap<string, DirectorySource>
  readonly checks: DirectoryChecks
  readonly wallets: WalletStore
  readonly walletProofs: WalletProofs
  readonly diligence: DiligenceReads
  /** By the name that policies call them. */
  readonly screeners: ReadonlyMap<string, ScreeningProvider>
  readonly cards: Cards
  readonly recent: RecentTransfers
  readonly auditLog: AuditLog
  readonly notes: NoteSigner
  readonly checkpoints: CheckpointPublisher
  readonly evidence: EvidenceReads
  readonly desk: EvidenceDesk
  readonly webhooks: WebhookStore
  readonly webhookSender: WebhookSender
  /** By VASP: where its back office can be asked to decide on inbound transfers; whether it is, the policy says: see decisionWebhook. */
  readonly decisionWebhooks: ReadonlyMap<string, DecisionWebhook>
  readonly retention: RetentionStore
  readonly dataKeys: DataKeyStore
  readonly wrapping: KeyWrapping
  readonly tombstones: TombstoneDesk
  readonly doorbell: Doorbell
  readonly transport: Transport
  readonly dispatch: Dispatch
  readonly postReceipt: PostReceipt
  readonly log: Log
  /** Absent where nobody measures. */
  readonly meter?: Meter
  /** Absent unless traces are wanted. */
  readonly tracer?: Tracer
}

export interface DecisionWebhook {
  readonly url: string
  readonly secret: string
}

/** Where the back office is asked now; undefined where the policy in force asks nobody by webhook. */
export function decisionWebhook(
  { vasps, decisionWebhooks }: Pick<Parts, 'vasps' | 'decisionWebhooks'>,
  vaspId: string,
): DecisionWebhook | undefined {
  return vasps.get(vaspId)?.policy.inbound === 'webhook' ? decisionWebhooks.get(vaspId) : undefined
}

/** Structured logs by allow-list: a constant sentence, and fields that are ids, codes and numbers. */
export interface Log {
  info(sentence: string, fields?: LogFields): void
  warn(sentence: string, fields?: LogFields): void
  /** A fault of ours, with its cause. */
  error(sentence: string, cause: unknown, fields?: LogFields): void
}

export type LogFields = { readonly [field: string]: string | number | boolean | undefined }

/**
 * Throws when the id is not of a VASP of this deployment: callers are checked against them before. Throws Refusal REPLICA_OUTDATED where
 * another replica published a policy that this one cannot read: by an older one nothing may be decided.
 */
export function localVasp({ vasps }: Pick<Parts, 'vasps'>, vaspId: string): LocalVasp {
  const vasp = vasps.get(vaspId)
  if (vasp === undefined) throw new Error(`${vaspId} is not a VASP of this deployment`)
  if (vasp.isBehindPolicy === true) throw new Refusal('REPLICA_OUTDATED')
  return vasp
}

/** The VASPs for which this replica may work: see localVasp. */
export function servedVasps({ vasps }: Pick<Parts, 'vasps'>): readonly string[] {
  return [...vasps].flatMap(([vaspId, { isBehindPolicy }]) => (isBehindPolicy === true ? [] : [vaspId]))
}

/** `people`: those who are known, where a person acts. */
export function contextOf(
  parts: Pick<Parts, 'vasps' | 'clock' | 'newId'>,
  vaspId: string,
  actor: string,
  people?: readonly KnownPerson[],
): Context {
  const { policy } = localVasp(parts, vaspId)
  const known = people === undefined ? policy : withPeople(policy, people)
  return { now: parts.clock.now(), actor, policy: known, newId: parts.newId }
}
