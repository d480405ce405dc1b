/** A PostgreSQL data directory: made once, entered again after any kind of end. */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { canReach, type Owner } from './unprivileged.ts'

export interface Cluster {
  /** The data directory itself. */
  readonly data: string
  /** Of the superuser `postgres`; kept in `password` beside the data, mode 0600. */
  readonly password: string
}

/** The cluster in `directory`, made there when it is not yet. `durable` decides whether the new files are synced. */
export function openCluster(
  directory: string,
  binaries: PostgresBinaries,
  owner: Owner | undefined,
  durable: boolean,
): Cluster {
  mkdirSync(directory, { recursive: true, mode: 0o755 })
  const data = join(directory, 'cluster')
  const passwordFile = join(directory, 'password')
  if (existsSync(data)) return { data, password: readPassword(passwordFile) }
  const password = randomBytes(24).toString('base64url')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  // Made under another name, so that an interrupted start is not taken for a cluster.
  const unfinished = `${data}.new`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  if (owner !== undefined) chownSync(unfinished, owner.uid, owner.gid)
  initialise(unfinished, password, binaries, owner, durable)
  renameSync(unfinished, data)
  return { data, password }
}

/**
 * Who runs the server on `directory`: whoever owns the cluster there, so that root can go on with what another user began; for a
 * new one, `owner`.
 */
export function clusterOwner(directory: string, owner: Owner | undefined): Owner | undefined {
  const data = join(directory, 'cluster')
  if (owner === undefined || !existsSync(data)) return owner
  const { uid, gid } = statSync(data)
  return uid === 0 ? owner : { uid, gid }
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new Error(
      `${file} cannot be read: run as the user who made it, or remove the directory and start anew`,
      {
        cause: error,
      },
    )
  }
}

function initialise(
  data: string,
  password: string,
  binaries: PostgresBinaries,
  owner: Owner | undefined,
  durable: boolean,
): void {
  const passwordFile = `${data}.password`
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (owner !== undefined) chownSync(passwordFile, owner.uid, owner.gid)
  const [dataPath, passwordPath] = [reachable(data, owner, 3), reachable(passwordFile, owner, 4)]
  const options = [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ]
  // The server's own collation: the same order of strings on every platform.
  options.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', ...(durable ? [] : ['--no-sync']))
  const made = spawnSync(
    binaries.initdb,
    ['-D', dataPath.path, `--pwfile=${passwordPath.path}`, ...options],
    {
      ...owner,
      cwd: '/',
      env: { PATH: process.env['PATH'], TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe', dataPath.descriptor ?? 'ignore', passwordPath.descriptor ?? 'ignore'],
      encoding: 'utf8',
    },
  )
  for (const { descriptor } of [dataPath, passwordPath]) if (descriptor !== undefined) closeSync(descriptor)
  rmSync(passwordFile)
  if (made.status !== 0) {
    throw new Error(`PostgreSQL could not make its data directory: ${made.stderr ?? ''}`, {
      cause: made.error,
    })
  }
}

/**
 * A path by which `owner` reaches `path` although a directory above it is closed to him (a checkout under /root): the file,
 * opened by us and handed to the child as descriptor `slot`, under the name that Linux gives it there.
 */
export function reachable(
  path: string,
  owner: Owner | undefined,
  slot: number,
): { readonly path: string; readonly descriptor: number | undefined } {
  if (owner === undefined || canReach(path, owner)) return { path, descriptor: undefined }
  if (!existsSync('/proc/self/fd')) {
    throw new Error(`${path} lies in a directory that PostgreSQL's user cannot enter; use another directory`)
  }
  return { path: `/proc/self/fd/${slot}`, descriptor: openSync(path, 'r') }
}

/** The lines of postmaster.pid: pid, data directory, start time, port, socket, address, "key id" of the segment, status. */
export function postmasterFile(data: string): readonly string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}

/**
 * Takes away what a killed server left: postmaster.pid when its process is gone or is no longer PostgreSQL (process numbers
 * come again), and its shared memory segment. Throws when a server really runs on this directory.
 */
export function clearLeftovers(data: string): void {
  const [pid] = postmasterFile(data)
  if (pid === undefined) return
  if (isPostgresOn(Number(pid), data)) throw new Error(`PostgreSQL (process ${pid}) already runs on ${data}`)
  removeSegment(data)
  rmSync(join(data, 'postmaster.pid'), { force: true })
}

/** System V memory outlives its process; the server removes it itself unless it was killed. */
export function removeSegment(data: string): void {
  const segment = postmasterFile(data)[6]?.trim().split(/\s+/)[1]
  if (segment !== undefined && /^\d+$/.test(segment)) spawnSync('ipcrm', ['-m', segment], { stdio: 'ignore' })
}

function isPostgresOn(pid: number, data: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    // The postmaster's working directory is its data directory.
    if (existsSync('/proc/self')) return sameFile(readlinkSync(`/proc/${pid}/cwd`), data)
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      cwd: tmpdir(),
    })
    return command.includes(data)
  } catch {
    return false
  }
}

function sameFile(one: string, other: string): boolean {
  const [a, b] = [statSync(one), statSync(other)]
  return a.dev === b.dev && a.ino === b.ino
}
