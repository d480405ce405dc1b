import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Hold } from '../../src/domain/hold/hold.ts'
import type { ReleaseProposal } from '../../src/domain/hold/proposal.ts'
import * as common from '../../src/gen/travelrule/v1/common.ts'
import { ProofKind, Verdict } from '../../src/gen/travelrule/v1/counterparty.ts'
import { ReleaseState } from '../../src/gen/travelrule/v1/review.ts'
import { AssessTransferResponse_Verdict as Assessment } from '../../src/gen/travelrule/v1/transfer.ts'
import type { GatewayClient } from '../../src/grpc/client.ts'
import { SERVICE_NAMES } from '../../src/grpc/server.ts'
import { type Certificates, type Door, makeCertificates, openDoor } from '../unit/grpc/door.ts'
import {
  aHold,
  aHoldView,
  aView,
  fakeGateway,
  HOLD_ID,
  NOTE,
  NOW,
  SEEN_HASH,
  TRANSFER_ID,
} from '../unit/grpc/fake-gateway.ts'
import { SOUND } from '../unit/grpc/requests.ts'

const full = aView(
  {
    state: 'accepted',
    fiat: { amount: '10', currency: 'KZT', pricedAt: NOW },
    clientReference: 'w-1',
    secret: { destination: 'd', tag: '7', identity: '{"secret":"IVMS101"}', permit: 'p.p.p', txId: '0xabc' },
    rule: { pack: 'EU', version: '2024-12-30', clause: 'art. 14' },
    holds: [aHold({ state: 'released', ended: { at: NOW, by: 'proof', reason: 'PONG' } })],
    repairs: [{ path: '/originator', code: 'MISSING', message: 'say who' }],
    rejection: { code: 'UNKNOWN_BENEFICIARY', by: 'counterparty' },
    delivery: 'receipted',
    exchangeDeadline: NOW,
    settlementDue: NOW,
    settledAt: NOW,
    permit: { jti: 'j', issuedAt: NOW, expiresAt: NOW, redeemedAt: NOW },
  },
  { decision: 'PROCEED' },
)

let certificates: Certificates
let door: Door
let integrator: GatewayClient
const PROPOSAL: ReleaseProposal = {
  id: 'p1',
  holdId: HOLD_ID,
  proposer: 'aida@alice',
  proposerPerson: 'aida@alice',
  reason: 'PROOF_SEEN',
  noteId: NOTE.id,
  seenHash: SEEN_HASH,
  proposedAt: NOW,
  expiresAt: NOW,
  state: 'open',
}

/** How the hold stands when a call is answered, or answered again. */
const STATES_BY_REASON: Readonly<Record<string, Partial<Hold>>> = {
  FIRST: { proposal: PROPOSAL },
  GONE: {},
  ENDED: { state: 'rejected' },
}

let officer: GatewayClient

beforeAll(async () => {
  certificates = await makeCertificates()
  const gateway = fakeGateway({
    transfers: {
      get: async () => full,
      redeemPermit: async () => ({ value: full, replayed: false }),
      assess: async () => ({
        verdict: 'HOLD',
        findings: [{ check: 'identity', code: 'MISSING', path: '/originator', message: 'say who' }],
        rule: { pack: 'EU', version: '2024-12-30', clause: 'art. 14' },
        counterpartyId: undefined,
      }),
    },
    review: {
      get: async () => ({
        ...aHoldView({ proposal: PROPOSAL, assignee: 'berik@alice', level: 'mlro' }),
        notes: [NOTE],
      }),
      release: async (_, { reason }) => ({
        value: aHoldView(STATES_BY_REASON[reason] ?? { state: 'released' }),
        replayed: false,
      }),
    },
  })
  door = await openDoor(certificates, { gateway })
  integrator = await door.as('integrator')
  officer = await door.as('console')
})

afterAll(async () => {
  await door.close()
  certificates.remove()
})

