/** Kazakhstan: the Astana International Financial Centre (AFSA), and onshore (AFM, NBK). */
import type { PackData } from '../pack.ts'

export const KZ_AIFC: PackData = {
  rule: 'KZ-AIFC',
  version: '2026.11.1',
  name: 'Kazakhstan - AIFC',
  regulator: 'AFSA',
  instrument: 'AIFC AML Rules ch. 11-1 (11-1.1, 11-1.2), ch. 11-2, 13, 14.5',
  family: 'KZ-AIFC',
  selectors: ['KZ', 'AIFC'],
  countries: ['KZ'],
  timeZone: 'Asia/Almaty',
  calendar: 'KZ',
  effective: {
    from: '2025-01-01',
    clause: 'AIFC AML Rules ch. 11-1 (11-1.1, 11-1.2), ch. 11-2, 13, 14.5',
    confidence: 'M',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
    note: '2025-01-01 (12 months after AIFC DAA Rules; confirm the day)',
  },
  inScope: {
    amount: '0',
    currency: 'USD',
    comparator: '>=',
    clause: 'AIFC AML Rules 11-1.1(4)',
    confidence: 'H',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  fullData: {
    amount: '1000',
    currency: 'USD',
    comparator: '>=',
    clause: 'AIFC AML Rules 11-1.1(3)',
    confidence: 'H',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  selfHosted: {
    proof: 'amount',
    threshold: { amount: '1000', currency: 'USD', comparator: '>' },
    walletOf: 'anyone',
    onSuspicion: true,
    measures:
      '11-1.2: hold the same information, individually identifiable; > USD 1,000 or suspicion: risk measures (enhanced monitoring, accept only wallets assessed reliable incl. ownership/control, limits or prohibition)',
    clause: 'AIFC AML Rules 11-1.2',
    confidence: 'H',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  linked: {
    aggregate: true,
    clause: 'cautious default, not confirmed in the instrument',
    confidence: 'L',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  basic: {
    tree: 'O.name & O.account_or_wallet_or_UTR & B.name & B.account_or_wallet_or_UTR',
    clause: 'AIFC AML Rules 11-1.1(4)',
    confidence: 'H',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  full: {
    natural: {
      tree: 'O.name & O.account_or_wallet_or_UTR & B.name & B.account_or_wallet_or_UTR & (O.address | O.national_id | O.customer_id | (O.dob & O.pob))',
      clause: 'AIFC AML Rules 11-1.1(3)',
      confidence: 'H',
      sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
    },
    legal: {
      tree: 'O.name & O.account_or_wallet_or_UTR & B.name & B.account_or_wallet_or_UTR & (O.address | O.national_id | O.customer_id)',
      clause: 'AIFC AML Rules 11-1.1(5)-(6)',
      confidence: 'L',
      sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
    },
  },
  timing: {
    latest: 'with-transfer',
    text: "'immediately and securely submit'; stored so it cannot be altered and is readily available to AFSA (11-1.1(1)-(2))",
    clause: 'AIFC AML Rules 11-1.1(1)-(2)',
    confidence: 'H',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  missing: {
    ordering: 'do-not-execute',
    beneficiary: 'hold-or-return',
    clocks: [],
    text: 'beneficiary-side wording not retrievable; ch. 11-2 tracks HK SFC 12.13: plan for hold/return',
    clause: 'AIFC AML Rules ch. 11-2',
    confidence: 'L',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  repeatFailure: {
    text: 'counterparty DD before transfer and on triggers (11-2.1(3)-(5))',
    clause: 'AIFC AML Rules 11-2.1(3)-(5)',
    confidence: 'H',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  retention: {
    years: 6,
    clause: 'AIFC AML Rules 14.5.1',
    confidence: 'H',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
  sunrise: {
    conduct: 'unknown',
    text: 'no explicit text found; FATF cites KZ for checking Travel Rule capability at licensing (sandbox)',
    clause: 'AIFC AML Rules ch. 11-1',
    confidence: 'L',
    sources: ['S5', 'S6', 'S7', 'S8', 'S9'],
  },
}

export const KZ_ONSHORE: PackData = {
  rule: 'KZ-ONSHORE',
  version: '2026.11.1',
  name: 'Kazakhstan - onshore',
  regulator: 'AFM (FIU), NBK',
  instrument:
    'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
  family: 'KZ-ONSHORE',
  selectors: ['KZ'],
  countries: ['KZ'],
  timeZone: 'Asia/Almaty',
  calendar: 'KZ',
  effective: {
    from: '2024-11-01',
    clause:
      'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
    confidence: 'M',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
    note: 'Order No. 5; the month is known, the day is not',
  },
  inScope: {
    amount: null,
    currency: 'KZT',
    comparator: '>=',
    clause: 'Law 191-IV art. 16(13-9); AFM Order No. 5',
    confidence: 'L',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  fullData: {
    amount: null,
    currency: 'KZT',
    comparator: '>=',
    clause:
      'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
    confidence: 'L',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  selfHosted: {
    proof: 'unknown',
    measures: 'unknown; Law 231-VIII prohibits unlicensed organising of turnover',
    clause:
      'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
    confidence: 'L',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  linked: {
    aggregate: true,
    clause: 'cautious default, not confirmed in the instrument',
    confidence: 'L',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  basic: null,
  full: {
    natural: {
      tree: 'O.name & O.account_or_wallet_or_UTR & B.name & B.account_or_wallet_or_UTR & (O.address | O.national_id | O.customer_id | (O.dob & O.pob))',
      clause:
        'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
      confidence: 'L',
      sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
    },
    legal: {
      tree: 'O.name & O.account_or_wallet_or_UTR & B.name & B.account_or_wallet_or_UTR & O.national_id',
      clause:
        'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
      confidence: 'L',
      sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
    },
  },
  timing: {
    latest: 'with-transfer',
    text: 'with the transfer',
    clause: 'AFM Order No. 5 of 30 Oct 2024',
    confidence: 'M',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  missing: {
    ordering: 'do-not-execute',
    beneficiary: 'hold-or-return',
    clocks: [],
    text: 'refuse or suspend under art. 13; freeze measures within 24 h of list posting (art. 13(1-1))',
    clause: 'Law 191-IV art. 13',
    confidence: 'M',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  repeatFailure: {
    text: 'unknown',
    clause:
      'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
    confidence: 'L',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  retention: {
    years: 5,
    clause: 'Law 191-IV',
    confidence: 'M',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
  sunrise: {
    conduct: 'unknown',
    text: 'unknown',
    clause:
      'Law 191-IV art. 16(13-9), 7, 10, 10-1, 13; AFM Order No. 5 of 30 Oct 2024 (reg. 35311), amended 11 Dec 2025',
    confidence: 'L',
    sources: ['S10', 'S11', 'S12', 'S13', 'S14'],
  },
}
