/** Deposits: matched, held without data, asked about, joined with late data, returned; and a transaction that is known never changes. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keepAuditLog } from '../../src/app/audit-log.ts'
import { rematchDeposits } from '../../src/app/deposit-use-cases.ts'
import type { DepositInput } from '../../src/app/gateway.ts'
import { calendarOf } from '../../src/domain/rules/calendars.ts'
import { isWorkingDay } from '../../src/domain/rules/working-days.ts'
import { checkEvidence } from '../../src/sealing/evidence-check.ts'
import {
  authorize,
  call,
  holdsOn,
  introduce,
  type Side,
  seen,
  states,
  twoGateways,
  type World,
  withdrawal,
} from '../support/two-gateways.ts'

let world: World
beforeAll(async () => {
  const house = { pack: 'house', version: '1', clause: 'below USD 10 nothing travels' }
  world = await twoGateways({
    alice: { threshold: { amount: '10', currency: 'USD', ...house } },
    bob: { inbound: 'accept' },
  })
  await introduce(world)
})
afterAll(() => world?.close())
beforeEach(() => world.settle())

let count = 0
/** A transaction of its own, and an address that no other test uses. */
function onChain(given: Partial<DepositInput> = {}): DepositInput {
  count += 1
  return {
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: `eip155:1:0x${String(count).padStart(40, 'A')}`,
    txId: `0xFEED${count}`,
    ...given,
  }
}

const report = (input: DepositInput, side = world.bob) =>
  side.gateway().transfers.reportDeposit(call(side.id), input)
const reasons = async (side: Side, id: string) => (await holdsOn(side, id)).map(({ hold }) => hold.reason)
const rows = async (side: Side) =>
  (await side.database.pool.query<{ n: string }>('select count(*) as n from transfers')).rows[0]?.n

async function decide(side: Side, id: string, how: 'release' | 'reject', reason: string) {
  const found = (await holdsOn(side, id)).find(({ hold }) => hold.reason === reason)
  if (found === undefined) throw new Error(`it is not held as ${reason}`)
  const by = { holdId: found.hold.id, person: 'officer', reason: 'SEEN', note: 'n', seenHash: found.seenHash }
  await side.gateway().review[how](call(side.id, { role: 'console' }), by)
  await world.settle()
}

describe('a deposit that was announced', () => {
  test('is matched whatever capitals the address and the transaction are written in', async () => {
    const { txId, ...deposit } = onChain()
    const id = await authorize(world, deposit)
    await world.settle()
    const lower = { ...deposit, destination: deposit.destination.toLowerCase(), txId }
    const first = await report(lower)
    expect([first.matched, first.value.transfer.id]).toEqual([true, id])
    const again = await report({ ...lower, txId: txId.toLowerCase() })
    expect(again.value.transfer.id).toBe(id)
  })

  test('longer ago than the window says nothing about a deposit now', async () => {
    const { txId, ...deposit } = onChain()
    await authorize(world, deposit)
    await world.settle()
    const seenAt = new Date(world.clock.now().getTime() + 8 * 86_400_000)
    const { matched, value } = await report({ ...deposit, txId, seenAt })
    expect([matched, await reasons(world.bob, value.transfer.id)]).toEqual([false, ['UNSOLICITED_DEPOSIT']])
  })

  test('while the deposit was reported, is found by the gateway itself', async () => {
    const { txId, ...deposit } = onChain({ amount: '1' })
    const { value } = await report({ ...deposit, amount: '1', txId })
    // The guard of creation is left out, as if both had been written at the same moment.
    const { pool } = world.bob.database
    await pool.query(`update transfers set amount = '1.0' where id = $1`, [value.transfer.id])
    const id = await authorize(world, deposit)
    await world.settle()
    expect(await states(world, id)).toEqual(['accepted', 'accepted'])
    await pool.query(`update transfers set amount = '1' where id = $1`, [value.transfer.id])
    world.bob.restart()
    expect(await rematchDeposits(world.bob.parts(), 'bob')).toBe(1)
    const joined = await seen(world.bob, value.transfer.id)
    expect([joined.decision, joined.transfer.deposit?.joinedTo]).toEqual(['STOP', id])
    expect(await reasons(world.bob, value.transfer.id)).toEqual([])
    expect((await seen(world.bob, id)).transfer.secret.txId).toBe(txId.toLowerCase())
  })
})

