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
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'

/** What any Unix has. */
const TOOLS =
  'sh cat chmod cksum cp curl cut date dirname env find grep head id ln ls mkdir mktemp mv paste printf rm sed sha256sum sleep sort tar timeout tr true uname xargs'
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

describe('with --chromium', () => {
  /** A package archive whose Chromium renders what it is given, if the library beside it is found. */
  beforeEach(() => {
    program(
      'apt-get',
      `echo "$*" >>"${checkout}/apt-calls"
case "$*" in
  *"-s install"*) echo 'Inst libsomething (1 x [amd64])'; echo 'Inst chromium-headless-shell (156 x [amd64])' ;;
  *download*) : >libsomething_1.deb; : >chromium-headless-shell_156.deb ;;
esac`,
    )
    program(
      'dpkg-deb',
      `case "$2" in
  */libsomething_*) mkdir -p "$3/usr/lib/some"; : >"$3/usr/lib/some/libsomething.so.1" ;;
  *) mkdir -p "$3/usr/lib/chromium" "$3/usr/bin"
     { echo '#!/bin/sh'; echo 'IFS=:; for d in $LD_LIBRARY_PATH; do [ ! -f "$d/libsomething.so.1" ] || echo "<p>it renders: $*"; done'; } >"$3/usr/lib/chromium/chromium-headless-shell"
     chmod +x "$3/usr/lib/chromium/chromium-headless-shell" ;;
esac`,
    )
  })
  const aptCalls = () => readFileSync(join(checkout, 'apt-calls'), 'utf8').trim().split('\n')
  const unpacked = () => join(checkout, '.local/chromium/usr/bin/chromium')
  const failed = () => join(checkout, '.local/chromium.failed')

  it('fetches one with the libraries that the machine lacks, once, and only then', () => {
    expect(setup('true').stderr).not.toContain('Chromium')
    expect(setup('--chromium', 'printf', 'done')).toMatchObject({
      status: 0,
      stdout: 'done',
      stderr: 'setup: fetching Chromium for the browser tests from the Debian archive\n',
    })
    expect(aptCalls().at(-1)).toBe('download libsomething chromium-headless-shell')
    expect(spawnSync(unpacked(), ['page'], options()).stdout).toBe('<p>it renders: page\n')
    expect(setup('--chromium', 'printf', 'done')).toMatchObject({ status: 0, stdout: 'done', stderr: '' })
    expect(aptCalls()).toHaveLength(2)
  })

  it.each(['chromium', 'google-chrome'])('fetches none where the machine has %s', (name) => {
    program(name, 'true')
    expect(setup('--chromium', 'true')).toMatchObject({
      status: 0,
      stderr: 'setup: installing npm packages\n',
    })
  })

  it('fetches none where CHROMIUM_BIN names one', () => {
    const env = { PATH: bin, CHROMIUM_BIN: '/opt/chromium' }
    spawnSync(join(bin, 'sh'), ['scripts/setup.sh', '--chromium', 'true'], { ...options(), env })
    expect(existsSync(join(checkout, 'apt-calls'))).toBe(false)
  })

  const breaks: readonly (readonly [string, () => void])[] = [
    ['there is no archive', () => rmSync(join(bin, 'apt-get'))],
    ['the archive does not answer', () => program('apt-get', 'echo no network >&2; exit 100')],
    ['the package does not unpack', () => program('dpkg-deb', 'exit 2')],
    ['what was unpacked does not start', () => program('dpkg-deb', 'mkdir -p "$3/usr/bin"')],
  ]
  it.each(breaks)('goes on without when %s, says so once, and tries again a day later', (_, breakIt) => {
    breakIt()
    const without = setup('--chromium', 'sh', '-c', 'exit 7')
    expect(without.status).toBe(7)
    expect(without.stderr).toContain('no Chromium could be fetched, so the browser tests will be skipped')
    expect(existsSync(unpacked())).toBe(false)
    expect(existsSync(join(checkout, '.local/setup.lock'))).toBe(false)
    expect(setup('--chromium', 'true').stderr).toBe('')
    const yesterday = new Date(Date.now() - 25 * 3_600_000)
    utimesSync(failed(), yesterday, yesterday)
    expect(setup('--chromium', 'true').stderr).toContain('no Chromium could be fetched')
  })
})
