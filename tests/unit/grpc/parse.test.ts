import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TAG } from '../../../src/domain/permit/permit.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import * as transfer from '../../../src/gen/travelrule/v1/transfer.ts'
import { parse } from '../../../src/grpc/requests/parse.ts'
import * as ofTransfer from '../../../src/grpc/requests/transfer.ts'
import { parseContent } from '../../../src/nats/contents.ts'
import { TRANSFER_ID } from './fake-gateway.ts'
import { changing, fieldsOf, REQUESTS, read, uuids, violations } from './reading.ts'
import { SOUND } from './requests.ts'

const { transfers: t } = SOUND

describe('what goes to another VASP, or into a permit,', () => {
  const DAY = '2026-11-28T12:00:00.000Z'
  const request = (tag: string) => ({
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: 'eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb',
    tag,
    identity: '{}',
    answer_by: DAY,
  })
  const any = fc.string({ unit: 'binary', minLength: 1, maxLength: 140 })
  const readThere = (type: 'transfer.request' | 'transfer.answer' | 'deposit.inquiry', content: unknown) => {
    try {
      parseContent(type, content)
      return true
    } catch {
      return false
    }
  }

  it('has a tag that the other end and the permit read too', () => {
    fc.assert(
      fc.property(fc.oneof(any, fc.string()), (destinationTag) => {
        if (fieldsOf('AuthorizeTransfer', { destinationTag }).length > 0 || destinationTag === '') return
        expect(readThere('transfer.request', request(destinationTag))).toBe(true)
        expect(TAG.test(destinationTag)).toBe(true)
      }),
    )
    for (const wrong of ['Überweisung', 'a\u200bb', 'a\u202eb', 'a\nb'])
      expect(fieldsOf('AuthorizeTransfer', { destinationTag: wrong })).toEqual(['destination_tag'])
  })

  it('names corrections in words that the other end reads too', () => {
    fc.assert(
      fc.property(fc.oneof(any, fc.string()), fc.integer({ min: 1, max: 5 }), (unit, times) => {
        const field = { path: '/originator', code: 'MISSING', message: unit.repeat(times) }
        if (fieldsOf('RequestRepair', { fields: [field] }).length > 0) return
        expect(readThere('transfer.answer', { answer: 'repair', fields: [field] })).toBe(true)
      }),
    )
    const turned = [{ path: '/originator', code: 'MISSING', message: 'say \u202eohw' }]
    expect(fieldsOf('RequestRepair', { fields: turned })).toEqual(['fields[0].message'])
  })

  it('asks about a deposit with the tag that was reported', () => {
    fc.assert(
      fc.property(any, (destinationTag) => {
        if (fieldsOf('ReportDeposit', { destinationTag }).length > 0) return
        const { identity: _, answer_by: __, ...about } = request(destinationTag)
        expect(readThere('deposit.inquiry', { ...about, tx_id: '0xabc', seen_at: DAY })).toBe(true)
      }),
    )
  })
})

describe('times and enumerations', () => {
  const fiat = { amount: '10', currency: 'USD' }

  it.each(['AssessTransfer', 'AuthorizeTransfer', 'ReportDeposit'])(
    '%s takes no time that RFC 3339 cannot write: the envelope would be refused at the other end',
    (rpc) => {
      const priced = (at: number) => fieldsOf(rpc, { fiatValue: { ...fiat, pricedAt: new Date(at) } })
      const first = Date.parse('0001-01-01T00:00:00Z')
      const last = Date.parse('9999-12-31T23:59:59.999Z')
      expect(priced(first)).toEqual([])
      expect(priced(last)).toEqual([])
      expect(priced(last + 1)).toEqual(['fiat_value.priced_at'])
      expect(priced(first - 1)).toEqual(['fiat_value.priced_at'])
      expect(priced(Number.NaN)).toEqual(['fiat_value.priced_at'])
    },
  )

  it('guess no meaning of a number that this version does not know', () => {
    const of = (kind: number, holder: number) =>
      fieldsOf('AuthorizeTransfer', { otherSide: { kind, holder, customerReference: 'c' } })
    expect(of(1, 0)).toEqual([])
    expect(of(1, 99)).toEqual(['other_side.holder'])
    expect(of(1, -1)).toEqual(['other_side.holder'])
    expect(of(99, 0)).toEqual(['other_side.kind'])
  })
})

