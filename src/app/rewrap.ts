/**
 * Wraps stored data keys by the newest key-encryption key, beside running gateways: a key is replaced only if it still is what was read,
 * so any number of processes may do it at once, stop anywhere, and begin again. No encrypted data is touched.
 */
import type { DataKeyStore, KeyWrapping } from './ports.ts'

const BATCH = 500

export interface Rewrapping {
  readonly dataKeys: DataKeyStore
  readonly wrapping: KeyWrapping
}

export interface Rewrapped {
  readonly looked: number
  readonly rewrapped: number
}

/** One pass over everything of one VASP; nothing to do while there is only one key-encryption key. */
export async function rewrapDataKeys(
  { dataKeys, wrapping }: Rewrapping,
  vaspId: string,
  signal?: AbortSignal,
): Promise<Rewrapped> {
  const [newest, ...older] = await wrapping.keks(vaspId)
  const done = { looked: 0, rewrapped: 0 }
  if (newest === undefined || older.length === 0) return done
  for (const table of await dataKeys.tables()) {
    let after: string | undefined
    do {
      const { keys, last } = await dataKeys.others(table, vaspId, newest.kid, BATCH, after)
      for (const key of keys) {
        if (signal?.aborted === true) return done
        done.looked++
        const plain = await wrapping.unwrapDataKey(vaspId, key.wrapped)
        const wrapped = await wrapping.wrapDataKey(vaspId, plain)
        if (await dataKeys.replace(vaspId, key, wrapped)) done.rewrapped++
      }
      after = last
    } while (after !== undefined)
  }
  return done
}

/** How many stored data keys the key-encryption key still wraps. */
export async function wrappedDataKeys(
  { dataKeys }: Pick<Rewrapping, 'dataKeys'>,
  vaspId: string,
  isOf: (wrapped: Uint8Array) => boolean,
): Promise<number> {
  let count = 0
  for (const table of await dataKeys.tables()) {
    let after: string | undefined
    do {
      // No kid is empty: everything is given.
      const { keys, last } = await dataKeys.others(table, vaspId, '', BATCH, after)
      count += keys.filter(({ wrapped }) => isOf(wrapped)).length
      after = last
    } while (after !== undefined)
  }
  return count
}
