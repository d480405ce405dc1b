import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort, freePortPreferring } from '../../src/local/free-port.ts'
import { canReach, unprivilegedOwner } from '../../src/local/unprivileged.ts'

const passwd = (...lines: string[]) => lines.map((line) => line.split(':'))
const isRoot = process.getuid?.() === 0

it.runIf(isRoot)('takes the user postgres where there is one, else nobody, never root', () => {
  const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin'
  expect(unprivilegedOwner(passwd('root:x:0:0::/root:/bin/sh', nobody, 'postgres:x:101:104::/:'))).toEqual({
    uid: 101,
    gid: 104,
  })
  expect(unprivilegedOwner(passwd('root:x:0:0::/root:/bin/sh', nobody))).toEqual({ uid: 65534, gid: 65534 })
  expect(unprivilegedOwner(passwd('postgres:x:0:0::/:', nobody))).toEqual({ uid: 65534, gid: 65534 })
  expect(unprivilegedOwner([])).toEqual({ uid: 65534, gid: 65534 })
})

it.skipIf(isRoot)('stays who it is when it is not root', () => {
  expect(unprivilegedOwner()).toBeUndefined()
})

it('knows which directories another user can enter', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-reach-'))
  mkdirSync(join(directory, 'inner'))
  const stranger = { uid: 4_000_000, gid: 4_000_000 }
  chmodSync(directory, 0o711)
  expect(canReach(join(directory, 'inner'), stranger)).toBe(true)
  chmodSync(directory, 0o700)
  expect(canReach(join(directory, 'inner'), stranger)).toBe(false)
  expect(canReach(join(directory, 'inner'), { uid: process.getuid?.() ?? 0, gid: 0 })).toBe(true)
  rmSync(directory, { recursive: true })
})

it('finds a port that can be listened on, the wanted one while it is free', async () => {
  const port = await freePort()
  expect(await freePortPreferring(port)).toBe(port)
  const taken = createServer()
  await new Promise<void>((resolve) => void taken.listen(port, '127.0.0.1', resolve))
  expect(await freePortPreferring(port)).not.toBe(port)
  taken.close()
})
