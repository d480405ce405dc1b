/** A release by two persons from a shell: the commands, the gRPC door and the use cases over real PostgreSQL. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { command as approve } from '../../src/cli/approve.ts'
import { command as assign } from '../../src/cli/assign.ts'
import type { Command } from '../../src/cli/command.ts'
import { command as escalate } from '../../src/cli/escalate.ts'
import { command as holds } from '../../src/cli/holds.ts'
import { command as release } from '../../src/cli/release.ts'
import { run } from '../support/cli.ts'
import { authorize, call, introduce, twoGateways, type World } from '../support/two-gateways.ts'
import { type Certificates, callerUri, type Door, makeCertificates, openDoor } from '../unit/grpc/door.ts'

const Listed = z.object({ holds: z.array(z.object({ hold_id: z.string(), level: z.string() })) })

let world: World
let certificates: Certificates
let door: Door
let connection: readonly string[] = []

beforeAll(async () => {
  world = await twoGateways({
    alice: { holds: { MANUAL: { approvals: 2 } }, mlros: [{ subject: 'marat', deputies: [] }] },
  })
  await introduce(world)
  certificates = await makeCertificates()
  door = await openDoor(certificates, { gateway: world.alice.gateway() })
  const { ca, cert, key } = await certificates.client(callerUri('console'))
  connection = ['--address', door.address, '--ca', ca, '--cert', cert, '--key', key]
})

afterAll(async () => {
  await door?.close()
  certificates?.remove()
  await world?.close()
})

const cli = (command: Command, ...args: readonly string[]) => run(command, [...args, ...connection])
const list = async (...args: readonly string[]) =>
  (await cli(holds, 'list', '--json', ...args)).answer(Listed).holds.map(({ hold_id: id }) => id)

async function held(): Promise<string> {
  const id = await authorize(world)
  const by = { person: 'aida', reason: 'SUSPICION', note: 'look' }
  const { value } = await world.alice.gateway().review.hold(call('alice', { role: 'console' }), id, by)
  await world.settle()
  return value.hold.id
}

it('hands over all that one person works on', async () => {
  const holdIds = [await held(), await held()]
  for (const holdId of holdIds)
    expect((await cli(assign, holdId, '--person', 'dina', '--to', 'ana')).exit).toBe(0)
  const given = await cli(holds, 'hand-over', '--from', 'ana', '--to', 'saule', '--person', 'dina')
  expect(given.out[0]).toBe('2 hold(s) of ana given to saule')
  expect(await list('--assignee', 'ana')).toEqual([])
  expect((await list('--assignee', 'saule')).toSorted()).toEqual(holdIds.toSorted())
})

it('is proposed by one and approved by another, who sees what is proposed', async () => {
  const holdId = await held()
  const proposed = await cli(
    release,
    holdId,
    '--person',
    'aida',
    '--reason',
    'PROOF_SEEN',
    '--note',
    'I saw it',
  )
  expect(proposed.exit).toBe(1)
  expect(proposed.out.join('\n')).toMatch(/awaiting a second person[^]*tamga approve/)
  expect(await list('--proposed')).toEqual([holdId])

  const again = await cli(approve, holdId, '--person', 'aida', '--note', 'me too')
  expect(again.exit).toBe(1)
  expect(again.err.join('\n')).toContain('SECOND_PERSON_REQUIRED')
  expect(again.out.join('\n')).toMatch(/proposed PROOF_SEEN by aida[^]*I saw it/)

  const approved = await cli(approve, holdId, '--person', 'berik', '--note', 'so did I')
  expect(approved.exit).toBe(0)
  expect(approved.out.join('\n')).toMatch(/RELEASED by berik/)
  expect(await list('--proposed')).toEqual([])
})

it('is taken back by its proposer', async () => {
  const holdId = await held()
  await cli(release, holdId, '--person', 'aida', '--reason', 'PROOF_SEEN', '--note', 'n')
  expect((await cli(holds, 'withdraw', holdId, '--person', 'berik')).exit).toBe(1)
  expect((await cli(holds, 'withdraw', holdId, '--person', 'aida')).exit).toBe(0)
  const late = await cli(approve, holdId, '--person', 'berik', '--note', 'n')
  expect(late.err.join('\n')).toContain('PROPOSAL_NOT_OPEN')
})

it('goes to a person, to nobody, and to the MLRO', async () => {
  const holdId = await held()
  const given = await cli(assign, holdId, '--person', 'aida', '--to', 'berik')
  expect(given.out.join('\n')).toMatch(/with +berik/)
  expect(await list('--assignee', 'berik')).toEqual([holdId])
  expect((await cli(assign, holdId, '--person', 'berik')).exit).toBe(0)
  expect(await list('--unassigned')).toContain(holdId)

  expect((await cli(escalate, holdId, '--person', 'aida', '--note', 'structuring?')).exit).toBe(0)
  expect(await list('--level', 'mlro')).toEqual([holdId])
  const decision = ['--reason', 'PROOF_SEEN', '--note', 'n']
  const denied = await cli(release, holdId, '--person', 'berik', ...decision)
  expect(denied.err.join('\n')).toContain('PERSON_DENIED')
  expect((await cli(release, holdId, '--person', 'marat', ...decision)).exit).toBe(1)
})
