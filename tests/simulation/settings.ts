/** What a seed decides before anything happens: how the two VASPs work, how many transfers there are, and how bad the weather is. */

import type { Random } from '../../src/chaos/random.ts'
import type { LocalVasp } from '../../src/domain/policy.ts'
import { policyOf } from '../../src/vasps.ts'

export const VASP_IDS = ['alice', 'bob'] as const
export type VaspId = (typeof VASP_IDS)[number]
export const OTHER: { readonly [V in VaspId]: VaspId } = { alice: 'bob', bob: 'alice' }

/** Chances, per statement or message; 0 once the weather has cleared. */
export interface Weather {
  /** The process dies where it is. */
  readonly crash: number
  /** A statement fails, half of the time after it was done. */
  readonly failure: number
  readonly slowStatement: number
  readonly loss: number
  readonly copy: number
  readonly delay: number
}

export interface Settings {
  readonly vasps: { readonly [V in VaspId]: LocalVasp }
  readonly weather: Weather
  readonly transfers: number
  /** Ways that are cut for a while: from, to, and when, in milliseconds after the start. */
  readonly cuts: readonly { readonly way: string; readonly from: number; readonly to: number }[]
  /** When the broker loses everything that it holds. */
  readonly wipes: readonly number[]
  /** How far each replica's clock is off, in milliseconds; the envelopes' times allow a minute. */
  readonly skew: { readonly [V in VaspId]: readonly number[] }
}

export const TRAFFIC_MILLISECONDS = 120_000
export const WEATHER_MILLISECONDS = 180_000
/** By then every clock that a policy below can set has rung, and every envelope has come or expired. */
export const END_MILLISECONDS = 4_500_000

const RATES = [{ from: 'USD', to: 'EUR', rate: '0.92', at: '2026-01-02T00:00:00Z', source: 'simulation' }]

export function settingsOf(random: Random): Settings {
  const fine = random.chance(0.1)
  const skew = () => Math.round(random.between(-15_000, 15_000))
  const bad = (most: number) => (fine ? 0 : random.next() ** 2 * most)
  return {
    vasps: { alice: vaspOf('alice', 'KZ', 'KZ-AIFC', random), bob: vaspOf('bob', 'LU', 'EU', random) },
    weather: {
      crash: bad(0.004),
      failure: bad(0.02),
      slowStatement: bad(0.02),
      loss: bad(0.3),
      copy: bad(0.3),
      delay: bad(0.3),
    },
    transfers: 3 + random.below(8),
    cuts: Array.from({ length: random.below(4) }, () => {
      const from = random.between(0, WEATHER_MILLISECONDS)
      const way = random.pick(['alice>bob', 'bob>alice'])
      // Long enough, now and then, for the other side to count as silent.
      const length = random.about(random.chance(0.4) ? 120_000 : 30_000)
      return { way, from, to: Math.min(from + length, WEATHER_MILLISECONDS) }
    }),
    wipes: Array.from({ length: random.below(3) }, () => random.between(0, WEATHER_MILLISECONDS)),
    skew: { alice: [skew(), skew()], bob: [skew(), skew()] },
  }
}

function vaspOf(id: VaspId, country: string, regime: string, random: Random): LocalVasp {
  const seconds = (low: number, high: number) => Math.round(random.between(low, high))
  const policy = policyOf({
    personsNamedBy: 'console',
    inbound: random.pick(['accept', 'ask', 'ask', 'hold']),
    regimes: [regime],
    rates: RATES,
    threshold: { amount: '10', currency: 'USD', pack: 'simulation', version: '1', clause: 'small transfers' },
    exchangeSeconds: seconds(20, 600),
    review: { deadlineSeconds: seconds(10, 300), outcome: random.pick(['REJECT', 'KEEP_HOLDING']) },
    permitSeconds: seconds(20, 600),
    settlementSeconds: seconds(30, 900),
    unreachableSeconds: seconds(4, 60),
    hold: { deadlineSeconds: seconds(30, 900), outcome: random.pick(['REJECT', 'KEEP_HOLDING']) },
    holds: random.chance(0.5) ? { MANUAL: { approvals: 2 }, POLICY: { approvals: 2 } } : {},
    proposalSeconds: seconds(20, 600),
    mlros: [{ subject: 'mlro', deputies: [] }],
    reachabilitySeconds: seconds(120, 900),
  })
  const licence = { regulator: 'TEST', number: id }
  return { id, legalName: `${id} Ltd.`, country, licence, contacts: [], policy }
}
