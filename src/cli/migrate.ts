import pg from 'pg'
import { loadConfig } from '../config.ts'
import { migrate } from '../postgres/migrate.ts'
import type { Command } from './command.ts'

export const command: Command = {
  usage: '',
  summary: 'Brings the database schema up to this version. "serve" does it by itself.',
  async run(_args, io) {
    const pool = new pg.Pool({ connectionString: loadConfig(io.env).databaseUrl, max: 1 })
    try {
      const applied = await migrate(pool)
      io.out(applied.length === 0 ? 'nothing to do' : applied.map((name) => `applied ${name}`).join('\n'))
      return 0
    } finally {
      await pool.end()
    }
  },
}
