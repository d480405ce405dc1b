/** Invented customers of the demo's VASPs, and identity payloads that name them. No name here is of anybody we know. */
import { payload } from '../payloads.ts'

export interface Customer {
  /** Family and given names in Latin letters, as IVMS 101 wants them. */
  readonly primary: string
  readonly secondary: string
  /** The same in the person's own script. */
  readonly local?: { readonly primary: string; readonly secondary: string }
  readonly born: string
}

export const CUSTOMERS = {
  aigerim: {
    primary: 'Tleubekova',
    secondary: 'Aigerim',
    local: { primary: 'Тілеубекова', secondary: 'Әйгерім' },
    born: '1991-04-12',
  },
  yerlan: {
    primary: 'Abenov',
    secondary: 'Yerlan',
    local: { primary: 'Әбенов', secondary: 'Ерлан' },
    born: '1985-11-03',
  },
  dinara: {
    primary: 'Saparbayeva',
    secondary: 'Dinara',
    local: { primary: 'Сапарбаева', secondary: 'Динара' },
    born: '1979-07-30',
  },
  pavel: {
    primary: 'Gromov',
    secondary: 'Pavel',
    local: { primary: 'Громов', secondary: 'Павел' },
    born: '1968-01-19',
  },
  ilyas: {
    primary: 'Zhumagali',
    secondary: 'Ilyas',
    local: { primary: 'Жұмағали', secondary: 'Ілияс' },
    born: '1996-09-08',
  },
  greta: { primary: 'Hollerich', secondary: 'Greta', born: '1983-02-27' },
  jonas: { primary: 'Muehlbauer', secondary: 'Jonas', born: '1990-12-05' },
  chloe: { primary: 'Delvaux', secondary: 'Chloe', born: '1999-06-21' },
  marek: { primary: 'Kowalczyk', secondary: 'Marek', born: '1975-03-14' },
  sofia: { primary: 'Anttila', secondary: 'Sofia', born: '1988-08-17' },
} as const satisfies Record<string, Customer>
export type CustomerName = keyof typeof CUSTOMERS

/** The base vector with these two in it. */
export function identityOf(from: Customer, to: Customer): string {
  const json = JSON.parse(payload('2023-base'))
  rename(json.originator.originatorPerson[0].naturalPerson, from)
  rename(json.beneficiary.beneficiaryPerson[0].naturalPerson, to)
  return JSON.stringify(json)
}

/** What the beneficiary VASP's back office holds of its customer. */
export function heldOf(customer: Customer): string {
  return identityOf(CUSTOMERS.pavel, customer)
}

interface Named {
  name: Record<string, unknown>
  dateAndPlaceOfBirth?: { dateOfBirth: string }
}

function rename(person: Named, { primary, secondary, local, born }: Customer): void {
  const id = (names: { readonly primary: string; readonly secondary: string }) => [
    {
      primaryIdentifier: names.primary,
      secondaryIdentifier: names.secondary,
      naturalPersonNameIdentifierType: 'LEGL',
    },
  ]
  person.name = {
    nameIdentifier: id({ primary, secondary }),
    ...(local && { localNameIdentifier: id(local) }),
  }
  if (person.dateAndPlaceOfBirth !== undefined) person.dateAndPlaceOfBirth.dateOfBirth = born
}
