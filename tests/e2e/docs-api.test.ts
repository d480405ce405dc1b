/** The examples of docs/api.md, run as they stand against a real network. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { copyEvents, endedHolds } from '../../docs/examples/auditor.ts'
import { mayCredit } from '../../docs/examples/back-office.ts'
import { connect, Refused, type Transfer } from '../../docs/examples/connect.ts'
import { decide, nextHold, type Shown } from '../../docs/examples/console.ts'
import { checkPermit, type KeySet, signWithPermit, type Transaction } from '../../docs/examples/custody.ts'
import { withdraw } from '../../docs/examples/exchange.ts'
import {
  ADDRESS,
  AMOUNTS,
  authorize,
  decisionAt,
  directory,
  masked,
  network,
  paidOut,
  payOut,
  profile,
  run,
  STRANGER,
  stateAt,
  told,
  transferAt,
  withdrawal,
} from '../support/docs-network.ts'

describe('the exchange', () => {
  test('pays out with a permit, and the beneficiary VASP learns the transaction', async () => {
    const order = withdrawal(AMOUNTS.accept)
    const transfer = await withdraw(profile('alice-integrator'), order, payOut)
    expect(transfer).toMatchObject({
      state: 'EXCHANGE_STATE_COMPLETED',
      settlement: { tx_id: `0x${order.id}` },
    })
    expect(paidOut).toEqual([order.id])
    expect(new Set(told)).toEqual(new Set([order.identity]))
    await expect.poll(() => stateAt('bob', transfer.transfer_id)).toBe('EXCHANGE_STATE_COMPLETED')
  })

  test.each([
    ['reject', 'DECISION_STOP', 'EXCHANGE_STATE_REJECTED'],
    ['repair', 'DECISION_WAIT', 'EXCHANGE_STATE_REPAIR'],
  ] as const)('does not pay out on %s', async (verdict, decision, state) => {
    const order = withdrawal(AMOUNTS[verdict])
    const transfer = await withdraw(profile('alice-integrator'), order, payOut)
    expect(transfer).toMatchObject({ decision, state })
    expect(paidOut).not.toContain(order.id)
  })

  test('may repeat the whole after a crash, and must not use the id for another withdrawal', async () => {
    const order = withdrawal(AMOUNTS.accept)
    const first = await withdraw(profile('alice-integrator'), order, payOut)
    const again = await withdraw(profile('alice-integrator'), order, payOut)
    expect([again.transfer_id, again.state]).toEqual([first.transfer_id, 'EXCHANGE_STATE_COMPLETED'])
    await expect(authorize({ ...order, amount: '9' })).rejects.toMatchObject({
      status: 'ALREADY_EXISTS',
      reason: 'REQUEST_ID_REUSED',
    })
  })

  test('is a program that runs against the demo', async () => {
    const { stdout } = await run('docs/examples/withdraw-once.ts', profile('alice-integrator'))
    expect(stdout).toMatch(/^[0-9a-f-]{36} EXCHANGE_STATE_COMPLETED DECISION_PROCEED\n$/)
  })

  test('gets from a shell what the README shows', async () => {
    const [, command = '', answer = ''] =
      /```\nbin\/tamga (send [^]*?)\n```\n\n```\n([^]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
    const words = [...command.replaceAll('\\\n', '').matchAll(/"([^"]*)"|(\S+)/g)]
    const args = words.map(([, quoted, plain]) => quoted ?? plain ?? '')
    const { stdout } = await run('src/main.ts', ...args, '--data', directory)
    expect(masked(stdout)).toBe(masked(answer))
  })

  test('learns which fields are wrong', async () => {
    const gateway = connect(profile('alice-integrator'))
    const refused: unknown = await gateway
      .call('TransferService/AuthorizeTransfer', { request_id: 'r', amount: '-1' })
      .catch((error: unknown) => error)
    gateway.close()
    expect(refused).toBeInstanceOf(Refused)
    expect(refused).toMatchObject({ status: 'INVALID_ARGUMENT', reason: 'REQUEST_INVALID' })
    expect(refused instanceof Refused && refused.fields.map(({ field }) => field)).toContain('amount')
  })
})

describe('the custody platform', () => {
  let transfer: Transfer
  let transaction: Transaction
  async function keys(): Promise<KeySet> {
    const replica = network.replicas.get('alice')?.[0]
    const answer = await fetch(`${replica?.httpUrl}/.well-known/jwks.json`)
    const set: KeySet = JSON.parse(await answer.text())
    return set
  }

  beforeAll(async () => {
    const order = withdrawal(AMOUNTS.accept)
    const { asset, amount, destination } = order
    transfer = await authorize(order, 'alice-custody', 20)
    transaction = { asset, amount, destination }
  })

  test.each([
    ['amount', { amount: '1.51' }],
    ['destination', { destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdc' }],
    ['asset', { asset: 'eip155:1/erc20:0xdac17f958d2ee523a2206206994597c13d831ec7' }],
    ['tag', { tag: '77' }],
  ])('refuses the permit for another %s', async (field, change) => {
    const other = { ...transaction, ...change }
    await expect(checkPermit(await keys(), 'alice', transfer.permit, other)).rejects.toThrow(
      `another ${field}`,
    )
  })

  test('refuses the permit of another client, and an altered one', async () => {
    await expect(checkPermit(await keys(), 'bob', transfer.permit, transaction)).rejects.toThrow(
      'another VASP',
    )
    const [header, claims = '', signature] = transfer.permit.split('.')
    const text = Buffer.from(claims, 'base64url').toString().replace('"1.5"', '"9.5"')
    const altered = [header, Buffer.from(text).toString('base64url'), signature].join('.')
    await expect(
      checkPermit(await keys(), 'alice', altered, { ...transaction, amount: '9.5' }),
    ).rejects.toThrow('signature')
  })

  test('signs with the permit, once', async () => {
    const sign = async () => 'signed'
    const args = [
      profile('alice-custody'),
      await keys(),
      'alice',
      transfer.permit,
      transaction,
      sign,
    ] as const
    await expect(signWithPermit(...args)).resolves.toBe('signed')
    const gateway = connect(profile('alice-custody'))
    const second = gateway.call('TransferService/RedeemPermit', {
      request_id: 'another intent',
      permit: transfer.permit,
      ...transaction,
    })
    await expect(second).rejects.toMatchObject({ reason: 'PERMIT_REDEEMED' })
    gateway.close()
  })
})

describe('the back office', () => {
  test('has a person decide when the names do not match', async () => {
    const { transfer_id } = await authorize(withdrawal(AMOUNTS.mismatch))
    await expect.poll(() => stateAt('bob', transfer_id)).toBe('EXCHANGE_STATE_REVIEW')
    const held = await transferAt('bob', transfer_id)
    expect(held?.holds.map(({ reason }) => reason)).toEqual(['HOLD_REASON_NAME_MISMATCH'])
  })

  test('credits a deposit that was announced', async () => {
    const order = withdrawal(AMOUNTS.accept)
    const { transfer_id } = await withdraw(profile('alice-integrator'), order, payOut)
    await expect.poll(() => stateAt('bob', transfer_id)).toBe('EXCHANGE_STATE_COMPLETED')
    const deposit = {
      id: 'd-1',
      asset: order.asset,
      amount: '1.50',
      destination: ADDRESS,
      tx_id: `0x${order.id}`,
    }
    const credited = await mayCredit(profile('bob-integrator'), deposit)
    expect(credited).toMatchObject({ credit: true, matched: true, transfer: { transfer_id } })
  })

  test('does not credit one that nobody announced', async () => {
    const deposit = {
      id: 'd-2',
      asset: 'eip155:1/slip44:60',
      amount: '7',
      destination: ADDRESS,
      tx_id: '0xstray',
    }
    const held = await mayCredit(profile('bob-integrator'), deposit)
    expect(held).toMatchObject({
      credit: false,
      matched: false,
      transfer: { holds: [{ reason: 'HOLD_REASON_UNSOLICITED_DEPOSIT' }] },
    })
  })
})

describe('the ops console', () => {
  const OFFICER = 'officer@alice.example'

  async function heldTransfer(): Promise<Transfer> {
    const order = withdrawal(AMOUNTS.accept, STRANGER)
    const held = await withdraw(profile('alice-integrator'), order, payOut)
    expect(held).toMatchObject({
      decision: 'DECISION_WAIT',
      holds: [{ reason: 'HOLD_REASON_COUNTERPARTY_UNVERIFIED' }],
    })
    return held
  }

  async function shown(): Promise<Shown> {
    const hold = await nextHold(profile('alice-console'))
    if (hold === undefined) throw new Error('nothing is held')
    return hold
  }

  test('releases what a person saw, and the transfer goes on to PROCEED', async () => {
    const { transfer_id } = await heldTransfer()
    const seen = await shown()
    expect(seen.transfer.transfer_id).toBe(transfer_id)
    const verdict = { verdict: 'release', reason: 'PROOF_SEEN', note: 'register extract seen today' } as const
    await expect(decide(profile('alice-console'), OFFICER, seen, verdict)).resolves.toBe('done')
    await expect.poll(() => decisionAt('alice', transfer_id)).toBe('DECISION_PROCEED')
  })

  test('asks again when something changed since the person looked', async () => {
    const { transfer_id } = await heldTransfer()
    const seen = await shown()
    const gateway = connect(profile('alice-console'))
    await gateway.call('ReviewService/CommentHold', {
      request_id: randomUUID(),
      hold_id: seen.hold.hold_id,
      person: { subject: 'colleague@alice.example' },
      text: 'wait, I am on the phone with them',
    })
    gateway.close()
    const reject = {
      verdict: 'reject',
      reason: 'COMPLIANCE_CHECK_FAIL',
      note: 'licence not renewed',
    } as const
    await expect(decide(profile('alice-console'), OFFICER, seen, reject)).resolves.toBe('changed')
    await expect(decide(profile('alice-console'), OFFICER, await shown(), reject)).resolves.toBe('done')
    await expect(decisionAt('alice', transfer_id)).resolves.toBe('DECISION_STOP')
  })

  test('releases by two natural persons where policy asks for two', async () => {
    const console = profile('alice-console')
    const { transfer_id } = await authorize(withdrawal(AMOUNTS.accept), 'alice-integrator', 20)
    const gateway = connect(console)
    await gateway.call('ReviewService/HoldTransfer', {
      request_id: randomUUID(),
      transfer_id,
      person: { subject: OFFICER },
      reason: 'SUSPICION',
      note: 'asked the customer for the invoice',
    })
    gateway.close()
    const release = { verdict: 'release', reason: 'PROOF_SEEN', note: 'the invoice is in order' } as const
    const approve = { verdict: 'approve', note: 'agreed' } as const
    await expect(decide(console, OFFICER, await shown(), release)).resolves.toBe('second-person')
    await expect(decide(console, OFFICER, await shown(), approve)).rejects.toBeInstanceOf(Refused)
    await expect(decisionAt('alice', transfer_id)).resolves.toBe('DECISION_WAIT')
    await expect(decide(console, 'second@alice.example', await shown(), approve)).resolves.toBe('done')
    await expect(decisionAt('alice', transfer_id)).resolves.toBe('DECISION_PROCEED')
  })
})

describe('the auditor', () => {
  test('copies each event once, over two runs', async () => {
    const file = join(directory, 'events.jsonl')
    const first = await copyEvents(profile('alice-auditor'), file)
    await withdraw(profile('alice-integrator'), withdrawal(AMOUNTS.reject), payOut)
    const second = await copyEvents(profile('alice-auditor'), file)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    expect(lines.length).toBe(first + second)
    expect(lines.slice(first).map((line) => JSON.parse(line).event)).toEqual([
      'created',
      'screened',
      'sent',
      'rejected',
    ])
  })

  test('sees who ended each hold, and can change nothing', async () => {
    const holds = await endedHolds(profile('alice-auditor'))
    expect(holds.map(({ ended_by, end_reason }) => [ended_by, end_reason])).toContainEqual([
      'person:officer@alice.example',
      'PROOF_SEEN',
    ])
    const gateway = connect(profile('alice-auditor'))
    const release = { hold_id: holds[0]?.hold_id, person: { subject: 'auditor' } }
    await expect(gateway.call('ReviewService/ProposeRelease', release)).rejects.toMatchObject({
      status: 'PERMISSION_DENIED',
      reason: 'CALLER_DENIED',
    })
    gateway.close()
  })
})
