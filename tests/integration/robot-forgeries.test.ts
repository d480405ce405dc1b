import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BEHAVIOURS } from '../../src/sim/behaviours.ts'
import { type Mailboxes, startMailboxes } from './robot-mailboxes.ts'

let mail: Mailboxes
beforeAll(async () => {
  mail = await startMailboxes()
})
afterAll(() => mail.remove())

describe('envelopes that the sealer itself refuses', () => {
  const REFUSED = [
    ['altered', 'SIGNATURE'],
    ['wrongKey', 'KEY_UNKNOWN'],
    ['misaddressed', 'AUDIENCE'],
    ['expired', 'EXPIRED'],
    ['fromTheFuture', 'FROM_THE_FUTURE'],
    ['oversized', 'OVERSIZED'],
    ['wrongDigest', 'DIGEST'],
    ['carriedByAnother', 'SUBJECT_MISMATCH'],
  ] as const

  it.each(REFUSED)('%s: %s', async (name, reason) => {
    const transferId = randomUUID()
    await mail.ask(transferId, BEHAVIOURS[name])
    const answers = await mail.answers(transferId, 1)
    expect(answers.map(({ refused }) => refused)).toEqual([reason])
  })
})

describe('envelopes that are sound, and wrong about the transfer', () => {
  it('come from a third party', async () => {
    const transferId = randomUUID()
    await mail.ask(transferId, BEHAVIOURS.thirdParty)
    const [answer] = await mail.answers(transferId, 1)
    expect(answer).toMatchObject({ sender: 'mallory', refused: undefined, content: { answer: 'accept' } })
  })

  it('say two things under one jti', async () => {
    const transferId = randomUUID()
    await mail.ask(transferId, BEHAVIOURS.reusedJti)
    const [first, second] = await mail.answers(transferId, 2)
    expect(first?.jti).toBe(second?.jti)
    expect(first?.bytes.equals(second?.bytes ?? Buffer.alloc(0))).toBe(false)
  })

  it('use one sequence number twice', async () => {
    const transferId = randomUUID()
    await mail.ask(transferId, BEHAVIOURS.reusedSequence)
    const [first, second] = await mail.answers(transferId, 2)
    expect(first?.seq).toBe(second?.seq)
    expect(first?.jti).not.toBe(second?.jti)
  })
})
