/** What commands on a gateway's host work with: its settings, VASPs, database and keys. */
import type pg from 'pg'
import { loadConfig } from '../../config.ts'
import { openKeyStore } from '../../open-key-store.ts'
import { openPool } from '../../postgres/open-pool.ts'
import type { FileKeyStore } from '../../sealing/file-key-store.ts'
import { type ConfiguredVasp, loadVasps } from '../../vasps.ts'
import { type Io, UsageError } from '../command.ts'

export interface Host {
  readonly pool: pg.Pool
  readonly vasps: ReadonlyMap<string, ConfiguredVasp>
  readonly keyStore: FileKeyStore
}

/** Opens all of it for `work`, and closes it. */
export async function onHost<T>(io: Io, work: (host: Host, keysDirectory: string) => Promise<T>): Promise<T> {
  const config = loadConfig(io.env)
  const vasps = loadVasps(config.vaspsFile)
  const pool = openPool({
    url: config.databaseUrl,
    connectionsMax: 4,
    connectMilliseconds: 5_000,
    name: 'tamga-cli',
  })
  const keyStore = await openKeyStore(config)
  try {
    return await work({ pool, vasps, keyStore }, config.keysDirectory)
  } finally {
    await keyStore.close()
    await pool.end()
  }
}

/** The one that `--vasp` names, or all. Throws UsageError. */
export function chosenVasps({ vasps }: Host, vaspId: string | undefined): readonly string[] {
  const ids = [...vasps.keys()]
  if (vaspId === undefined) return ids
  if (!vasps.has(vaspId))
    throw new UsageError(`${vaspId} is not a VASP of this deployment; it has ${ids.join(', ')}`)
  return [vaspId]
}

/** The same, where only one will do. */
export function chosenVasp(host: Host, vaspId: string | undefined): string {
  const [one, ...others] = chosenVasps(host, vaspId)
  if (one === undefined || others.length > 0)
    throw new UsageError(`say which with --vasp: ${[...host.vasps.keys()].join(', ')}`)
  return one
}
