/** Deposits that come before their data, or never get any. */
import { randomUUID } from 'node:crypto'
import { type Actor, ASSET } from '../actor.ts'
import { payload } from '../payloads.ts'
import { scene, type Theme } from '../scene.ts'
import { refusalOf, statusOf } from '../words.ts'

export const deposits: Theme = {
  title: 'Deposits without data',
  scenes: [
    scene({
      title:
        'seen before its data: held under the EU’s clock; the data join it, and no second transfer is made',
      expect: {
        first: 'STARTED, WAIT: UNSOLICITED_DEPOSIT',
        rule: 'EU-TFR',
        'deadline in working days': true,
        'after the data': 'ACCEPTED, PROCEED',
        'under the exchange’s id': true,
        'transfers to that address at bob': 1,
        'identity at bob': 'as sent',
      },
      async play({ alice, bob, query }, expect) {
        const deposit = seenOnChain('2.25')
        const { transfer } = await bob.exchange.transfers.reportDeposit(deposit)
        if (transfer === undefined) throw new Error('an answer without a transfer')
        const { destination, amount } = deposit
        const sent = await alice.authorize({ to: 'bob', destination, amount })
        const after = await bob.reaches(transfer.transferId, expect['after the data'])
        const now = await bob.get(transfer.transferId)
        const counted = await query('bob', 'select count(*)::int as n from transfers where amount = $1', [
          amount,
        ])
        return {
          first: statusOf(transfer),
          rule: transfer.rule?.pack ?? 'none',
          'deadline in working days': (transfer.holds[0]?.deadline?.toISOString() ?? '').endsWith(
            'T10:00:00.000Z',
          ),
          'after the data': after,
          'under the exchange’s id': now.exchangeId === sent.transferId,
          'transfers to that address at bob': Number(counted[0]?.['n']),
          'identity at bob':
            (await bob.identityOf(transfer.transferId)) === payload('2023-base') ? 'as sent' : 'another',
        }
      },
    }),
    scene({
      title: 'of a transfer that alice’s rules did not have sent: bob asks, and the answer brings the data',
      expect: {
        alice: 'ACCEPTED, PROCEED',
        exempt: true,
        'after the answer': 'ACCEPTED, PROCEED',
        'alice’s id': true,
      },
      async play({ alice, bob }, expect) {
        const { amount, destination, ...deposit } = seenOnChain('0.003')
        const sent = await alice.authorize({ to: 'bob', destination, amount, value: '9.00' })
        const { transfer } = await bob.exchange.transfers.reportDeposit({
          ...deposit,
          amount,
          destination,
          presumedOriginator: { vaspId: 'alice' },
        })
        const transferId = transfer?.transferId ?? ''
        const after = await bob.reaches(transferId, expect['after the answer'])
        return {
          alice: statusOf(sent),
          exempt: sent.exempt,
          'after the answer': after,
          'alice’s id': (await bob.get(transferId)).exchangeId === sent.transferId,
        }
      },
    }),
    scene({
      title: 'rejected: to be returned, until the transaction of the return is known',
      expect: {
        rejected: 'REJECTED, STOP: RETURN_DUE',
        returned: 'REJECTED, STOP',
        'another return': 'SETTLEMENT_EXISTS',
      },
      async play({ bob }) {
        const { transfer } = await bob.exchange.transfers.reportDeposit(seenOnChain('0.71'))
        const transferId = transfer?.transferId ?? ''
        const rejected = await bob.rejectHeld(transferId)
        const returned = await reportReturn(bob, transferId, '0x4e7')
        return {
          rejected: statusOf(rejected),
          returned: statusOf(returned),
          'another return': await refusalOf(reportReturn(bob, transferId, '0x4e8')),
        }
      },
    }),
    scene({
      title: 'settled under another transaction than bob saw: both are kept, and a person decides',
      expect: {
        bob: 'COMPLETED, WAIT: SETTLEMENT_CONFLICT',
        'seen stays': '0x5ee1',
        claimed: '0x07be4',
        'after the release': 'COMPLETED, PROCEED',
      },
      async play({ alice, bob }, expect) {
        const { txId: _, amount, destination, ...deposit } = seenOnChain('3.5')
        const sent = await alice.authorize({ to: 'bob', amount, destination })
        const { transferId } = sent
        await bob.exchange.transfers.reportDeposit({ ...deposit, amount, destination, txId: '0x5ee1' })
        await alice.settle(transferId, '0x07be4')
        const conflict = await bob.reaches(transferId, expect.bob)
        const { settlement } = await bob.get(transferId)
        await bob.release(transferId)
        return {
          bob: conflict,
          'seen stays': settlement?.txId ?? '',
          claimed: settlement?.claimedTxId ?? '',
          'after the release': statusOf(await bob.get(transferId)),
        }
      },
    }),
  ],
}

/** At an address that bob's back office accepts for and no other scene uses. */
function seenOnChain(amount: string) {
  const account = randomUUID().replaceAll('-', '').padStart(40, 'd')
  const destination = `eip155:1:0x${account}`
  return { requestId: randomUUID(), asset: ASSET, amount, destination, txId: `0x${account}` }
}

async function reportReturn({ exchange }: Actor, transferId: string, txId: string) {
  const { transfer } = await exchange.transfers.reportReturn({ requestId: randomUUID(), transferId, txId })
  if (transfer === undefined) throw new Error('an answer without a transfer')
  return transfer
}
