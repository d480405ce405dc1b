/** Signed notes (https://c2sp.org/signed-note) by the VASPs' own signing keys. */
import { verify } from 'node:crypto'
import { type NoteSigner, sha256 } from '../app/audit-log.ts'
import { keyIdOf, type SignedNote, writeNote } from '../domain/audit/checkpoint.ts'
import type { PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { fromBase64url } from './encoding.ts'
import type { KeyStore } from './key-store.ts'
import { publicKeyObject } from './keys.ts'

/**
 * The signed text begins with the log's origin and has line feeds; a JWS signs two words of base64url with a dot between. So no
 * signature of one kind passes for one of the other.
 */
export function noteSigner(keyStore: KeyStore): NoteSigner {
  return {
    async sign(vaspId, name, text, now) {
      const { kid, jwk } = await keyStore.signingKey(vaspId, now)
      const signature = await keyStore.sign(kid, Buffer.from(text))
      return writeNote(text, { name, keyId: keyIdOf(sha256, name, fromBase64url(jwk.x)), signature })
    },
  }
}

/** Which of the keys signed the note under this name; undefined when none did. */
export function signerOfNote(
  note: SignedNote,
  name: string,
  keys: readonly PublicKeyRecord[],
): PublicKeyRecord | undefined {
  const text = Buffer.from(note.text)
  for (const { name: signer, keyId, signature } of note.signatures) {
    if (signer !== name) continue
    const key = keys.find(
      ({ use, jwk }) => use === 'sig' && keyIdOf(sha256, name, fromBase64url(jwk.x, 'KEY_WEAK')) === keyId,
    )
    if (key !== undefined && verify(null, text, publicKeyObject(key.jwk), signature)) return key
  }
  return undefined
}
