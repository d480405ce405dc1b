/** What the benchmark asks for: real payloads, every transfer its own, answered by the counterparty's policy. */
import { randomUUID } from 'node:crypto'
import type { AuthorizeTransferRequest } from '../gen/travelrule/v1/transfer.ts'
import { ALICE, BOB } from '../local/demo-vasps.ts'
import type { NetworkVasp } from '../local/network.ts'
import { policyOf } from '../vasps.ts'

/** The VASP whose mailbox the broker is measured with; no gateway serves it. */
export const ROBOT = 'robot'

export const VASPS: readonly NetworkVasp[] = [ALICE, { ...BOB, policy: { ...BOB.policy, inbound: 'accept' } }]

/** The counterparty that does not answer, where one is asked for. */
export const SILENT = 'carol'
export const SILENT_VASP: NetworkVasp = { ...BOB, id: SILENT, legalName: 'Carol Bank A.G.' }

export const BENCH_POLICY = policyOf({ inbound: 'accept' })

const name = (primary: string, secondary: string) => ({
  nameIdentifier: [
    {
      primaryIdentifier: primary,
      secondaryIdentifier: secondary,
      naturalPersonNameIdentifierType: 'LEGL',
    },
  ],
})

/** IVMS101.2023: both parties with name, address, national identification, date and place of birth. */
const IDENTITY = JSON.stringify({
  originator: {
    originatorPerson: [
      {
        naturalPerson: {
          name: name('Sulemenova', 'Aigerim'),
          geographicAddress: [
            {
              addressType: 'HOME',
              streetName: 'Dostyk Avenue',
              buildingNumber: '12',
              postcode: '050010',
              townName: 'Almaty',
              country: 'KZ',
            },
          ],
          nationalIdentification: {
            nationalIdentifier: '880229400123',
            nationalIdentifierType: 'IDCD',
            countryOfIssue: 'KZ',
          },
          customerIdentification: 'KZ-100-2231',
          dateAndPlaceOfBirth: { dateOfBirth: '1988-02-29', placeOfBirth: 'Almaty' },
          countryOfResidence: 'KZ',
        },
        accountNumber: ['KZ-100-2231-ETH'],
      },
    ],
  },
  beneficiary: {
    beneficiaryPerson: [
      {
        naturalPerson: {
          name: name('Weber', 'Jean'),
          geographicAddress: [
            {
              addressType: 'HOME',
              streetName: 'Rue Notre Dame',
              buildingNumber: '5',
              townName: 'Luxembourg',
              country: 'LU',
            },
          ],
        },
        accountNumber: ['0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb'],
      },
    ],
  },
  payloadMetadata: { payloadVersion: '101.2023' },
})

const WAIT_SECONDS = 30n

export function transferRequest(): AuthorizeTransferRequest {
  return {
    requestId: randomUUID(),
    asset: 'eip155:1/slip44:60',
    amount: '1.5',
    destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
    destinationTag: '',
    fiatValue: { amount: '4500.00', currency: 'USD', pricedAt: new Date() },
    counterparty: { vaspId: 'bob', lei: '', domain: '', travelAddress: '' },
    identity: { ivms101: IDENTITY },
    wait: { seconds: WAIT_SECONDS, nanos: 0 },
    clientReference: '',
    otherSide: undefined,
  }
}
