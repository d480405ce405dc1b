/** One demo per directory: a file that names the process that runs there, and counts only while that process lives. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface InstanceLock {
  release(): void
}

/** Throws an Error that says who holds the directory. What a killed process left behind is taken over. */
export function lockDirectory(directory: string): InstanceLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'lock')
  const own = nameOf(process.pid)
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(file, own, { flag: 'wx', mode: 0o600 })
      return { release: () => rmSync(file, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = readHolder(file)
    const pid = Number(holder?.split(' ')[0])
    if (holder !== undefined && isAlive(pid) && nameOf(pid) === holder)
      throw new Error(
        `a demo already runs on ${directory} (process ${pid}); stop it with Ctrl-C, or choose another --directory`,
      )
    rmSync(file, { force: true })
  }
  throw new Error(`${directory} is being taken by another demo; try again`)
}

function readHolder(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Its holder let it go meanwhile.
    return undefined
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** "PID STARTED" where the system tells when a process started: numbers come again. */
function nameOf(pid: number): string {
  try {
    const started = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19]
    return `${pid} ${started ?? ''}`
  } catch {
    return `${pid} `
  }
}
