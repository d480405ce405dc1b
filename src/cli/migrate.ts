import { loadConfig } from '../config.ts'
import { migrate } from '../postgres/migrate.ts'
import { openPool } from '../postgres/open-pool.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '',
  summary: 'Brings the database schema up to this version. "serve" does it by itself.',
  async run(_args, io) {
    const pool = openPool({ url: loadConfig(io.env).databaseUrl, connectionsMax: 1, name: 'tamga-migrate' })
    try {
      const applied = await migrate(pool)
      io.out(applied.length === 0 ? 'nothing to do' : applied.map((name) => `applied ${name}`).join('\n'))
      return 0
    } finally {
      await pool.end()
    }
  },
}
