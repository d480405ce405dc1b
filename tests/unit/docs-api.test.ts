import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CALLER_ROLES } from '../../src/app/gateway.ts'
import { EXCHANGE_STATES } from '../../src/domain/transfer/states.ts'
import { decisionOf, EVENT_TYPES, type Transfer } from '../../src/domain/transfer/transfer.ts'
import { mayCall, RULES } from '../../src/grpc/rules.ts'
import { expectPart, fenced, read, table } from './docs-page.ts'

const PAGE = 'docs/api.md'

describe('the API guide', () => {
  it.each(readdirSync('docs/examples'))('shows %s as it is run by tests/e2e/docs-api.test.ts', (file) => {
    expectPart(PAGE, file, fenced('ts', read(`docs/examples/${file}`)))
  })

  it('tells who may call what as the rules have it', () => {
    const rows = Object.keys(RULES)
      .filter((path) => path.startsWith('/travelrule.v1.'))
      .map((path) => [
        `\`${path.replace('/travelrule.v1.', '')}\``,
        ...CALLER_ROLES.map((role) => (mayCall(role, path) ? 'yes' : '')),
      ])
    expectPart(PAGE, 'roles', table(['RPC', ...CALLER_ROLES.map((role) => `\`${role}\``)], rows))
  })

  it('tells the decision of each state as the domain derives it', () => {
    const rows = EXCHANGE_STATES.map((state) => [
      `\`${state}\``,
      ...(['originator', 'beneficiary'] as const).flatMap((role) =>
        [[], [HOLD]].map((holds) => decisionOf({ ...TRANSFER, role, state, holds }, NOW)),
      ),
    ])
    const head = ['State', 'outbound', 'outbound, open hold', 'inbound', 'inbound, open hold']
    expectPart(PAGE, 'decisions', table(head, rows))
  })

  it('names every event once, in the order of the domain', () => {
    const [, section = ''] = /### Events\n([^]*?)\n##/.exec(read(PAGE)) ?? []
    const named = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, event]) => event)
    expect(named).toEqual(EVENT_TYPES)
  })
})

const NOW = new Date('2026-01-01T00:00:00Z')
const LATER = new Date('2026-01-01T00:30:00Z')

const HOLD: Transfer['holds'][number] = {
  id: 'h',
  reason: 'MANUAL',
  finding: { check: 'policy', code: 'SUSPICION', message: 'a person put the transfer on hold' },
  state: 'open',
  openedAt: NOW,
  deadline: LATER,
  outcomeAtDeadline: 'KEEP_HOLDING',
  overdue: false,
}

const TRANSFER: Transfer = {
  vaspId: 'alice',
  id: 't',
  role: 'originator',
  counterpartyId: 'bob',
  state: 'started',
  version: 1,
  ownSeq: 1,
  peerSeq: 1,
  asset: 'eip155:1/slip44:60',
  amount: '1',
  secret: { destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb' },
  exempt: false,
  holds: [],
  cleared: [],
  approvers: [],
  repairs: [],
  delivery: 'receipted',
  permit: { jti: 'p', issuedAt: NOW, expiresAt: LATER },
  createdAt: NOW,
  updatedAt: NOW,
}
