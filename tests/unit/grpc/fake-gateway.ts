/** Use cases that do what a test tells them: here the adapter is under test, not what lies behind it. */
import type { DryRun } from '../../../src/app/dry-run.ts'
import type {
  BatchView,
  CounterpartyView,
  Gateway,
  HoldView,
  TransferView,
  WatchedEvent,
} from '../../../src/app/gateway.ts'
import type { HoldNote, LegalHold, PolicyVersion, SignedInPerson } from '../../../src/app/ports.ts'
import type { Hold } from '../../../src/domain/hold/hold.ts'
import type { Transfer } from '../../../src/domain/transfer/transfer.ts'
import type { Wallet, WalletChallenge } from '../../../src/domain/wallet/wallet.ts'
import type { WebhookEndpoint } from '../../../src/domain/webhook/webhook.ts'

export const TRANSFER_ID = '018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b'
export const HOLD_ID = '018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0c'
export const SEEN_HASH = 'A'.repeat(43)
export const NOW = new Date('2026-03-01T12:00:00.000Z')

function aTransfer(more: Partial<Transfer> = {}): Transfer {
  return {
    vaspId: 'alice',
    id: TRANSFER_ID,
    role: 'originator',
    counterpartyId: 'bob',
    state: 'pending',
    version: 3,
    ownSeq: 1,
    peerSeq: 0,
    asset: 'eip155:1/slip44:60',
    amount: '1.5',
    secret: {
      destination: 'eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb',
      identity: '{"secret":"IVMS101"}',
    },
    exempt: false,
    holds: [],
    cleared: [],
    repairs: [],
    approvers: [],
    delivery: 'unreceipted',
    createdAt: NOW,
    updatedAt: NOW,
    ...more,
  }
}

const ENDPOINT: WebhookEndpoint = {
  vaspId: 'alice',
  id: HOLD_ID,
  kind: 'events',
  url: 'https://hooks.example/tamga',
  createdAt: NOW,
  failures: 0,
  waiting: 0,
  givenUp: 2,
}

export function aHold(more: Partial<Hold> = {}): Hold {
  return {
    id: HOLD_ID,
    reason: 'COUNTERPARTY_UNVERIFIED',
    finding: { check: 'counterparty', code: 'PROOF_MISSING', message: 'reachability is unproven' },
    state: 'open',
    openedAt: NOW,
    deadline: new Date(NOW.getTime() + 3_600_000),
    outcomeAtDeadline: 'KEEP_HOLDING',
    overdue: false,
    ...more,
  }
}

export function aView(transfer: Partial<Transfer> = {}, more: Partial<TransferView> = {}): TransferView {
  return { transfer: aTransfer(transfer), decision: 'WAIT', approvalsRequired: () => 1, ...more }
}

export function aHoldView(hold: Partial<Hold> = {}): HoldView {
  return { hold: aHold(hold), transfer: aView({ state: 'started' }), notes: [], seenHash: SEEN_HASH }
}

function aCounterpartyView(): CounterpartyView {
  return {
    counterparty: {
      id: 'bob',
      legalName: 'Bob Custody SA',
      country: 'LU',
      card: 'a.b.c',
      cardVersion: 2,
      proofs: [{ kind: 'identity', source: 'card', reference: 'digest', provenAt: NOW, expiresAt: NOW }],
      version: 1,
    },
    verdict: { verdict: 'UNVERIFIED', missing: ['licence'], expiresAt: undefined },
    checks: [],
    risk: { level: 'medium', inputs: [{ code: 'QUESTIONNAIRE_ABSENT', level: 'medium' }] },
    limits: undefined,
    tasks: [],
    keys: [{ kid: 'k1', vaspId: 'bob', use: 'sig', notBefore: NOW, notAfter: NOW }],
  }
}

const POLICY: PolicyVersion = {
  vaspId: 'alice',
  version: 1,
  hash: SEEN_HASH,
  text: '{}',
  baseHash: SEEN_HASH,
  state: 'proposed',
  author: 'aida@alice',
  authorPerson: 'p-17',
  proposedAt: NOW,
}

