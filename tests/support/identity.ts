/** Identity payloads (IVMS101.2023) with everything that the rules of the demo's VASPs ask for. */

/** Texts for the personal fields; each has a default. */
export interface Marks {
  readonly [field: string]: string
}

/** Fields that take any text. */
export const IDENTITY_FIELDS: readonly string[] = `
  o-primary b-primary o-secondary b-secondary o-local-primary b-local-primary o-local-secondary b-local-secondary o-phonetic-primary b-phonetic-primary o-phonetic-secondary b-phonetic-secondary o-department b-department o-sub-department b-sub-department o-street b-street o-building-number b-building-number o-building-name b-building-name o-floor b-floor o-post-box b-post-box o-room b-room o-postcode b-postcode o-town b-town o-town-location b-town-location o-district b-district o-subdivision b-subdivision o-address-line b-address-line o-national-id b-national-id o-customer b-customer o-birth-place b-birth-place o-account b-account o-vasp b-vasp
`
  .trim()
  .split(/\s+/)

/** `mark` gives the text of a field, by a name of its own, or its default. */
export function identityPayload(marks: Marks = {}): string {
  const mark = (field: string, otherwise: string) => marks[field] ?? otherwise
  const person = (role: 'o' | 'b', first: string, last: string) => ({
    name: {
      nameIdentifier: [
        {
          primaryIdentifier: mark(`${role}-primary`, last),
          secondaryIdentifier: mark(`${role}-secondary`, first),
          naturalPersonNameIdentifierType: 'LEGL',
        },
      ],
      localNameIdentifier: [
        {
          primaryIdentifier: mark(`${role}-local-primary`, last),
          secondaryIdentifier: mark(`${role}-local-secondary`, first),
          naturalPersonNameIdentifierType: 'LEGL',
        },
      ],
      phoneticNameIdentifier: [
        {
          primaryIdentifier: mark(`${role}-phonetic-primary`, last),
          secondaryIdentifier: mark(`${role}-phonetic-secondary`, first),
          naturalPersonNameIdentifierType: 'LEGL',
        },
      ],
    },
    geographicAddress: [
      {
        addressType: 'HOME',
        department: mark(`${role}-department`, 'Ground'),
        subDepartment: mark(`${role}-sub-department`, 'Left'),
        streetName: mark(`${role}-street`, 'Harbour Road'),
        buildingNumber: mark(`${role}-building-number`, '12'),
        buildingName: mark(`${role}-building-name`, 'Lake House'),
        floor: mark(`${role}-floor`, 'third'),
        postBox: mark(`${role}-post-box`, '77'),
        room: mark(`${role}-room`, '4b'),
        postcode: mark(`${role}-postcode`, '90210'),
        townName: mark(`${role}-town`, 'Springfield'),
        townLocationName: mark(`${role}-town-location`, 'Lakeside'),
        districtName: mark(`${role}-district`, 'North'),
        countrySubDivision: mark(`${role}-subdivision`, 'Hills'),
        addressLine: [mark(`${role}-address-line`, 'care of the porter')],
        country: 'US',
      },
    ],
    nationalIdentification: {
      nationalIdentifier: mark(`${role}-national-id`, 'X1234567'),
      nationalIdentifierType: 'CCPT',
      countryOfIssue: 'NG',
    },
    customerIdentification: mark(`${role}-customer`, 'CUST77'),
    dateAndPlaceOfBirth: {
      dateOfBirth: mark(`${role}-birth-date`, '1988-02-29'),
      placeOfBirth: mark(`${role}-birth-place`, 'Lagos'),
    },
    countryOfResidence: 'US',
  })
  return JSON.stringify({
    originator: {
      originatorPerson: [
        { naturalPerson: person('o', 'Ada', 'Okafor'), accountNumber: [mark('o-account', 'acct001')] },
      ],
    },
    beneficiary: {
      beneficiaryPerson: [
        { naturalPerson: person('b', 'Yui', 'Tanaka'), accountNumber: [mark('b-account', 'acct002')] },
      ],
    },
    originatingVASP: { originatingVASP: legalPerson(mark('o-vasp', 'Alice Exchange Ltd.')) },
    beneficiaryVASP: { beneficiaryVASP: legalPerson(mark('b-vasp', 'Bob Custody S.A.')) },
    payloadMetadata: { payloadVersion: '101.2023' },
  })
}

function legalPerson(name: string) {
  return {
    legalPerson: {
      name: { nameIdentifier: [{ legalPersonName: name, legalPersonNameIdentifierType: 'LEGL' }] },
      geographicAddress: [
        { addressType: 'BIZZ', streetName: 'Dostyk', buildingNumber: '1', townName: 'Astana', country: 'KZ' },
      ],
    },
  }
}
