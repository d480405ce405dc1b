import { expect, test } from 'vitest'
import type { TransportMessage } from '../../src/app/ports.ts'
import { RECEIPTS_PER_MESSAGE_MAX, receiptPost, receiptsIn } from '../../src/app/post-receipts.ts'

/** A post whose gathering ends when `open` is called. */
function gathering() {
  const sent: TransportMessage[] = []
  const failures: string[] = []
  let open: () => void = () => undefined
  const post = receiptPost({
    transport: {
      async publish(message) {
        sent.push(message)
        if (message.receiver === 'unreachable') throw new Error('no way')
      },
    },
    pause: () => new Promise((resolve) => (open = () => resolve(undefined))),
    newId: () => String(sent.length),
    log: { info: (sentence) => failures.push(sentence), warn: () => undefined, error: () => undefined },
  })
  const texts = () => sent.map(({ receiver, bytes }) => [receiver, Buffer.from(bytes).toString()])
  const end = async () => {
    open()
    await new Promise(setImmediate)
  }
  return { post, sent, failures, texts, end }
}

test('what is said to one counterparty in a moment is one message', async () => {
  const { post, sent, texts, end } = gathering()
  for (const receipt of ['a.b.c', 'd.e.f', 'g.h.i']) post('alice', 'bob', receipt)
  expect(sent).toEqual([])
  await end()
  expect(texts()).toEqual([['bob', 'a.b.c\nd.e.f\ng.h.i']])
  expect(sent[0]).toMatchObject({ vaspId: 'alice', kind: 'rcpt', id: '0' })
  post('alice', 'bob', 'j.k.l')
  await end()
  expect(texts()[1]).toEqual(['bob', 'j.k.l'])
})

test('counterparties, and local VASPs, never share a message', async () => {
  const { post, texts, end } = gathering()
  post('alice', 'bob', '1')
  await end()
  post('alice', 'carol', '2')
  await end()
  post('bob', 'carol', '3')
  await end()
  expect(texts()).toEqual([
    ['bob', '1'],
    ['carol', '2'],
    ['carol', '3'],
  ])
})

test('a message that is full is not added to', async () => {
  const { post, texts, end } = gathering()
  for (let n = 0; n < RECEIPTS_PER_MESSAGE_MAX; n++) post('alice', 'bob', String(n))
  const first = end
  await first()
  post('alice', 'bob', 'next')
  await end()
  expect(texts().map(([, text]) => text?.split('\n').length)).toEqual([RECEIPTS_PER_MESSAGE_MAX, 1])
})

test('a way that is closed is logged and ends nothing', async () => {
  const { post, failures, end } = gathering()
  post('alice', 'unreachable', 'a.b.c')
  await end()
  expect(failures).toEqual(['receipts not published'])
})

test('a message with one statement is not taken apart, one with too many not read to its end', () => {
  expect(receiptsIn(Buffer.from('a.b.c'))).toBeUndefined()
  expect(receiptsIn(new Uint8Array())).toBeUndefined()
  expect(receiptsIn(Buffer.from('a\nb'))).toEqual(['a', 'b'])
  expect(receiptsIn(Buffer.from('\n'.repeat(10_000)))).toHaveLength(RECEIPTS_PER_MESSAGE_MAX + 1)
  // Only this view's bytes, not those of the buffer that it is a part of.
  expect(receiptsIn(Buffer.from('x\na\nb\ny').subarray(2, 5))).toEqual(['a', 'b'])
})
