/** Transfers that may not move on, and how each of them comes to go on or to end. */
import { randomUUID } from 'node:crypto'
import { introduceRobot } from '../../local/introduce.ts'
import { addressOf, BEHAVIOURS } from '../../sim/behaviours.ts'
import { type Actor, ASSET, OFFICER, within } from '../actor.ts'
import { DESKS, deskAddress } from '../back-office.ts'
import { requestTo } from '../payloads.ts'
import { scene, type Theme } from '../scene.ts'
import { refusalOf, refusedCall, statusOf } from '../words.ts'

export const holds: Theme = {
  title: 'Holds, and their ends',
  scenes: [
    scene({
      title: 'to an unverified counterparty: held, then released by a person',
      expect: {
        first: 'STARTED, WAIT: COUNTERPARTY_UNVERIFIED',
        'missing proof': 'MISSING_LICENCE_AND_REACHABILITY_AND_DUE_DILIGENCE',
        'the counterparty heard before': 0,
        'after the release': 'ACCEPTED, PROCEED',
      },
      async play({ alice, stranger }, expect) {
        const nora = await stranger('nora')
        const sent = await alice.authorize({ to: 'nora' })
        const heardBefore = nora.heard(sent.transferId).length
        await alice.release(sent.transferId)
        return {
          first: statusOf(sent),
          'missing proof': sent.holds[0]?.finding?.code ?? 'none',
          'the counterparty heard before': heardBefore,
          'after the release': await alice.reaches(sent.transferId, expect['after the release']),
        }
      },
    }),
    scene({
      title: 'to an unverified counterparty: held, goes on by itself when the proof arrives',
      expect: {
        first: 'STARTED, WAIT: COUNTERPARTY_UNVERIFIED',
        'hold ended by': 'proof',
        'after the proof': 'ACCEPTED, PROCEED',
      },
      async play({ alice, network, stranger }, expect) {
        const oleg = await stranger('oleg')
        const sent = await alice.authorize({ to: 'oleg' })
        await introduceRobot(network, oleg)
        const after = await alice.reaches(sent.transferId, expect['after the proof'])
        const hold = await alice.officer.review.getHold({ holdId: sent.holds[0]?.holdId ?? '' })
        return {
          first: statusOf(sent),
          'hold ended by': hold.hold?.endedBy ?? 'nobody',
          'after the proof': after,
        }
      },
    }),
    scene({
      title: 'to an unverified counterparty: held, then rejected by a person',
      expect: {
        first: 'STARTED, WAIT: COUNTERPARTY_UNVERIFIED',
        'after the rejection': 'REJECTED, STOP',
        reason: 'COMPLIANCE_CHECK_FAIL by local',
        'the counterparty heard': 0,
      },
      async play({ alice, stranger }) {
        const petra = await stranger('petra')
        const sent = await alice.authorize({ to: 'petra' })
        const rejected = await alice.rejectHeld(sent.transferId)
        return {
          first: statusOf(sent),
          'after the rejection': statusOf(rejected),
          reason: reasonOf(rejected),
          'the counterparty heard': petra.heard(sent.transferId).length,
        }
      },
    }),
    scene({
      title: 'to an unknown counterparty: held, and cannot be released without a card',
      expect: {
        first: 'STARTED, WAIT: COUNTERPARTY_UNKNOWN',
        release: 'HOLD_NOT_RELEASABLE',
        after: 'STARTED, WAIT: COUNTERPARTY_UNKNOWN',
      },
      async play({ alice }) {
        const sent = await alice.authorize({ to: 'nobody' })
        return {
          first: statusOf(sent),
          release: await refusalOf(alice.release(sent.transferId)),
          after: statusOf(await alice.get(sent.transferId)),
        }
      },
    }),
    scene({
      title: 'to a counterparty that was suspended: held; reinstated: goes on',
      expect: {
        verdict: 'an answered ping and two attestations',
        suspended: 'STARTED, WAIT: COUNTERPARTY_SUSPENDED',
        release: 'HOLD_NOT_RELEASABLE',
        reinstated: 'ACCEPTED, PROCEED',
      },
      async play({ alice, network, stranger }, expect) {
        await introduceRobot(network, await stranger('sven'))
        const { counterparty } = await alice.officer.counterparties.getCounterparty({ vaspId: 'sven' })
        const sources = counterparty?.proofs.map(({ source }) => source) ?? []
        await suspend(alice, 'sven')
        const sent = await alice.authorize({ to: 'sven' })
        const release = await refusalOf(alice.release(sent.transferId))
        await reinstate(alice, 'sven')
        return {
          verdict: provenBy(sources),
          suspended: statusOf(sent),
          release,
          reinstated: await alice.reaches(sent.transferId, expect.reinstated),
        }
      },
    }),
    scene({
      title:
        'a counterparty suspended while it decides: its acceptance proceeds nothing; reinstated: goes on',
      expect: {
        'transfers held by the suspension': 1,
        suspended: 'PENDING, WAIT: COUNTERPARTY_SUSPENDED',
        'accepted meanwhile': 'ACCEPTED, WAIT: COUNTERPARTY_SUSPENDED',
        permit: false,
        reinstated: 'ACCEPTED, PROCEED',
      },
      async play({ alice, network, stranger }, expect) {
        await introduceRobot(network, await stranger('tara'))
        const destination = addressOf(BEHAVIOURS.slow)
        const { transferId } = await alice.authorize({ to: 'tara', destination, waitSeconds: 0 })
        const suspension = await suspend(alice, 'tara')
        const suspended = statusOf(await alice.get(transferId))
        const meanwhile = await alice.reaches(transferId, expect['accepted meanwhile'])
        const { permit } = await alice.get(transferId)
        await reinstate(alice, 'tara')
        return {
          'transfers held by the suspension': suspension.transfersHeld,
          suspended,
          'accepted meanwhile': meanwhile,
          permit: permit !== '',
          reinstated: await alice.reaches(transferId, expect.reinstated),
        }
      },
    }),
    scene({
      title: 'a request of an unverified counterparty: held at bob, released by a person, then accepted',
      expect: {
        bob: 'REVIEW, WAIT: COUNTERPARTY_UNVERIFIED',
        'the counterparty heard': 'transfer.answer',
        released: 'ACCEPTED, PROCEED',
        'it heard then': 'transfer.answer transfer.answer',
      },
      async play({ bob, stranger }, expect) {
        const ugo = await stranger('ugo')
        const transferId = randomUUID()
        await ugo.request('bob', transferId, requestTo(deskAddress(DESKS.accepts), '2023-base'))
        const held = await bob.reaches(transferId, expect.bob)
        await within(async () => ugo.heard(transferId).length === 1)
        const heard = ugo.heard(transferId).join(' ')
        await bob.release(transferId)
        const released = await bob.reaches(transferId, expect.released)
        await within(async () => ugo.heard(transferId).length === 2)
        return {
          bob: held,
          'the counterparty heard': heard,
          released,
          'it heard then': ugo.heard(transferId).join(' '),
        }
      },
    }),
    scene({
      title: 'to a counterparty that does not receipt in time: held as unreachable; reached later: goes on',
      expect: {
        'before a receipt': 'PENDING, WAIT: COUNTERPARTY_UNREACHABLE',
        'after it': 'ACCEPTED, PROCEED',
      },
      async play({ alice }, expect) {
        const to = { to: 'robot', destination: addressOf(BEHAVIOURS.sleepy), waitSeconds: 0 }
        const { transferId } = await alice.authorize(to)
        return {
          'before a receipt': await alice.reaches(transferId, expect['before a receipt']),
          'after it': await alice.reaches(transferId, expect['after it']),
        }
      },
    }),
    scene({
      title: 'with fields missing that the rules ask for: held, corrected by RepairTransfer',
      expect: {
        first: 'STARTED, WAIT: IDENTITY_INCOMPLETE',
        'fields named': true,
        corrected: 'ACCEPTED, PROCEED',
      },
      async play({ alice }) {
        const sent = await alice.authorize({ to: 'bob', identity: '2020-minimal' })
        const named = sent.repairs.length > 0 && sent.repairs.every(({ path }) => path.startsWith('/'))
        return {
          first: statusOf(sent),
          'fields named': named,
          corrected: statusOf(await alice.repair(sent.transferId, '2020-base')),
        }
      },
    }),
    scene({
      title: 'with a payload that breaks IVMS101: refused with the field’s path, nothing stored',
      expect: {
        refused: 'INVALID_ARGUMENT IDENTITY_INVALID',
        field:
          'identity.ivms101/originator/originatorPersons/0/naturalPerson/dateAndPlaceOfBirth/dateOfBirth',
        'same request_id, corrected': 'ACCEPTED, PROCEED',
      },
      async play({ alice }) {
        const requestId = randomUUID()
        const refused = await refusedCall(
          alice.authorize({ to: 'bob', identity: 'DATE-bad-1990-02-30', requestId }),
        )
        return {
          refused: `${refused?.code} ${refused?.reason}`,
          field: refused?.fields.map(({ field }) => field).join(' ') ?? 'none',
          'same request_id, corrected': statusOf(await alice.authorize({ to: 'bob', requestId })),
        }
      },
    }),
    scene({
      title: 'a deposit that nobody announced: held at bob, then released by a person',
      expect: { matched: false, first: 'STARTED, WAIT: UNSOLICITED_DEPOSIT', released: 'ACCEPTED, PROCEED' },
      async play({ bob }) {
        const { transfer, matched } = await bob.exchange.transfers.reportDeposit(deposit('77.7', '0xfeed01'))
        const { transferId = '' } = transfer ?? {}
        return {
          matched,
          first: statusOf(await bob.get(transferId)),
          released: statusOf(await bob.release(transferId)),
        }
      },
    }),
    scene({
      title: 'a deposit that was announced: matched to its transfer',
      expect: { matched: true, transfer: 'the announced one', status: 'ACCEPTED, PROCEED' },
      async play({ alice, bob }) {
        const amount = '31.4159'
        const sent = await alice.authorize({ to: 'bob', amount, destination: DEPOSIT_ADDRESS })
        await bob.reaches(sent.transferId, 'ACCEPTED, PROCEED')
        const { transfer, matched } = await bob.exchange.transfers.reportDeposit(deposit(amount, '0xfeed02'))
        return {
          matched,
          transfer: transfer?.transferId === sent.transferId ? 'the announced one' : 'another',
          status: statusOf(await bob.get(transfer?.transferId ?? '')),
        }
      },
    }),
    scene({
      title: 'released on what a person saw before something changed: refused; seen again: released',
      expect: {
        'stale approval': 'ABORTED HOLD_CHANGED',
        'still held': 'STARTED, WAIT: UNSOLICITED_DEPOSIT',
        'seen again': 'ACCEPTED, PROCEED',
      },
      async play({ bob }) {
        const { transfer } = await bob.exchange.transfers.reportDeposit(deposit('13.13', '0xfeed03'))
        const transferId = transfer?.transferId ?? ''
        const stale = await staleRelease(bob, transfer?.holds[0]?.holdId ?? '')
        return {
          'stale approval': stale,
          'still held': statusOf(await bob.get(transferId)),
          'seen again': statusOf(await bob.release(transferId)),
        }
      },
    }),
  ],
}

