/** The command line against a real network: an exchange, a back office, the launcher. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { command as assess } from '../../src/cli/assess.ts'
import { command as holds } from '../../src/cli/holds.ts'
import { command as inbound } from '../../src/cli/inbound.ts'
import { command as transfers } from '../../src/cli/transfers.ts'
import { command as watch } from '../../src/cli/watch.ts'
import { ADDRESS, cli, ETHER, identity, network, sendTo } from '../support/cli-network.ts'

const TAMGA = join(import.meta.dirname, '../../bin/tamga')

describe('an exchange in a shell', () => {
  it('sends, is told to proceed, redeems the permit, settles, and sees all of it in the stream', async () => {
    const sent = await sendTo('bob', '--wait', '20', '--json', '--request-id', 'shell-1')
    expect(sent.err).toEqual([])
    const transfer = sent.json()
    expect(transfer).toMatchObject({ decision: 'PROCEED', state: 'ACCEPTED', holds: [], vasp_id: 'alice' })
    expect(sent.exit).toBe(0)
    const id = String(transfer['transfer_id'])

    const again = await sendTo('bob', '--wait', '20', '--json', '--request-id', 'shell-1')
    expect(again.json()['transfer_id']).toBe(id)

    const wrong = ['--asset', ETHER, '--amount', '1.6', '--destination', ADDRESS]
    const refused = await cli(transfers, 'alice', 'redeem', String(transfer['permit']), ...wrong)
    expect(refused.exit).toBe(1)
    expect(refused.err[0]).toContain('PERMIT_MISMATCH')

    const right = ['--asset', ETHER, '--amount', '1.5', '--destination', ADDRESS]
    expect(await cli(transfers, 'alice', 'redeem', String(transfer['permit']), ...right)).toMatchObject({
      exit: 0,
    })
    const settled = await cli(transfers, 'alice', 'settle', id, '--tx', `0x${'ab'.repeat(32)}`)
    expect(settled.out[1]).toContain('COMPLETED')

    const seen = await cli(watch, 'alice', '--cursor', 'start', '--count', '1', '--json')
    const first = seen.json()
    const next = await cli(watch, 'alice', '--cursor', String(first['cursor']), '--count', '2')
    expect(first).toMatchObject({ event: 'created', transfer: { transfer_id: id } })
    expect(next.out).toHaveLength(2)
    expect(next.out.join('\n')).toContain(id)
    const listed = await cli(transfers, 'alice', '--state', 'completed', '--json')
    expect(listed.json()['transfers']).toMatchObject([{ transfer_id: id }])
  })

  it('never exits 0 for what must wait, and shows what is awaited', async () => {
    const sent = await sendTo('carol')
    expect(sent.exit).toBe(1)
    expect(sent.out[0]).toMatch(/^WAIT {2}transfer [0-9a-f-]{36}$/)
    expect(sent.out.join('\n')).toMatch(/next +carol decides/)
    const id = sent.out[0]?.split(' ').at(-1) ?? ''
    const cancelled = await cli(transfers, 'alice', 'cancel', id, '--reason', 'CUSTOMER_REQUEST')
    expect(cancelled.out[0]).toBe(`STOP  transfer ${id}`)
    expect(cancelled.out.join('\n')).toContain('do not broadcast')
  })

  it('names every wrong field of its own message', async () => {
    const sent = await sendTo('bob', '--amount', '1,5', '--destination', 'nowhere')
    expect(sent.exit).toBe(1)
    expect(sent.err[0]).toContain('REQUEST_INVALID')
    expect(sent.err.slice(1).map((line) => line.trim().split(':')[0])).toEqual(['amount', 'destination'])
    const json = (await sendTo('bob', '--amount', '1,5', '--json')).json()
    expect(json).toMatchObject({ error: { reason: 'REQUEST_INVALID', fields: [{ field: 'amount' }] } })
  })

  it('assesses without any effect', async () => {
    const args = ['--asset', ETHER, '--amount', '0.001', '--fiat', '3 USD', '--counterparty', 'bob']
    expect(await cli(assess, 'alice', ...args)).toMatchObject({ exit: 0 })
    expect((await cli(assess, 'alice', ...args, '--json')).json()).toMatchObject({ verdict: 'NOT_REQUIRED' })
  })

  it('is refused what its role may not do', async () => {
    const ran = await cli(holds, 'alice/integrator', 'list')
    expect(ran.exit).toBe(1)
    expect(ran.err[0]).toContain('CALLER_DENIED')
  })
})

describe("carol's back office in a shell", () => {
  it('watches without printing the parties, asks for a repair, and accepts what comes back', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    let seen = ''
    let cursor = 'start'
    while (!seen.includes(id)) {
      const ran = await cli(inbound, 'carol', '--cursor', cursor, '--count', '1', '--json')
      cursor = String(ran.json()['cursor'])
      seen += ran.out.join('')
    }
    expect(seen).not.toMatch(/Okafor|Tanaka|ivms101/)

    const field = '/originator/originatorPerson/0/accountNumber/0:ACCOUNT_UNKNOWN:check the account: number'
    expect(await cli(inbound, 'carol', 'repair', id, '--field', field)).toMatchObject({ exit: 0 })
    await expect.poll(async () => (await cli(transfers, 'alice', 'get', id)).out[1]).toContain('REPAIR')
    const asked = await cli(transfers, 'alice', 'get', id)
    expect(asked.out.join('\n')).toContain('check the account: number (ACCOUNT_UNKNOWN)')

    await cli(transfers, 'alice', 'repair', id, '--identity', identity)
    await expect
      .poll(() => cli(inbound, 'carol', 'accept', id, '--held', identity))
      .toMatchObject({ exit: 0 })
    await expect.poll(async () => (await cli(transfers, 'alice', 'get', id)).out[0]).toContain('PROCEED')
  })

  it('rejects with a code that the other side is told', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    await expect
      .poll(() => cli(inbound, 'carol', 'reject', id, '--code', 'NAME_UNKNOWN'))
      .toMatchObject({ exit: 0 })
    await expect
      .poll(async () => (await cli(transfers, 'alice', 'get', id)).out.join())
      .toContain('NAME_UNKNOWN')
  })
})

describe('the launcher', () => {
  it('ends a watch at Ctrl-C without a complaint, saying how to resume', async () => {
    const args = ['watch', '--cursor', 'start', '--as', 'alice', '--data', network.directory]
    const child = spawn(TAMGA, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const complaint: string[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => complaint.push(text))
    const closed = once(child, 'close')
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await closed).toEqual([0, null])
    expect(complaint.join('')).toMatch(/^resume with: tamga watch --cursor \S+\n$/)
  })

  it('says in one sentence where no gateway answers, and exits 2', async () => {
    const { ca, cert, key } = network.profile('alice', 'integrator')
    const args = ['transfers', '--address', '127.0.0.1:9', '--ca', ca, '--cert', cert, '--key', key]
    const failed = await promisify(execFile)(TAMGA, args).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 2, stdout: '' })
    expect(failed).toHaveProperty(
      'stderr',
      expect.stringContaining('no connection to the gateway at 127.0.0.1:9'),
    )
  })
})
