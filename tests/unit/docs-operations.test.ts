import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeConfig } from '../../src/config.ts'
import { loadVasps } from '../../src/vasps.ts'
import { expectPart, read, table } from './docs-page.ts'

const PAGE = 'docs/operations.md'

it('lists every setting as the gateway describes it', () => {
  const rows = describeConfig({}).map(({ name, meaning, fallback }) => [
    `\`${name}\``,
    meaning.replaceAll('<', '\\<'),
    fallback === undefined ? '' : `\`${fallback}\``,
  ])
  expectPart(PAGE, 'settings', table(['Setting', 'Meaning', 'Unless set'], rows))
})

const MEANINGS: Readonly<Record<string, string>> = {
  inbound:
    '`accept` at once, `ask` the back office, ask it by [`webhook`](webhooks.md#the-decision-webhook), or `hold` for a person',
  regimes: 'the regimes that bind, as `tamga rules list` names them',
  rates: 'stored rates for comparing values with thresholds in another currency',
  holdUnverifiedRules: 'hold transfers whose rule rests on a figure of low confidence',
  exchangeSeconds: 'how long the counterparty has to answer',
  review: 'how long the back office has to decide, and what happens then',
  permitSeconds: 'how long a permit is good',
  settlementSeconds: 'how long the transaction id may take',
  unreachableSeconds: 'how long a request may go without a receipt',
  hold: 'how long a person has, and what happens then',
  holds: 'exceptions from `hold`, by reason',
  fourEyes: 'releases that take two persons, by reason, value, asset or counterparty',
  proposalSeconds: 'how long a proposed release may wait for the second person',
  personsNamedBy:
    'who says which person acts: `token`, the gateway by accounts and verified tokens; `console`, the console, which is believed',
  depositWindowSeconds: 'how long before a deposit an announcement of the same amount counts as its own',
  requiredProofs: 'what a counterparty needs to be VERIFIED',
  reachabilitySeconds: 'how long a pong proves reachability',
  deniedCountries: 'countries whose VASPs are not dealt with',
  counterparties: '[what is asked of counterparties besides](counterparties.md#policy)',
}

it('lists what a VASP decides for itself, with what holds when it does not', () => {
  const policy = Object.entries(untoldPolicy())
  expect(policy.map(([name]) => name)).toEqual(Object.keys(MEANINGS))
  const rows = policy.map(([name, value]) => [
    `\`${name}\``,
    MEANINGS[name] ?? '',
    `\`${JSON.stringify(value)}\``,
  ])
  expectPart(PAGE, 'policy', table(['Member', 'Meaning', 'Unless set'], rows))
})

/** The policy of a VASP whose entry in the file says nothing about it. */
function untoldPolicy(): object {
  const [example]: { policy?: object }[] = JSON.parse(read('deploy/vasps/alice.json'))
  const directory = mkdtempSync(join(tmpdir(), 'tamga-docs-policy-'))
  try {
    const file = join(directory, 'vasps.json')
    writeFileSync(file, JSON.stringify([{ ...example, policy: {} }]))
    return loadVasps(file).get('alice')?.policy ?? {}
  } finally {
    rmSync(directory, { recursive: true })
  }
}
