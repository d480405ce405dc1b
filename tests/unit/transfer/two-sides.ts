/**
 * Both VASPs of one transfer over a network that duplicates, delays and reorders: the domain alone, with ids and time made up. What is
 * lost is sent again by the outbox, so here it only comes late.
 */
import { Refusal } from '../../../src/domain/refusal.ts'
import {
  accept,
  askRepair,
  type InboundChecked,
  receiveRequest,
  reject,
} from '../../../src/domain/transfer/beneficiary.ts'
import { tick } from '../../../src/domain/transfer/clocks.ts'
import { rejectHeld, releaseHold } from '../../../src/domain/transfer/holds.ts'
import { authorize, type Checked, cancel, resubmit, settle } from '../../../src/domain/transfer/originator.ts'
import { type PeerMessage, receive } from '../../../src/domain/transfer/receive.ts'
import { begin, type Context, change, hold as holdOn } from '../../../src/domain/transfer/step.ts'
import {
  type OutboundMessage,
  openHolds,
  type Step,
  type Transfer,
} from '../../../src/domain/transfer/transfer.ts'
import { policyOf } from '../../../src/vasps.ts'

export const POLICY = policyOf({
  requiredProofs: [],
  hold: { deadlineSeconds: 3_600, outcome: 'KEEP_HOLDING' },
})

export type Side = 'alice' | 'bob'

export const NOTHING: InboundChecked = { holds: [], corrections: [], rule: undefined }
export const BOB_HOLDS: InboundChecked = {
  ...NOTHING,
  holds: [
    {
      reason: 'NAME_MISMATCH',
      finding: { check: 'names', code: 'DIFFERENT', message: 'another name is held' },
    },
  ],
}
export const SEND: Checked = { holds: [], exempt: false, rule: undefined, corrections: [] }
export const HELD: Checked = {
  ...SEND,
  holds: [
    {
      reason: 'COUNTERPARTY_UNVERIFIED',
      finding: { check: 'counterparty', code: 'MISSING_LICENCE', message: 'missing proof' },
    },
  ],
}

/** What a local actor may try at any time; most tries are refused, and that must change nothing. */
export const ACTIONS = [
  'alice-cancel',
  'alice-settle',
  'alice-resubmit',
  'alice-hold',
  'alice-release',
  'alice-reject-hold',
  'bob-accept',
  'bob-reject',
  'bob-repair',
  'bob-hold',
  'bob-release',
  'bob-reject-hold',
  'a-minute-passes',
  'an-hour-passes',
] as const
export type Action = (typeof ACTIONS)[number]

export interface Sent {
  readonly to: Side
  readonly jti: string
  readonly message: OutboundMessage
}

export class TwoSides {
  now = new Date('2026-11-22T08:00:00Z')
  readonly sides: { alice: Transfer | undefined; bob: Transfer | undefined } = {
    alice: undefined,
    bob: undefined,
  }
  /** Everything ever sent: any of it may arrive again at any time. */
  readonly sent: Sent[] = []
  /** What was receipted: it is not sent again. */
  readonly delivered = new Set<string>()
  readonly steps: { side: Side; before: Transfer | undefined; step: Step }[] = []
  #ids = 0
  readonly #bobFinds: InboundChecked

  constructor(bobFinds: InboundChecked = NOTHING) {
    this.#bobFinds = bobFinds
  }

  start(checked: Checked): void {
    this.commit(
      'alice',
      authorize(
        {
          vaspId: 'alice',
          id: 'transfer',
          counterpartyId: 'bob',
          asset: 'eip155:1/slip44:60',
          amount: '1',
          secret: { destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb', identity: '{}' },
        },
        checked,
        this.context('alice'),
      ),
    )
  }

  /** Returns the refusal's code when the action is declined. */
  act(action: Action): string | undefined {
    try {
      this.#act(action)
      return undefined
    } catch (error) {
      if (error instanceof Refusal) return error.code
      throw error
    }
  }

  #act(action: Action): void {
    if (action === 'a-minute-passes') this.pass(60)
    if (action === 'an-hour-passes') this.pass(3_600)
    const side = action.startsWith('alice') ? 'alice' : 'bob'
    const transfer = this.sides[side]
    if (transfer === undefined) return
    const ctx = this.context(side)
    const hold = openHolds(transfer)[0]
    const made = ((): Step | undefined => {
      switch (action) {
        case 'alice-cancel':
          return cancel(transfer, 'CUSTOMER_REQUEST', ctx)
        case 'alice-settle':
          return settle(transfer, '0xtx', ctx)
        case 'alice-resubmit':
          return resubmit(transfer, '{"corrected":true}', SEND, ctx)
        case 'alice-hold':
        case 'bob-hold':
          return transfer.state === 'completed'
            ? undefined
            : holdOn(
                begin(transfer, ctx),
                'MANUAL',
                { check: 'policy', code: 'MANUAL', message: 'a person' },
                ctx,
              )
        case 'alice-release':
        case 'bob-release':
          return hold && releaseHold(transfer, hold.id, 'PROOF_SEEN', { ...ctx, actor: 'person:p1' })
        case 'alice-reject-hold':
        case 'bob-reject-hold':
          return (
            hold && rejectHeld(transfer, hold.id, 'COMPLIANCE_CHECK_FAIL', { ...ctx, actor: 'person:p1' })
          )
        case 'bob-accept':
          return accept(begin(transfer, ctx), ctx)
        case 'bob-reject':
          return reject(begin(transfer, ctx), 'BENEFICIARY_NAME_UNMATCHED', ctx)
        case 'bob-repair':
          return askRepair(
            begin(transfer, ctx),
            [{ path: '/originator', code: 'X', message: 'correct it' }],
            ctx,
          )
        case 'a-minute-passes':
        case 'an-hour-passes':
          return undefined
      }
    })()
    if (made !== undefined) this.commit(side, made)
  }

