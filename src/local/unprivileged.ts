/** Running a program that refuses root, when we are root: as a user that exists already, on paths it may not reach. */
import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** `postgres` when the machine has that user, else `nobody`; undefined when we are not root and stay who we are. */
export function unprivilegedOwner(passwd = readPasswd()): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const wanted of ['postgres', 'nobody']) {
    const [, , uid, gid] = passwd.find((fields) => fields[0] === wanted) ?? []
    // A 32-bit -2, as some systems write nobody, is taken as it stands; 0 would be root again.
    if (Number(uid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  return { uid: 65_534, gid: 65_534 }
}

function readPasswd(): string[][] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
  } catch {
    return []
  }
}

/** Whether `owner` may enter every directory above `path`, judged by mode bits alone. */
export function canReach(path: string, owner: Owner): boolean {
  for (let directory = dirname(resolve(path)); ; directory = dirname(directory)) {
    const { mode, uid, gid } = statSync(directory)
    const search = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
    if ((mode & search) === 0) return false
    if (directory === dirname(directory)) return true
  }
}