const DEPOSIT_ADDRESS = 'eip155:1:0xde90517000000000000000000000000000000001'

function deposit(amount: string, txId: string) {
  return { requestId: randomUUID(), asset: ASSET, amount, destination: DEPOSIT_ADDRESS, txId }
}

function suspend({ officer }: Actor, vaspId: string) {
  const request = { requestId: randomUUID(), vaspId, reason: 'KEY_COMPROMISE', person: OFFICER }
  return officer.counterparties.suspendCounterparty(request)
}

function reinstate({ officer }: Actor, vaspId: string) {
  return officer.counterparties.reinstateCounterparty({ requestId: randomUUID(), vaspId, person: OFFICER })
}

async function staleRelease({ officer }: Actor, holdId: string): Promise<string> {
  const by = () => ({ requestId: randomUUID(), holdId, person: OFFICER })
  const { seenHash } = await officer.review.getHold({ holdId })
  await officer.review.commentHold({ ...by(), text: 'the customer says it is a mistake' })
  const release = { ...by(), reason: 'PROOF_SEEN', note: 'seen in the story', seenHash }
  const refused = await refusedCall(officer.review.proposeRelease(release))
  return `${refused?.code} ${refused?.reason}`
}

function reasonOf({ rejection }: Awaited<ReturnType<Actor['get']>>): string {
  return `${rejection?.code} by ${rejection?.by}`
}

function provenBy(sources: readonly string[]): string {
  const persons = sources.filter((source) => source.startsWith('person:')).length
  return sources.includes('ping') && persons === 2
    ? 'an answered ping and two attestations'
    : sources.join(' ')
}
