import { describe, expect, it } from 'vitest'
import { csvOf } from '../../src/cli/counterparty/report.ts'
import { attribute, domainsAbove } from '../../src/domain/counterparty/attribution.ts'
import { figuresOf, isRepeated } from '../../src/domain/counterparty/failures.ts'
import { limitFindings } from '../../src/domain/counterparty/limits.ts'
import { FORMS, formOf, readAnswers } from '../../src/domain/counterparty/questionnaire.ts'
import { approveTask, type CounterpartyTask, decideTask } from '../../src/domain/counterparty/task.ts'

const NOW = new Date('2026-06-15T12:00:00Z')

describe('attribution', () => {
  const evidence = (counterpartyId: string, confidence: 'LOW' | 'MEDIUM' | 'HIGH') =>
    ({ counterpartyId, confidence, kind: 'DOMAIN', source: 's', reference: 'r', seenAt: NOW }) as const
  it('takes the strongest evidence for one, and none when there are two, however weak the other', () => {
    expect(attribute([])).toEqual({ outcome: 'none' })
    expect(attribute([evidence('bob', 'LOW'), evidence('bob', 'HIGH')])).toMatchObject({
      outcome: 'one',
      confidence: 'HIGH',
    })
    expect(attribute([evidence('bob', 'HIGH'), evidence('eve', 'LOW')])).toEqual({
      outcome: 'ambiguous',
      counterpartyIds: ['bob', 'eve'],
    })
  })
  it('looks above a host, but never at a top-level domain', () => {
    expect(domainsAbove('A.b.Com')).toEqual(['a.b.com', 'b.com'])
  })
})

describe('forms', () => {
  it('have one version each and no question twice', () => {
    expect(new Set(FORMS.map(({ version }) => version)).size).toBe(FORMS.length)
    for (const { questions } of FORMS)
      expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length)
  })
  it.each([
    ['other_jurisdictions', ['LU', 'DE'], true],
    ['other_jurisdictions', ['lu'], false],
    ['other_jurisdictions', 'LU', false],
    ['compliance_threshold', '1000 USD', true],
    ['compliance_threshold', '1,000 USD', false],
    ['record_keeping_years', '5', true],
    ['record_keeping_years', '500', false],
    ['last_independent_audit', '2026-02-29', false],
    ['last_independent_audit', '2026-02-28', true],
    ['primary_regulator', 'a\u0000b', false],
    ['primary_regulator', 7, false],
    ['shell_vasp', { toString: () => 'no' }, false],
  ])('%s %j: %s', (id, answer, isGood) => {
    const form = formOf('tamga-ddq/1')
    if (form === undefined) throw new Error('it is there')
    const read = readAnswers(form, { [id]: answer })
    const wrong = 'problems' in read ? read.problems.filter((one) => one.id === id) : []
    expect(wrong.length === 0).toBe(isGood)
  })
})

describe('a task', () => {
  const task: CounterpartyTask = {
    id: 't',
    counterpartyId: 'bob',
    kind: 'KEYS_CHANGED',
    finding: {},
    card: 'a.b.c',
    state: 'open',
    openedAt: NOW,
    deadline: NOW,
  }
  const proposed = decideTask(task, { decision: 'ACCEPT_KEYS', reason: 'R', person: 'ann' }, {}, NOW)
  it('is only proposed by one person, and approved by another in time', () => {
    expect(proposed.state).toBe('proposed')
    expect(approveTask(proposed, 'berik', {}, 60, NOW)).toMatchObject({
      state: 'done',
      approved: { by: 'berik' },
    })
    expect(() => approveTask(proposed, 'berik', {}, 60, new Date(NOW.getTime() + 60_000))).toThrow(/in time/)
  })
  it('is not approved by who turns out to be the same person', () => {
    const policy = { persons: { ann: 'p', berik: 'p' } }
    expect(() => approveTask(proposed, 'berik', policy, 60, NOW)).toThrow(/another natural person/)
  })
})

it('failure is repeated only where both the number and the share are reached', () => {
  const counted = {
    outbound_sent: 10,
    outbound_answered: 5,
    late: 1,
    silent: 1,
    unfinished: 9,
    answer_median: 1,
    inbound_received: 10,
    missing: 1,
    unremedied: 1,
    wrong: 0,
    messages_refused: 99,
  }
  const figures = figuresOf(counted)
  expect(figures).toMatchObject({ failures: 3, failure_percent: 15 })
  expect(isRepeated(figures, { windowDays: 1, failures: 3, percent: 15 })).toBe(true)
  expect(isRepeated(figures, { windowDays: 1, failures: 4, percent: 15 })).toBe(false)
  expect(isRepeated(figures, { windowDays: 1, failures: 3, percent: 16 })).toBe(false)
  const nothing = { ...counted, outbound_sent: 0, inbound_received: 0, late: 0, silent: 0, missing: 0 }
  expect(figuresOf(nothing).failure_percent).toBe(0)
})

it('a limit is exceeded from the first unit above it on, and by what has no value', () => {
  const peer = {
    id: 'bob',
    legalName: 'Bob',
    country: 'LU',
    card: '',
    cardVersion: 1,
    proofs: [],
    version: 1,
    diligence: { limits: { perDay: { amount: '100', currency: 'EUR' }, by: 'x', at: NOW, reason: 'R' } },
  }
  const policy = { requiredProofs: [], deniedCountries: [] }
  const codes = (amount: string | undefined, unknown = 0) =>
    limitFindings(
      peer,
      policy,
      { fiat: amount === undefined ? undefined : { amount, currency: 'EUR' }, rates: [], now: NOW },
      { sums: [{ amount: '60', currency: 'EUR' }], unknown },
    ).map(({ code }) => code)
  expect(codes('40')).toEqual([])
  expect(codes('40.000000000000000001')).toEqual(['LIMIT_PER_DAY'])
  expect(codes(undefined)).toEqual(['LIMIT_PER_DAY_UNKNOWN'])
  expect(codes('1', 1)).toEqual(['LIMIT_PER_DAY_UNKNOWN'])
})

it('a report as CSV quotes what it must, and holds no formula', () => {
  const lines = csvOf({
    basis: [],
    reporterVaspId: 'alice',
    reporterLegalName: '',
    reporterCountry: 'KZ',
    reporterLei: '',
    counterparty: undefined,
    from: NOW,
    to: NOW,
    madeAt: NOW,
    figures: [{ name: 'silent', value: 2, unit: 'transfers', definition: '=cmd|"x", and more' }],
    steps: [{ at: NOW, kind: 'counterparty.suspended', actor: '@ann', data: '{"a":1}' }],
    foundAt: undefined,
    reportBy: undefined,
  })
  expect(lines).toHaveLength(3)
  expect(lines[1]).toBe(`alice,,,2026-06-15,2026-06-15,figure,silent,2,transfers,"'=cmd|""x"", and more"`)
  expect(lines[2]).toContain(`,'@ann,"{""a"":1}"`)
})
