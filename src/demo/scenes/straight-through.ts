/** Transfers that nothing stands in the way of. */

import { type PayloadName, payload } from '../payloads.ts'
import { scene, type Theme } from '../scene.ts'
import { refusalOf, statusOf } from '../words.ts'

const TX = '0x5c504ed432cb51138bcf09aa5e8a410dd4a1e204ef84bfed1be16dfba1b22060'

export const straightThrough: Theme = {
  title: 'Straight through',
  scenes: [
    settled('a natural person’s transfer, IVMS101 of 2020, to settlement', '2020-base'),
    settled('a natural person’s transfer, IVMS101 of 2023, to settlement', '2023-base'),
    settled('a legal person’s transfer, IVMS101 of 2020, to settlement', 'C7-ok-RAID'),
    settled('a legal person’s transfer, IVMS101 of 2023, to settlement', 'legal-2023'),
    scene({
      title: 'a transfer below the threshold of the house rule',
      expect: {
        alice: 'ACCEPTED, PROCEED',
        permit: true,
        rule: 'demo-house-rule',
        'at bob': 'TRANSFER_NOT_FOUND',
      },
      async play({ alice, bob }) {
        const sent = await alice.authorize({ to: 'bob', value: '9.99' })
        return {
          alice: statusOf(sent),
          permit: sent.permit !== '',
          rule: sent.rule?.pack ?? 'none',
          'at bob': await refusalOf(bob.get(sent.transferId)),
        }
      },
    }),
    scene({
      title: 'a transfer at the threshold',
      expect: { alice: 'ACCEPTED, PROCEED', rule: 'KZ-AIFC', bob: 'ACCEPTED, PROCEED' },
      async play({ alice, bob }, expect) {
        const sent = await alice.authorize({ to: 'bob', value: '10.00' })
        return {
          alice: statusOf(sent),
          rule: sent.rule?.pack ?? 'none',
          bob: await bob.reaches(sent.transferId, expect.bob),
        }
      },
    }),
  ],
}

function settled(title: string, identity: PayloadName) {
  return scene({
    title,
    expect: {
      'alice before': 'ACCEPTED, PROCEED',
      permit: true,
      'bob before': 'ACCEPTED, PROCEED',
      'identity at bob': 'as sent',
      'alice after': 'COMPLETED, PROCEED',
      'bob after': 'COMPLETED, PROCEED',
      'transaction at bob': TX,
    },
    async play({ alice, bob }, expect) {
      const sent = await alice.authorize({ to: 'bob', identity })
      const { transferId } = sent
      const before = await bob.reaches(transferId, expect['bob before'])
      const received = await bob.identityOf(transferId)
      const after = await alice.settle(transferId, TX)
      return {
        'alice before': statusOf(sent),
        permit: sent.permit !== '',
        'bob before': before,
        'identity at bob': received === payload(identity) ? 'as sent' : 'another',
        'alice after': statusOf(after),
        'bob after': await bob.reaches(transferId, expect['bob after']),
        'transaction at bob': (await bob.get(transferId)).settlement?.txId ?? 'none',
      }
    },
  })
}