describe('a deposit without data', () => {
  test('is held under the rule that binds, until the end of its legal clock in working days', async () => {
    const now = world.clock.now()
    const { value } = await report(onChain())
    const [held] = await holdsOn(world.bob, value.transfer.id)
    expect(held?.hold.finding.code).toBe('NO_DATA_BEFORE_DEPOSIT')
    expect(value.transfer.rule?.pack).toBe('EU-TFR')
    const deadline = held?.hold.deadline ?? now
    expect(deadline.toISOString()).toMatch(/T10:00:00.000Z$/)
    // EBA/GL/2024/11: three working days inside the Union, which is what an unknown chain gets.
    let days = 0
    for (let day = now.getTime() + 86_400_000; day <= deadline.getTime() + 86_399_999; day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10)
      if (date <= deadline.toISOString().slice(0, 10) && isWorkingDay(date, calendarOf('EU'))) days += 1
    }
    expect(days).toBe(3)
  })

  test('joins the data that come late: one transfer, under the id that the exchange knows', async () => {
    const { txId, ...deposit } = onChain()
    const { value } = await report({ ...deposit, txId })
    const before = await rows(world.bob)
    const id = await authorize(world, deposit)
    await world.settle()
    expect(await rows(world.bob)).toBe(before)
    const { transfer, decision } = await seen(world.bob, value.transfer.id)
    expect([decision, transfer.state, transfer.exchangeId, transfer.counterpartyId]).toEqual([
      'PROCEED',
      'accepted',
      id,
      'alice',
    ])
    expect(transfer.secret.identity).toBe(withdrawal().identity)
    expect((await seen(world.alice, id)).transfer.state).toBe('accepted')
    await world.alice.gateway().transfers.reportSettlement(call('alice'), id, txId)
    await world.settle()
    expect((await seen(world.bob, value.transfer.id)).transfer.state).toBe('completed')
    expect((await seen(world.alice, id)).transfer.state).toBe('completed')
    const { parts } = world.bob
    await keepAuditLog(parts(), ['bob'])
    const auditor = { vaspId: 'bob', role: 'auditor' } as const
    const evidence = await world.bob.gateway().evidence.bundle(auditor, value.transfer.id)
    expect(await checkEvidence(evidence)).toMatchObject({ valid: true, findings: [] })
  })

  test('joins them also when either gateway dies in between, once', async () => {
    for (const point of ['after-commit', 'before-ack', 'before-publish'] as const) {
      const { txId, ...deposit } = onChain()
      const { value } = await report({ ...deposit, txId })
      const before = await rows(world.bob)
      const id = await authorize(world, deposit)
      world.bob.dieAt(point, 1)
      for (let attempt = 0; attempt < 3; attempt++) await world.settle().catch(() => world.bob.restart())
      expect(await rows(world.bob)).toBe(before)
      expect((await seen(world.bob, value.transfer.id)).transfer.exchangeId).toBe(id)
      expect((await seen(world.alice, id)).transfer.state).toBe('accepted')
    }
  })

  test('that a person has credited or rejected stays so when data come, and their sender is told', async () => {
    for (const [how, state] of [
      ['release', 'accepted'],
      ['reject', 'rejected'],
    ] as const) {
      const { txId, ...deposit } = onChain()
      const { value } = await report({ ...deposit, txId })
      await decide(world.bob, value.transfer.id, how, 'UNSOLICITED_DEPOSIT')
      const before = await rows(world.bob)
      const id = await authorize(world, deposit)
      await world.settle()
      expect(await rows(world.bob)).toBe(before)
      expect((await seen(world.bob, value.transfer.id)).transfer.state).toBe(state)
      expect((await seen(world.alice, id)).transfer.state).toBe(state)
    }
  })
})

