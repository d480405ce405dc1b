/** What the beneficiary VASP answers, and what the originating VASP may still do about it. */
import { randomUUID } from 'node:crypto'
import { addressOf, BEHAVIOURS } from '../../sim/behaviours.ts'
import { within } from '../actor.ts'
import { DESKS, deskAddress, REPAIR_ASKED } from '../back-office.ts'
import { requestTo, withBeneficiary } from '../payloads.ts'
import { scene, type Theme } from '../scene.ts'
import { refusalOf, statusOf } from '../words.ts'

export const answers: Theme = {
  title: 'Answers',
  scenes: [
    scene({
      title: 'rejected by bob',
      expect: {
        alice: 'REJECTED, STOP',
        reason: 'BENEFICIARY_NAME_UNMATCHED by counterparty',
        permit: false,
        bob: 'REJECTED, STOP',
      },
      async play({ alice, bob }, expect) {
        const sent = await alice.authorize({ to: 'bob', destination: deskAddress(DESKS.rejects) })
        return {
          alice: statusOf(sent),
          reason: `${sent.rejection?.code} by ${sent.rejection?.by}`,
          permit: sent.permit !== '',
          bob: await bob.reaches(sent.transferId, expect.bob),
        }
      },
    }),
    scene({
      title: 'bob asks for a correction; alice corrects it in the same transfer',
      expect: {
        asked: 'REPAIR, WAIT',
        field: REPAIR_ASKED.path,
        corrected: 'ACCEPTED, PROCEED',
        bob: 'ACCEPTED, PROCEED',
      },
      async play({ alice, bob }, expect) {
        const sent = await alice.authorize({ to: 'bob', destination: deskAddress(DESKS.repairs) })
        const corrected = await alice.repair(sent.transferId, '2020-base')
        return {
          asked: statusOf(sent),
          field: sent.repairs.map(({ path }) => path).join(' '),
          corrected: statusOf(corrected),
          bob: await bob.reaches(sent.transferId, expect.bob),
        }
      },
    }),
    scene({
      title: 'a request of a counterparty that breaks IVMS101: bob asks for a correction by himself',
      expect: { bob: 'REPAIR, WAIT', 'field named': true, 'the counterparty heard': 'transfer.answer' },
      async play({ bob, robot }, expect) {
        const transferId = randomUUID()
        await robot.request('bob', transferId, requestTo(deskAddress(DESKS.accepts), 'DATE-bad-1990-02-30'))
        const bobs = await bob.reaches(transferId, expect.bob)
        const { repairs } = await bob.get(transferId)
        return {
          bob: bobs,
          'field named': repairs.some(({ path }) => path.endsWith('/dateOfBirth')),
          'the counterparty heard': robot.heard(transferId).join(' '),
        }
      },
    }),
    scene({
      title: 'put under review by the counterparty, accepted later',
      expect: { first: 'REVIEW, WAIT', later: 'ACCEPTED, PROCEED' },
      async play({ alice }, expect) {
        const destination = addressOf(BEHAVIOURS.reviews)
        const { transferId } = await alice.authorize({ to: 'robot', destination, waitSeconds: 0 })
        return {
          first: await alice.reaches(transferId, expect.first),
          later: await alice.reaches(transferId, expect.later),
        }
      },
    }),
    scene({
      title: 'a slow counterparty: the call returns in time with WAIT, a later one with the decision',
      expect: { first: 'PENDING, WAIT', 'same request_id again': 'ACCEPTED, PROCEED', transfer: 'the same' },
      async play({ alice }) {
        const order = { to: 'robot', destination: addressOf(BEHAVIOURS.slow), requestId: randomUUID() }
        const sent = await alice.authorize({ ...order, waitSeconds: 1 })
        const again = await alice.authorize({ ...order, waitSeconds: 8 })
        return {
          first: statusOf(sent),
          'same request_id again': statusOf(again),
          transfer: sent.transferId === again.transferId ? 'the same' : 'another',
        }
      },
    }),
    scene({
      title:
        'review and acceptance delivered the other way round: applied in the order in which they were said',
      expect: { alice: 'ACCEPTED, PROCEED', 'order at alice': 'review accepted', permits: 1 },
      async play({ alice }) {
        const sent = await alice.authorize({ to: 'robot', destination: addressOf(BEHAVIOURS.reorders) })
        await alice.sees(sent.transferId, 'permit-issued')
        const journal = alice.journal.of(sent.transferId)
        return {
          alice: statusOf(sent),
          'order at alice': journal.filter((event) => event === 'review' || event === 'accepted').join(' '),
          permits: journal.filter((event) => event === 'permit-issued').length,
        }
      },
    }),
    scene({
      title: 'a counterparty names somebody else than bob’s customer: held, rejected by a person',
      expect: {
        'bob, after his back office accepted': 'REVIEW, WAIT: NAME_MISMATCH',
        bob: 'REJECTED, STOP',
        'the counterparty heard': 'transfer.answer transfer.answer',
      },
      async play({ bob, robot }, expect) {
        const transferId = randomUUID()
        const request = requestTo(deskAddress(DESKS.leaves), '2023-base')
        const identity = withBeneficiary(request.identity, { primary: 'Orazbayeva', secondary: 'Dinara' })
        await robot.request('bob', transferId, { ...request, identity })
        await bob.reaches(transferId, 'PENDING, WAIT')
        // What bob's own records have of the customer who owns the address.
        const held = { ivms101: request.identity }
        await bob.exchange.inbound.acceptTransfer({ requestId: randomUUID(), transferId, held })
        const first = await bob.reaches(transferId, expect['bob, after his back office accepted'])
        await bob.rejectHeld(transferId)
        const status = await bob.reaches(transferId, expect.bob)
        await within(async () => robot.heard(transferId).length === 2)
        return {
          'bob, after his back office accepted': first,
          bob: status,
          'the counterparty heard': robot.heard(transferId).join(' '),
        }
      },
    }),
    scene({
      title: 'withdrawn by alice before bob decides',
      expect: {
        alice: 'CANCELLED, STOP',
        bob: 'CANCELLED, STOP',
        'accepted by bob afterwards': 'TRANSFER_STATE',
      },
      async play({ alice, bob }, expect) {
        const destination = deskAddress(DESKS.leaves)
        const { transferId } = await alice.authorize({ to: 'bob', destination, waitSeconds: 0 })
        await bob.reaches(transferId, 'PENDING, WAIT')
        const request = () => ({ requestId: randomUUID(), transferId })
        await alice.exchange.transfers.cancelTransfer({ ...request(), reason: 'CUSTOMER_REQUEST' })
        const bobs = await bob.reaches(transferId, expect.bob)
        return {
          alice: statusOf(await alice.get(transferId)),
          bob: bobs,
          'accepted by bob afterwards': await refusalOf(bob.exchange.inbound.acceptTransfer(request())),
        }
      },
    }),
    scene({
      title: 'withdrawn by alice after bob accepted',
      expect: { before: 'ACCEPTED, PROCEED', alice: 'CANCELLED, STOP', bob: 'CANCELLED, STOP' },
      async play({ alice, bob }, expect) {
        const sent = await alice.authorize({ to: 'bob' })
        const { transferId } = sent
        const reason = 'CUSTOMER_REQUEST'
        await alice.exchange.transfers.cancelTransfer({ requestId: randomUUID(), transferId, reason })
        return {
          before: statusOf(sent),
          alice: statusOf(await alice.get(transferId)),
          bob: await bob.reaches(transferId, expect.bob),
        }
      },
    }),
  ],
}
