import type { Pool } from 'pg'
import type { RevealStore } from '../../app/console/reveal.ts'
import type { FieldVault } from '../../app/ports.ts'
import { commonRecords, guardedCommit, movedBy } from '../commit.ts'
import { dataKeys } from '../data-keys.ts'

const ADD = `moved as (
  insert into reveals (vasp_id, id, transfer_id, person, purpose, fields, note, revealed_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8) returning vasp_id)`

export function postgresRevealStore(pool: Pool, vault: FieldVault): RevealStore {
  const keys = dataKeys(pool, vault)
  return {
    async add({ id, vaspId, transferId, person, purpose, fields, note, at }, audit) {
      const place = { table: 'reveals', row: id, column: 'note' }
      const written =
        note === undefined ? null : vault.encrypt(await keys.of(vaspId, transferId), place, note)
      const nothing = { outbox: [], inbox: undefined, idempotency: undefined }
      const records = commonRecords({ ...nothing, resourceId: transferId, audit: [audit] }, at)
      const row = [vaspId, id, transferId, person, purpose, fields, written, at]
      movedBy(await pool.query(guardedCommit('add-reveal', ADD, row, records)))
    },
  }
}
