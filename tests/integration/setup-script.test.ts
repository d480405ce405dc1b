/** scripts/setup.sh in a small checkout of its own, where npm, curl and the machine's tools are what the test puts there. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'

/** What any Unix has. */
const TOOLS =
  'sh cat cksum curl cut dirname env find grep head id ln ls mkdir mktemp mv paste printf rm sed sha256sum sleep sort tar tr true uname xargs'
const home = mkdtempSync(join(tmpdir(), 'tamga-setup-'))
let checkout: string
let bin: string

afterAll(() => rmSync(home, { recursive: true }))

beforeEach(() => {
  checkout = mkdtempSync(join(home, 'checkout-'))
  bin = join(checkout, 'machine')
  mkdirSync(bin)
  for (const tool of TOOLS.split(' ')) {
    const found = ['/usr/bin', '/bin'].map((directory) => join(directory, tool)).find(existsSync)
    if (found !== undefined) symlinkSync(found, join(bin, tool))
  }
  symlinkSync(process.execPath, join(bin, 'node'))
  mkdirSync(join(checkout, 'scripts'))
  copyFileSync(join(import.meta.dirname, '../../scripts/setup.sh'), join(checkout, 'scripts/setup.sh'))
  for (const name of ['package.json', 'package-lock.json'])
    writeFileSync(join(checkout, name), '{"packages":{}}')
  program('nats-server', 'echo nats-server: v2.9.10')
  // Counts its calls, takes a moment, and brings what the real one brings.
  program(
    'npm',
    'echo call >>npm-calls; sleep 0.3; mkdir -p node_modules/.bin; ln -s "$(command -v node)" node_modules/.bin/node',
  )
})

function program(name: string, script: string): void {
  rmSync(join(bin, name), { force: true })
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, name), 0o755)
}

const options = () => ({ cwd: checkout, env: { PATH: bin }, encoding: 'utf8' as const })

function setup(...command: string[]): SpawnSyncReturns<string> {
  return spawnSync(join(bin, 'sh'), ['scripts/setup.sh', ...command], { ...options(), timeout: 20_000 })
}

const npmCalls = () => readFileSync(join(checkout, 'npm-calls'), 'utf8').trim().split('\n').length

it('installs once, then runs the command without a word and without a lock', () => {
  expect(setup('printf', 'done')).toMatchObject({
    status: 0,
    stdout: 'done',
    stderr: 'setup: installing npm packages\n',
  })
  expect(setup('printf', 'done')).toMatchObject({ status: 0, stdout: 'done', stderr: '' })
  expect(npmCalls()).toBe(1)
  expect(existsSync(join(checkout, '.local/setup.lock'))).toBe(false)
})

it('installs again when the lock file has changed', () => {
  setup('true')
  writeFileSync(join(checkout, 'package-lock.json'), '{"packages":{"node_modules/new":{"version":"1.0.0"}}}')
  setup('true')
  expect(npmCalls()).toBe(2)
})

it('accepts what a plain npm install has brought', () => {
  setup('true')
  rmSync(join(checkout, 'node_modules/.tamga-lock'))
  const packages = JSON.stringify({ packages: { 'node_modules/new': { version: '1.0.0' } } })
  writeFileSync(join(checkout, 'package-lock.json'), packages)
  writeFileSync(join(checkout, 'node_modules/.package-lock.json'), packages)
  expect(setup('true').stderr).toBe('')
  expect(npmCalls()).toBe(1)
})

it('passes on how the command ended, and runs it with the pinned Node.js', () => {
  expect(setup('sh', '-c', 'exit 7').status).toBe(7)
  expect(setup('sh', '-c', 'command -v node').stdout.trim()).toBe(join(checkout, 'node_modules/.bin/node'))
})

it('lets two at once take turns', async () => {
  const runs = [1, 2].map(() => spawn(join(bin, 'sh'), ['scripts/setup.sh', 'true'], options()))
  const exits = await Promise.all(runs.map((run) => once(run, 'exit')))
  expect(exits).toEqual([
    [0, null],
    [0, null],
  ])
  expect(npmCalls()).toBe(1)
})

it.each(['99999999 1', `${process.pid} 1`])(
  'takes over the lock of a run that was killed, whose name was %j',
  (holder) => {
    mkdirSync(join(checkout, '.local/setup.lock'), { recursive: true })
    writeFileSync(join(checkout, '.local/setup.lock/holder'), `${holder}\n`)
    expect(setup('true').status).toBe(0)
  },
)

it('shows what npm said when npm fails', () => {
  program('npm', 'echo registry is closed >&2; exit 1')
  const failed = setup('true')
  expect(failed.status).toBe(2)
  expect(failed.stderr).toMatch(/registry is closed\nsetup: npm ci failed/)
  expect(existsSync(join(checkout, '.local/setup.lock'))).toBe(false)
})

it('says what is missing on a machine without npm', () => {
  rmSync(join(bin, 'npm'))
  expect(setup('true')).toMatchObject({ status: 2, stderr: expect.stringContaining('install Node.js 20') })
})

it('refuses a NATS_SERVER_BIN that is none or too old', () => {
  program('old', 'echo nats-server: v2.8.4')
  for (const given of ['/nowhere/nats-server', join(bin, 'old')]) {
    const env = { PATH: bin, NATS_SERVER_BIN: given }
    const refused = spawnSync(join(bin, 'sh'), ['scripts/setup.sh', 'true'], { ...options(), env })
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining(`2.9 or newer: ${given}`) })
  }
})

const machineHasNats = ['/usr/sbin', '/usr/local/sbin'].some((directory) =>
  existsSync(join(directory, 'nats-server')),
)

it.skipIf(machineHasNats || process.platform !== 'linux')(
  'never runs a download that is not what it should be',
  () => {
    rmSync(join(bin, 'nats-server'))
    program('curl', 'while [ "$1" != -o ]; do shift; done; echo something else >"$2"')
    const refused = setup('true')
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('does not have the SHA-256') })
    expect(existsSync(join(checkout, '.local/bin/nats-server'))).toBe(false)
  },
)

it.skipIf(machineHasNats)('says what to install when no nats-server can be had', () => {
  rmSync(join(bin, 'nats-server'))
  program('curl', 'exit 6')
  expect(setup('true')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('apt-get install nats-server'),
  })
})
