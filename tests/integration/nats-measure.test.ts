import { afterAll, beforeAll, expect, test } from 'vitest'
import { measureNats } from '../../src/nats/measure.ts'
import { type Hub, mail, openMailbox, startHub } from './nats-links.ts'

let hub: Hub
beforeAll(async () => {
  hub = await startHub(undefined)
})
afterAll(() => hub.end())

test('measuring the broker counts real round trips and leaves its inbox empty', async () => {
  const began = performance.now()
  const link = await hub.link('bob')
  const { publish, consume } = await measureNats(link, { messages: 1_000 })
  const seconds = (performance.now() - began) / 1_000
  // It cannot have been faster than the whole took.
  expect(1_000 / publish.perSecond + 1_000 / consume.perSecond).toBeLessThan(seconds)
  expect(Math.min(publish.perSecond, consume.perSecond)).toBeGreaterThan(100)
  await link.close()
  const mailbox = await openMailbox(await hub.link('bob'))
  const alice = await hub.link('alice')
  await alice.publish(mail('bob', 'next'))
  await expect.poll(() => mailbox.texts()).toEqual(['next'])
})
