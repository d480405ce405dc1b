/** What a gateway makes of envelopes and receipts that come in the middle of a transfer and are not what it waits for. */
import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { pingLetter } from '../../src/app/ping.ts'
import { envelopeSealer } from '../../src/sealing/envelope-sealer.ts'
import { type FileKeyStore } from '../../src/sealing/file-key-store.ts'
import {
  altered,
  deliver,
  forge,
  HOUR,
  impostor,
  mallory,
  request,
  seconds,
  world,
} from '../support/forgery.ts'
import { authorize, states } from '../support/two-gateways.ts'

describe('about a transfer between alice and bob', () => {
  let transferId: string

  beforeAll(async () => {
    transferId = await authorize(world)
    await world.settle()
  })

  const cancel = { reason: 'CUSTOMER_REQUEST', expired: false }

  test('a third VASP that says anything is no party', async () => {
    for (const [type, content, seq] of [
      ['transfer.cancel', cancel, 2],
      ['transfer.request', request(), 1],
      ['transfer.settled', { tx_id: '0xtx' }, 2],
    ] as const) {
      const draft = { iss: 'mallory', type, content, transferId, seq }
      const bytes = await forge({ keys: mallory, draft })
      const declined = await deliver(bytes, 'mallory')
      expect(declined.events).toEqual([{ reason: 'NOT_A_PARTY', times: 1 }])
      expect(declined.changed).toEqual(['inbox'])
    }
  })

  test('a sequence number is used once', async () => {
    for (const [type, content] of [
      ['transfer.cancel', cancel],
      ['transfer.request', request()],
    ] as const) {
      const declined = await deliver(await forge({ draft: { type, content, transferId, seq: 1 } }))
      expect(declined.events).toEqual([{ reason: 'SEQUENCE_REUSED', times: 1 }])
      expect(declined.changed).toEqual(['inbox'])
    }
  })

  test('the same envelope again is no news, and other content under its id is refused', async () => {
    const { rows } = await world.bob.database.pool.query(
      'select envelope, jti from inbox where transfer_id = $1 limit 1',
      [transferId],
    )
    const { rows: first } = await world.alice.database.pool.query(
      'select envelope, jti from outbox where transfer_id = $1',
      [transferId],
    )
    const said = world.said.length
    expect(await deliver(first[0].envelope)).toEqual({ outcome: 'done', events: [], changed: [] })
    // Its sender may not have heard the receipt.
    expect(world.said.slice(said).map(({ kind, receiver }) => [kind, receiver])).toEqual([['rcpt', 'alice']])
    expect(rows.length).toBe(1)
    const other = await forge({ draft: { jti: first[0].jti } })
    expect(await deliver(other)).toEqual({
      outcome: 'done',
      events: [{ reason: 'JTI_REUSED', times: 1 }],
      changed: [],
    })
  })

  /** Alice's receipt for something that bob said under this id. */
  function receiptFor(jti: string, digest = 'A'.repeat(43)): Promise<string> {
    const letter = { from: 'bob', jti, digest, transferId: undefined }
    return world.alice.parts().envelopes.receipt('alice', letter, undefined, world.clock.now())
  }

  test('receipts that travel together are believed one by one', async () => {
    const [one, other] = [await receiptFor(randomUUID()), await receiptFor(randomUUID())]
    const nothing = { outcome: 'done', events: [], changed: [] }
    expect(await deliver(`${one}\n${other}`)).toEqual(nothing)
    const forged = { ...nothing, events: [{ reason: 'SIGNATURE', times: 1 }] }
    expect(await deliver(`${one}\n${altered(other, 2)}`)).toEqual(forged)
    // Envelopes come alone: among receipts one is not even opened.
    const envelope = { ...nothing, events: [{ reason: 'NOT_COMPACT', times: 1 }] }
    expect(await deliver(`${one}\n${await forge()}`)).toEqual(envelope)
    expect(await deliver('\n'.repeat(100))).toEqual({
      ...nothing,
      events: [{ reason: 'OVERSIZED', times: 1 }],
    })
  })

  test('a receipt beside a forged one closes its envelope', async () => {
    const { envelopes, outbox } = world.bob.parts()
    const ping = await envelopes.write(pingLetter(world.bob.parts(), 'bob', 'alice'), world.clock.now())
    await outbox.add('bob', [ping], [])
    const receipt = await receiptFor(ping.jti, ping.digest)
    const delivered = await deliver(`${altered(receipt, 2)}\n${receipt}`)
    expect(delivered).toMatchObject({ events: [{ reason: 'SIGNATURE' }], changed: ['outbox'] })
    const { rows } = await world.bob.database.pool.query('select state from outbox where jti = $1', [
      ping.jti,
    ])
    expect(rows).toEqual([{ state: 'receipted' }])
  })

  test('a flood of one refused message is one row that counts', async () => {
    const bytes = await forge({ keys: impostor })
    await deliver(bytes)
    await deliver(bytes)
    const { rows } = await world.bob.database.pool.query(
      'select times from security_events order by last_at desc limit 1',
    )
    expect(rows).toEqual([{ times: 2 }])
  })

  test.each([
    ['an answer, which is the beneficiary VASP’s to give', 'transfer.answer', { answer: 'accept' }, 'ROLE'],
    ['a settlement before it was accepted', 'transfer.settled', { tx_id: '0xtx' }, 'STATE'],
    [
      'a correction that nobody asked for',
      'transfer.repair',
      { identity: '{}', answer_by: new Date().toISOString() },
      'STATE',
    ],
  ] as const)(
    'a party that says %s is refused, and the transfer stays as it is',
    async (_, type, content, reason) => {
      const { rows } = await world.bob.database.pool.query('select peer_seq from transfers where id = $1', [
        transferId,
      ])
      const draft = { type, content, transferId, seq: rows[0].peer_seq + 1, inReplyTo: randomUUID() }
      const refused = await deliver(await forge({ draft }))
      expect(refused.events).toEqual([{ reason, times: 1 }])
      expect((await states(world, transferId))[1]).toBe('pending')
    },
  )
})

