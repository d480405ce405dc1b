/**
 * Private keys as files of one directory, `<vasp>.<use>.<number>.json`: for development, and for a volume that only the gateway
 * can read. Several processes may use the directory; each notices within a second what another one changed.
 */
import { diffieHellman, type KeyObject, sign } from 'node:crypto'
import { mkdir, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newestValid, type PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { decryptWithAad, encryptWithAad, FieldCipherError } from './field-cipher.ts'
import {
  createKeyFile,
  isPair,
  KEY_FILE_USES,
  type KeyFile,
  newPair,
  newSecret,
  privateKeyObject,
  publicRecord,
  readKeyFile,
  replaceKeyFile,
  type SecretFile,
} from './key-file.ts'
import { type KeyStore, KeyStoreError } from './key-store.ts'
import { importPublicKey } from './keys.ts'

export interface FileKeyStore extends KeyStore {
  /** Creates whichever of the VASP's keys do not exist. Safe to repeat, and from several processes at once. */
  init(vaspId: string, at?: Date): Promise<void>
  /** The key never counts again, from `at` on, whatever its validity. */
  revoke(kid: string, at: Date): Promise<void>
  /** Removes a key for good: what only it can open is lost. */
  destroy(kid: string): Promise<void>
}

export interface FileKeyStoreOptions {
  readonly validityDays?: number
  /** How old a reading of the directory may be. */
  readonly reloadMilliseconds?: number
}

interface Held {
  readonly path: string
  readonly file: KeyFile
  readonly privateKey: KeyObject | undefined
}

interface Keys {
  /** Names, inodes and times of the files: what shows that one of them changed. */
  readonly state: string
  readonly byKid: ReadonlyMap<string, Held>
  readonly pairs: readonly { readonly held: Held; readonly record: PublicKeyRecord }[]
}

const FILE_NAME = /^([a-z0-9_]{1,32})\.(sig|enc|kek|index)\.([0-9]{4})\.json$/
const DAY_MILLISECONDS = 86_400_000

export function fileKeyStore(directory: string, options: FileKeyStoreOptions = {}): FileKeyStore {
  const { validityDays = 730, reloadMilliseconds = 1_000 } = options
  let keys: Keys = { state: '', byKid: new Map(), pairs: [] }
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<Keys> | undefined

  function current(): Promise<Keys> | Keys {
    if (performance.now() - readAt < reloadMilliseconds) return keys
    reading ??= readSettled(directory, keys).then(
      (fresh) => {
        keys = fresh
        readAt = performance.now()
        reading = undefined
        return fresh
      },
      (error: unknown) => {
        reading = undefined
        throw error
      },
    )
    return reading
  }

  /** After a change of our own; a reading that is under way may have begun before it. */
  async function reread(): Promise<Keys> {
    await reading?.catch(() => undefined)
    readAt = Number.NEGATIVE_INFINITY
    return current()
  }

  async function held(kid: string): Promise<Held> {
    const found = (await current()).byKid.get(kid)
    if (found === undefined) throw new KeyStoreError('NO_KEY', kid)
    return found
  }

  async function recordsOf(vaspId: string): Promise<PublicKeyRecord[]> {
    const { pairs } = await current()
    return pairs.map((pair) => pair.record).filter((record) => record.vaspId === vaspId)
  }

  /** Newest first. */
  async function secretsOf(vaspId: string, use: SecretFile['use']): Promise<SecretFile[]> {
    const secrets: SecretFile[] = []
    for (const { file } of (await current()).byKid.values()) {
      if (!isPair(file) && file.use === use && file.vasp_id === vaspId) secrets.push(file)
    }
    return secrets.toSorted((one, other) => other.not_before.getTime() - one.not_before.getTime())
  }

  async function newestSecret(vaspId: string, use: SecretFile['use']): Promise<SecretFile> {
    const [newest] = await secretsOf(vaspId, use)
    if (newest === undefined) throw new KeyStoreError('NO_KEY', `${vaspId} has no ${use} key`)
    return newest
  }

  function endOfLife(notBefore: Date): Date {
    return new Date(notBefore.getTime() + validityDays * DAY_MILLISECONDS)
  }

  return {
    async signingKey(vaspId, at) {
      const key = newestValid(await recordsOf(vaspId), 'sig', at)
      if (key === undefined) throw new KeyStoreError('NO_KEY', `${vaspId} has no valid signing key`)
      return key
    },

    async sign(kid, bytes) {
      const { file, privateKey } = await held(kid)
      if (file.use !== 'sig' || privateKey === undefined) throw new KeyStoreError('NO_KEY', kid)
      return sign(null, bytes, privateKey)
    },

    async openingKey(vaspId, kid) {
      const found = (await current()).byKid.get(kid)
      const { privateKey, file } = found ?? {}
      if (file === undefined || file.use !== 'enc' || file.vasp_id !== vaspId) return undefined
      if (privateKey === undefined) return undefined
      return {
        record: publicRecord(file),
        agree: (peer) => diffieHellman({ privateKey, publicKey: importPublicKey(peer) }),
      }
    },

    async publicKeys(vaspId) {
      return recordsOf(vaspId)
    },

    async rotate(vaspId, use, { at, leadSeconds, overlapSeconds }) {
      const { pairs } = await reread()
      const own = pairs.filter(({ record }) => record.vaspId === vaspId && record.use === use)
      const lastPath = own
        .map((pair) => pair.held.path)
        .toSorted()
        .at(-1)
      if (lastPath === undefined) throw new KeyStoreError('NO_KEY', `${vaspId} has no ${use} key to rotate`)
      const notBefore = wholeSeconds(new Date(at.getTime() + leadSeconds * 1000))
      const next = newPair(vaspId, use, notBefore, endOfLife(notBefore))
      if (!(await createKeyFile(nextPath(directory, lastPath), next))) {
        throw new KeyStoreError('ROTATED', `another process rotated the ${use} key of ${vaspId}`)
      }
      const end = new Date(notBefore.getTime() + overlapSeconds * 1000)
      for (const { held: old, record } of own) {
        if (isPair(old.file) && record.notAfter > end)
          await replaceKeyFile(old.path, { ...old.file, not_after: end })
      }
      await reread()
      return publicRecord(next)
    },

    async wrapDataKey(vaspId, dataKey) {
      const kek = await newestSecret(vaspId, 'kek')
      const wrapped = encryptWithAad(secretBytes(kek), wrapAad(kek), dataKey)
      return Buffer.concat([Buffer.of(kek.kid.length), Buffer.from(kek.kid, 'latin1'), wrapped])
    },

    async unwrapDataKey(vaspId, wrapped) {
      const kidEnd = 1 + (wrapped[0] ?? 0)
      const kid = Buffer.from(wrapped.subarray(1, kidEnd)).toString('latin1')
      const kek = (await secretsOf(vaspId, 'kek')).find((secret) => secret.kid === kid)
      if (kek === undefined) throw new KeyStoreError('UNWRAP', `${vaspId} does not have the wrapping key`)
      try {
        return decryptWithAad(secretBytes(kek), wrapAad(kek), wrapped.subarray(kidEnd))
      } catch (error) {
        if (error instanceof FieldCipherError) throw new KeyStoreError('UNWRAP', vaspId, { cause: error })
        throw error
      }
    },

    async indexKey(vaspId) {
      return secretBytes(await newestSecret(vaspId, 'index'))
    },

    async init(vaspId, at = new Date()) {
      if (!/^[a-z0-9_]{1,32}$/.test(vaspId))
        throw new KeyStoreError('KEY_FILE', 'the VASP id is not [a-z0-9_]{1,32}')
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const has = new Set(
        [...(await reread()).byKid.values()]
          .filter(({ file }) => file.vasp_id === vaspId)
          .map(({ file }) => file.use),
      )
      for (const use of KEY_FILE_USES) {
        if (has.has(use)) continue
        const notBefore = wholeSeconds(at)
        const key =
          use === 'sig' || use === 'enc'
            ? newPair(vaspId, use, notBefore, endOfLife(notBefore))
            : newSecret(vaspId, use, notBefore)
        await createKeyFile(join(directory, `${vaspId}.${use}.0001.json`), key)
      }
      await reread()
    },

    async revoke(kid, at) {
      const { path, file } = await held(kid)
      if (!isPair(file)) throw new KeyStoreError('NO_KEY', kid)
      await replaceKeyFile(path, { ...file, revoked_at: at })
      await reread()
    },

    async destroy(kid) {
      await unlink((await held(kid)).path)
      await reread()
    },
  }
}

/** Claims count in whole seconds: a key valid from 12:00:00.4 would not cover a statement of 12:00:00. */
function wholeSeconds(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000)
}

