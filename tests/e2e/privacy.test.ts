/**
 * Personal data is written nowhere in clear. Unique strings are planted in every personal field; the flows run, the failures too, with
 * databases that log every statement with its parameters; then everything is stopped, and every byte that was written is searched.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { stubborn } from '../../src/chaos/stubborn.ts'
import { ExchangeState } from '../../src/gen/travelrule/v1/common.ts'
import { GatewayError } from '../../src/grpc/client.ts'
import { canary, canaryAddress, type Search, searchFor } from '../support/canaries.ts'
import {
  asAdmin,
  assessed,
  authorize,
  controls,
  desk,
  exchange,
  lab,
  office,
  plant,
  planted,
  plantedIdentity,
  reaches,
  replica,
  withdrawal,
} from '../support/planted.ts'

/** Everything that a caller was told besides what it asked for: statuses, details, findings. */
const told: string[] = []

const OFFICER = { subject: 'officer@tamga.local' }

/** Keeps what an error says, whoever is to be told. */
async function failing(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { cause } = error
    const raw = cause instanceof Error && 'metadata' in cause ? JSON.stringify(cause.metadata) : ''
    told.push(error.message, JSON.stringify(error), error.stack ?? '', raw)
    return
  }
  throw new Error('it was expected to fail')
}

async function repairedAndSettled(): Promise<void> {
  const { transferId } = await authorize('repaired')
  await reaches(office, transferId, ExchangeState.PENDING)
  const fields = [{ path: '/originator', code: 'INCOMPLETE', message: plant('repair message') }]
  await office.call((client) => client.inbound.requestRepair({ requestId: randomUUID(), transferId, fields }))
  await reaches(exchange, transferId, ExchangeState.REPAIR)
  // A member that the standard does not know is kept; its name may be personal data, too.
  const more = { [plant('member name')]: plant('member value') }
  const ivms101 = JSON.stringify({ ...JSON.parse(plantedIdentity('correction')), ...more })
  await exchange.call((client) =>
    client.transfers.repairTransfer({ requestId: randomUUID(), transferId, identity: { ivms101 } }),
  )
  await reaches(office, transferId, ExchangeState.PENDING)
  const held = { ivms101: ivms101 }
  await office.call((client) => client.inbound.acceptTransfer({ requestId: randomUUID(), transferId, held }))
  const accepted = await reaches(exchange, transferId, ExchangeState.ACCEPTED)
  const { permit, asset, amount, destination, destinationTag } = accepted
  plant('permit', permit.split('.')[2] ?? '')
  const redeemed = { requestId: randomUUID(), permit, asset, amount, destination }
  const other = plant('mismatched destination', canaryAddress())
  await failing(exchange.once((client) => client.transfers.redeemPermit({ ...redeemed, destination: other })))
  await exchange.call((client) => client.transfers.redeemPermit({ ...redeemed, destinationTag }))
  const txId = plant('transaction')
  await exchange.call((client) =>
    client.transfers.reportSettlement({ requestId: randomUUID(), transferId, txId }),
  )
  await reaches(office, transferId, ExchangeState.COMPLETED)
  const deposit = { asset, amount, destination, destinationTag, txId }
  await office.call((client) => client.transfers.reportDeposit({ requestId: randomUUID(), ...deposit }))
}

async function rejectedAndCancelled(): Promise<void> {
  const rejected = await authorize('rejected')
  await reaches(office, rejected.transferId, ExchangeState.PENDING)
  const { transferId } = rejected
  await office.call((client) =>
    client.inbound.rejectTransfer({ requestId: randomUUID(), transferId, code: 'NAME_UNKNOWN' }),
  )
  await reaches(exchange, transferId, ExchangeState.REJECTED)
  const cancelled = await authorize('cancelled')
  await exchange.call((client) =>
    client.transfers.cancelTransfer({
      requestId: randomUUID(),
      transferId: cancelled.transferId,
      reason: 'CUSTOMER_REQUEST',
    }),
  )
}

