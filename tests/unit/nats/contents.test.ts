import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ContentError, type ContentType, parseContent } from '../../../src/nats/contents.ts'

const TIME = '2026-03-01T12:00:00.000Z'
const REQUEST = {
  asset: 'eip155:1/slip44:60',
  amount: '1.5',
  destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
  tag: '12345',
  fiat: { amount: '4000.00', currency: 'USD', priced_at: TIME },
  identity: '{"originator":{}}',
  answer_by: TIME,
}
const SOUND: readonly (readonly [ContentType, object])[] = [
  ['transfer.request', REQUEST],
  ['transfer.request', { ...REQUEST, tag: undefined, fiat: undefined }],
  ['transfer.repair', { identity: '{}', answer_by: TIME }],
  ['transfer.answer', { answer: 'review' }],
  ['transfer.answer', { answer: 'accept' }],
  ['transfer.answer', { answer: 'reject', code: 'BENEFICIARY_NAME_UNMATCHED' }],
  [
    'transfer.answer',
    {
      answer: 'repair',
      fields: [{ path: '/originator/originatorPersons/0', code: 'MISSING', message: 'Қосыңыз' }],
    },
  ],
  ['transfer.cancel', { reason: 'CUSTOMER_REQUEST', expired: false }],
  ['transfer.settled', { tx_id: '0x8f2a' }],
  ['card', { card: 'eyJh.eyJi.c2ln' }],
  ['ping', { nonce: 'AAAAAAAAAAAAAAAAAAAAAA', sent_at: TIME }],
  ['pong', { nonce: 'AAAAAAAAAAAAAAAAAAAAAA', sent_at: TIME }],
]

/** As it arrives: without members that are undefined. */
function arriving(content: object): object {
  const parsed: unknown = JSON.parse(JSON.stringify(content))
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('no object')
  return parsed
}

function fieldsOf(type: ContentType, content: unknown): readonly string[] {
  try {
    parseContent(type, content)
  } catch (error) {
    if (error instanceof ContentError) return error.fields
    throw error
  }
  return []
}

describe('the content of an envelope', () => {
  test.each(SOUND)('of type %s is taken as it was said (%#)', (type, content) => {
    expect(parseContent(type, arriving(content))).toEqual(arriving(content))
  })

  test.each(SOUND)('of type %s is refused with a member that we do not know (%#)', (type, content) => {
    expect(() => parseContent(type, { ...arriving(content), also: 'this' })).toThrow(ContentError)
  })

  test.each(SOUND)('of type %s is refused without any one of its required members (%#)', (type, content) => {
    const whole = arriving(content)
    for (const name of Object.keys(whole).filter((one) => one !== 'tag' && one !== 'fiat')) {
      const rest = Object.fromEntries(Object.entries(whole).filter(([member]) => member !== name))
      expect(fieldsOf(type, rest)).toContain(`/${name}`)
    }
  })

  test.each([
    [{ amount: '-1' }, '/amount'],
    [{ amount: '1e5' }, '/amount'],
    [{ amount: 1.5 }, '/amount'],
    [{ amount: '9'.repeat(39) }, '/amount'],
    [{ asset: 'ETH' }, '/asset'],
    [{ destination: '0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb' }, '/destination'],
    [{ tag: '' }, '/tag'],
    [{ tag: 'a\nb' }, '/tag'],
    [{ tag: 't'.repeat(129) }, '/tag'],
    [{ tag: null }, '/tag'],
    [{ fiat: { ...REQUEST.fiat, currency: 'usd' } }, '/fiat/currency'],
    [{ fiat: { ...REQUEST.fiat, rate: '1' } }, '/fiat'],
    [{ identity: '' }, '/identity'],
    [{ identity: 'x'.repeat(65_537) }, '/identity'],
    [{ answer_by: '2026-03-01T12:00:00Z' }, '/answer_by'],
    [{ answer_by: '2026-03-01T12:00:00.000+05:00' }, '/answer_by'],
    [{ answer_by: '2026-02-30T12:00:00.000Z' }, '/answer_by'],
  ])('names the field that is wrong in %j', (change, field) => {
    expect(fieldsOf('transfer.request', { ...REQUEST, ...change })).toEqual([field])
  })

  test('names every wrong field once', () => {
    const wrong = { ...REQUEST, amount: 'x', asset: 'y', answer_by: 'z' }
    expect(fieldsOf('transfer.request', wrong).toSorted()).toEqual(['/amount', '/answer_by', '/asset'])
  })

  test.each([
    [{ answer: 'perhaps' }, '/answer'],
    [{ answer: 'reject', code: 'no reason' }, '/code'],
    [{ answer: 'repair', fields: [] }, '/fields'],
    [{ answer: 'repair', fields: [{ path: 'originator', code: 'X', message: '' }] }, '/fields/0/path'],
    [{ answer: 'repair', fields: [{ path: '/a~2', code: 'X', message: '' }] }, '/fields/0/path'],
    [
      { answer: 'repair', fields: [{ path: '', code: 'X', message: 'left\u202eright' }] },
      '/fields/0/message',
    ],
    [{ answer: 'accept', code: 'X' }, ''],
  ])('takes no other answer than the four: %j', (content, field) => {
    expect(fieldsOf('transfer.answer', content)).toEqual([field])
  })

  test('bounds the number of corrections that a repair asks for', () => {
    const fields = Array.from({ length: 101 }, () => ({ path: '/a', code: 'X', message: 'm' }))
    expect(fieldsOf('transfer.answer', { answer: 'repair', fields })).toEqual(['/fields'])
    expect(fieldsOf('transfer.answer', { answer: 'repair', fields: fields.slice(1) })).toEqual([])
  })

  test('is an object, whatever else arrives, and never anything but a ContentError comes of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SOUND.map(([type]) => type)), fc.jsonValue(), (type, content) => {
        expect(() => parseContent(type, content)).toThrow(ContentError)
      }),
    )
  })

  test('is never repeated in the error', () => {
    const secret = 'Aigerim Nurlankyzy'
    const content = {
      ...REQUEST,
      amount: secret,
      asset: secret,
      [secret]: secret,
      fiat: { [secret]: secret },
    }
    let message = ''
    try {
      parseContent('transfer.request', content)
    } catch (error) {
      message =
        error instanceof ContentError ? `${error.message} ${JSON.stringify(error.fields)} ${error.stack}` : ''
    }
    expect(message).toContain('/amount')
    expect(message).not.toContain('Aigerim')
  })
})
