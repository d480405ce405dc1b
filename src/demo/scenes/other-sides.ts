/** Transfers to where no VASP can be asked. */
import { randomUUID } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { CounterpartyKind, WalletHolder } from '../../gen/travelrule/v1/transfer.ts'
import { WalletMethod } from '../../gen/travelrule/v1/wallet.ts'
import { eip191Digest } from '../../wallets/eip.ts'
import type { Actor } from '../actor.ts'
import { scene, type Theme } from '../scene.ts'
import { refusalOf, statusOf } from '../words.ts'

/** A wallet of nobody: the key of EIP-155's example. */
const KEY = Uint8Array.from(Buffer.from('46'.repeat(32), 'hex'))
const WALLET = 'eip155:1:0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F'

export const otherSides: Theme = {
  title: 'Wallets and VASPs that cannot be asked',
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
  ],
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
