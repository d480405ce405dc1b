import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { command } from '../../src/cli/certs.ts'

const directory = mkdtempSync(join(tmpdir(), 'tamga-certs-readme-'))
const readme = readFileSync(new URL('../../certs/README.md', import.meta.url), 'utf8')
const read = (...path: string[]) => new X509Certificate(readFileSync(join(directory, ...path)))
const hasOpenssl = (spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '').startsWith(
  'OpenSSL 3',
)

afterAll(() => rmSync(directory, { recursive: true }))

it.runIf(hasOpenssl)('gives openssl commands that make certificates a gateway accepts', () => {
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block)
  execFileSync('sh', ['-euc', blocks.join('\n')], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] })
  expect(read('exchange.pem').subjectAltName).toBe('URI:spiffe://example.com/vasp/alice/role/integrator')
  expect(read('exchange.pem').keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
  expect(read('server.pem').checkHost('gateway.example.com')).toBe('gateway.example.com')
  expect(read('server.pem').checkIssued(read('ca.pem'))).toBe(true)
})

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

it.each([
  [[]],
  [['dir', 'other']],
  [['dir', '--client', 'no-value']],
  [['dir', '--server', '../up=host']],
  [['dir', '--days', '0']],
])('says how it is called when called with %j', async (args) => {
  const io = { env: {}, out: () => undefined, err: () => undefined }
  await expect(command.run(args, io)).rejects.toMatchObject({ name: 'UsageError' })
})