describe('a receipt', () => {
  async function receipted(keys: FileKeyStore, iss: string, change: (digest: string) => string) {
    world.cut = true
    const transferId = await authorize(world)
    world.cut = false
    const { rows } = await world.alice.database.pool.query(
      'select jti, digest from outbox where transfer_id = $1',
      [transferId],
    )
    const sealer = envelopeSealer({ keyStore: keys, peerKeys: { find: () => undefined }, clock: world.clock })
    const { jws } = await sealer.seal({
      iss,
      aud: 'alice',
      jti: randomUUID(),
      iat: seconds(),
      exp: seconds() + HOUR,
      type: 'receipt',
      inReplyTo: rows[0].jti,
      status: 'stored',
      digest: change(rows[0].digest),
      transferId,
    })
    const subject = `tr.v1.alice.${iss}.rcpt`
    await world.alice.receive({ vaspId: 'alice', sender: iss, subject, bytes: Buffer.from(jws) })
    const { rows: after } = await world.alice.database.pool.query(
      'select state from outbox where transfer_id = $1',
      [transferId],
    )
    return after[0].state
  }

  test('closes an outbox row when it is by the receiver and of what was sent', async () => {
    expect(await receipted(world.bob.keyStore, 'bob', (digest) => digest)).toBe('receipted')
  })

  test('closes nothing when another VASP signed it', async () => {
    expect(await receipted(mallory, 'mallory', (digest) => digest)).toBe('waiting')
  })

  test('closes nothing when it is of another content', async () => {
    expect(await receipted(world.bob.keyStore, 'bob', () => 'A'.repeat(43))).toBe('waiting')
  })
})
