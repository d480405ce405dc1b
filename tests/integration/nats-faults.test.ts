import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NatsLink } from '../../src/nats/transport.ts'
import {
  done,
  type Hub,
  type Mailbox,
  mail,
  openMailbox,
  outcome,
  SERVERS,
  startHub,
  until,
} from './nats-links.ts'

describe.each(SERVERS)('a link over the $name nats-server', ({ binary }) => {
  let hub: Hub
  beforeEach(async () => {
    hub = await startHub(binary)
  })
  afterEach(() => hub.end())

  /** The signal takes a moment to stop every thread of the server. */
  async function freeze(): Promise<void> {
    hub.pause()
    await delay(200)
  }

  async function aliceAndBob(): Promise<[NatsLink, NatsLink, Mailbox]> {
    const [alice, bob] = [await hub.link('alice'), await hub.link('bob')]
    return [alice, bob, await openMailbox(bob)]
  }

  test('starts without a server, says so, and works once there is one', async () => {
    await hub.stop()
    const began = Date.now()
    const alice = await hub.link('alice')
    const bob = await hub.link('bob')
    expect(Date.now() - began).toBeLessThan(4_500)
    const consumer = bob.consume(done, { concurrency: 4 })
    expect([alice.health().connected, consumer.receiving()]).toEqual([false, false])
    expect(alice.health().lastError).toBe('CONNECTION_REFUSED')
    await hub.restart()
    await until(() => consumer.receiving() && alice.health().connected, 8_000)
    expect(await outcome(alice.publish(mail('bob', 'hello')))).toBe('done')
  })

  test('never reports as done what was published without a connection', async () => {
    const [alice, bob, mailbox] = await aliceAndBob()
    await hub.stop()
    await until(() => !alice.health().connected)
    const began = Date.now()
    expect(await outcome(alice.publish(mail('bob', 'into the void')))).toBe('DISCONNECTED')
    expect(Date.now() - began).toBeLessThan(100)
    await hub.restart()
    await until(() => alice.health().connected && bob.health().receiving)
    await alice.publish(mail('bob', 'after'))
    await until(() => mailbox.deliveries.length > 0)
    await delay(200)
    expect(mailbox.texts()).toEqual(['after'])
  })

  test('loses nothing that was acknowledged when the server is killed, and does not wait for the rest', async () => {
    const [alice, bob, mailbox] = await aliceAndBob()
    const texts = Array.from({ length: 4_000 }, (_, n) => `n${n}`)
    const publishing = Promise.all(
      texts.map(async (text) => [text, await outcome(alice.publish(mail('bob', text)))]),
    )
    await until(() => mailbox.deliveries.length > 200)
    await hub.kill9()
    const killedAt = Date.now()
    const outcomes = await publishing
    expect(Date.now() - killedAt).toBeLessThan(1_000)
    await hub.restart()
    await until(() => bob.health().receiving)
    const acknowledged = outcomes.filter(([, how]) => how === 'done').map(([text]) => text)
    const others = new Set(outcomes.map(([, how]) => how))
    others.delete('done')
    // What was on its way when the server died comes again after the consumer's ack wait.
    await until(() => acknowledged.every((text) => mailbox.texts().includes(text ?? '')), 15_000)
    expect(acknowledged.length).toBeGreaterThan(200)
    expect([...others]).toEqual(['DISCONNECTED'])
  })

  test('makes its inbox anew when the server lost everything, and all mail arrives that is sent until receipted', async () => {
    const [alice, bob, mailbox] = await aliceAndBob()
    const texts = Array.from({ length: 600 }, (_, n) => `n${n}`)
    const relay = sendUntilReceived(alice, mailbox, texts)
    await until(() => mailbox.deliveries.length > 50)
    await hub.wipe()
    const backAt = Date.now()
    await until(() => bob.health().receiving)
    expect(Date.now() - backAt).toBeLessThan(2_000)
    await relay
    expect(Date.now() - backAt).toBeLessThan(8_000)
    expect([...new Set(mailbox.texts())].toSorted()).toEqual(texts.toSorted())
  })

  test('outlives five restarts in a row', async () => {
    const [alice, bob, mailbox] = await aliceAndBob()
    for (let round = 0; round < 5; round += 1) {
      await (round % 2 === 0 ? hub.kill9() : hub.stop())
      await hub.restart()
      await until(() => alice.health().connected && bob.health().receiving)
      await alice.publish(mail('bob', `round ${round}`))
      await until(() => mailbox.texts().includes(`round ${round}`))
    }
    expect(new Set(mailbox.texts()).size).toBe(5)
  }, 60_000)

  test('sees that a frozen server is silent, times out, and goes on when it thaws', async () => {
    const [alice, bob, mailbox] = await aliceAndBob()
    await freeze()
    await until(() => !bob.health().receiving, 3_000)
    expect(await outcome(alice.publish(mail('bob', 'frozen')))).toBe('TIMEOUT')
    hub.resume()
    const resumedAt = Date.now()
    await until(() => bob.health().receiving)
    await alice.publish(mail('bob', 'thawed'))
    await until(() => mailbox.texts().includes('thawed'))
    expect(Date.now() - resumedAt).toBeLessThan(4_000)
  })

  test('closes in seconds whatever the server does', async () => {
    const [alice, bob] = await aliceAndBob()
    await freeze()
    const unanswered = outcome(alice.publish(mail('bob', 'x')))
    const began = Date.now()
    await Promise.all([alice.close(), bob.close()])
    expect(Date.now() - began).toBeLessThan(4_000)
    expect(await unanswered).toBe('DISCONNECTED')
    expect(await outcome(alice.publish(mail('bob', 'y')))).toBe('DISCONNECTED')
    hub.resume()
  })

  test('with a wrong password stays disconnected, says why, and ends nothing else', async () => {
    const stranger = await hub.link('bob', { password: 'wrong' })
    const consumer = stranger.consume(done, { concurrency: 1 })
    await delay(1_500)
    expect(consumer.receiving()).toBe(false)
    expect(stranger.health()).toMatchObject({ connected: false, lastError: 'AUTHORIZATION_VIOLATION' })
    expect(await outcome(stranger.publish(mail('alice', 'x')))).toBe('DISCONNECTED')
  })

  test('can be closed before it was ever connected', async () => {
    await hub.stop()
    const alice = await hub.link('alice')
    alice.consume(done, { concurrency: 1 })
    const began = Date.now()
    await alice.close()
    expect(Date.now() - began).toBeLessThan(1_500)
    await hub.restart()
    expect(alice.health().connected).toBe(false)
  })

  /** As an outbox does: a new attempt for everything that has not arrived. */
  async function sendUntilReceived(
    link: NatsLink,
    mailbox: Mailbox,
    texts: readonly string[],
  ): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const arrived = new Set(mailbox.texts())
      const missing = texts.filter((text) => !arrived.has(text))
      if (missing.length === 0) return
      if (attempt > 50) throw new Error(`${missing.length} messages never arrived`)
      for (let at = 0; at < missing.length; at += 20) {
        const sending = missing.slice(at, at + 20)
        await Promise.all(
          sending.map((text) => outcome(link.publish(mail('bob', text, `${text}.${attempt}`)))),
        )
        await delay(10)
      }
      await delay(200)
    }
  }
})
