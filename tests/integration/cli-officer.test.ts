/** The command line against a real network: what officers do about holds and counterparties. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { command as counterparty } from '../../src/cli/counterparty.ts'
import { command as holds } from '../../src/cli/holds.ts'
import { command as reject } from '../../src/cli/reject.ts'
import { command as release } from '../../src/cli/release.ts'
import { command as transfers } from '../../src/cli/transfers.ts'
import { cli, network, sendTo } from '../support/cli-network.ts'
import { ANSWERS } from '../support/questionnaire.ts'

const OFFICER = ['--person', 'officer@alice.example']

const Holds = z.object({ holds: z.array(z.object({ hold_id: z.string() })) })

describe('an officer in a shell', () => {
  it('suspends, sees why a transfer is held and what to do, reinstates, and the transfer goes on', async () => {
    const suspended = await cli(
      counterparty,
      'alice',
      'suspend',
      'bob',
      '--reason',
      'REGISTER_CHANGE',
      ...OFFICER,
    )
    expect(suspended.out[0]).toMatch(/^SUSPENDED {2}bob/)
    const sent = await sendTo('bob')
    expect(sent.exit).toBe(1)
    expect(sent.out.join('\n')).toMatch(/COUNTERPARTY_SUSPENDED[^]*tamga counterparty reinstate/)
    await cli(counterparty, 'alice', 'reinstate', 'bob', ...OFFICER)
    const id = sent.out[0]?.split(' ').at(-1) ?? ''
    await expect.poll(async () => (await cli(transfers, 'alice', 'get', id)).out[0]).toContain('PROCEED')
  })

  it('holds a transfer, releases it as it was seen, and cannot release what has changed since', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    const why = ['--reason', 'SUSPICION', '--note', 'look again']
    await cli(holds, 'alice', 'open', id, ...OFFICER, ...why)
    const [held] = (await cli(holds, 'alice', '--reason', 'manual', '--json')).answer(Holds).holds
    const holdId = held?.hold_id ?? ''
    const looked = (await cli(holds, 'alice', 'get', holdId, '--json')).json()
    await cli(holds, 'alice', 'comment', holdId, ...OFFICER, '--text', 'asked the customer')

    const decision = ['--reason', 'FALSE_POSITIVE', '--note', 'seen the contract', ...OFFICER]
    const stale = await cli(release, 'alice', holdId, ...decision, '--seen', String(looked['seen_hash']))
    expect(stale.exit).toBe(1)
    expect(stale.err.join('\n')).toContain(`look again with: tamga holds get ${holdId}`)

    const released = await cli(release, 'alice', holdId, ...decision)
    expect(released.exit).toBe(0)
    expect(released.out.join('\n')).toMatch(
      /asked the customer[^]*seen hash[^]*RELEASED by officer@alice.example/,
    )
    const twice = await cli(release, 'alice', holdId, ...decision)
    expect(twice).toMatchObject({ exit: 1, err: [expect.stringContaining('HOLD_ENDED')] })
  })

  it('rejects a held transfer, and both sides see it ended', async () => {
    const id = String((await sendTo('carol', '--json')).json()['transfer_id'])
    await cli(holds, 'alice', 'open', id, ...OFFICER, '--reason', 'SUSPICION', '--note', 'n')
    const [hold] = (await cli(transfers, 'alice/console', 'get', id, '--json')).answer(Holds).holds
    const decision = ['--reason', 'COMPLIANCE_CHECK_FAIL', '--note', 'confirmed', ...OFFICER]
    const rejected = await cli(reject, 'alice', hold?.hold_id ?? '', ...decision, '--json')
    expect(rejected).toMatchObject({ exit: 0 })
    expect(rejected.json()).toMatchObject({ result: 'REJECTED', transfer: { decision: 'STOP' } })
    await expect.poll(async () => (await cli(transfers, 'carol', 'get', id)).out[0]).toContain('STOP')
  })

  it('fetches a card, imports it with its thumbprints shown, and verifies its owner', async () => {
    const fetched = await cli(counterparty, 'carol', 'card')
    const file = join(network.directory, 'carol.card')
    writeFileSync(file, `${fetched.out.join('\n')}\n`)
    const imported = await cli(counterparty, 'alice', 'import', file, ...OFFICER)
    expect(imported.err.join()).toContain('by another channel')
    expect(imported.out.join('\n')).toMatch(/key +[A-Za-z0-9_-]{43} {2}sig/)

    const proofs = ['--licence', 'CSSF register', '--due-diligence', 'questionnaire 7']
    const lasting = ['--expires', new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10)]
    const verified = await cli(counterparty, 'alice', 'verify', 'carol', ...proofs, ...lasting, ...OFFICER)
    expect(verified.exit).toBe(0)
    expect(verified.out[0]).toMatch(/^VERIFIED {2}carol/)
    const all = (await cli(counterparty, 'alice', 'list', '--json')).json()
    expect(all['counterparties']).toMatchObject([
      { vasp_id: 'bob' },
      { vasp_id: 'carol', verdict: 'VERIFIED' },
    ])
    const unknown = await cli(counterparty, 'alice', 'get', 'nobody')
    expect(unknown).toMatchObject({ exit: 1, err: [expect.stringContaining('COUNTERPARTY_NOT_FOUND')] })
  })

  it('is looked up, questioned, limited and reported on', async () => {
    const found = (await cli(counterparty, 'alice', 'lookup', '--counterparty', 'carol', '--json')).json()
    expect(found).toMatchObject({ counterparty: { vasp_id: 'carol' }, confidence: 'HIGH' })
    const nobody = await cli(counterparty, 'alice', 'lookup', '--domain', 'example.com')
    expect([nobody.exit, nobody.err.join()]).toEqual([1, expect.stringContaining('COUNTERPARTY_NOT_FOUND')])
    const file = join(network.directory, 'answers.json')
    writeFileSync(file, JSON.stringify({ shell_vasp: 'perhaps' }))
    const wrong = await cli(counterparty, 'alice', 'questionnaire', 'carol', file, ...OFFICER)
    expect([wrong.exit, wrong.err.join()]).toEqual([1, expect.stringContaining('answers.shell_vasp')])
    writeFileSync(
      file,
      JSON.stringify({ ...ANSWERS, primary_national_jurisdiction: 'DE', primary_regulator: 'BaFin' }),
    )
    const answered = await cli(counterparty, 'alice', 'questionnaire', 'carol', file, '--json', ...OFFICER)
    expect(answered.json()).toMatchObject({
      risk: { level: 'LOW' },
      questionnaire: { answers: { shell_vasp: 'no' } },
    })
    const because = ['--reason', 'REVIEWED', ...OFFICER]
    const limited = await cli(
      counterparty,
      'alice',
      'terms',
      'carol',
      '--per-transfer',
      '100 USD',
      ...because,
    )
    expect([limited.exit, limited.out.join()]).toEqual([0, expect.stringContaining('100 USD a transfer')])
    const held = await sendTo('carol')
    expect([held.exit, held.out.join()]).toEqual([
      1,
      expect.stringContaining('the limit for one transfer is 100 USD'),
    ])
    expect((await cli(counterparty, 'alice', 'terms', 'carol', ...because)).exit).toBe(0)
    const tasks = await cli(counterparty, 'alice', 'tasks')
    expect([tasks.exit, tasks.out]).toEqual([0, ['nothing to decide about counterparties']])
    // More than 400 days are no period.
    expect((await cli(counterparty, 'alice', 'report', 'bob', '--from', '2020-01-01')).exit).toBe(1)
    const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
    const pack = (await cli(counterparty, 'alice', 'report', 'bob', '--from', from, '--json')).json()
    expect(pack).toMatchObject({
      format: 'tamga-counterparty-report/1',
      counterparty: { vasp_id: 'bob' },
      figures: expect.arrayContaining([
        expect.objectContaining({ name: 'outbound_sent', unit: 'transfers' }),
      ]),
    })
    const csv = await cli(counterparty, 'alice', 'report', 'bob', '--from', from, '--csv')
    expect(csv.out[0]).toBe('reporter,counterparty,lei,from,to,what,name,value,unit,definition')
  })
})
