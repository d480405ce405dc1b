/**
 * Keys as files of one directory, `<vasp>.<use>.<number>.json`. Without a custody the files hold the private keys: for development, and
 * for a volume that only the gateway can read. With one, they say which keys there are, since when and until when, and where the custody
 * has them. Several processes may use the directory; each notices within a second what another one changed.
 */
import { mkdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { newestValid, type PublicKeyRecord } from '../domain/envelope/public-key.ts'
import type { Custody } from './custody.ts'
import { type Held, type Keys, nextPath, readSettled } from './key-directory.ts'
import {
  createKeyFile,
  isPair,
  KEY_FILE_USES,
  publicRecord,
  replaceKeyFile,
  type SecretFile,
} from './key-file.ts'
import { keyMaterial } from './key-material.ts'
import { type KeyStore, KeyStoreError, wrappedBy, wrappingOf } from './key-store.ts'

export interface FileKeyStore extends KeyStore {
  /** Creates whichever of the VASP's keys do not exist. Safe to repeat, and from several processes at once. */
  init(vaspId: string, at?: Date): Promise<void>
  /** The key never counts again, from `at` on, whatever its validity. */
  revoke(kid: string, at: Date): Promise<void>
  /** Removes a key for good: what only it can open is lost. */
  destroy(kid: string): Promise<void>
  /** Throws when the custody cannot be used now. */
  check(): Promise<void>
  close(): Promise<void>
}

export interface FileKeyStoreOptions {
  readonly validityDays?: number
  /** How old a reading of the directory may be. */
  readonly reloadMilliseconds?: number
  /** Where new keys are made; those of old files stay where they are. */
  readonly custody?: Custody
}

const DAY_MILLISECONDS = 86_400_000

export function fileKeyStore(directory: string, options: FileKeyStoreOptions = {}): FileKeyStore {
  const { validityDays = 730, reloadMilliseconds = 1_000, custody } = options
  const material = keyMaterial(custody)
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
      const key = await held(kid)
      if (key.file.use !== 'sig') throw new KeyStoreError('NO_KEY', kid)
      return material.sign(key, bytes)
    },

    async openingKey(vaspId, kid) {
      const found = (await current()).byKid.get(kid)
      if (found === undefined || found.file.use !== 'enc' || found.file.vasp_id !== vaspId) return undefined
      return { record: publicRecord(found.file), agree: (peer) => material.agree(found, peer) }
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
      const next = await material.newPair(vaspId, use, notBefore, endOfLife(notBefore))
      if (!(await createKeyFile(nextPath(directory, lastPath), next))) {
        await material.destroy(next)
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
      return Buffer.concat([wrappingOf(kek.kid), await material.wrap(kek, dataKey)])
    },

    async unwrapDataKey(vaspId, wrapped) {
      const kid = wrappedBy(wrapped)
      const kek = (await secretsOf(vaspId, 'kek')).find((secret) => secret.kid === kid)
      if (kek === undefined) throw new KeyStoreError('UNWRAP', `${vaspId} does not have the wrapping key`)
      return material.unwrap(kek, wrapped.subarray(1 + kid.length))
    },

    async indexKey(vaspId) {
      return material.secret(await newestSecret(vaspId, 'index'))
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
            ? await material.newPair(vaspId, use, notBefore, endOfLife(notBefore))
            : await material.newSecret(vaspId, use, notBefore)
        if (!(await createKeyFile(join(directory, `${vaspId}.${use}.0001.json`), key)))
          await material.destroy(key)
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
      const { path, file } = await held(kid)
      // The file first: what it names must never be taken for usable.
      await unlink(path)
      await material.destroy(file)
      await reread()
    },

    async rotateKek(vaspId, at) {
      const { byKid } = await reread()
      const own = [...byKid.values()].filter(({ file }) => file.vasp_id === vaspId && file.use === 'kek')
      const last = own
        .map(({ path }) => path)
        .toSorted()
        .at(-1)
      if (last === undefined) throw new KeyStoreError('NO_KEY', `${vaspId} has no kek key to rotate`)
      const next = await material.newSecret(vaspId, 'kek', at)
      if (!(await createKeyFile(nextPath(directory, last), next))) {
        await material.destroy(next)
        throw new KeyStoreError('ROTATED', `another process rotated the kek key of ${vaspId}`)
      }
      await reread()
      return next.kid
    },

    async keks(vaspId) {
      return (await secretsOf(vaspId, 'kek')).map(({ kid, not_before: since }) => ({ kid, since }))
    },

    check: () => material.check(),
    close: () => material.close(),
  }
}

/** Claims count in whole seconds: a key valid from 12:00:00.4 would not cover a statement of 12:00:00. */
function wholeSeconds(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000)
}
