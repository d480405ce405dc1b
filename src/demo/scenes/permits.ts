/** What a permit allows, checked offline by the signer of the transaction, and spent once at the gateway. */
import { randomUUID } from 'node:crypto'
import { permitMismatch } from '../../domain/permit/permit.ts'
import type { Transfer } from '../../gen/travelrule/v1/common.ts'
import { verifyPermit } from '../../sealing/permits.ts'
import type { Actor } from '../actor.ts'
import { DESKS, deskAddress } from '../back-office.ts'
import { scene, type Theme } from '../scene.ts'
import type { Stage } from '../stage.ts'
import { refusalOf, statusOf } from '../words.ts'

const OTHER_ADDRESS = 'eip155:1:0x00000000000000000000000000000000000000ff'

export const permits: Theme = {
  title: 'Permits',
  scenes: [
    scene({
      title: 'verified offline with the published key set: for this transaction, and for no other',
      expect: {
        signature: 'by alice',
        'this transaction': 'allowed',
        'another address': 'differs in destination',
        'another amount': 'differs in amount',
        'one character changed': 'SIGNATURE',
      },
      async play({ alice, network }) {
        const jwks = await jwksOf(network, 'alice')
        const { permit, asset, amount, destination } = await alice.authorize({ to: 'bob' })
        const claims = await verifyPermit(permit, jwks, new Date())
        const differs = (change: object) => {
          const field = permitMismatch(claims, { asset, amount, destination, ...change })
          return field === undefined ? 'allowed' : `differs in ${field}`
        }
        return {
          signature: `by ${claims.vasp}`,
          'this transaction': differs({}),
          'another address': differs({ destination: OTHER_ADDRESS }),
          'another amount': differs({ amount: '15' }),
          'one character changed': await verifyPermit(altered(permit), jwks, new Date()).then(
            () => 'accepted',
            (error: unknown) =>
              error instanceof Error && 'reason' in error ? String(error.reason) : 'failed',
          ),
        }
      },
    }),
    scene({
      title: 'redeemed for another address, then for its own, then once more',
      expect: {
        'another address': 'PERMIT_MISMATCH',
        'its own': 'not refused',
        'once more': 'PERMIT_REDEEMED',
        'cancelled afterwards': 'TRANSFER_COMMITTED',
        alice: 'ACCEPTED, PROCEED',
      },
      async play({ alice }) {
        const sent = await alice.authorize({ to: 'bob', destination: deskAddress(DESKS.accepts) })
        const { transferId } = sent
        const cancel = { requestId: randomUUID(), transferId, reason: 'CUSTOMER_REQUEST' }
        return {
          'another address': await refusalOf(redeem(alice, { ...sent, destination: OTHER_ADDRESS })),
          'its own': await refusalOf(redeem(alice, sent)),
          'once more': await refusalOf(redeem(alice, sent)),
          'cancelled afterwards': await refusalOf(alice.exchange.transfers.cancelTransfer(cancel)),
          alice: statusOf(await alice.get(transferId)),
        }
      },
    }),
    scene({
      title: 'redeemed at a gateway that did not sign it',
      expect: { bob: 'PERMIT_INVALID' },
      async play({ alice, bob }) {
        return { bob: await refusalOf(redeem(bob, await alice.authorize({ to: 'bob' }))) }
      },
    }),
    scene({
      title: 'a transaction id once reported does not change',
      expect: { first: 'COMPLETED, PROCEED', 'same again': 'not refused', another: 'SETTLEMENT_EXISTS' },
      async play({ alice }) {
        const { transferId } = await alice.authorize({ to: 'bob' })
        return {
          first: statusOf(await alice.settle(transferId, '0xaa')),
          'same again': await refusalOf(alice.settle(transferId, '0xaa')),
          another: await refusalOf(alice.settle(transferId, '0xbb')),
        }
      },
    }),
  ],
}

async function jwksOf(network: Stage['network'], vaspId: string): Promise<string> {
  const answer = await fetch(`${network.replicas.get(vaspId)?.[0]?.httpUrl}/.well-known/jwks.json`)
  return answer.text()
}

function redeem({ exchange }: Actor, { permit, asset, amount, destination }: Transfer) {
  return exchange.transfers.redeemPermit({ requestId: randomUUID(), permit, asset, amount, destination })
}

/** The first character of the signature is another one: still base64url, no longer the signature. */
function altered(permit: string): string {
  const at = permit.lastIndexOf('.') + 1
  return `${permit.slice(0, at)}${permit[at] === 'A' ? 'B' : 'A'}${permit.slice(at + 1)}`
}
