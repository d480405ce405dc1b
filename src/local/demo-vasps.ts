/** Who takes part in the demo: an exchange in the AIFC, a custody platform in the EU, and a robot. */
import type { NetworkVasp } from './network.ts'

/** Fiat values are compared with thresholds in other currencies by these; fixed, so that the demo's story does not change by the day. */
const RATES = [
  { from: 'USD', to: 'EUR', rate: '0.92', at: '2026-01-02T00:00:00Z', source: 'demo' },
  { from: 'USD', to: 'KZT', rate: '510', at: '2026-01-02T00:00:00Z', source: 'demo' },
]

/** An invented sanctions list: nobody on it exists. */
const DEMO_LIST = JSON.stringify({
  list: 'demo-list',
  version: '3',
  date: '2026-11-01',
  entries: [
    { id: 'D-1', kind: 'natural', names: ['Viktor Morozenko', 'Віктор Морозенко'] },
    { id: 'D-2', kind: 'legal', names: ['Karakol Mixer Ltd.'] },
    { id: 'D-3', kind: 'address', accounts: ['eip155:1:0xbad0000000000000000000000000000000000bad'] },
  ],
})

export const ALICE: NetworkVasp = {
  id: 'alice',
  legalName: 'Alice Exchange Ltd.',
  country: 'KZ',
  licence: { regulator: 'AFSA', number: 'AFSA-A-LA-2026-0001' },
  policy: {
    personsNamedBy: 'console',
    inbound: 'ask',
    regimes: ['KZ-AIFC'],
    rates: RATES,
    threshold: {
      amount: '10',
      currency: 'USD',
      pack: 'demo-house-rule',
      version: '1',
      clause: 'transfers worth less than USD 10 need no exchange (a rule of the demo, not of a regulator)',
    },
    reachabilitySeconds: 86_400,
    screening: { providers: ['list'] },
  },
  screeningList: DEMO_LIST,
}

export const BOB: NetworkVasp = {
  id: 'bob',
  legalName: 'Bob Custody S.A.',
  country: 'LU',
  licence: { regulator: 'CSSF', number: 'CASP-2026-0002' },
  policy: {
    personsNamedBy: 'console',
    inbound: 'ask',
    regimes: ['EU'],
    rates: RATES,
    reachabilitySeconds: 86_400,
  },
}

/** The robot that takes transfers, and the one that speaks where it has no say. */
export const ROBOT_IDS = ['robot', 'mallory'] as const
