import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Decision } from '../../src/gen/travelrule/v1/common.ts'
import { connectAs } from '../../src/local/introduce.ts'

const TAMGA = join(import.meta.dirname, '../../bin/tamga')

/** About 55 s on two idle cores. */
const STORY_MILLISECONDS_MAX = 230_000

const Ready = z.object({
  profiles: z.string(),
  postgres: z.string(),
  nats: z.string(),
  gateways: z.array(z.object({ vasp: z.string(), grpc: z.string(), http: z.string() })),
  addresses: z.array(z.object({ to: z.string(), address: z.string() })),
})
const Profile = z.object({ address: z.string(), ca: z.string(), cert: z.string(), key: z.string() })

describe('tamga demo', () => {
  let directory: string
  const started: ChildProcess[] = []
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tamga-test-demo-'))
  })
  afterAll(() => {
    for (const child of started) child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })

  async function start() {
    const child = spawn(TAMGA, ['demo', '--json', '--directory', directory], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    started.push(child)
    const startedAt = performance.now()
    const ended = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the demo ended with ${code}`)),
    )
    const [line]: unknown[] = await Promise.race([once(createInterface(child.stdout), 'line'), ended])
    const seconds = (performance.now() - startedAt) / 1000
    return { child, seconds, ready: Ready.parse(JSON.parse(String(line))) }
  }

  async function stop(child: ChildProcess): Promise<unknown> {
    child.kill('SIGINT')
    const [code]: unknown[] = await once(child, 'exit')
    return code
  }

  it('accepts a transfer to bob, says no to a second instance, stops without a trace, and starts again with what it knew', async () => {
    const first = await start()
    const profileOf = ({ profiles }: z.infer<typeof Ready>) =>
      Profile.parse(JSON.parse(readFileSync(join(profiles, 'alice-integrator.json'), 'utf8')))
    const alice = connectAs(profileOf(first.ready))
    const known = (await alice.transfers.listTransfers({ pageSize: 200 })).transfers.length
    const toBob = first.ready.addresses.find(({ to }) => to === 'bob')
    const { transfer } = await alice.transfers.authorizeTransfer({
      requestId: 'from a test',
      asset: 'eip155:1/slip44:60',
      amount: '1.5',
      destination: toBob?.address,
      fiatValue: { amount: '4500', currency: 'USD' },
      counterparty: { vaspId: 'bob' },
      identity: { ivms101: readFileSync('tests/vectors/ivms101/payloads/2023-base.json', 'utf8') },
      wait: { seconds: 10n, nanos: 0 },
    })
    expect(transfer?.decision).toBe(Decision.PROCEED)
    alice.close()

    const second = spawnSync(TAMGA, ['demo', '--directory', directory], { encoding: 'utf8' })
    expect(second.status).toBe(2)
    expect(second.stderr.trim().split('\n')).toEqual([expect.stringContaining('a demo already runs')])

    expect(await stop(first.child)).toBe(0)
    for (const port of portsOf(first.ready)) expect(await answers(port)).toBe(false)

    const again = await start()
    expect(again.seconds).toBeLessThan(15)
    const returned = connectAs(profileOf(again.ready))
    const { transfers } = await returned.transfers.listTransfers({ pageSize: 200 })
    returned.close()
    expect(await stop(again.child)).toBe(0)
    expect(transfers.map(({ transferId }) => transferId)).toContain(transfer?.transferId)
    // The invented day is not lived twice.
    expect(transfers.length).toBe(known + 1)
  })
})

it('plays the story, and every line of it comes out right', {
  timeout: STORY_MILLISECONDS_MAX + 10_000,
}, () => {
  const { status, stdout } = spawnSync(TAMGA, ['demo', '--check', '--json'], {
    encoding: 'utf8',
    maxBuffer: 10_000_000,
    timeout: STORY_MILLISECONDS_MAX,
  })
  const { ok, lines } = z
    .object({ ok: z.boolean(), lines: z.array(z.looseObject({ title: z.string(), ok: z.boolean() })) })
    .parse(JSON.parse(stdout))
  expect(lines.filter((line) => !line.ok)).toEqual([])
  expect(lines.length).toBeGreaterThan(50)
  expect({ ok, status }).toEqual({ ok: true, status: 0 })
})

function portsOf({ gateways, nats, postgres }: z.infer<typeof Ready>): number[] {
  const urls = [...gateways.flatMap(({ grpc, http }) => [`tcp://${grpc}`, http]), nats, `tcp://${postgres}`]
  return urls.map((url) => Number(new URL(url).port))
}

/** Whether somebody listens on this port. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
