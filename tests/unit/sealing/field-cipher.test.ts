import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  blindIndex,
  decryptField,
  encryptField,
  FieldCipherError,
  newDataKey,
} from '../../../src/sealing/field-cipher.ts'
import { fieldVault } from '../../../src/sealing/field-vault.ts'
import { aWorld } from './world.ts'

const PLACE = { table: 'transfers', row: '0199f2a0', column: 'identity' }

describe('an encrypted field', () => {
  it('comes back unchanged, text or bytes', () => {
    const key = newDataKey()
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'grapheme' })), (plaintext) => {
        expect(
          decryptField(key, PLACE, encryptField(key, PLACE, plaintext)).equals(Buffer.from(plaintext)),
        ).toBe(true)
      }),
    )
  })

  it('never looks the same twice', () => {
    const key = newDataKey()
    expect(encryptField(key, PLACE, 'a').equals(encryptField(key, PLACE, 'a'))).toBe(false)
  })

  it.each([
    ['table', { ...PLACE, table: 'holds' }],
    ['row', { ...PLACE, row: '0199f2a1' }],
    ['column', { ...PLACE, column: 'address' }],
  ])('does not open when moved to another %s', (_, place) => {
    const key = newDataKey()
    const field = encryptField(key, PLACE, 'Айгүл')
    expect(() => decryptField(key, place, field)).toThrow(FieldCipherError)
  })

  it('does not open with another key', () => {
    const field = encryptField(newDataKey(), PLACE, 'Айгүл')
    expect(() => decryptField(newDataKey(), PLACE, field)).toThrow(FieldCipherError)
  })

  it('does not open with any bit changed or any end missing', () => {
    const key = newDataKey()
    const field = encryptField(key, PLACE, 'Айгүл')
    for (let at = 0; at < field.length; at += 1) {
      for (const bit of [1, 128]) {
        const altered = Buffer.from(field)
        altered[at] = (altered[at] ?? 0) ^ bit
        expect(() => decryptField(key, PLACE, altered)).toThrow(FieldCipherError)
      }
      expect(() => decryptField(key, PLACE, field.subarray(0, at))).toThrow(FieldCipherError)
    }
  })

  it('has no place whose parts could be read in two ways', () => {
    expect(() => encryptField(newDataKey(), { ...PLACE, row: 'a|b' }, 'x')).toThrow(TypeError)
    expect(() => encryptField(newDataKey(), { ...PLACE, row: '' }, 'x')).toThrow(TypeError)
  })
})

describe('a blind index', () => {
  it('meets equal values only, within one purpose and key', () => {
    const [one, other] = [newDataKey(), newDataKey()]
    const index = blindIndex(one, 'address', '0xab')
    expect(blindIndex(one, 'address', '0xab').equals(index)).toBe(true)
    expect(blindIndex(one, 'address', '0xac').equals(index)).toBe(false)
    expect(blindIndex(one, 'tx', '0xab').equals(index)).toBe(false)
    expect(blindIndex(other, 'address', '0xab').equals(index)).toBe(false)
    expect(blindIndex(one, 'a', 'b|c').equals(blindIndex(one, 'a|b', 'c'))).toBe(false)
  })
})

it('gives each transfer a data key that only its VASP can open', async () => {
  const { keyStore } = await aWorld()
  const vault = fieldVault(keyStore)
  const key = await vault.newDataKey('alice')
  const field = vault.encrypt(key, PLACE, 'Айгүл')
  const again = await vault.openDataKey('alice', key.wrapped)
  expect(vault.decrypt(again, PLACE, field)).toBe('Айгүл')
  await expect(vault.openDataKey('bob', key.wrapped)).rejects.toMatchObject({ reason: 'UNWRAP' })
  expect(await vault.blindIndex('alice', 'tx', '0x1')).toEqual(await vault.blindIndex('alice', 'tx', '0x1'))
  expect(await vault.blindIndex('alice', 'tx', '0x1')).not.toEqual(await vault.blindIndex('bob', 'tx', '0x1'))
})