const LEGAL_HOLD: LegalHold = {
  id: HOLD_ID,
  vaspId: 'alice',
  transferId: TRANSFER_ID,
  reason: 'CASE-1',
  setBy: 'person:aida@alice',
  setAt: NOW,
}

const TRIED: DryRun = {
  transfers: 1,
  unknown: 0,
  heldNow: 0,
  heldThen: 1,
  more: 1,
  fewer: 0,
  twoPersonsNow: 0,
  twoPersonsThen: 1,
  examples: [{ transferId: TRANSFER_ID, reference: undefined, reasons: ['POLICY'] }],
  fewerExamples: [],
}

const AIDA: SignedInPerson = {
  subject: 'aida@alice',
  naturalPerson: 'p-17',
  displayName: 'Aida Example',
  roles: { alice: ['senior'] },
  vaspIds: ['alice'],
  source: 'local',
}

export const NOTE: HoldNote = {
  id: 'n1',
  holdId: HOLD_ID,
  person: 'aida@alice',
  text: 'seen',
  writtenAt: NOW,
}

export function anEvent(
  cursor: string,
  type: string,
  view = aView(),
  data: Record<string, string> = {},
): WatchedEvent {
  const event = { type, actor: 'policy', data }
  return {
    recorded: { cursor, transferId: view.transfer.id, version: 3, occurredAt: NOW, event },
    transfer: view,
  }
}

