/** One sound request for every RPC. */
import type { GatewayClient } from '../../../src/grpc/client.ts'
import { HOLD_ID, SEEN_HASH, TRANSFER_ID } from './fake-gateway.ts'

const asset = 'eip155:1/slip44:60'
const destination = 'eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb'
const identity = { ivms101: '{"originator":{}}' }
const person = { subject: 'aida@alice' }
const decision = { holdId: HOLD_ID, person, reason: 'PROOF_SEEN', note: 'seen', seenHash: SEEN_HASH }

export const SOUND = {
  transfers: {
    assessTransfer: { asset, amount: '1.5' },
    authorizeTransfer: { requestId: 'r1', asset, amount: '1.5', destination, identity },
    authorizeBatch: { requestId: 'r1', transfers: [{ asset, amount: '1.5', destination, identity }] },
    getBatch: { batchId: TRANSFER_ID },
    getTransfer: { transferId: TRANSFER_ID },
    listTransfers: {},
    watchTransfers: {},
    repairTransfer: { requestId: 'r1', transferId: TRANSFER_ID, identity },
    cancelTransfer: { requestId: 'r1', transferId: TRANSFER_ID, reason: 'CUSTOMER_REQUEST' },
    reportSettlement: { requestId: 'r1', transferId: TRANSFER_ID, txId: '0xabc' },
    reportDeposit: { requestId: 'r1', asset, amount: '1.5', destination, txId: '0xabc' },
    inquireDeposit: { requestId: 'r1', transferId: TRANSFER_ID, counterpartyId: 'bob' },
    reportReturn: { requestId: 'r1', transferId: TRANSFER_ID, txId: '0xdef' },
    redeemPermit: { requestId: 'r1', permit: 'a.b.c', asset, amount: '1.5', destination },
  },
  inbound: {
    watchInbound: {},
    acceptTransfer: { requestId: 'r1', transferId: TRANSFER_ID },
    rejectTransfer: { requestId: 'r1', transferId: TRANSFER_ID, code: 'BENEFICIARY_NAME_UNMATCHED' },
    requestRepair: {
      requestId: 'r1',
      transferId: TRANSFER_ID,
      fields: [{ path: '/originator', code: 'MISSING', message: 'say who' }],
    },
  },
  review: {
    listHolds: {},
    getHold: { holdId: HOLD_ID },
    watchHolds: {},
    commentHold: { requestId: 'r1', holdId: HOLD_ID, person, text: 'seen' },
    holdTransfer: { requestId: 'r1', transferId: TRANSFER_ID, person, reason: 'SUSPICION', note: 'seen' },
    proposeRelease: { requestId: 'r1', ...decision },
    approveRelease: { requestId: 'r1', holdId: HOLD_ID, person, note: 'seen too', seenHash: SEEN_HASH },
    withdrawRelease: { requestId: 'r1', holdId: HOLD_ID, person },
    assignHold: { requestId: 'r1', holdId: HOLD_ID, person, assignee: 'berik@alice' },
    escalateHold: { requestId: 'r1', holdId: HOLD_ID, person, to: 2, note: 'not mine' },
    rejectHeldTransfer: { requestId: 'r1', ...decision },
    breakGlass: { requestId: 'r1', ...decision },
    revealIdentity: { transferId: TRANSFER_ID, person, purpose: 'NAME_COMPARISON', paths: ['/originator'] },
  },
  counterparties: {
    lookupCounterparty: { hint: { $case: 'vaspId', value: 'bob' } },
    getCounterparty: { vaspId: 'bob' },
    listCounterparties: {},
    importCounterparty: { requestId: 'r1', card: 'a.b.c', person },
    verifyCounterparty: {
      requestId: 'r1',
      vaspId: 'bob',
      attestations: [{ kind: 2, reference: 'register 1', expiresAt: new Date(Date.now() + 86_400_000) }],
      person,
    },
    suspendCounterparty: { requestId: 'r1', vaspId: 'bob', reason: 'KEY_COMPROMISE', person },
    reinstateCounterparty: { requestId: 'r1', vaspId: 'bob', person },
    recordQuestionnaire: { requestId: 'r1', vaspId: 'bob', form: 'tamga-ddq/1', answers: '{}', person },
    setCounterpartyTerms: { requestId: 'r1', vaspId: 'bob', reason: 'REVIEWED', person },
    listCounterpartyTasks: {},
    decideCounterpartyTask: { requestId: 'r1', taskId: HOLD_ID, decision: 2, reason: 'COMPARED', person },
    approveCounterpartyTask: { requestId: 'r1', taskId: HOLD_ID, person },
    getCounterpartyReport: { vaspId: 'bob', from: new Date(0), to: new Date(86_400_000) },
  },
  evidence: {
    getEvidence: { transferId: TRANSFER_ID },
    listAuditEntries: {},
    getCheckpoint: { consistentWith: 5n },
  },
  wallets: {
    issueWalletChallenge: { requestId: 'r1', account: destination, customerReference: 'c-1', method: 1 },
    submitWalletProof: { requestId: 'r1', challengeId: HOLD_ID, signature: '0x00' },
    allowWallet: {
      requestId: 'r1',
      account: destination,
      customerReference: 'c-1',
      expiresAt: new Date(Date.now() + 86_400_000),
      person,
    },
    revokeWallet: { requestId: 'r1', walletId: HOLD_ID, reason: 'KEY_LOST', person },
    listWallets: {},
  },
  webhooks: {
    listWebhooks: {},
    addWebhook: { requestId: 'r1', url: 'https://hooks.example/tamga', types: ['transfer.accepted'] },
    rotateWebhookSecret: { requestId: 'r1', webhookId: HOLD_ID, overlap: { seconds: 60n, nanos: 0 } },
    replayWebhook: { requestId: 'r1', webhookId: HOLD_ID, since: new Date(0) },
    disableWebhook: { requestId: 'r1', webhookId: HOLD_ID },
    enableWebhook: { requestId: 'r1', webhookId: HOLD_ID },
  },
  policies: {
    getPolicy: {},
    listPolicies: {},
    dryRunPolicy: { policy: '{}' },
    proposePolicy: { requestId: 'r1', policy: '{}', person },
    approvePolicy: { requestId: 'r1', version: 1, hash: SEEN_HASH, person },
    withdrawPolicy: { requestId: 'r1', version: 1, person },
  },
  people: {
    signIn: { login: 'aida@alice', password: 'correct horse battery', code: '123456' },
    getPerson: {},
    changePassword: {
      login: 'aida@alice',
      password: 'correct horse battery',
      code: '123456',
      newPassword: 'another long password',
    },
  },
} as const satisfies {
  [S in
    | 'transfers'
    | 'inbound'
    | 'review'
    | 'counterparties'
    | 'evidence'
    | 'wallets'
    | 'webhooks'
    | 'policies'
    | 'people']: {
    [M in keyof GatewayClient[S]]: GatewayClient[S][M] extends (request: infer Q, ...rest: never[]) => unknown
      ? Q
      : never
  }
}

/** Which of them are those of a service. */
export const SOUND_OF: Readonly<Record<string, keyof typeof SOUND>> = {
  TransferService: 'transfers',
  InboundService: 'inbound',
  ReviewService: 'review',
  CounterpartyService: 'counterparties',
  EvidenceService: 'evidence',
  WalletService: 'wallets',
  WebhookService: 'webhooks',
  PersonService: 'people',
  PolicyService: 'policies',
}
