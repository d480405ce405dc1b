/** The directory of key files as it stands: read whole, and again only when something in it changed. */
import type { KeyObject } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { PublicKeyRecord } from '../domain/envelope/public-key.ts'
import { isPair, type KeyFile, privateKeyObject, publicRecord, readKeyFile } from './key-file.ts'
import { KeyStoreError } from './key-store.ts'

export interface Held {
  readonly path: string
  readonly file: KeyFile
  /** Undefined for a secret, and for a key in another's custody. */
  readonly privateKey: KeyObject | undefined
}

export interface Keys {
  /** Names, inodes and times of the files: what shows that one of them changed. */
  readonly state: string
  readonly byKid: ReadonlyMap<string, Held>
  readonly pairs: readonly { readonly held: Held; readonly record: PublicKeyRecord }[]
}

const FILE_NAME = /^([a-z0-9_]{1,32})\.(sig|enc|kek|index)\.([0-9]{4})\.json$/

export function nextPath(directory: string, path: string): string {
  const [, vaspId = '', use = '', number = ''] =
    FILE_NAME.exec(path.slice(directory.length).replace(/^\//, '')) ?? []
  return join(directory, `${vaspId}.${use}.${String(Number(number) + 1).padStart(4, '0')}.json`)
}

/** Another process may remove a file between our listing and our reading it; then the listing is old and read again. */
export async function readSettled(directory: string, known: Keys, attempts = 3): Promise<Keys> {
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
  return {
    path,
    file,
    privateKey: isPair(file) && file.jwk.d !== undefined ? privateKeyObject(file) : undefined,
  }
}