/** A suspended counterparty: held, commented, put on hold by a person, rejected, with a note each. */
async function heldWithNotes(): Promise<void> {
  const bob = { vaspId: 'bob', person: OFFICER }
  await desk.call((client) =>
    client.counterparties.suspendCounterparty({ requestId: randomUUID(), ...bob, reason: 'DOUBTS' }),
  )
  const { transferId, holds } = await authorize('held')
  const holdId = holds[0]?.holdId ?? ''
  const text = plant('comment')
  await desk.call((client) =>
    client.review.commentHold({ requestId: randomUUID(), holdId, person: OFFICER, text }),
  )
  const manual = { transferId, person: OFFICER, reason: 'SUSPICION', note: plant('hold note') }
  await desk.call((client) => client.review.holdTransfer({ requestId: randomUUID(), ...manual }))
  const stale = { holdId, person: OFFICER, reason: 'NO', note: plant('stale note'), seenHash: 'A'.repeat(43) }
  await failing(
    desk.once((client) => client.review.rejectHeldTransfer({ requestId: randomUUID(), ...stale })),
  )
  const { seenHash } = await desk.call((client) => client.review.getHold({ holdId }))
  const rejection = { holdId, person: OFFICER, reason: 'NO', note: plant('rejection note'), seenHash }
  await desk.call((client) => client.review.rejectHeldTransfer({ requestId: randomUUID(), ...rejection }))
  await desk.call((client) =>
    client.counterparties.reinstateCounterparty({ requestId: randomUUID(), ...bob }),
  )
}

/** Everything wrong that a caller can say, with the wrong value planted. */
async function refusedRequests(): Promise<void> {
  const good = withdrawal('refused')
  const payload = JSON.parse(good.identity.ivms101)
  const person = payload.originator.originatorPerson[0].naturalPerson
  const wrong = (change: (name: string) => void, name: string): string => {
    const before = JSON.stringify(payload)
    change(plant(`wrong ${name}`))
    const text = JSON.stringify(payload)
    Object.assign(payload, JSON.parse(before))
    return text
  }
  const payloads = [
    `{"broken": "${plant('broken JSON')}`,
    `"${plant('bare text')}"`,
    plant('no JSON at all'),
    wrong((text) => Object.assign(person, { countryOfResidence: text }), 'country'),
    wrong((text) => Object.assign(person.dateAndPlaceOfBirth, { dateOfBirth: text }), 'date'),
    wrong((text) => Object.assign(person.nationalIdentification, { nationalIdentifierType: text }), 'code'),
    wrong((text) => Object.assign(person, { customerIdentification: text.repeat(10) }), 'length'),
    wrong((text) => Object.assign(person, { [text]: { customerIdentification: 7 } }), 'member'),
    wrong((text) => Object.assign(payload, { payloadMetadata: { payloadVersion: text } }), 'version'),
  ]
  const { identity: _, ...rest } = good
  for (const ivms101 of payloads) {
    const request = { ...rest, requestId: randomUUID(), identity: { ivms101 } }
    await exchange
      .call((client) => client.transfers.authorizeTransfer(request))
      .catch((error: unknown) => failing(Promise.reject(error)))
    const { findings } = await exchange.call((client) => client.transfers.assessTransfer(assessed(request)))
    told.push(JSON.stringify(findings))
  }
  const fields = [
    { destination: plant('wrong destination') },
    { destination: `eip155:5:${plant('wrong chain')}` },
    { amount: plant('wrong amount') },
    { asset: plant('wrong asset') },
    { destinationTag: `${plant('wrong tag')}\u0007` },
    { fiatValue: { amount: plant('wrong value'), currency: 'USD' } },
    { counterparty: { lei: plant('wrong lei') } },
  ]
  for (const field of fields)
    await failing(exchange.once((client) => client.transfers.authorizeTransfer({ ...good, ...field })))
  const first = await authorize('reused')
  const again = { ...withdrawal('reused again'), requestId: first.clientReference }
  await authorize('reused again', again)
  const other = { ...again, destinationTag: plant('other content') }
  await failing(exchange.once((client) => client.transfers.authorizeTransfer(other)))
  const permit = `${plant('forged permit')}.${plant('forged permit body')}.${canary()}`
  await failing(
    exchange.once((client) => client.transfers.redeemPermit({ ...other, requestId: randomUUID(), permit })),
  )
}

