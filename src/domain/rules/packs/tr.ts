/** Türkiye: MASAK measures regulation and General Communiqué 29. */
import type { PackData } from '../pack.ts'

export const TR: PackData = {
  rule: 'TR',
  version: '2026.11.1',
  name: 'Turkiye',
  regulator: 'MASAK / SPK',
  instrument:
    'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
  family: 'TR',
  selectors: ['TR'],
  countries: ['TR'],
  timeZone: 'Europe/Istanbul',
  calendar: 'weekdays',
  effective: {
    from: '2025-02-25',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
  inScope: {
    amount: '0',
    currency: 'TRY',
    comparator: '>=',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
  fullData: {
    amount: '15000',
    currency: 'TRY',
    comparator: '>=',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
  selfHosted: {
    proof: 'risk-based',
    measures: 'obtain sender details of an unhosted wallet; if not obtained, limit/refuse',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
  linked: {
    aggregate: true,
    clause: 'cautious default, not confirmed in the instrument',
    confidence: 'L',
    sources: ['S40'],
  },
  basic: {
    tree: 'O.name & O.wallet & B.name & B.wallet',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'L',
    sources: ['S40'],
  },
  full: {
    natural: {
      tree: 'O.name & O.wallet & (O.address | (O.pob & O.dob) | O.customer_id | O.national_id) & B.name & B.wallet',
      clause:
        'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
      confidence: 'M',
      sources: ['S40'],
    },
    legal: {
      tree: 'O.name & O.wallet & O.national_id & B.name & B.wallet',
      clause:
        'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
      confidence: 'M',
      sources: ['S40'],
    },
  },
  timing: {
    latest: 'with-transfer',
    text: 'with the transfer',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
  missing: {
    ordering: 'do-not-execute',
    beneficiary: 'reject-or-return',
    clocks: [],
    text: 'refuse, return, or end the relationship',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
  repeatFailure: {
    text: 'end relationship',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
  retention: {
    years: 8,
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'L',
    sources: ['S40'],
  },
  sunrise: {
    conduct: 'unknown',
    text: 'withdrawal cooling-off: 48 h (72 h for first); >= 20-character description; stablecoin limits USD 3,000/day and 50,000/month (doubled for firms with full Travel Rule)',
    clause:
      'MASAK measures Regulation amendments (eff. 25 Feb 2025); General Communique No. 29 (28 Jun 2025)',
    confidence: 'M',
    sources: ['S40'],
  },
}
