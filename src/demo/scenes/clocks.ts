/** Nothing waits for ever: each clock, its named outcome, and what comes too late. */
import { randomUUID } from 'node:crypto'
import type { Transfer } from '../../gen/travelrule/v1/common.ts'
import { addressOf, BEHAVIOURS } from '../../sim/behaviours.ts'
import { type Actor, within } from '../actor.ts'
import { scene, type Theme } from '../scene.ts'
import { statusOf } from '../words.ts'

export const clocks: Theme = {
  title: 'Clocks',
  scenes: [
    scene({
      title: 'exchange deadline: the counterparty never answers',
      expect: {
        before: 'PENDING, WAIT',
        after: 'EXPIRED, STOP',
        'the counterparty heard': 'transfer.request transfer.cancel',
      },
      async play({ hasty, robot }, expect) {
        const sent = await hasty.authorize({
          to: 'robot',
          destination: addressOf(BEHAVIOURS.mute),
          waitSeconds: 0,
        })
        const after = await hasty.reaches(sent.transferId, expect.after)
        await within(async () => robot.heard(sent.transferId).length === 2)
        return {
          before: statusOf(sent),
          after,
          'the counterparty heard': robot.heard(sent.transferId).join(' '),
        }
      },
    }),
    scene({
      title: 'an acceptance after the exchange deadline: recorded, and releases nothing',
      expect: { event: 'late-message', after: 'EXPIRED, STOP', permit: false, receipt: 'stored' },
      async play({ hasty, robot }) {
        const order = { to: 'robot', destination: addressOf(BEHAVIOURS.late), waitSeconds: 0 }
        const { transferId } = await hasty.authorize(order)
        const seen = await hasty.sees(transferId, 'late-message')
        const after = await hasty.get(transferId)
        const receiptOf = () =>
          robot.posted(transferId).flatMap(({ jti }) => robot.receipt(jti)?.status ?? [])
        await within(async () => receiptOf().length > 0)
        return {
          event: seen ? 'late-message' : hasty.journal.of(transferId).join(' '),
          after: statusOf(after),
          permit: after.permit !== '',
          receipt: receiptOf().join(' '),
        }
      },
    }),
    scene({
      title: 'permit expiry: nobody redeemed it',
      expect: {
        before: 'ACCEPTED, PROCEED',
        after: 'EXPIRED, STOP',
        permit: false,
        'the counterparty heard': 'transfer.request transfer.cancel',
      },
      async play({ hasty, robot }, expect) {
        const sent = await hasty.authorize({ to: 'robot' })
        const after = await hasty.reaches(sent.transferId, expect.after)
        await within(async () => robot.heard(sent.transferId).length === 2)
        return {
          before: statusOf(sent),
          after,
          permit: (await hasty.get(sent.transferId)).permit !== '',
          'the counterparty heard': robot.heard(sent.transferId).join(' '),
        }
      },
    }),
    scene({
      title: 'a transaction id reported after the permit expired: a person must look at it',
      expect: { before: 'EXPIRED, STOP', after: 'EXPIRED, STOP: LATE_SETTLEMENT' },
      async play({ hasty }, expect) {
        const { transferId } = await hasty.authorize({ to: 'robot' })
        const before = await hasty.reaches(transferId, expect.before)
        return { before, after: statusOf(await hasty.settle(transferId, '0xlate')) }
      },
    }),
    scene({
      title: 'review deadline at the beneficiary VASP: its back office does not decide',
      expect: {
        before: 'PENDING, WAIT',
        alice: 'REJECTED, STOP',
        hasty: 'REJECTED, STOP',
        reason: 'REVIEW_DEADLINE by counterparty',
      },
      async play({ alice, hasty }, expect) {
        const sent = await alice.authorize({ to: 'hasty', waitSeconds: 0 })
        const atAlice = await alice.reaches(sent.transferId, expect.alice)
        return {
          before: statusOf(sent),
          alice: atAlice,
          hasty: statusOf(await hasty.get(sent.transferId)),
          reason: reasonOf(await alice.get(sent.transferId)),
        }
      },
    }),
    scene({
      title: 'hold deadline with the outcome REJECT',
      expect: {
        before: 'STARTED, WAIT: COUNTERPARTY_UNKNOWN',
        after: 'REJECTED, STOP',
        reason: 'HOLD_DEADLINE by local',
      },
      async play({ hasty }, expect) {
        const sent = await hasty.authorize({ to: 'nobody' })
        const after = await hasty.reaches(sent.transferId, expect.after)
        return { before: statusOf(sent), after, reason: reasonOf(await hasty.get(sent.transferId)) }
      },
    }),
    scene({
      title: 'hold deadline with the outcome KEEP_HOLDING: overdue, never released by a clock',
      expect: { event: 'hold-overdue', after: 'STARTED, WAIT: COUNTERPARTY_UNVERIFIED', overdue: true },
      async play({ hasty, stranger }) {
        const vera = await stranger('vera')
        const { transferId } = await hasty.authorize({ to: vera.id, waitSeconds: 0 })
        const seen = await hasty.sees(transferId, 'hold-overdue')
        const after = await hasty.get(transferId)
        return {
          event: seen ? 'hold-overdue' : hasty.journal.of(transferId).join(' '),
          after: statusOf(after),
          overdue: after.holds.every(({ overdue }) => overdue),
        }
      },
    }),
    scene({
      title: 'settlement due: the permit was redeemed and no transaction id followed, until it does',
      expect: {
        before: 'ACCEPTED, PROCEED',
        overdue: 'ACCEPTED, WAIT: SETTLEMENT_OVERDUE',
        'reported at last': 'COMPLETED, PROCEED',
      },
      async play({ hasty }, expect) {
        const sent = await hasty.authorize({ to: 'robot' })
        await redeemed(hasty, sent)
        const overdue = await hasty.reaches(sent.transferId, expect.overdue)
        const settled = await hasty.settle(sent.transferId, '0xatlast')
        return { before: statusOf(sent), overdue, 'reported at last': statusOf(settled) }
      },
    }),
  ],
}

function reasonOf({ rejection }: Transfer): string {
  return `${rejection?.code} by ${rejection?.by}`
}

function redeemed({ exchange }: Actor, { permit, asset, amount, destination }: Transfer) {
  return exchange.transfers.redeemPermit({ requestId: randomUUID(), permit, asset, amount, destination })
}
