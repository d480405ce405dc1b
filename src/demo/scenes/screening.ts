/** Alice screens against an invented list: who is on it waits for a person, and the counterparty is not told why. */
import { scene, type Theme } from '../scene.ts'
import { statusOf } from '../words.ts'

const LISTED_ADDRESS = 'eip155:1:0xBad0000000000000000000000000000000000bAD'

export const screening: Theme = {
  title: 'Screening',
  scenes: [
    scene({
      title:
        'an originator who may be on the list, in another spelling: held before anybody is told, released as another person',
      expect: {
        first: 'STARTED, WAIT: SANCTIONS_HIT',
        finding: 'LISTED',
        'bob heard before': false,
        'after the release': 'ACCEPTED, PROCEED',
        'on record': 'demo-list@3, no name',
      },
      async play({ alice, bob, query }, expect) {
        const originator = { primary: 'Morozenko', secondary: 'Wiktor' }
        const sent = await alice.authorize({ to: 'bob', originator })
        const { transferId } = sent
        const heard = await bob.get(transferId).then(
          () => true,
          () => false,
        )
        await alice.release(transferId)
        const after = await alice.reaches(transferId, expect['after the release'])
        const [row] = await query('alice', 'select record::text from screenings where transfer_id = $1', [
          transferId,
        ])
        const record = String(row?.['record'])
        const list = /"id": "([\w-]+)".*?"version": "(\d+)"|"version": "(\d+)".*?"id": "([\w-]+)"/.exec(
          record,
        )
        return {
          first: statusOf(sent),
          finding: sent.holds[0]?.finding?.code ?? 'none',
          'bob heard before': heard,
          'after the release': after,
          'on record': `${list?.[1] ?? list?.[4]}@${list?.[2] ?? list?.[3]}, ${record.includes('Morozenko') ? 'a name' : 'no name'}`,
        }
      },
    }),
    scene({
      title: 'a listed address, whatever its capitals: held, rejected by a person in a neutral word',
      expect: {
        first: 'STARTED, WAIT: SANCTIONS_HIT',
        finding: 'LISTED',
        rejected: 'REJECTED, STOP',
        code: 'COMPLIANCE_CHECK_FAIL',
      },
      async play({ alice }) {
        const sent = await alice.authorize({ to: 'bob', destination: LISTED_ADDRESS })
        const rejected = await alice.rejectHeld(sent.transferId)
        return {
          first: statusOf(sent),
          finding: sent.holds[0]?.finding?.code ?? 'none',
          rejected: statusOf(rejected),
          code: rejected.rejection?.code ?? 'none',
        }
      },
    }),
  ],
}
