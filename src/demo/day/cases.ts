/** The cases of the day: what each shows in the console. Sent through the gateways' API like everybody's. */
import { addressOf, BEHAVIOURS } from '../../sim/behaviours.ts'
import { DESKS, deskAddress } from '../back-office.ts'
import type { Case } from './case.ts'

const ETHER = 'eip155:1/slip44:60'
const DOLLAR = 'eip155:1/erc20:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const account = (number: number) => `eip155:1:0x5ca1ab1e${number.toString(16).padStart(32, '0')}`
const ACCEPTED = deskAddress(DESKS.accepts)
const LEFT = deskAddress(DESKS.leaves)

const AIDA = 'aida@alice.example'
const BERIK = 'berik@alice.example'
const CLARA = 'clara@bob.example'
const DAVID = 'david@bob.example'

const out = { from: 'alice', to: 'bob' } as const
const into = { from: 'bob', to: 'alice' } as const
const ether = (amount: string, value: string) => ({ asset: ETHER, amount, value })
const dollars = (amount: string) => ({ asset: DOLLAR, amount, value: amount })

export const CASES: readonly Case[] = [
  // Straight through.
  {
    name: 'w-1001',
    ...out,
    ...ether('1.2', '3600.00'),
    destination: ACCEPTED,
    originator: 'aigerim',
    beneficiary: 'greta',
    next: { does: 'settle' },
  },
  {
    name: 'w-1002',
    ...out,
    ...dollars('950.00'),
    destination: account(2),
    originator: 'yerlan',
    beneficiary: 'jonas',
    next: { does: 'settle' },
  },
  {
    name: 'w-1003',
    ...out,
    ...ether('0.4', '1200.00'),
    destination: account(3),
    originator: 'ilyas',
    beneficiary: 'chloe',
    next: { does: 'settle' },
  },
  {
    name: 'w-1004',
    ...out,
    ...dollars('15000.00'),
    destination: account(4),
    originator: 'dinara',
    beneficiary: 'marek',
    next: { does: 'settle' },
  },
  {
    name: 'w-1005',
    from: 'alice',
    to: 'robot',
    ...ether('2', '6000.00'),
    destination: addressOf(BEHAVIOURS.approves),
    originator: 'aigerim',
    beneficiary: 'sofia',
    next: { does: 'settle' },
  },
  {
    name: 'w-1006',
    ...out,
    ...ether('0.001', '3.00'),
    destination: account(6),
    originator: 'ilyas',
    beneficiary: 'greta',
  },
  // Permitted, signed, and no transaction yet.
  {
    name: 'w-1007',
    ...out,
    ...ether('3.1', '9300.00'),
    destination: account(7),
    originator: 'yerlan',
    beneficiary: 'greta',
    next: { does: 'redeem' },
  },
  {
    name: 'w-1008',
    ...out,
    ...dollars('420.00'),
    destination: account(8),
    originator: 'pavel',
    beneficiary: 'chloe',
    next: { does: 'redeem' },
  },
  // Permitted, not used yet.
  {
    name: 'w-1009',
    ...out,
    ...ether('0.9', '2700.00'),
    destination: account(9),
    originator: 'dinara',
    beneficiary: 'jonas',
  },
  // The other side says no, asks for repair, looks at it, or is silent.
  {
    name: 'w-1010',
    ...out,
    ...ether('1', '3000.00'),
    destination: deskAddress(DESKS.rejects),
    originator: 'pavel',
    beneficiary: 'marek',
  },
  {
    name: 'w-1011',
    ...out,
    ...ether('0.7', '2100.00'),
    destination: deskAddress(DESKS.repairs),
    originator: 'yerlan',
    beneficiary: 'sofia',
  },
  {
    name: 'w-1012',
    from: 'alice',
    to: 'robot',
    ...dollars('2500.00'),
    destination: addressOf(BEHAVIOURS.mute),
    originator: 'aigerim',
    beneficiary: 'jonas',
  },
  {
    name: 'w-1013',
    from: 'alice',
    to: 'robot',
    ...ether('5', '15000.00'),
    destination: addressOf(BEHAVIOURS.silent),
    originator: 'ilyas',
    beneficiary: 'sofia',
  },
  {
    name: 'w-1014',
    ...out,
    ...dollars('80.00'),
    destination: account(14),
    originator: 'dinara',
    beneficiary: 'chloe',
    next: { does: 'cancel' },
  },
  // Nobody knows this exchange.
  {
    name: 'w-1015',
    from: 'alice',
    to: 'nomad_exchange',
    ...dollars('7000.00'),
    destination: account(15),
    originator: 'pavel',
    beneficiary: 'marek',
  },
  {
    name: 'w-1016',
    from: 'alice',
    to: 'nomad_exchange',
    ...dollars('310.00'),
    destination: account(16),
    originator: 'aigerim',
    beneficiary: 'greta',
  },
  // Put on hold by people, in different places of the case.
  {
    name: 'w-1017',
    ...out,
    ...ether('9', '27000.00'),
    destination: LEFT,
    originator: 'pavel',
    beneficiary: 'marek',
    next: {
      does: 'hold',
      people: [
        {
          deed: 'comment',
          by: AIDA,
          text: 'First withdrawal of this size. I asked the customer for the source of funds.',
        },
        {
          deed: 'propose',
          by: AIDA,
          reason: 'PROOF_SEEN',
          text: 'The customer sent the contract of the sale of a flat; the amounts agree.',
        },
      ],
    },
  },
  {
    name: 'w-1018',
    ...out,
    ...ether('0.5', '1500.00'),
    destination: LEFT,
    originator: 'ilyas',
    beneficiary: 'chloe',
    next: { does: 'hold', people: [{ deed: 'assign', by: BERIK, to: AIDA }] },
  },
  {
    name: 'w-1019',
    ...out,
    ...dollars('48000.00'),
    destination: LEFT,
    originator: 'pavel',
    beneficiary: 'sofia',
    next: {
      does: 'hold',
      people: [
        {
          deed: 'escalate',
          by: BERIK,
          text: 'Third transfer in a row just below our limit. I would like the officer to decide.',
        },
      ],
    },
  },
  // Inbound at alice: the back office accepts for a customer whose name may not be the one that was sent.
  {
    name: 'd-2001',
    ...into,
    ...dollars('640.00'),
    destination: account(101),
    originator: 'greta',
    beneficiary: 'aigerim',
    next: { does: 'accept-for', held: 'aigerim' },
  },
  {
    name: 'd-2002',
    ...into,
    ...ether('0.6', '1800.00'),
    destination: account(102),
    originator: 'jonas',
    beneficiary: 'yerlan',
    next: { does: 'accept-for', held: 'dinara' },
  },
  {
    name: 'd-2003',
    ...into,
    ...dollars('12500.00'),
    destination: account(103),
    originator: 'marek',
    beneficiary: 'pavel',
    next: {
      does: 'accept-for',
      held: 'ilyas',
      people: [
        { deed: 'assign', by: BERIK, to: AIDA },
        {
          deed: 'propose',
          by: AIDA,
          reason: 'CUSTOMER_CONFIRMED',
          text: 'The customer says that the sender used a maiden name.',
        },
      ],
    },
  },
  {
    name: 'd-2004',
    ...into,
    ...dollars('99.00'),
    destination: account(104),
    originator: 'chloe',
    beneficiary: 'dinara',
  },
  // Inbound at bob.
  {
    name: 'w-1020',
    ...out,
    ...ether('1.1', '3300.00'),
    destination: LEFT,
    originator: 'aigerim',
    beneficiary: 'greta',
    next: {
      does: 'accept-for',
      held: 'chloe',
      people: [
        { deed: 'comment', by: CLARA, text: 'The account is a joint one; the second holder may be meant.' },
      ],
    },
  },
  {
    name: 'w-1021',
    ...out,
    ...dollars('2200.00'),
    destination: LEFT,
    originator: 'yerlan',
    beneficiary: 'jonas',
    next: {
      does: 'accept-for',
      held: 'marek',
      people: [{ deed: 'propose', by: CLARA, reason: 'CUSTOMER_CONFIRMED', text: 'Called the customer.' }],
    },
  },
  {
    name: 'w-1022',
    ...out,
    ...dollars('5100.00'),
    destination: LEFT,
    originator: 'dinara',
    beneficiary: 'sofia',
    next: {
      does: 'accept-for',
      held: 'greta',
      people: [
        {
          deed: 'reject',
          by: DAVID,
          reason: 'BENEFICIARY_NAME_UNMATCHED',
          text: 'Nobody of this name has an account here.',
        },
      ],
    },
  },
  {
    name: 'w-1023',
    ...out,
    ...ether('0.3', '900.00'),
    destination: LEFT,
    originator: 'ilyas',
    beneficiary: 'jonas',
  },
]

/** Coins that came without a word before. */
export const DEPOSITS = [
  { at: 'alice', name: 'u-3001', asset: ETHER, amount: '0.75', destination: account(201), txId: '0x7a11' },
  { at: 'bob', name: 'u-3002', asset: DOLLAR, amount: '1300.00', destination: account(202), txId: '0x7a12' },
] as const
