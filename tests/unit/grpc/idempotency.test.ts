import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AuthorizeTransferRequest } from '../../../src/gen/travelrule/v1/transfer.ts'
import type { Draft } from '../../../src/grpc/client-calls.ts'
import { fingerprintOf } from '../../../src/grpc/idempotency.ts'
import { parse } from '../../../src/grpc/requests/parse.ts'
import { AuthorizeTransfer } from '../../../src/grpc/requests/transfer.ts'
import { SOUND } from './requests.ts'

type Content = Draft<AuthorizeTransferRequest>
const message: { fromPartial(draft: object): unknown } = AuthorizeTransferRequest
const sound: Content = SOUND.transfers.authorizeTransfer
const print = (draft: Content) =>
  fingerprintOf(parse(AuthorizeTransfer, message.fromPartial({ ...sound, ...draft })))

describe('the fingerprint of a request', () => {
  it('is the same for the same content under any id and patience', () => {
    const wait = { seconds: 5n, nanos: 0 }
    expect(print({ requestId: 'r2', wait })).toBe(print({}))
    expect(print({})).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each<[string, Content]>([
    ['asset', { asset: 'eip155:1/slip44:61' }],
    ['amount', { amount: '1.50' }],
    ['destination', { destination: `eip155:1:0x${'1'.repeat(40)}` }],
    ['tag', { destinationTag: '7' }],
    ['value', { fiatValue: { amount: '1', currency: 'USD', pricedAt: undefined } }],
    ['counterparty', { counterparty: { vaspId: 'bob', lei: '' } }],
    ['identity', { identity: { ivms101: '{"originator": {}}' } }],
    ['reference', { clientReference: 'x' }],
  ])('is another for another %s', (_, draft) => {
    expect(print(draft)).not.toBe(print({}))
  })

  it('depends on when a price was taken only if the caller says so', () => {
    const at = (pricedAt: Date | undefined): Content => ({
      fiatValue: { amount: '1', currency: 'USD', pricedAt },
    })
    expect(print(at(undefined))).toBe(print(at(undefined)))
    expect(print(at(new Date(1)))).not.toBe(print(at(new Date(2))))
  })

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
        (content) => {
          const turned = Object.fromEntries(Object.entries(content).toReversed())
          expect(fingerprintOf(turned)).toBe(fingerprintOf(content))
        },
      ),
    )
  })
})