describe('every request', () => {
  it.each(Object.keys(REQUESTS))('%s is read when it is sound', (rpc) => {
    expect(violations(rpc, {})).toEqual([])
  })

  it.each(changing)('%s needs a request_id of 1 to 128 characters', (rpc) => {
    expect(fieldsOf(rpc, { requestId: '' })).toEqual(['request_id'])
    expect(fieldsOf(rpc, { requestId: 'r'.repeat(129) })).toEqual(['request_id'])
    expect(fieldsOf(rpc, { requestId: 'a\0b' })).toEqual(['request_id'])
    expect(fieldsOf(rpc, { requestId: 'выплата-7' })).toEqual([])
  })

  it.each(uuids)('%s names what it is about by UUID', (rpc, [, , sound]) => {
    const [name, path] = 'transferId' in sound ? ['transferId', 'transfer_id'] : ['holdId', 'hold_id']
    for (const wrong of ['', 'x', `${TRANSFER_ID} `, `{${TRANSFER_ID}}`])
      expect(fieldsOf(rpc, { [name]: wrong })).toEqual([path])
    expect(read(rpc, { [name]: TRANSFER_ID.toUpperCase() })).toMatchObject({ [name]: TRANSFER_ID })
  })

  it.each(Object.keys(REQUESTS))('%s is refused with a field that this version does not know', (rpc) => {
    const unknown = { _unknownFields: { 8002: [new Uint8Array([1])] } }
    const [schema, message, sound] = REQUESTS[rpc] ?? []
    if (schema === undefined || message === undefined) throw new Error(`no ${rpc}`)
    const wire = { ...message.fromPartial(sound ?? {}), ...unknown }
    expect(() => parse(schema, wire)).toThrow(expect.objectContaining({ code: 'REQUEST_INVALID' }))
  })
})

