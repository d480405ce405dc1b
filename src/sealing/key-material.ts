/** What is done with private keys: by node:crypto where a key file holds them, by the custody where it says that the custody does. */
import { diffieHellman, type KeyObject, sign } from 'node:crypto'
import type { KeyUse, PublicJwk } from '../domain/envelope/public-key.ts'
import type { Custody, HeldKey } from './custody.ts'
import { decryptWithAad, encryptWithAad, FieldCipherError } from './field-cipher.ts'
import type { Held } from './key-directory.ts'
import {
  isPair,
  type KeyFile,
  newPair,
  newSecret,
  type PairFile,
  pairFile,
  privateKeyObject,
  type SecretFile,
} from './key-file.ts'
import { KeyStoreError } from './key-store.ts'
import { importPublicKey } from './keys.ts'
import { remembered } from './remembered.ts'

/** A data key that was unwrapped a moment ago is not asked for again: each would be a round trip to the custody. */
const UNWRAPPED_MAX = 5_000
const UNWRAPPED_MILLISECONDS = 60_000

export function keyMaterial(custody: Custody | undefined) {
  const unwrapped = remembered<Buffer>(UNWRAPPED_MAX, UNWRAPPED_MILLISECONDS)
  /** Sealing keys and index keys that the custody unwrapped; few, and needed all the time. */
  const opened = new Map<string, Promise<Buffer>>()
  const openedKeys = new Map<string, KeyObject>()

  function custodyOf(held: HeldKey): Custody {
    if (custody !== undefined && held.startsWith(`${custody.name}:`)) return custody
    throw new KeyStoreError(
      'KEY_FILE',
      `a key is in the custody of ${held.split(':')[0] ?? ''}: set TAMGA_KEY_CUSTODY to it`,
    )
  }

  /** Wrapped by a key of its own in the custody, so that destroying that one destroys it in every copy of its file. */
  async function keep(label: string, kid: string, plain: Buffer): Promise<HeldKey> {
    if (custody === undefined) throw new Error('there is no custody')
    const held = await custody.newWrappingKey(label)
    return `${held} ${Buffer.from(await custody.wrap(held, keptAad(kid), plain)).toString('base64url')}`
  }

  function plainOf({ kid, held = '' }: KeyFile): Promise<Buffer> {
    const known = opened.get(kid)
    if (known !== undefined) return known
    const [key = '', wrapped = ''] = held.split(' ')
    const plain = custodyOf(held).unwrap(key, keptAad(kid), Buffer.from(wrapped, 'base64url'))
    opened.set(kid, plain)
    plain.catch(() => opened.delete(kid))
    return plain
  }

  async function privateKeyOf({ file, privateKey }: Held): Promise<KeyObject> {
    const known = privateKey ?? openedKeys.get(file.kid)
    if (known !== undefined) return known
    if (!isPair(file)) throw new KeyStoreError('NO_KEY', file.kid)
    const key = privateKeyObject(file, (await plainOf(file)).toString('base64url'))
    openedKeys.set(file.kid, key)
    return key
  }

  async function secret(file: SecretFile): Promise<Buffer> {
    return file.k === undefined ? plainOf(file) : Buffer.from(file.k, 'base64url')
  }

  return {
    async newPair(vaspId: string, use: KeyUse, notBefore: Date, notAfter: Date): Promise<PairFile> {
      const own = newPair(vaspId, use, notBefore, notAfter)
      if (custody === undefined) return own
      if (use === 'sig') {
        const { held, x } = await custody.newSigningKey(`${vaspId} sig`)
        const named = { x: Buffer.from(x).toString('base64url') }
        return { ...pairFile(vaspId, use, named, notBefore, notAfter), held }
      }
      const held = await keep(`${vaspId} enc`, own.kid, Buffer.from(own.jwk.d ?? '', 'base64url'))
      return { ...pairFile(vaspId, use, { x: own.jwk.x }, notBefore, notAfter), held }
    },

    async newSecret(vaspId: string, use: SecretFile['use'], notBefore: Date): Promise<SecretFile> {
      const own = newSecret(vaspId, use, notBefore)
      if (custody === undefined) return own
      const { k = '', ...record } = own
      const label = `${vaspId} ${use}`
      if (use === 'kek') return { ...record, held: await custody.newWrappingKey(label) }
      return { ...record, held: await keep(label, own.kid, Buffer.from(k, 'base64url')) }
    },

    async sign({ file, privateKey }: Held, bytes: Uint8Array): Promise<Uint8Array> {
      if (privateKey !== undefined) return sign(null, bytes, privateKey)
      return custodyOf(file.held ?? '').sign(file.held ?? '', bytes)
    },

    /** At once when the key is at hand. */
    agree(key: Held, peer: PublicJwk): Promise<Uint8Array> | Uint8Array {
      const publicKey = importPublicKey(peer)
      const privateKey = key.privateKey ?? openedKeys.get(key.file.kid)
      if (privateKey !== undefined) return diffieHellman({ privateKey, publicKey })
      return privateKeyOf(key).then((opening) => diffieHellman({ privateKey: opening, publicKey }))
    },

    async wrap(kek: SecretFile, dataKey: Uint8Array): Promise<Uint8Array> {
      if (kek.held === undefined) return encryptWithAad(await secret(kek), wrapAad(kek), dataKey)
      return custodyOf(kek.held).wrap(kek.held, wrapAad(kek), dataKey)
    },

    /** Throws KeyStoreError UNWRAP. */
    async unwrap(kek: SecretFile, wrapped: Uint8Array): Promise<Buffer> {
      const { held } = kek
      if (held !== undefined) {
        const id = `${kek.kid} ${Buffer.from(wrapped).toString('base64')}`
        return unwrapped(id, () => custodyOf(held).unwrap(held, wrapAad(kek), wrapped))
      }
      try {
        return decryptWithAad(await secret(kek), wrapAad(kek), wrapped)
      } catch (error) {
        if (error instanceof FieldCipherError)
          throw new KeyStoreError('UNWRAP', kek.vasp_id, { cause: error })
        throw error
      }
    },

    secret,

    async destroy({ kid, held }: KeyFile): Promise<void> {
      opened.delete(kid)
      openedKeys.delete(kid)
      if (held !== undefined) await custodyOf(held).destroy(held.split(' ')[0] ?? '')
    },

    async check(): Promise<void> {
      await custody?.check()
    },

    async close(): Promise<void> {
      await custody?.close()
    },
  }
}

function wrapAad(kek: SecretFile): string {
  return `data-key|${kek.vasp_id}|${kek.kid}`
}

function keptAad(kid: string): string {
  return `key|${kid}`
}
