import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { command } from '../../src/cli/certs.ts'
import { readRevoked } from '../../src/grpc/revoked.ts'

const directory = mkdtempSync(join(tmpdir(), 'tamga-certs-readme-'))
const readme = readFileSync(new URL('../../certs/README.md', import.meta.url), 'utf8')
const read = (...path: string[]) => new X509Certificate(readFileSync(join(directory, ...path)))
const hasOpenssl = (spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '').startsWith(
  'OpenSSL 3',
)

afterAll(() => rmSync(directory, { recursive: true }))

it.runIf(hasOpenssl)(
  'gives openssl commands that make certificates a gateway accepts, and take one back',
  async () => {
    const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block)
    execFileSync('sh', ['-euc', blocks.join('\n')], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] })
    expect(read('exchange.pem').subjectAltName).toBe('URI:spiffe://example.com/vasp/alice/role/integrator')
    expect(read('exchange.pem').keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(read('server.pem').checkHost('gateway.example.com')).toBe('gateway.example.com')
    expect(read('server.pem').checkIssued(read('ca.pem'))).toBe(true)
    const text = (name: string) => readFileSync(join(directory, name), 'utf8')
    const revoked = await readRevoked(text('ca.crl'), text('ca.pem'))
    expect(revoked.has('CN=tamga clients', read('exchange.pem').serialNumber)).toBe(true)
    expect(revoked.has('CN=tamga clients', read('server.pem').serialNumber)).toBe(false)
  },
)

it('gives a command of ours that makes what it says', async () => {
  const block = /bin\/tamga certs (.*?)```/s.exec(readme)?.[1] ?? ''
  const [, ...args] = block.replaceAll('\\\n', ' ').trim().split(/\s+/)
  const lines: string[] = []
  const io = { env: {}, out: (line: string) => void lines.push(line), err: () => undefined }
  expect(await command.run([join(directory, 'ours'), ...args], io)).toBe(0)
  expect(lines).toEqual(
    ['clients', 'gateway', 'exchange'].map((name) => join(directory, 'ours', `${name}.pem`)),
  )
  expect(read('ours', 'exchange.pem').subjectAltName).toBe(
    'URI:spiffe://example.com/vasp/alice/role/integrator',
  )
  expect(read('ours', 'gateway.pem').checkIP('10.0.0.5')).toBe('10.0.0.5')
})

it('takes certificates back, one after the other, and makes new ones when they are asked for', async () => {
  const out = join(directory, 'revoking')
  const lines: string[] = []
  const io = { env: {}, out: (line: string) => void lines.push(line), err: () => undefined }
  const run = (...args: string[]) => command.run([out, ...args], io)
  const clients = ['a', 'b', 'c'].flatMap((name) => ['--client', `${name}=spiffe://x/vasp/alice/role/admin`])
  await run(...clients)
  const serials = ['a', 'b', 'c'].map((name) => read('revoking', `${name}.pem`).serialNumber)
  await run('--revoke', 'a')
  await run('--revoke', 'b', ...clients)
  await run('--crl')
  expect(lines.at(-1)).toBe(join(out, 'ca.crl'))
  const text = (name: string) => readFileSync(join(out, name), 'utf8')
  const { has } = await readRevoked(text('ca.crl'), text('ca.pem'))
  expect(serials.map((serial) => has('CN=ca', serial))).toEqual([true, true, false])
  const anew = ['a', 'b', 'c'].map((name) => read('revoking', `${name}.pem`).serialNumber)
  expect(anew.map((serial) => has('CN=ca', serial))).toEqual([false, false, false])
  expect(anew[2]).toBe(serials[2])
  await expect(run('--revoke', 'nobody')).rejects.toThrow(/nobody\.pem to revoke/)
})

it.each([
  [[]],
  [['dir', '--revoke', '../ca']],
  [['dir', 'other']],
  [['dir', '--client', 'no-value']],
  [['dir', '--server', '../up=host']],
  [['dir', '--days', '0']],
])('says how it is called when called with %j', async (args) => {
  const io = { env: {}, out: () => undefined, err: () => undefined }
  await expect(command.run(args, io)).rejects.toMatchObject({ name: 'UsageError' })
})
