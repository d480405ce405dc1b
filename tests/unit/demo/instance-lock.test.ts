import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockDirectory } from '../../../src/demo/instance-lock.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tamga-test-lock-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const lockFile = () => join(directory, 'lock')

it('is held by one process at a time', () => {
  const lock = lockDirectory(directory)
  expect(() => lockDirectory(directory)).toThrow(`process ${process.pid}`)
  lock.release()
  lockDirectory(directory).release()
})

it('is taken over from a process that is gone', () => {
  // Above the largest process number of Linux.
  writeFileSync(lockFile(), '4194305 1')
  const lock = lockDirectory(directory)
  expect(readFileSync(lockFile(), 'utf8')).toMatch(new RegExp(`^${process.pid} `))
  lock.release()
})

it('is taken over when another process has the number of the one that held it', () => {
  writeFileSync(lockFile(), `${process.pid} 1`)
  lockDirectory(directory).release()
})

it('is taken over when what it holds names nobody', () => {
  writeFileSync(lockFile(), '')
  lockDirectory(directory).release()
})
