import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAIL_BYTES_MAX } from '../../src/nats/publisher.ts'
import { done, type Hub, mail, openMailbox, outcome, SERVERS, startHub, until } from './nats-links.ts'

describe.each(SERVERS)('mail over the $name nats-server', ({ binary }) => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub(binary)
  })
  afterEach(() => hub.end())

  test('arrives once, unchanged, with the sender that the server saw', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    const mailbox = await openMailbox(bob)
    const bytes = Buffer.from([0, 13, 10, 255, 128])
    await alice.publish({ receiver: 'bob', kind: 'rcpt', id: 'e1.1', bytes })
    await until(() => mailbox.deliveries.length === 1)
    await delay(300)
    expect(mailbox.deliveries).toEqual([
      { sender: 'alice', kind: 'rcpt', bytes, redeliveries: 0, subject: 'tr.v1.bob.alice.rcpt' },
    ])
    expect(Buffer.isBuffer(mailbox.deliveries[0]?.bytes)).toBe(true)
  })

  test('waits in the inbox of a VASP that is away', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    await openMailbox(bob)
    await bob.close()
    await alice.publish(mail('bob', 'while away'))
    const mailbox = await openMailbox(await hub.link('bob'))
    await until(() => mailbox.deliveries.length > 0)
    expect(mailbox.texts()).toEqual(['while away'])
  })

  test('cannot be sent in the name of another', async () => {
    const forger = await hub.link('alice', { accountToken: 'carol' })
    const mailbox = await openMailbox(await hub.link('bob'))
    expect(await outcome(forger.publish(mail('bob', 'forged')))).toBe('DENIED')
    await delay(200)
    expect(mailbox.texts()).toEqual([])
  })

  test('to nobody is refused at once; to an inbox that was never made, never reported as done', async () => {
    const alice = await hub.link('alice')
    expect(await outcome(alice.publish(mail('nobody', 'x')))).toBe('NO_RESPONDERS')
    // 2.9 answers nothing where another account has no listener.
    expect(await outcome(alice.publish(mail('bob', 'x')))).toBe(
      hub.version.startsWith('2.9.') ? 'TIMEOUT' : 'NO_RESPONDERS',
    )
  })

  test('is stored once per id', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    const mailbox = await openMailbox(bob)
    await alice.publish(mail('bob', 'first', 'e1.1'))
    await until(() => mailbox.deliveries.length === 1)
    await alice.publish(mail('bob', 'again', 'e1.1'))
    await alice.publish(mail('bob', 'next attempt', 'e1.2'))
    await until(() => mailbox.deliveries.length >= 2)
    await delay(200)
    expect(mailbox.texts()).toEqual(['first', 'next attempt'])
  })

  test('comes again after the time that the handler asked for', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    const at: number[] = []
    const mailbox = await openMailbox(bob, async ({ redeliveries }) => {
      at.push(Date.now())
      return redeliveries < 2 ? { retryMs: 400 } : { ack: true }
    })
    await alice.publish(mail('bob', 'not yet'))
    await until(() => at.length === 3)
    const [first = 0, second = 0, third = 0] = at
    expect(mailbox.deliveries.map(({ redeliveries }) => redeliveries)).toEqual([0, 1, 2])
    for (const waited of [second - first, third - second]) {
      expect(waited).toBeGreaterThanOrEqual(390)
      expect(waited).toBeLessThan(900)
    }
  })

  test('comes again after 0.5 s, then 1 s, when the handler throws, and the others meanwhile', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    const at: number[] = []
    const codes: unknown[] = []
    const error = (fields: object) => void codes.push(fields)
    const failing = await hub.link('carol', { log: { info: () => undefined, warn: () => undefined, error } })
    const mailbox = await openMailbox(failing, async ({ bytes, redeliveries }) => {
      if (bytes.toString() !== 'poison') return { ack: true }
      at.push(Date.now())
      if (redeliveries < 2) throw Object.assign(new Error('secret text'), { code: '57P01' })
      return { ack: true }
    })
    await alice.publish(mail('carol', 'poison'))
    await until(() => at.length === 1)
    await bob.publish(mail('carol', 'sound'))
    await until(() => mailbox.texts().includes('sound'), 450)
    await until(() => at.length === 3)
    const [first = 0, second = 0, third = 0] = at
    expect(second - first).toBeGreaterThanOrEqual(490)
    expect(third - second).toBeGreaterThanOrEqual(990)
    expect(third - first).toBeLessThan(3_000)
    expect(codes).toEqual([
      { code: '57P01', redeliveries: 0, retryMs: 500 },
      { code: '57P01', redeliveries: 1, retryMs: 1_000 },
    ])
  })

  test('under a kind that does not exist is handed out as stray and never again', async () => {
    const strays: string[] = []
    const bob = await hub.link('bob')
    const consumer = bob.consume(done, {
      concurrency: 4,
      onStray: async ({ subject }) => void strays.push(subject),
    })
    await until(() => consumer.receiving())
    const raw = await hub.connectAs('alice')
    await raw.jetstream().publish('tr.v1.bob.alice.letter', 'x')
    await raw.close()
    await until(() => strays.length === 1)
    await bob.close()
    const mailbox = await openMailbox(await hub.link('bob'))
    await delay(300)
    expect([strays, mailbox.texts()]).toEqual([['tr.v1.bob.alice.letter'], []])
  })

  test('that is too large is refused before it is sent', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    const mailbox = await openMailbox(bob)
    const large = (bytes: number) => ({
      ...mail('bob', 'x', `large.${bytes}`),
      bytes: Buffer.alloc(bytes, 65),
    })
    expect(await outcome(alice.publish(large(MAIL_BYTES_MAX)))).toBe('TOO_LARGE')
    expect(await outcome(alice.publish(large(300_000)))).toBe('TOO_LARGE')
    expect(await outcome(alice.publish(large(120_000)))).toBe('done')
    await until(() => mailbox.deliveries.length === 1)
    expect(mailbox.deliveries[0]?.bytes.length).toBe(120_000)
  })

  test('is refused as FULL when the inbox has no room, and taken again when it has', async () => {
    const bob = await hub.link('bob', { inboxBytesMax: 64 * 1024 })
    const consumer = bob.consume(async () => ({ retryMs: 300 }), { concurrency: 1 })
    await until(() => consumer.receiving())
    const alice = await hub.link('alice')
    const kibibytes16 = (id: string) => ({ ...mail('bob', id), bytes: Buffer.alloc(16 * 1024) })
    const outcomes: string[] = []
    for (const id of ['1', '2', '3', '4', '5']) outcomes.push(await outcome(alice.publish(kibibytes16(id))))
    expect(outcomes.slice(0, 3)).toEqual(['done', 'done', 'done'])
    expect(outcomes.at(-1)).toBe('FULL')
    await bob.close()
    await openMailbox(await hub.link('bob', { inboxBytesMax: 64 * 1024 }))
    await delay(500)
    expect(await outcome(alice.publish(kibibytes16('6')))).toBe('done')
  })

  test('of one sender cannot take the room of another', async () => {
    const [alice, bob, carol] = [await hub.link('alice'), await hub.link('bob'), await hub.link('carol')]
    await openMailbox(bob)
    await bob.close()
    const sent = await Promise.all(
      Array.from({ length: 5_001 }, (_, n) => outcome(alice.publish(mail('bob', `flood ${n}`)))),
    )
    expect(sent.filter((one) => one === 'done')).toHaveLength(5_000)
    expect(sent.filter((one) => one === 'FULL')).toHaveLength(1)
    expect(await outcome(carol.publish(mail('bob', 'from carol')))).toBe('done')
  })

  test('of one sender that is put off again and again does not stop that of another', async () => {
    const [alice, bob, carol] = [await hub.link('alice'), await hub.link('bob'), await hub.link('carol')]
    const mailbox = await openMailbox(bob, async ({ sender }) =>
      sender === 'alice' ? { retryMs: 60_000 } : { ack: true },
    )
    await Promise.all(Array.from({ length: 5_000 }, (_, n) => alice.publish(mail('bob', `early ${n}`))))
    await until(() => mailbox.deliveries.length === 5_000)
    await carol.publish(mail('bob', 'from carol'))
    await until(() => mailbox.texts().includes('from carol'), 500)
    expect(mailbox.deliveries).toHaveLength(5_001)
  })

  test('to one that does not answer keeps nobody else waiting', async () => {
    const [alice, carol] = [await hub.link('alice'), await hub.link('carol')]
    await openMailbox(carol)
    // More than may be in flight altogether, to an inbox that was never made.
    const unanswered = Array.from({ length: 300 }, (_, n) =>
      outcome(alice.publish(mail('bob', `to bob ${n}`))),
    )
    const began = Date.now()
    await alice.publish(mail('carol', 'to carol'))
    expect(Date.now() - began).toBeLessThan(500)
    expect(await Promise.all(unanswered)).not.toContain('done')
  })

  test('goes both ways, a thousand messages each, in seconds', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    const [toAlice, toBob] = [await openMailbox(alice), await openMailbox(bob)]
    const began = Date.now()
    const texts = Array.from({ length: 1_000 }, (_, n) => `message ${n}`)
    await Promise.all(
      texts.flatMap((text) => [alice.publish(mail('bob', text)), bob.publish(mail('alice', text))]),
    )
    await until(() => toAlice.deliveries.length >= 1_000 && toBob.deliveries.length >= 1_000)
    expect(Date.now() - began).toBeLessThan(5_000)
    expect(toAlice.texts().toSorted()).toEqual(texts.toSorted())
    expect(toBob.texts().toSorted()).toEqual(texts.toSorted())
  })

  test('is shared by two replicas: each gets some, none gets what the other got', async () => {
    const [alice, one, other] = [await hub.link('alice'), await hub.link('bob'), await hub.link('bob')]
    const slowly = async () => {
      await delay(5)
      return { ack: true } as const
    }
    const [first, second] = await Promise.all([openMailbox(one, slowly, 8), openMailbox(other, slowly, 8)])
    const texts = Array.from({ length: 600 }, (_, n) => `shared ${n}`)
    await Promise.all(texts.map((text) => alice.publish(mail('bob', text))))
    await until(() => first.deliveries.length + second.deliveries.length >= 600)
    await delay(200)
    expect([...first.texts(), ...second.texts()].toSorted()).toEqual(texts.toSorted())
    expect(Math.min(first.deliveries.length, second.deliveries.length)).toBeGreaterThan(100)
  })

  test('is handled by no more handlers at once than was asked for', async () => {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    let atOnce = 0
    let most = 0
    const mailbox = await openMailbox(
      bob,
      async () => {
        atOnce += 1
        most = Math.max(most, atOnce)
        await delay(10)
        atOnce -= 1
        return { ack: true }
      },
      5,
    )
    await Promise.all(Array.from({ length: 100 }, (_, n) => alice.publish(mail('bob', `n${n}`))))
    await until(() => mailbox.deliveries.length >= 100)
    expect(most).toBe(5)
  })

  test('that waits in a replica that closes goes to another at once; what it had begun, it ends', async () => {
    const [alice, one] = [await hub.link('alice'), await hub.link('bob')]
    const finished: string[] = []
    const slowly = async ({ bytes }: { bytes: Buffer }) => {
      await delay(400)
      finished.push(bytes.toString())
      return { ack: true } as const
    }
    const first = await openMailbox(one, slowly, 4)
    const texts = Array.from({ length: 40 }, (_, n) => `closing ${n}`)
    await Promise.all(texts.map((text) => alice.publish(mail('bob', text))))
    await until(() => first.deliveries.length === 4)
    const began = Date.now()
    await one.close()
    expect(finished.toSorted()).toEqual(first.texts().toSorted())
    const second = await openMailbox(await hub.link('bob'))
    await until(() => first.deliveries.length + second.deliveries.length >= 40)
    expect(Date.now() - began).toBeLessThan(3_000)
    await delay(200)
    expect([...finished, ...second.texts()].toSorted()).toEqual(texts.toSorted())
  })

  test('in the hands of a slow handler is not given to another; that of a dead replica is', async () => {
    const [alice, slow, dying] = [await hub.link('alice'), await hub.link('bob'), await hub.link('carol')]
    const handling = Promise.withResolvers<void>()
    const first = await openMailbox(slow, async () => {
      await handling.promise
      return { ack: true }
    })
    const lost = dying.consume(() => new Promise(() => undefined), { concurrency: 1 })
    await until(() => lost.receiving())
    await alice.publish(mail('bob', 'long'))
    await alice.publish(mail('carol', 'orphan'))
    await until(() => first.deliveries.length === 1 && lost.inHand() === 1)
    await lost.close(0)
    const second = await openMailbox(await hub.link('bob'))
    const heir = await openMailbox(await hub.link('carol'))
    await until(() => heir.deliveries.length === 1, 15_000)
    expect(heir.deliveries[0]?.redeliveries).toBe(1)
    await delay(1_000)
    expect(second.texts()).toEqual([])
    handling.resolve()
  }, 30_000)
})
