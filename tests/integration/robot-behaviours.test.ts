import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addressOf, BEHAVIOURS, behaviourAt } from '../../src/sim/behaviours.ts'
import { type Mailboxes, startMailboxes } from './robot-mailboxes.ts'

let mail: Mailboxes
beforeAll(async () => {
  mail = await startMailboxes()
})
afterAll(() => mail.remove())

const PATIENT = { timeout: 8_000 }
const accepted = { type: 'transfer.answer', content: { answer: 'accept' } }

it('has one address for each behaviour, and accepts at every other', () => {
  const addresses = Object.values(BEHAVIOURS).map(addressOf)
  expect(new Set(addresses).size).toBe(addresses.length)
  for (const behaviour of Object.values(BEHAVIOURS)) expect(behaviourAt(addressOf(behaviour))).toBe(behaviour)
  expect(behaviourAt('eip155:1:0x00')).toBe(BEHAVIOURS.approves)
})

it('answers a ping with the nonce that it was sent', async () => {
  const content = { nonce: randomUUID(), sent_at: new Date().toISOString() }
  const ping = await mail.voice.seal({ to: 'robot', type: 'ping', content })
  await mail.voice.post(ping)
  const isPong = (one: { readonly inReplyTo?: string | undefined; readonly type?: string }) =>
    one.type === 'pong' && one.inReplyTo === ping.jti
  await expect.poll(() => mail.heard.find(isPong)?.content, PATIENT).toMatchObject({ nonce: content.nonce })
})

it('receipts the request with its digest, and accepts in reply to it', async () => {
  const transferId = randomUUID()
  const { jti, jws } = await mail.ask(transferId, BEHAVIOURS.approves)
  const [answer] = await mail.answers(transferId, 1)
  expect(answer).toMatchObject({ ...accepted, seq: 1, inReplyTo: jti, refused: undefined })
  const payload: unknown = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
  const [receipt] = mail.receipts(transferId)
  expect(receipt).toMatchObject({ inReplyTo: jti })
  expect(payload).toMatchObject({ digest: receipt?.digest })
})

it('rejects with a reason', async () => {
  const transferId = randomUUID()
  await mail.ask(transferId, BEHAVIOURS.rejects)
  const [answer] = await mail.answers(transferId, 1)
  expect(answer?.content).toEqual({ answer: 'reject', code: 'BENEFICIARY_NAME_UNMATCHED' })
})

it('asks for a correction first, and accepts the corrected request in its own sequence', async () => {
  const transferId = randomUUID()
  await mail.ask(transferId, BEHAVIOURS.repairs)
  const [asked] = await mail.answers(transferId, 1)
  expect(asked?.content).toMatchObject({ answer: 'repair', fields: [{ code: 'DATE_DIFFERS' }] })
  const content = { identity: '{}', answer_by: new Date(Date.now() + 5_000).toISOString() }
  await mail.say(transferId, 2, { type: 'transfer.repair', content })
  await expect
    .poll(async () => (await mail.answers(transferId, 2)).find(({ seq }) => seq === 2), PATIENT)
    .toMatchObject(accepted)
})

it('says review before acceptance, and has them delivered the other way round', async () => {
  const transferId = randomUUID()
  await mail.ask(transferId, BEHAVIOURS.reorders)
  await expect.poll(async () => (await mail.answers(transferId, 2)).length, PATIENT).toBe(2)
  const answers = await mail.answers(transferId, 2)
  expect(answers.map(({ seq, content }) => [seq, content])).toEqual([
    [2, { answer: 'accept' }],
    [1, { answer: 'review' }],
  ])
})

it('puts a transfer under review before it accepts', async () => {
  const transferId = randomUUID()
  await mail.ask(transferId, BEHAVIOURS.reviews)
  await expect
    .poll(async () => (await mail.answers(transferId, 2)).find(({ seq }) => seq === 2), PATIENT)
    .toMatchObject(accepted)
  expect((await mail.answers(transferId, 1))[0]?.content).toEqual({ answer: 'review' })
})

it('stays silent, however often it is asked', async () => {
  const transferId = randomUUID()
  const envelope = await mail.ask(transferId, BEHAVIOURS.silent)
  await mail.voice.post({ ...envelope, to: 'robot', kind: 'env', transferId })
  await sleep(500)
  expect(mail.heard.filter((one) => one.transferId === transferId)).toEqual([])
})

it('receipts and accepts only at the second copy when it is sleepy', async () => {
  const transferId = randomUUID()
  const envelope = await mail.ask(transferId, BEHAVIOURS.sleepy)
  await sleep(300)
  expect(mail.heard.filter((one) => one.transferId === transferId)).toEqual([])
  await mail.voice.post({ ...envelope, to: 'robot', kind: 'env', transferId })
  expect((await mail.answers(transferId, 1))[0]).toMatchObject(accepted)
})

it('receipts every copy of a request, and acts on it once', async () => {
  const transferId = randomUUID()
  const envelope = await mail.ask(transferId, BEHAVIOURS.rejects)
  await mail.answers(transferId, 1)
  await mail.voice.post({ ...envelope, to: 'robot', kind: 'env', transferId })
  await expect.poll(() => mail.receipts(transferId).length, PATIENT).toBe(2)
  expect(new Set((await mail.answers(transferId, 1)).map(({ jti }) => jti)).size).toBe(1)
  expect(mail.robot.heard(transferId)).toEqual(['transfer.request'])
})

it('signs a receipt for another digest when it lies', async () => {
  const transferId = randomUUID()
  const { jws } = await mail.ask(transferId, BEHAVIOURS.liesAboutReceipts)
  await expect.poll(() => mail.receipts(transferId).length, PATIENT).toBe(1)
  const payload: unknown = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())
  expect(payload).not.toMatchObject({ digest: mail.receipts(transferId)[0]?.digest })
})

it('answers after the deadline when it is late', async () => {
  const transferId = randomUUID()
  const deadline = Date.now() + 1_000
  await mail.ask(transferId, BEHAVIOURS.late)
  expect((await mail.answers(transferId, 1))[0]).toMatchObject(accepted)
  expect(Date.now()).toBeGreaterThan(deadline)
})

it('says what is not its to say when it is out of its role', async () => {
  const transferId = randomUUID()
  await mail.ask(transferId, BEHAVIOURS.outOfRole)
  expect((await mail.answers(transferId, 1))[0]).toMatchObject({
    type: 'transfer.settled',
    refused: undefined,
  })
})
