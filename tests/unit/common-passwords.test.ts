/** The list of passwords that nobody may choose: that it finds what is in it, and nothing else. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newPassword } from '../../src/app/passwords.ts'
import { COMMON_PASSWORDS_FILE, commonPasswords, prefixesOf } from '../../src/people/common-passwords.ts'

const ENTRY_BYTES = 6
/** OWASP ASVS 5.0, 6.2.4. */
const LEAST = 3_000

describe('the list of common passwords', () => {
  const common = commonPasswords()

  it('has more than the three thousand that the standard asks for, sorted, each once', () => {
    const file = readFileSync(COMMON_PASSWORDS_FILE)
    expect(file.length % ENTRY_BYTES).toBe(0)
    expect(file.length / ENTRY_BYTES).toBeGreaterThan(LEAST)
    const entries = Array.from({ length: file.length / ENTRY_BYTES }, (_, n) =>
      file.toString('hex', n * ENTRY_BYTES, (n + 1) * ENTRY_BYTES),
    )
    expect(entries).toEqual([...new Set(entries)].toSorted())
  })

  it('finds the most used ones, however they are written', () => {
    for (const password of ['123qweasdzxc', '1qaz2wsx3edc', 'qwertyqwerty', '123456654321', 'sonyericsson']) {
      expect(common.has(password)).toBe(true)
      expect(common.has(password.toUpperCase())).toBe(true)
    }
  })

  it('finds none that the gateway makes, and none that a person would think of alone', () => {
    for (let n = 0; n < 1_000; n++) expect(common.has(newPassword())).toBe(false)
    for (const password of ['kumis zhailau 42 tau', 'three quiet camels by the lake'])
      expect(common.has(password)).toBe(false)
  })

  it('is made from any list, in any order, with twins', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 12 }), { maxLength: 20 }), (list) => {
        expect(prefixesOf([...list, ...list])).toEqual(prefixesOf(list.toReversed()))
      }),
    )
  })
})