/** Every event after the cursor, then silence until the signal aborts: what `watch` promises. */
export async function* eventsAfter(events: readonly WatchedEvent[], cursor: string, signal: AbortSignal) {
  const from = cursor === '' ? 0 : events.findIndex((event) => event.recorded.cursor === cursor) + 1
  for (const event of cursor === 'now' ? [] : events.slice(from)) {
    if (signal.aborted) return
    yield event
  }
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

const BATCH: BatchView = { batchId: TRANSFER_ID, decision: 'WAIT', transfers: [aView()] }
const OWNER = {
  vaspId: 'alice',
  account: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
  customer: 'c-1',
  id: HOLD_ID,
  expiresAt: NOW,
}
const CHALLENGE: WalletChallenge = { ...OWNER, method: 'eip191', message: 'sign this', issuedAt: NOW }
const WALLET: Wallet = { ...OWNER, method: 'eip191', provenBy: 'caller:alice/integrator', provenAt: NOW }

type Overrides = { readonly [S in keyof Gateway]?: Partial<Gateway[S]> }

/** Answers everything at once with the same transfer, hold and counterparty, unless told otherwise. */
export function fakeGateway(overrides: Overrides = {}): Gateway {
  const proven = async () => ({ value: WALLET, replayed: false })
  const moved = async () => ({ value: aView(), replayed: false })
  const decided = async () => ({ value: aHoldView(), replayed: false })
  const counterparty = async () => aCounterpartyView()
  const webhook = async () => ({ value: { endpoint: ENDPOINT, secret: 'whsec_c2VjcmV0' }, replayed: false })
  const changed = async () => ({ value: aCounterpartyView(), replayed: false })
  return {
    transfers: {
      assess: async () => ({ verdict: 'SEND', findings: [], rule: undefined, counterpartyId: 'bob' }),
      authorize: moved,
      authorizeBatch: async () => ({ value: BATCH, replayed: false }),
      getBatch: async () => BATCH,
      get: async () => aView(),
      list: async () => ({ items: [aView()], nextPageToken: undefined }),
      waitForDecision: async () => aView({ state: 'accepted' }, { decision: 'PROCEED' }),
      watch: (_, cursor, signal) => eventsAfter([anEvent('c1', 'created')], cursor, signal),
      repair: moved,
      cancel: moved,
      reportSettlement: moved,
      reportDeposit: async () => ({ value: aView(), replayed: false, matched: true }),
      inquireDeposit: moved,
      reportReturn: moved,
      redeemPermit: moved,
      ...overrides.transfers,
    },
    inbound: { accept: moved, reject: moved, requestRepair: moved, ...overrides.inbound },
    review: {
      list: async () => ({
        items: [{ hold: aHold(), transferId: TRANSFER_ID, approvalsRequired: 2 }],
        nextPageToken: 'next',
      }),
      get: async () => aHoldView(),
      comment: async () => ({ value: NOTE, replayed: false }),
      hold: decided,
      release: decided,
      approve: decided,
      withdraw: decided,
      assign: decided,
      escalate: decided,
      reject: decided,
      breakGlass: decided,
      reveal: async () => ({ identity: '{}', revealed: [] }),
      ...overrides.review,
    },
    counterparties: {
      lookup: async () => ({ ...aCounterpartyView(), confidence: 'HIGH', evidence: [] }),
      get: counterparty,
      list: async () => ({ items: [aCounterpartyView()], nextPageToken: undefined }),
      importCard: changed,
      verify: changed,
      suspend: async () => ({ value: aCounterpartyView(), replayed: false, transfersHeld: 4 }),
      reinstate: changed,
      recordQuestionnaire: changed,
      setTerms: changed,
      listTasks: async () => ({ items: [], nextPageToken: undefined }),
      decideTask: changed,
      approveTask: changed,
      report: async () => ({
        ...aCounterpartyView(),
        basis: [],
        reporter: { vaspId: 'alice', legalName: 'Alice Ltd.', country: 'KZ', lei: undefined },
        from: NOW,
        to: NOW,
        madeAt: NOW,
        figures: [],
        steps: [],
        foundAt: undefined,
        reportBy: undefined,
      }),
      ...overrides.counterparties,
    },
    evidence: {
      bundle: async () => '{"format":"tamga-evidence/1"}',
      entries: async () => ({ items: [{ position: 7, entry: '{"kind":"transfer"}' }], nextPageToken: '8' }),
      checkpoint: async () => ({ size: 8, note: 'note', proof: [new Uint8Array(32)] }),
      ...overrides.evidence,
    },
    wallets: {
      issue: async () => ({ value: CHALLENGE, replayed: false }),
      submit: proven,
      allow: proven,
      revoke: proven,
      list: async () => ({ items: [WALLET], nextPageToken: undefined }),
      ...overrides.wallets,
    },
    webhooks: {
      list: async () => [ENDPOINT],
      add: webhook,
      rotate: webhook,
      replay: webhook,
      disable: webhook,
      enable: webhook,
      ...overrides.webhooks,
    },
    policies: {
      get: async () => ({ inForce: { version: 0, hash: SEEN_HASH, text: '{}' }, proposed: POLICY }),
      list: async () => [POLICY],
      dryRun: async () => TRIED,
      propose: async () => ({ value: POLICY, replayed: false }),
      approve: async () => ({ value: POLICY, replayed: false }),
      withdraw: async () => ({ value: POLICY, replayed: false }),
      ...overrides.policies,
    },
    // No RPC asks for it.
    retention: {
      rules: () => ({ floorYears: 5, regimes: [] }),
      upcoming: async () => ({ items: [], isAll: true }),
      shredded: async () => ({ items: [], nextPageToken: undefined }),
      holds: async () => [],
      ofTransfer: async () => ({ kept: undefined, shreddedAt: undefined, holds: [] }),
      setHold: async () => ({ value: LEGAL_HOLD, replayed: false }),
      liftHold: async () => ({ value: LEGAL_HOLD, replayed: false }),
      ...overrides.retention,
    },
    people: {
      signIn: async () => AIDA,
      issueToken: async () => ({ token: 'a.b.c', expiresAt: NOW }),
      personOfToken: async () => AIDA,
      actingPerson: async () => AIDA,
      needsToken: () => false,
      personOfSession: async () => AIDA,
      welcome: async () => undefined,
      changePassword: async () => AIDA,
      ...overrides.people,
    },
  }
}