  /** Lets time pass in both gateways, ringing every clock that is due. */
  pass(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000)
    for (const side of ['alice', 'bob'] as const) {
      for (let rung = 0; rung < 20; rung++) {
        const transfer = this.sides[side]
        const step = transfer && tick(transfer, this.context(side, 'clock'))
        if (step === undefined) break
        this.commit(side, step)
      }
    }
  }

  /** Delivers the n-th message ever sent, once more or for the first time. */
  deliver(index: number): void {
    const sent = this.sent[index % Math.max(1, this.sent.length)]
    if (sent !== undefined) this.#receive(sent)
  }

  /** What the outboxes do until everything is receipted. */
  settleNetwork(): void {
    for (let round = 0; round < 50; round++) {
      const waiting = this.sent.filter(({ jti }) => !this.delivered.has(jti))
      if (waiting.length === 0) return
      for (const sent of waiting.toReversed()) this.#receive(sent)
    }
  }

  #receive({ to, jti, message }: Sent): void {
    if (this.delivered.has(jti)) {
      this.#again(to, jti, message)
      return
    }
    const ctx = this.context(to, `counterparty:${to === 'alice' ? 'bob' : 'alice'}`)
    const current = this.sides[to]
    if (message.type === 'transfer.request') {
      const input = {
        vaspId: 'bob',
        id: 'transfer',
        counterpartyId: 'alice',
        asset: message.content.asset,
        amount: message.content.amount,
        secret: { destination: message.content.destination, identity: message.content.identity },
        peerJti: jti,
        answerBy: new Date(message.content.answer_by),
      }
      this.commit(to, receiveRequest(input, this.#bobFinds, ctx))
      this.delivered.add(jti)
      return
    }
    if (current === undefined) return
    const received = receive(
      current,
      { ...message, jti, issuedAt: this.now } satisfies PeerMessage,
      () => this.#bobFinds,
      ctx,
    )
    if (received.outcome === 'early') return
    if (received.step !== undefined) this.commit(to, received.step)
    this.delivered.add(jti)
  }

  /** A repetition: the inbox would stop it, and so must the sequence number. */
  #again(to: Side, jti: string, message: OutboundMessage): void {
    const current = this.sides[to]
    if (current === undefined || message.type === 'transfer.request') return
    const again = receive(
      current,
      { ...message, jti, issuedAt: this.now },
      () => this.#bobFinds,
      this.context(to),
    )
    if (again.outcome !== 'refused' || again.step !== undefined)
      throw new Error('a repetition changed something')
  }

  commit(side: Side, step: Step): void {
    const before = this.sides[side]
    // What the app layer does: an accepted outbound transfer without holds gets its permit in the same step.
    const { next } = step
    const due =
      next.role === 'originator' &&
      next.state === 'accepted' &&
      next.permit === undefined &&
      openHolds(next).length === 0
    const issued = due
      ? change(step, {
          permit: { jti: 'permit', issuedAt: this.now, expiresAt: new Date(this.now.getTime() + 1_800_000) },
        })
      : step
    this.sides[side] = issued.next
    this.steps.push({ side, before, step: issued })
    for (const message of step.messages)
      this.sent.push({ to: side === 'alice' ? 'bob' : 'alice', jti: `${side}-${message.seq}`, message })
  }

  context(_side: Side, actor = 'caller:test'): Context {
    return { now: this.now, actor, policy: POLICY, newId: () => `id-${++this.#ids}` }
  }
}
