/** What arrives and must not count: each refused with its stable reason, recorded, and without effect on the transfer. */
import { setTimeout as sleep } from 'node:timers/promises'
import { addressOf, BEHAVIOURS, type Behaviour } from '../../sim/behaviours.ts'
import { within } from '../actor.ts'
import { scene, type Theme } from '../scene.ts'
import type { Stage } from '../stage.ts'
import { statusOf } from '../words.ts'

export const envelopes: Theme = {
  title: 'Envelopes that must not count',
  scenes: [
    forged('one bit altered', BEHAVIOURS.altered, 'SIGNATURE'),
    forged('signed by a key that is on no card', BEHAVIOURS.wrongKey, 'KEY_UNKNOWN'),
    forged('addressed to another VASP', BEHAVIOURS.misaddressed, 'AUDIENCE'),
    forged('expired an hour ago', BEHAVIOURS.expired, 'EXPIRED'),
    forged('issued an hour from now', BEHAVIOURS.fromTheFuture, 'FROM_THE_FUTURE'),
    forged('oversized', BEHAVIOURS.oversized, 'OVERSIZED'),
    forged('content other than the signed digest', BEHAVIOURS.wrongDigest, 'DIGEST'),
    forged('an honest envelope, delivered by another VASP', BEHAVIOURS.carriedByAnother, 'SUBJECT_MISMATCH'),
    forged('a third VASP’s acceptance of somebody else’s transfer', BEHAVIOURS.thirdParty, 'NOT_A_PARTY'),
    doubled('two contents under one jti: the first counts', BEHAVIOURS.reusedJti, 'JTI_REUSED'),
    doubled(
      'two answers under one sequence number: one counts',
      BEHAVIOURS.reusedSequence,
      'SEQUENCE_REUSED',
    ),
    scene({
      title: 'an acceptance in four copies: it counts once',
      expect: { alice: 'ACCEPTED, PROCEED', accepted: 1, permits: 1, copies: 4, 'refused as': 'nothing' },
      async play(stage) {
        const { alice, robot } = stage
        const sent = await alice.authorize({ to: 'robot', destination: addressOf(BEHAVIOURS.duplicates) })
        // The copies come right behind the one that was answered.
        await sleep(1_000)
        const journal = alice.journal.of(sent.transferId)
        return {
          alice: statusOf(await alice.get(sent.transferId)),
          accepted: count(journal, 'accepted'),
          permits: count(journal, 'permit-issued'),
          copies: copiesOf(robot, sent.transferId),
          'refused as': (await refusedSoFar(stage, sent.transferId)) || 'nothing',
        }
      },
    }),
    scene({
      title: 'an acceptance replayed after the transfer was settled: the old receipt again, and nothing else',
      expect: { before: 'COMPLETED, PROCEED', after: 'COMPLETED, PROCEED', version: 'unchanged', copies: 2 },
      async play({ alice, robot }) {
        const { transferId } = await alice.authorize({
          to: 'robot',
          destination: addressOf(BEHAVIOURS.replays),
        })
        const settled = await alice.settle(transferId, '0x01')
        await sleep(4_000)
        const after = await alice.get(transferId)
        return {
          before: statusOf(settled),
          after: statusOf(after),
          version: after.version === settled.version ? 'unchanged' : `${settled.version} to ${after.version}`,
          copies: copiesOf(robot, transferId),
        }
      },
    }),
    scene({
      title: 'a receipt for another digest: as if there were none',
      expect: { alice: 'PENDING, WAIT: COUNTERPARTY_UNREACHABLE', receipts: 'sent', outbox: 'waiting' },
      async play({ alice, robot, query }, expect) {
        const order = { to: 'robot', destination: addressOf(BEHAVIOURS.liesAboutReceipts), waitSeconds: 0 }
        const { transferId } = await alice.authorize(order)
        const reached = await alice.reaches(transferId, expect.alice)
        const [row] = await query('alice', 'select state from outbox where transfer_id = $1', [transferId])
        return {
          alice: reached,
          receipts: robot.posted(transferId).length > 0 ? 'sent' : 'none',
          outbox: String(row?.['state']),
        }
      },
    }),
    scene({
      title: 'the beneficiary VASP reports a transaction id, which is not its to report',
      expect: { alice: 'PENDING, WAIT', event: 'message-refused', receipt: 'refused: ROLE' },
      async play({ alice, robot }) {
        const order = { to: 'robot', destination: addressOf(BEHAVIOURS.outOfRole), waitSeconds: 0 }
        const { transferId } = await alice.authorize(order)
        const seen = await alice.sees(transferId, 'message-refused')
        const receipts = () => robot.posted(transferId).map(({ jti }) => robot.receipt(jti))
        await sleep(300)
        const receipt = receipts().find((one) => one !== undefined)
        return {
          alice: statusOf(await alice.get(transferId)),
          event: seen ? 'message-refused' : alice.journal.of(transferId).join(' '),
          receipt: `${receipt?.status}: ${receipt?.reason}`,
        }
      },
    }),
  ],
}

/** Instead of an acceptance comes a forgery: the transfer stays where it was. */
function forged(what: string, behaviour: Behaviour, reason: string) {
  return scene({
    title: what,
    expect: { 'refused as': reason, alice: 'PENDING, WAIT', events: 'created screened sent' },
    async play(stage) {
      const { alice } = stage
      const order = { to: 'robot', destination: addressOf(behaviour), waitSeconds: 0 }
      const { transferId } = await alice.authorize(order)
      await alice.sees(transferId, 'sent')
      return {
        'refused as': await refusals(stage, transferId),
        alice: statusOf(await alice.get(transferId)),
        events: alice.journal.of(transferId).join(' '),
      }
    },
  })
}

/** Two envelopes come, of which only one may count. */
function doubled(what: string, behaviour: Behaviour, reason: string) {
  return scene({
    title: what,
    expect: { 'refused as': reason, alice: 'ACCEPTED, PROCEED', accepted: 1, permits: 1 },
    async play(stage) {
      const { alice } = stage
      const { transferId } = await alice.authorize({ to: 'robot', destination: addressOf(behaviour) })
      const refused = await refusals(stage, transferId)
      await alice.sees(transferId, 'permit-issued')
      const journal = alice.journal.of(transferId)
      return {
        'refused as': refused,
        alice: statusOf(await alice.get(transferId)),
        accepted: count(journal, 'accepted'),
        permits: count(journal, 'permit-issued'),
      }
    },
  })
}

/** Why alice refused what the robots sent about the transfer, as soon as she has recorded it. */
async function refusals(stage: Stage, transferId: string): Promise<string> {
  let reasons = ''
  await within(async () => {
    reasons = await refusedSoFar(stage, transferId)
    return reasons !== ''
  })
  return reasons
}

/** From the security events, by the digests of the very bytes that were sent. */
async function refusedSoFar({ robot, mallory, query }: Stage, transferId: string): Promise<string> {
  const sent = [...robot.posted(transferId), ...mallory.posted(transferId)].map(({ sha256 }) => sha256)
  const rows = await query('alice', 'select distinct reason from security_events where sha256 = any($1)', [
    sent,
  ])
  return rows.map(({ reason }) => String(reason)).join(' ')
}

/** How often the robot sent the envelope that it sent most often. */
function copiesOf(robot: Stage['robot'], transferId: string): number {
  const sent = robot.posted(transferId).map(({ sha256 }) => sha256)
  return Math.max(...sent.map((one) => sent.filter((other) => other === one).length))
}

function count(journal: readonly string[], event: string): number {
  return journal.filter((one) => one === event).length
}
