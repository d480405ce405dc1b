/** The data keys of transfers at work, so that an update needs no second read; bounded, and lost with the process. */
import type { Pool } from 'pg'
import { z } from 'zod'
import type { DataKey, FieldVault } from '../app/ports.ts'

const CACHED_MAX = 5_000

export interface DataKeys {
  of(vaspId: string, transferId: string): Promise<DataKey>
  remember(vaspId: string, transferId: string, key: DataKey): void
}

export function dataKeys(pool: Pool, vault: FieldVault): DataKeys {
  const cache = new Map<string, DataKey>()
  const remember = (vaspId: string, transferId: string, key: DataKey) => {
    // Copies: a Buffer from Node's pool would keep its whole slab alive.
    cache.set(`${vaspId}/${transferId}`, {
      plain: new Uint8Array(key.plain),
      wrapped: new Uint8Array(key.wrapped),
    })
    const [oldest] = cache.keys()
    if (cache.size > CACHED_MAX && oldest !== undefined) cache.delete(oldest)
  }
  return {
    remember,
    async of(vaspId, transferId) {
      const known = cache.get(`${vaspId}/${transferId}`)
      if (known !== undefined) return known
      const { rows } = await pool.query(`select data_key from transfers where vasp_id = $1 and id = $2`, [
        vaspId,
        transferId,
      ])
      const row = z.object({ data_key: z.instanceof(Buffer) }).parse(rows[0])
      const key = await vault.openDataKey(vaspId, row.data_key)
      remember(vaspId, transferId, key)
      return key
    },
  }
}