describe('a transfer on the wire', () => {
  it('says all that its reader may know, and nothing of the parties', async () => {
    const { transfer } = await integrator.transfers.getTransfer({ transferId: TRANSFER_ID })
    expect(transfer).toMatchObject({
      transferId: TRANSFER_ID,
      vaspId: 'alice',
      counterpartyId: 'bob',
      direction: common.Direction.OUTBOUND,
      destination: 'd',
      destinationTag: '7',
      fiatValue: { amount: '10', currency: 'KZT', pricedAt: NOW },
      state: common.ExchangeState.ACCEPTED,
      decision: common.Decision.PROCEED,
      version: 3n,
      holds: [],
      repairs: [{ path: '/originator', code: 'MISSING', message: 'say who' }],
      rejection: { code: 'UNKNOWN_BENEFICIARY', by: 'counterparty' },
      settlement: { txId: '0xabc', reportedAt: NOW },
      delivery: common.DeliveryState.RECEIPTED,
      rule: { pack: 'EU' },
      permit: 'p.p.p',
      clientReference: 'w-1',
    })
    // The exchange is over and the permit is spent: those clocks do not run.
    expect(transfer?.clocks).toMatchObject({
      exchangeDeadline: undefined,
      permitExpiresAt: undefined,
      settlementDue: NOW,
    })
    expect(JSON.stringify({ ...transfer, version: 0 })).not.toContain('IVMS101')
  })

  it('brings its permit only with PROCEED, and only outbound', async () => {
    const secret = { destination: 'd', permit: 'p.p.p' }
    for (const view of [aView({ secret }), aView({ secret, role: 'beneficiary' }, { decision: 'PROCEED' })]) {
      const other = await openDoor(certificates, {
        gateway: fakeGateway({ transfers: { get: async () => view } }),
      })
      const { transfer } = await (await other.as('custody')).transfers.getTransfer({
        transferId: TRANSFER_ID,
      })
      expect(transfer?.permit).toBe('')
      await other.close()
    }
  })
})

describe('the other answers', () => {
  it('tell of an assessment', async () => {
    expect(await integrator.transfers.assessTransfer(SOUND.transfers.assessTransfer)).toMatchObject({
      verdict: Assessment.HOLD,
      findings: [{ check: 'identity', code: 'MISSING', path: '/originator' }],
      rule: { clause: 'art. 14' },
      counterpartyId: '',
    })
  })

  it('tell of deposits and redeemed permits', async () => {
    expect(await integrator.transfers.reportDeposit(SOUND.transfers.reportDeposit)).toMatchObject({
      matched: true,
    })
    expect(await integrator.transfers.redeemPermit(SOUND.transfers.redeemPermit)).toMatchObject({
      redeemedAt: NOW,
    })
  })

  it('tell of holds', async () => {
    expect(await officer.review.listHolds({})).toMatchObject({
      holds: [{ holdId: HOLD_ID, transferId: TRANSFER_ID, approvalsRequired: 2, endedAt: undefined }],
      nextPageToken: 'next',
    })
    expect(await officer.review.getHold({ holdId: HOLD_ID })).toMatchObject({
      hold: {
        reason: common.HoldReason.COUNTERPARTY_UNVERIFIED,
        outcomeAtDeadline: common.DeadlineOutcome.KEEP_HOLDING,
      },
      transfer: { state: common.ExchangeState.STARTED },
      comments: [{ person: { subject: 'aida@alice' }, text: 'seen', writtenAt: NOW }],
      seenHash: SEEN_HASH,
      proposal: {
        person: { subject: 'aida@alice' },
        reason: 'PROOF_SEEN',
        note: 'seen',
        proposedAt: NOW,
        expiresAt: NOW,
      },
    })
    expect((await officer.review.getHold({ holdId: HOLD_ID })).hold).toMatchObject({
      assignee: 'berik@alice',
      level: common.HoldLevel.MLRO,
      releaseProposed: true,
    })
  })

  it('tell whether a release needs a second person', async () => {
    const { proposeRelease } = officer.review
    const request = SOUND.review.proposeRelease
    expect((await proposeRelease({ ...request, reason: 'FIRST' })).state).toBe(ReleaseState.AWAITING_APPROVAL)
    expect((await proposeRelease({ ...request, reason: 'GONE' })).state).toBe(ReleaseState.VOID)
    expect((await proposeRelease({ ...request, reason: 'ENDED' })).state).toBe(ReleaseState.VOID)
    expect((await proposeRelease(request)).state).toBe(ReleaseState.RELEASED)
  })

  it('tell of counterparties', async () => {
    expect(await officer.counterparties.getCounterparty({ vaspId: 'bob' })).toMatchObject({
      counterparty: {
        legalName: 'Bob Custody SA',
        verdict: Verdict.UNVERIFIED,
        missing: [ProofKind.LICENCE],
        proofs: [{ kind: ProofKind.IDENTITY, source: 'card' }],
        keys: [{ kid: 'k1', use: 'sig' }],
        cardVersion: 2n,
        suspensionReason: '',
      },
    })
    const { suspendCounterparty } = SOUND.counterparties
    expect(await officer.counterparties.suspendCounterparty(suspendCounterparty)).toMatchObject({
      transfersHeld: 4,
    })
  })
})

describe('health', () => {
  it('is what the gateway says, for the whole and for each service', async () => {
    for (const [serving, word] of [
      [true, 'SERVING'],
      [false, 'NOT_SERVING'],
    ] as const) {
      door.server.setServing(serving)
      for (const service of ['', ...SERVICE_NAMES]) expect(await integrator.health.check(service)).toBe(word)
    }
    await expect(integrator.health.check('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
