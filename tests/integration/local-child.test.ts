import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { type ChildOptions, startChild } from '../../src/local/child.ts'
import { orphanOf } from '../support/orphan.ts'

const directory = mkdtempSync(join(tmpdir(), 'tamga-child-'))
const logFile = join(directory, 'child.log')

afterAll(() => rmSync(directory, { recursive: true }))

function shell(script: string, options: Partial<ChildOptions> = {}) {
  return startChild({ command: 'sh', args: ['-c', script], logFile, ...options })
}

it('is ready when its own output of this start says so', async () => {
  const first = await shell('echo ready; exec sleep 60', { ready: ({ log }) => log().includes('ready') })
  await first.stop()
  const second = shell('exec sleep 60', { ready: ({ log }) => log().includes('ready'), readyTimeoutMs: 200 })
  await expect(second).rejects.toThrow('sh was not ready after 0.2 s')
})

it('tells how a program ended that never became ready, with its last words', async () => {
  const start = shell('echo no such setting >&2; exit 3', { ready: () => false })
  await expect(start).rejects.toThrow(/sh ended \(3\) before it was ready\nno such setting/)
})

it('says which program cannot be started', async () => {
  await expect(startChild({ command: '/nowhere/program', args: [], logFile })).rejects.toThrow(
    'cannot start /nowhere/program',
  )
})

it('ends by the signal it is asked to end with', async () => {
  const child = await shell('trap "echo bye; exit 0" INT; echo on; while :; do sleep 0.05; done', {
    stopSignal: 'SIGINT',
    ready: ({ log }) => log().includes('on'),
  })
  expect(await child.stop()).toEqual({ code: 0, signal: null })
  expect(readFileSync(logFile, 'utf8')).toContain('bye')
  expect(await child.stop()).toEqual({ code: 0, signal: null })
})

it('is killed when it does not end within the grace', async () => {
  const child = await shell('trap "" TERM; echo deaf; while :; do sleep 0.05; done', {
    graceMs: 200,
    ready: ({ log }) => log().includes('deaf'),
  })
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGKILL' })
  expect(child.running()).toBe(false)
})

it('stands still while paused, and can be stopped then', async () => {
  const child = await shell('while :; do echo tick; sleep 0.02; done', {
    ready: ({ log }) => log().includes('tick'),
  })
  child.pause()
  await delay(50)
  const before = child.log().length
  await delay(200)
  expect(child.log().length).toBe(before)
  child.resume()
  await delay(200)
  expect(child.log().length).toBeGreaterThan(before)
  child.pause()
  expect((await child.stop()).signal).toBe('SIGTERM')
})

it('does not outlive a parent that was killed', async () => {
  const gone = await orphanOf(`
    const { startChild } = await import('${new URL('../../src/local/child.ts', import.meta.url).href}')
    console.log((await startChild({ command: 'sleep', args: ['600'], logFile: ${JSON.stringify(logFile)} })).pid)`)
  expect(gone).toBe(true)
})

it('does not outlive a killed parent even when it ignores being asked to end and stands still', async () => {
  const gone = await orphanOf(`
    const { startChild } = await import('${new URL('../../src/local/child.ts', import.meta.url).href}')
    const child = await startChild({
      command: 'sh', args: ['-c', 'trap "" TERM; while :; do sleep 0.1; done'], logFile: ${JSON.stringify(logFile)},
    })
    child.pause()
    console.log(child.pid)`)
  expect(gone).toBe(true)
})