const asset = 'eip155:1/slip44:60'
const WRONG: [string, object, string[]][] = [
  ['AuthorizeTransfer', { asset: 'ETH' }, ['asset']],
  ['AuthorizeTransfer', { asset: `eip155:1/slip44:${'6'.repeat(200)}` }, ['asset']],
  ['AuthorizeTransfer', { destination: '0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb' }, ['destination']],
  ['AuthorizeTransfer', { destination: `eip155:137:0x${'a'.repeat(40)}` }, ['destination']],
  ['ReportDeposit', { destination: `eip155:137:0x${'a'.repeat(40)}` }, ['destination']],
  ['RedeemPermit', { destination: `eip155:137:0x${'a'.repeat(40)}` }, ['destination']],
  ['AuthorizeTransfer', { identity: undefined }, ['identity']],
  ['AuthorizeTransfer', { identity: { ivms101: '' } }, ['identity.ivms101']],
  ['AuthorizeTransfer', { identity: { ivms101: 'ж'.repeat(32_769) } }, ['identity.ivms101']],
  ['RepairTransfer', { identity: undefined }, ['identity']],
  ['AssessTransfer', { identity: { ivms101: '' } }, ['identity.ivms101']],
  [
    'AuthorizeTransfer',
    { fiatValue: { amount: '-1', currency: 'usd' } },
    ['fiat_value.amount', 'fiat_value.currency'],
  ],
  [
    'AuthorizeTransfer',
    { fiatValue: { amount: '1', currency: 'USD', pricedAt: new Date(Number.NaN) } },
    ['fiat_value.priced_at'],
  ],
  ['AuthorizeTransfer', { counterparty: { vaspId: 'Bob' } }, ['counterparty.vasp_id']],
  ['AuthorizeTransfer', { counterparty: { lei: '529900T8BM49AURSDO56' } }, ['counterparty.lei']],
  ['AuthorizeTransfer', { wait: { seconds: 61n } }, ['wait']],
  ['AuthorizeTransfer', { wait: { seconds: -1n } }, ['wait']],
  ['AuthorizeTransfer', { wait: { seconds: 60n, nanos: 1_000_000 } }, ['wait']],
  ['AuthorizeTransfer', { destinationTag: 't'.repeat(129) }, ['destination_tag']],
  ['AuthorizeTransfer', { clientReference: 't'.repeat(129) }, ['client_reference']],
  ['ListTransfers', { pageSize: 201 }, ['page_size']],
  ['ListTransfers', { pageToken: 'a b' }, ['page_token']],
  ['ListTransfers', { states: [1, 0, 99] }, ['states[1]', 'states[2]']],
  ['ListTransfers', { direction: 9 }, ['direction']],
  ['ListTransfers', { counterpartyId: 'B' }, ['counterparty_id']],
  ['WatchTransfers', { cursor: 'c'.repeat(257) }, ['cursor']],
  ['CancelTransfer', { reason: 'because I say so' }, ['reason']],
  ['ReportSettlement', { txId: '' }, ['tx_id']],
  ['ReportSettlement', { txId: 'ж' }, ['tx_id']],
  ['RedeemPermit', { permit: 'a.b' }, ['permit']],
  ['RejectTransfer', { code: '' }, ['code']],
  ['RequestRepair', { fields: [] }, ['fields']],
  ['RequestRepair', { fields: Array.from({ length: 51 }, () => ({ path: '', code: 'X' })) }, ['fields']],
  ['RequestRepair', { fields: [{ path: 'originator', code: 'x' }] }, ['fields[0].path', 'fields[0].code']],
  [
    'RequestRepair',
    { fields: [{ path: '/a~2', code: 'X', message: 'm'.repeat(501) }] },
    ['fields[0].path', 'fields[0].message'],
  ],
  ['ListHolds', { reasons: [99], states: [0] }, ['reasons[0]', 'states[0]']],
  ['CommentHold', { text: '' }, ['text']],
  ['CommentHold', { text: 'x'.repeat(4_001) }, ['text']],
  ['CommentHold', { person: undefined }, ['person']],
  ['CommentHold', { person: { subject: 'a b' } }, ['person.subject']],
  ['ProposeRelease', { seenHash: 'x', reason: '', note: '' }, ['reason', 'note', 'seen_hash']],
  ['LookupCounterparty', { hint: undefined }, ['hint']],
  ['GetCheckpoint', { consistentWith: -1n }, ['consistent_with']],
  ['GetCheckpoint', { consistentWith: 2n ** 53n }, ['consistent_with']],
  ['ListAuditEntries', { pageSize: 201 }, ['page_size']],
  ['LookupCounterparty', { hint: { $case: 'vaspId', value: 'Bob' } }, ['vasp_id']],
  ['LookupCounterparty', { hint: { $case: 'lei', value: 'x' } }, ['lei']],
  ['ImportCounterparty', { card: 'x' }, ['card']],
  [
    'VerifyCounterparty',
    { attestations: [{ kind: 1, reference: '', expiresAt: undefined }] },
    ['attestations[0].kind', 'attestations[0].reference', 'attestations[0].expires_at'],
  ],
  [
    'VerifyCounterparty',
    { attestations: [{ kind: 2, reference: 'r', expiresAt: new Date(0) }] },
    ['attestations[0].expires_at'],
  ],
  [
    'VerifyCounterparty',
    { attestations: [{ kind: 2, reference: 'r', expiresAt: new Date('2099-01-01') }] },
    ['attestations[0].expires_at'],
  ],
  ['SuspendCounterparty', { vaspId: '', reason: 'x' }, ['vasp_id', 'reason']],
]

