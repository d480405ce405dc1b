/** Transfers to where no VASP can be asked. */
import { randomUUID } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { type Batch, CounterpartyKind, WalletHolder } from '../../gen/travelrule/v1/transfer.ts'
import { WalletMethod } from '../../gen/travelrule/v1/wallet.ts'
import { DECISIONS, wordOf } from '../../grpc/wire/words.ts'
import { eip191Digest } from '../../wallets/eip.ts'
import { type Actor, ASSET } from '../actor.ts'
import { DESKS, deskAddress } from '../back-office.ts'
import { payload } from '../payloads.ts'
import { scene, type Theme } from '../scene.ts'
import { refusalOf, statusOf } from '../words.ts'

/** A wallet of nobody: the key of EIP-155's example. */
const KEY = Uint8Array.from(Buffer.from('46'.repeat(32), 'hex'))
const WALLET = 'eip155:1:0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F'

export const otherSides: Theme = {
  title: 'Wallets, VASPs that cannot be asked, batches',
  scenes: [
    scene({
      title:
        'to the customer’s own wallet, above the regime’s amount: held, goes on when the challenge is signed',
      expect: {
        first: 'STARTED, WAIT: SELF_HOSTED_PROOF',
        'wrong signature': 'WALLET_PROOF_INVALID',
        'after the proof': 'ACCEPTED, PROCEED',
        'proof used again': 'CHALLENGE_USED',
        'the next one': 'ACCEPTED, PROCEED',
      },
      async play({ alice }, expect) {
        const customerReference = randomUUID()
        const sent = await toWallet(alice, customerReference)
        const { challengeId, message } = await alice.exchange.wallets.issueWalletChallenge({
          requestId: randomUUID(),
          account: WALLET,
          customerReference,
          method: WalletMethod.EIP191,
        })
        const submit = (signature: string) =>
          alice.exchange.wallets.submitWalletProof({ requestId: randomUUID(), challengeId, signature })
        const wrong = await refusalOf(submit(sign(`${message}.`)))
        await submit(sign(message))
        return {
          first: statusOf(sent),
          'wrong signature': wrong,
          'after the proof': await alice.reaches(sent.transferId, expect['after the proof']),
          'proof used again': await refusalOf(submit(sign(message))),
          'the next one': statusOf(await toWallet(alice, customerReference)),
        }
      },
    }),
    scene({
      title: 'to the customer’s own wallet, at the regime’s amount: no proof is asked for',
      expect: { alice: 'ACCEPTED, PROCEED', permit: true },
      async play({ alice }) {
        // AIFC AML Rules 11-1.2(2): exceeding USD 1,000.
        const sent = await toWallet(alice, randomUUID(), '1000.00')
        return { alice: statusOf(sent), permit: sent.permit !== '' }
      },
    }),
    scene({
      title:
        'to a VASP without any Travel Rule system: collected, held by the corridor’s rule, released by a person',
      expect: { first: 'STARTED, WAIT: SUNRISE', rule: true, 'after the release': 'ACCEPTED, PROCEED' },
      async play({ alice }) {
        const sent = await alice.authorize({
          to: '',
          otherSide: { kind: CounterpartyKind.SUNRISE_VASP, country: 'LU' },
        })
        const finding = sent.holds[0]?.finding
        return {
          first: statusOf(sent),
          rule: finding?.message.startsWith('KZ-AIFC: ') === true && finding.code.startsWith('SUNRISE_'),
          'after the release': statusOf(await alice.release(sent.transferId)),
        }
      },
    }),
    scene({
      title: 'to two destinations at once: no permit for either before both may go; one refused stops both',
      expect: {
        'one accepted, one held': 'WAIT, permits: 0',
        'after the release': 'PROCEED, permits: 2',
        'one refused': 'STOP, permits: 0',
        'the other one': 'CANCELLED, STOP',
      },
      async play({ alice }) {
        const sunrise = { otherSide: { kind: CounterpartyKind.SUNRISE_VASP, country: 'LU' } }
        const first = await batchOf(alice, [{ destination: deskAddress(DESKS.accepts) }, sunrise])
        const [accepted, held] = first.transfers
        await alice.reaches(accepted?.transferId ?? '', 'ACCEPTED, WAIT')
        const waiting = await batchNow(alice, first.batchId)
        await alice.release(held?.transferId ?? '')
        const released = await batchNow(alice, first.batchId)
        const second = await batchOf(alice, [
          { destination: deskAddress(DESKS.accepts) },
          { destination: deskAddress(DESKS.rejects) },
        ])
        const other = await alice.reaches(second.transfers[0]?.transferId ?? '', 'CANCELLED, STOP')
        return {
          'one accepted, one held': waiting,
          'after the release': released,
          'one refused': await batchNow(alice, second.batchId),
          'the other one': other,
        }
      },
    }),
  ],
}

async function batchOf(alice: Actor, destinations: readonly object[]): Promise<Batch> {
  const common = {
    asset: ASSET,
    amount: '0.5',
    destination: deskAddress(DESKS.accepts),
    fiatValue: { amount: '1500.00', currency: 'USD' },
    counterparty: { vaspId: 'bob' },
    identity: { ivms101: payload('2023-base') },
  }
  const transfers = destinations.map((one) => ({ ...common, ...one }))
  const { batch } = await alice.exchange.transfers.authorizeBatch({ requestId: randomUUID(), transfers })
  if (batch === undefined) throw new Error('an answer without a batch')
  return batch
}

async function batchNow(alice: Actor, batchId: string): Promise<string> {
  const { batch } = await alice.exchange.transfers.getBatch({ batchId })
  const permits = batch?.transfers.filter(({ permit }) => permit !== '').length
  return `${batch && wordOf(DECISIONS, batch.decision)}, permits: ${permits}`
}

function toWallet(alice: Actor, customerReference: string, value?: string) {
  return alice.authorize({
    to: '',
    destination: WALLET,
    otherSide: { kind: CounterpartyKind.SELF_HOSTED, holder: WalletHolder.CUSTOMER, customerReference },
    ...(value !== undefined && { value }),
  })
}

function sign(message: string): string {
  const bytes = secp256k1.sign(eip191Digest(message), KEY, { prehash: false, format: 'recovered' })
  return `0x${Buffer.from(bytes.subarray(1)).toString('hex')}${(27 + (bytes[0] ?? 0)).toString(16)}`
}