describe('an inquiry', () => {
  const ask = (id: string) => world.bob.gateway().transfers.inquireDeposit(call('bob'), id, 'alice')
  const events = async (side: Side, id: string) => {
    const text = `select type, data from transfer_events where transfer_id = $1 order by version, seq`
    return (await side.database.pool.query<{ type: string; data: object }>(text, [id])).rows
  }

  test('about a transaction that is nobody’s is answered so, and the deposit stays held', async () => {
    const { value } = await report(onChain({ presumed: { vaspId: 'alice' } }))
    await world.settle()
    expect((await events(world.bob, value.transfer.id)).slice(-2)).toMatchObject([
      { type: 'inquiry-sent', data: { counterparty: 'alice' } },
      { type: 'inquiry-answered', data: { answer: 'none' } },
    ])
    expect(await reasons(world.bob, value.transfer.id)).toEqual(['UNSOLICITED_DEPOSIT'])
  })

  test('about a transfer that no rule of the sender had sent brings the data', async () => {
    const { txId, ...deposit } = onChain()
    const small = { amount: '5', currency: 'USD', pricedAt: world.clock.now() }
    const id = await authorize(world, { ...deposit, fiat: small })
    expect((await seen(world.alice, id)).transfer.exempt).toBe(true)
    await world.alice.gateway().transfers.reportSettlement(call('alice'), id, txId)
    const { value } = await report({ ...deposit, txId, presumed: { vaspId: 'alice' } })
    expect(await reasons(world.bob, value.transfer.id)).toEqual(['UNSOLICITED_DEPOSIT'])
    await world.settle()
    const { transfer, decision } = await seen(world.bob, value.transfer.id)
    expect([decision, transfer.exchangeId, transfer.secret.identity]).toEqual([
      'PROCEED',
      id,
      withdrawal().identity,
    ])
  })

  test('about a transfer that was announced with another amount links the two, and a person sees that they differ', async () => {
    const { txId, ...deposit } = onChain()
    const id = await authorize(world, deposit)
    await world.settle()
    await world.alice.gateway().transfers.reportSettlement(call('alice'), id, txId)
    // The settlement is on its way when less than was announced is seen.
    world.wire.splice(0)
    const { value } = await report({ ...deposit, amount: '0.99', txId })
    expect(value.transfer.id).not.toBe(id)
    await ask(value.transfer.id)
    await world.deliver()
    const deposited = await seen(world.bob, value.transfer.id)
    expect([deposited.decision, deposited.transfer.deposit?.joinedTo]).toEqual(['STOP', id])
    expect(await reasons(world.bob, id)).toEqual(['SETTLEMENT_CONFLICT'])
    await world.settle()
    const { transfer, decision } = await seen(world.bob, id)
    expect([decision, transfer.state, transfer.secret.txId]).toEqual([
      'WAIT',
      'completed',
      txId.toLowerCase(),
    ])
    expect(await reasons(world.bob, value.transfer.id)).toEqual([])
  })

  test('never tells one VASP of a transfer to another', async () => {
    const { txId, ...deposit } = onChain()
    const id = await authorize(world, { ...deposit, counterparty: { vaspId: 'nobody' } })
    expect(await reasons(world.alice, id)).toEqual(['COUNTERPARTY_UNKNOWN'])
    const { value } = await report({ ...deposit, txId, presumed: { vaspId: 'alice' } })
    await world.settle()
    expect((await events(world.bob, value.transfer.id)).at(-1)).toMatchObject({ data: { answer: 'none' } })
  })

  test('is refused about what is no held deposit, and to whom nobody knows', async () => {
    const id = await authorize(world, onChain())
    await world.settle()
    await expect(ask(id)).rejects.toMatchObject({ code: 'TRANSFER_STATE' })
    const { value } = await report(onChain())
    await expect(
      world.bob.gateway().transfers.inquireDeposit(call('bob'), value.transfer.id, 'nobody'),
    ).rejects.toMatchObject({ code: 'COUNTERPARTY_NOT_FOUND' })
  })
})

describe('a rejected deposit', () => {
  test('is to be returned: the hold waits for the transaction, which never changes afterwards', async () => {
    const { value } = await report(onChain())
    const { id } = value.transfer
    await decide(world.bob, id, 'reject', 'UNSOLICITED_DEPOSIT')
    expect(await reasons(world.bob, id)).toEqual(['RETURN_DUE'])
    await world.later(3_601)
    expect((await holdsOn(world.bob, id))[0]?.hold.overdue).toBe(true)
    const back = (txId: string) => world.bob.gateway().transfers.reportReturn(call('bob'), id, txId)
    await back('0xBAC1')
    const { transfer, decision } = await seen(world.bob, id)
    expect([decision, transfer.secret.returnTxId, transfer.returnedAt !== undefined]).toEqual([
      'STOP',
      '0xbac1',
      true,
    ])
    expect(await reasons(world.bob, id)).toEqual([])
    await back('0xbac1')
    await expect(back('0xbac2')).rejects.toMatchObject({ code: 'SETTLEMENT_EXISTS' })
  })

  test('of a sender who is known: the sender learns of the return', async () => {
    const { txId, ...deposit } = onChain()
    const { value } = await report({ ...deposit, txId })
    await decide(world.bob, value.transfer.id, 'reject', 'UNSOLICITED_DEPOSIT')
    const id = await authorize(world, deposit)
    await world.settle()
    await world.bob.gateway().transfers.reportReturn(call('bob'), value.transfer.id, '0xbac3')
    await world.settle()
    const { transfer, decision } = await seen(world.alice, id)
    expect([decision, transfer.secret.returnTxId]).toEqual(['STOP', '0xbac3'])
  })

  test('cannot be returned before it is rejected', async () => {
    const { value } = await report(onChain())
    await expect(
      world.bob.gateway().transfers.reportReturn(call('bob'), value.transfer.id, '0xbac4'),
    ).rejects.toMatchObject({ code: 'TRANSFER_STATE' })
  })
})

describe('a settlement that names another transaction than the deposit seen', () => {
  test('does not overwrite it, and waits for a person', async () => {
    const { txId, ...deposit } = onChain()
    const id = await authorize(world, deposit)
    await world.settle()
    await report({ ...deposit, txId })
    await world.alice.gateway().transfers.reportSettlement(call('alice'), id, '0x0ther')
    await world.settle()
    const { transfer, decision } = await seen(world.bob, id)
    expect([decision, transfer.secret.txId, transfer.secret.claimedTxId]).toEqual([
      'WAIT',
      txId.toLowerCase(),
      '0x0ther',
    ])
    expect(await reasons(world.bob, id)).toEqual(['SETTLEMENT_CONFLICT'])
    await decide(world.bob, id, 'release', 'SETTLEMENT_CONFLICT')
    expect((await seen(world.bob, id)).decision).toBe('PROCEED')
  })
})