function secretBytes(secret: SecretFile): Buffer {
  return Buffer.from(secret.k, 'base64url')
}

function wrapAad(kek: SecretFile): string {
  return `data-key|${kek.vasp_id}|${kek.kid}`
}

function nextPath(directory: string, path: string): string {
  const [, vaspId = '', use = '', number = ''] =
    FILE_NAME.exec(path.slice(directory.length).replace(/^\//, '')) ?? []
  return join(directory, `${vaspId}.${use}.${String(Number(number) + 1).padStart(4, '0')}.json`)
}

/** Another process may remove a file between our listing and our reading it; then the listing is old and read again. */
async function readSettled(directory: string, known: Keys, attempts = 3): Promise<Keys> {
  try {
    return await readDirectory(directory, known)
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!gone || attempts === 1) throw error
    return readSettled(directory, known, attempts - 1)
  }
}

/** Returns `known` itself when nothing changed. */
async function readDirectory(directory: string, known: Keys): Promise<Keys> {
  const names = (await readdir(directory)).filter((name) => FILE_NAME.test(name)).toSorted()
  const state = (await Promise.all(names.map((name) => fileState(directory, name)))).join('\n')
  if (state === known.state) return known
  const byKid = new Map<string, Held>()
  const pairs: { held: Held; record: PublicKeyRecord }[] = []
  for (const name of names) {
    const held = await readHeld(directory, name)
    if (byKid.has(held.file.kid)) throw new KeyStoreError('DUPLICATE_KID', `${held.path} repeats a kid`)
    byKid.set(held.file.kid, held)
    if (isPair(held.file)) pairs.push({ held, record: publicRecord(held.file) })
  }
  pairs.sort((one, other) => one.record.notBefore.getTime() - other.record.notBefore.getTime())
  return { state, byKid, pairs }
}

/** Every write makes a new inode, so two changes within one tick of the file system's clock still differ. */
async function fileState(directory: string, name: string): Promise<string> {
  const { ino, mtimeNs, mode } = await stat(join(directory, name), { bigint: true })
  return `${name} ${ino} ${mtimeNs} ${mode}`
}

async function readHeld(directory: string, name: string): Promise<Held> {
  const path = join(directory, name)
  const file = await readKeyFile(path)
  const [, vaspId, use] = FILE_NAME.exec(name) ?? []
  if (file.vasp_id !== vaspId || file.use !== use)
    throw new KeyStoreError('KEY_FILE', `${path} is named for another key`)
  return { path, file, privateKey: isPair(file) ? privateKeyObject(file) : undefined }
}
