/** The field vault port on a key store: data keys wrapped by the VASP's key-encryption key, fields under data keys. */
import type { FieldVault } from '../app/ports.ts'
import { blindIndex, decryptField, encryptField, newDataKey } from './field-cipher.ts'
import type { KeyStore } from './key-store.ts'

export function fieldVault(keyStore: KeyStore): FieldVault {
  return {
    async newDataKey(vaspId) {
      const plain = newDataKey()
      return { plain, wrapped: await keyStore.wrapDataKey(vaspId, plain) }
    },
    async openDataKey(vaspId, wrapped) {
      return { plain: await keyStore.unwrapDataKey(vaspId, wrapped), wrapped }
    },
    encrypt: (key, place, text) => encryptField(key.plain, place, text),
    decrypt: (key, place, bytes) => decryptField(key.plain, place, bytes).toString('utf8'),
    async blindIndex(vaspId, purpose, value) {
      return blindIndex(await keyStore.indexKey(vaspId), purpose, value)
    },
  }
}