async function depositsWithoutData(): Promise<void> {
  const about = { asset: 'eip155:1/slip44:60', amount: '7', destination: plant('deposit', canaryAddress()) }
  const more = { destinationTag: plant('deposit tag'), txId: plant('deposit transaction') }
  await office.call((client) =>
    client.transfers.reportDeposit({ requestId: randomUUID(), ...about, ...more }),
  )
}

/** The database refuses the row that a step writes, on one side and on the other; its words quote whatever it was given. */
async function databaseErrors(): Promise<void> {
  await asAdmin('tamga_alice', 'alter table transfers add constraint never check (amount is null) not valid')
  const client = stubborn(() => lab.network.profile('alice', 'integrator'))
  const request = withdrawal('database error')
  const answered = client.call((to) => to.transfers.authorizeTransfer(request))
  await sleep(700)
  told.push(JSON.stringify([...client.unanswered]))
  expect(client.unanswered.get('INTERNAL')).toBeGreaterThan(0)
  await asAdmin('tamga_alice', 'alter table transfers drop constraint never')
  await answered
  client.close()
  await asAdmin('tamga_bob', 'alter table transfers add constraint never check (amount is null) not valid')
  const { transferId } = await authorize('database error at bob')
  await sleep(700)
  await asAdmin('tamga_bob', 'alter table transfers drop constraint never')
  await reaches(office, transferId, ExchangeState.PENDING)
}

/** With labels from everything that happened before. */
async function metricsOf(vaspId: string): Promise<string> {
  const text = await (await fetch(`${replica(vaspId).adminUrl}/metrics`)).text()
  expect(text).toMatch(/^tamga_transfers_open\{/m)
  return text
}

/** Gateways die while they work; the last message stays with the broker, since nobody takes it any more. */
async function crashes(): Promise<void> {
  for (const vaspId of ['alice', 'bob']) {
    const sending = Array.from({ length: 10 }, (_, n) => authorize(`${vaspId} crash ${n}`))
    await sleep(30)
    await replica(vaspId).kill9()
    await replica(vaspId).restart()
    await Promise.all(sending)
  }
  await sleep(500)
  await replica('bob').kill9()
  const { transferId } = await authorize('left behind')
  controls.set('left behind transfer', transferId)
  await sleep(500)
}

describe('what everything wrote', () => {
  let search: Search

  beforeAll(async () => {
    await repairedAndSettled()
    await rejectedAndCancelled()
    await heldWithNotes()
    await depositsWithoutData()
    await refusedRequests()
    await databaseErrors()
    await crashes()
    told.push(await metricsOf('alice'))
    await lab.network.stop()
    search = searchFor(new Map([...planted, ...controls]))
  })

  const personal = (finds: ReturnType<Search['below']>) =>
    finds.filter(({ canary: name }) => planted.has(name))
  const names = (finds: ReturnType<Search['below']>) => new Set(finds.map(({ canary: name }) => name))

  test('has no personal data in any file: databases with their logs, write-ahead logs, broker, gateways', () => {
    const finds = search.below(lab.network.directory)
    expect(personal(finds)).toEqual([])
    // What lies in clear on purpose was found, so the search works.
    expect(
      [...controls.keys()].filter((name) => !names(finds).has(name) && !name.startsWith('refused')),
    ).toEqual([])
  })

  test('was searched in every place: each holds something that was found', () => {
    const { directory } = lab.network
    const inClear = (place: string) => search.below(join(directory, place)).map(({ form }) => form)
    expect(inClear('postgres')).toContain('utf-8')
    expect(inClear('logs')).toContain('utf-8')
    expect(inClear('nats').filter((form) => form.startsWith('base64'))).not.toEqual([])
  })

  test('logged the statements of the databases with their parameters', () => {
    const finds = search
      .below(join(lab.network.directory, 'logs'))
      .filter(({ where }) => where.includes('postgres'))
    expect([...names(finds)]).toContain('repaired reference')
  })

  test('told no caller personal data in a status, its details, or a finding', () => {
    expect(told.length).toBeGreaterThan(40)
    expect(personal(search.in('told', Buffer.from(told.join('\n'))))).toEqual([])
  })
})
