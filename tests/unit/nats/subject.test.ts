import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inboxSubject, KINDS, mailSubject, parseMailSubject } from '../../../src/nats/subject.ts'

const ACCOUNT = `A${'B'.repeat(55)}`
const vaspToken = fc.stringMatching(/^[a-z0-9_]{1,32}$/)
const accountKey = fc.stringMatching(/^A[A-Z2-7]{55}$/)

describe('a mail subject', () => {
  test('names receiver, sender and kind', () => {
    expect(mailSubject({ receiver: 'bob', sender: 'alice', kind: 'env' })).toBe('tr.v1.bob.alice.env')
  })

  test('reads back as it was written, with a VASP id or an account key as sender', () => {
    fc.assert(
      fc.property(
        vaspToken,
        fc.oneof(vaspToken, accountKey),
        fc.constantFrom(...KINDS),
        (receiver, sender, kind) => {
          expect(parseMailSubject(mailSubject({ receiver, sender, kind }))).toEqual({
            receiver,
            sender,
            kind,
          })
        },
      ),
    )
  })

  test('always has five tokens without wildcards, or is refused', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (receiver, sender) => {
        expect(subjectOrRefusal(receiver, sender)).toMatch(
          /^(?:tr\.v1\.[a-z0-9_]+\.[A-Za-z0-9_]+\.env|refused)$/,
        )
      }),
    )
  })

  test.each(['bob.alice', '*', '>', '', 'Bob', 'bob ', 'b'.repeat(33), 'боб', ACCOUNT])(
    'is refused for the receiver %j',
    (receiver) => {
      expect(() => mailSubject({ receiver, sender: 'alice', kind: 'env' })).toThrow(RangeError)
      expect(() => inboxSubject(receiver)).toThrow(RangeError)
    },
  )

  test.each(['alice.x', '*', '>', '', `${ACCOUNT}X`, ACCOUNT.toLowerCase(), `U${'B'.repeat(55)}`])(
    'is refused for the sender %j',
    (sender) => {
      expect(() => mailSubject({ receiver: 'bob', sender, kind: 'env' })).toThrow(RangeError)
    },
  )

  test.each([
    'tr.v1.bob.alice',
    'tr.v1.bob.alice.env.more',
    'tr.v2.bob.alice.env',
    'xx.v1.bob.alice.env',
    'tr.v1.bob.alice.letter',
    'tr.v1.bob.Alice.env',
    'tr.v1..alice.env',
    '',
  ])('is not %j', (subject) => {
    expect(parseMailSubject(subject)).toBeUndefined()
  })

  test('the inbox of a VASP takes every sender and kind', () => {
    expect(inboxSubject('bob')).toBe('tr.v1.bob.*.*')
  })
})

function subjectOrRefusal(receiver: string, sender: string): string {
  try {
    return mailSubject({ receiver, sender, kind: 'env' })
  } catch (error) {
    if (error instanceof RangeError) return 'refused'
    throw error
  }
}
