/** A VASP with two replicas stops believing its console: by a policy that two persons publish, with accounts made in a shell. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectGateway } from '../../src/grpc/client.ts'
import { ALICE, BOB } from '../../src/local/demo-vasps.ts'
import { identityPayload } from '../support/identity.ts'
import { type Lab, startLab } from '../support/lab.ts'
import { read } from '../unit/grpc/door.ts'

const TAMGA = join(import.meta.dirname, '../../bin/tamga')
const PASSWORD = 'correct horse battery'
let lab: Lab
let connection: readonly string[] = []
const tokens = new Map<string, string>()

beforeAll(async () => {
  lab = await startLab([ALICE, { ...BOB, policy: { ...BOB.policy, inbound: 'ask' } }], 2)
  connection = profile(0)
}, 120_000)
afterAll(() => lab?.remove())

function profile(replica: number): readonly string[] {
  const { address, ca, cert, key } = lab.network.profile('alice', 'console', replica)
  return ['--address', address, '--ca', ca, '--cert', cert, '--key', key]
}

function tamga(args: readonly string[], input = '') {
  const environment = lab.network.replicas.get('alice')?.[0]?.environment ?? {}
  const { status, stdout, stderr } = spawnSync(TAMGA, args, { input, env: environment, encoding: 'utf8' })
  return { exit: status, out: stdout, err: stderr }
}

const as = (person: string) => ['--person', person, '--token', tokens.get(person) ?? 'no token']

function signIn(person: string): void {
  const file = join(lab.network.directory, `${person}.token`)
  const { exit, err } = tamga(
    ['sign-in', ...connection, '--person', person, '--token', file],
    `${PASSWORD}\n`,
  )
  expect({ exit, err }).toMatchObject({ exit: 0 })
  tokens.set(person, file)
}

test('a policy that two persons publish reaches every replica, and from then on only tokens name persons', async () => {
  for (const [person, role] of [
    ['aida', 'senior'],
    ['berik', 'senior'],
  ] as const) {
    const made = tamga(
      ['operator', 'add', person, '--role', `alice/${role}`, '--name', person, '--ask', '--no-totp'],
      `${PASSWORD}\n`,
    )
    expect(made).toMatchObject({ exit: 0 })
  }
  const holdId = await heldTransfer()
  const file = join(lab.network.directory, 'policy.json')
  writeFileSync(file, JSON.stringify({ ...ALICE.policy, personsNamedBy: 'token' }))

  const proposed = tamga(['policy', 'propose', file, '--person', 'aida', '--json', ...connection])
  expect(proposed).toMatchObject({ exit: 0 })
  const { version, hash } = JSON.parse(proposed.out)
  const approval = ['policy', 'approve', String(version), '--hash', hash, ...connection]
  expect(tamga([...approval, '--person', 'aida']).err).toContain('SECOND_PERSON_REQUIRED')
  expect(tamga([...approval, '--person', 'berik'])).toMatchObject({ exit: 0 })

  for (const replica of [0, 1]) {
    const { address, ...files } = lab.network.profile('alice', 'console', replica)
    const client = connectGateway({ address, ...read(files) })
    const comment = () =>
      client.review
        .commentHold({ requestId: `c${replica}`, holdId, person: { subject: 'aida' }, text: 'x' })
        .then(
          () => 'OK',
          (error: { reason?: string }) => error.reason,
        )
    // Without a restart; before that, the console would be believed.
    await expect.poll(comment, { timeout: 20_000, interval: 500 }).toBe('PERSON_TOKEN_REQUIRED')
    client.close()
  }
  for (const person of ['aida', 'berik']) signIn(person)
  const decide = ['release', holdId, '--reason', 'PROOF_SEEN', '--note', 'seen', ...connection]
  expect(tamga([...decide, '--person', 'aida']).err).toContain('PERSON_TOKEN_REQUIRED')
  expect(tamga([...decide, '--person', 'marat', '--token', tokens.get('aida') ?? '']).err).toContain(
    'PERSON_MISMATCH',
  )
  expect(tamga([...decide, ...as('aida')])).toMatchObject({ exit: 0 })

  expect(tamga(['operator', 'disable', 'berik'])).toMatchObject({ exit: 0 })
  const denied = tamga(['policy', 'propose', file, ...as('berik'), ...connection])
  expect(denied.err).toContain('PERSON_TOKEN_INVALID')
}, 180_000)

/** A transfer that a person holds, while the console is still believed. Gives the hold. */
async function heldTransfer(): Promise<string> {
  const clients = (['integrator', 'console'] as const).map((role) => {
    const { address, ...files } = lab.network.profile('alice', role)
    return connectGateway({ address, ...read(files) })
  })
  const [exchange, officer] = clients
  try {
    const sent = await exchange?.transfers.authorizeTransfer({
      requestId: 'held-1',
      asset: 'eip155:1/slip44:60',
      amount: '1',
      destination: 'eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb',
      fiatValue: { amount: '3000.00', currency: 'USD' },
      counterparty: { vaspId: 'bob' },
      identity: { ivms101: identityPayload() },
    })
    const transferId = sent?.transfer?.transferId ?? ''
    const asked = {
      requestId: 'held-2',
      transferId,
      person: { subject: 'aida' },
      reason: 'SUSPICION',
      note: 'n',
    }
    return (await officer?.review.holdTransfer(asked))?.hold?.holdId ?? ''
  } finally {
    for (const client of clients) client.close()
  }
}