describe('a request that breaks the contract', () => {
  const cases = WRONG.map(([rpc, change, fields]) => ({ rpc, change, fields }))
  it.each(cases)('$rpc is told so at $fields', ({ rpc, change, fields }) => {
    expect(fieldsOf(rpc, change)).toEqual(fields)
  })

  it.each([
    '',
    '0',
    '0.0',
    '-1',
    '+1',
    '1e3',
    '1,5',
    '01',
    '.5',
    '5.',
    ' 1',
    '１',
    '0x1',
    'NaN',
    '9'.repeat(39),
  ])('has no amount %j', (amount) => {
    for (const rpc of ['AssessTransfer', 'AuthorizeTransfer', 'ReportDeposit', 'RedeemPermit'])
      expect(fieldsOf(rpc, { amount })).toEqual(['amount'])
  })

  it('is never quoted', () => {
    const secret = 'Xinli~Wu'
    const member = fc.oneof(
      fc.constant(secret),
      fc.constant({ subject: secret, ivms101: secret, amount: secret }),
    )
    const [, , sound] = REQUESTS['ProposeRelease'] ?? []
    const names = Object.keys({ ...sound, ...SOUND.transfers.authorizeTransfer })
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(REQUESTS)),
        fc.constantFrom(...names),
        member,
        (rpc, name, value) => {
          const [schema, , base] = REQUESTS[rpc] ?? []
          if (schema === undefined) return
          try {
            parse(schema, { ...base, [name]: value })
          } catch (error) {
            if (!(error instanceof Refusal)) throw error
            expect(JSON.stringify([error.message, error.fields])).not.toContain('Xinli')
          }
        },
      ),
    )
  })
})

describe('a sound request', () => {
  it('leaves out what the caller left out', () => {
    const request = parse(
      ofTransfer.AuthorizeTransfer,
      transfer.AuthorizeTransferRequest.fromPartial(t.authorizeTransfer),
    )
    const input = ofTransfer.authorizeInput(request, new Date(7))
    expect(input).toStrictEqual({
      asset,
      amount: '1.5',
      destination: t.authorizeTransfer.destination,
      counterparty: {},
      identity: t.authorizeTransfer.identity.ivms101,
    })
  })

  it('has a price of now, unless it says of when', () => {
    const draft = { ...t.assessTransfer, fiatValue: { amount: '10', currency: 'KZT' } }
    const request = parse(ofTransfer.AssessTransfer, transfer.AssessTransferRequest.fromPartial(draft))
    expect(ofTransfer.assessInput(request, new Date(7)).fiat).toEqual({
      amount: '10',
      currency: 'KZT',
      pricedAt: new Date(7),
    })
  })

  it('lists fifty, of all states, unless it says otherwise', () => {
    expect(read('ListTransfers', {})).toStrictEqual({ pageSize: 50 })
    expect(
      read('ListTransfers', { pageSize: 7, states: [2, 9], direction: 2, counterpartyId: 'bob' }),
    ).toStrictEqual({
      pageSize: 7,
      states: ['pending', 'expired'],
      role: 'beneficiary',
      counterpartyId: 'bob',
    })
  })

  it('lists open holds unless it says otherwise', () => {
    expect(read('ListHolds', {})).toStrictEqual({ pageSize: 50, states: ['open'] })
    expect(read('ListHolds', { states: [2], reasons: [18] })).toMatchObject({
      states: ['released'],
      reasons: ['LATE_SETTLEMENT'],
    })
  })

  it('may carry 48 KiB of identity, and 60 s of patience', () => {
    const identity = { ivms101: 'ж'.repeat(24_576) }
    expect(read('AuthorizeTransfer', { identity, wait: { seconds: 60n } })).toMatchObject({ wait: 60_000 })
    expect(read('AuthorizeTransfer', { wait: { seconds: 1n, nanos: 500_000_000 } })).toMatchObject({
      wait: 1_500,
    })
  })

  it('may have lines in a note', () => {
    expect(fieldsOf('CommentHold', { text: 'called them:\n\t– confirmed' })).toEqual([])
  })
})
