/**
 * The canonical form of an identity payload: one shape for both editions and all dialects, named as in IVMS 101.2023.
 * Lists are always present. Everything else may be absent, because a payload that failed validation has this form too.
 */
import type {
  AddressTypeCode,
  LegalPersonNameTypeCode,
  NationalIdentifierTypeCode,
  NaturalPersonNameTypeCode,
} from './codes.ts'
import type { JsonValue } from './json.ts'
import type { Edition } from './schema.ts'

/** A code of the list, or the text that a sender put in its place (which is then an error). */
type OrOther<Code extends string> = Code | (string & {})

/** A member that has no place in the canonical form: its name is unknown, taken, or its value is of the wrong kind. */
export interface KeptMember {
  readonly key: string
  readonly value: JsonValue
}

interface Entity {
  readonly kept?: readonly KeptMember[]
}

export interface Address extends Entity {
  readonly addressType?: OrOther<AddressTypeCode>
  readonly department?: string
  readonly subDepartment?: string
  readonly streetName?: string
  readonly buildingNumber?: string
  readonly buildingName?: string
  readonly floor?: string
  readonly postBox?: string
  readonly room?: string
  readonly postcode?: string
  readonly townName?: string
  readonly townLocationName?: string
  readonly districtName?: string
  readonly countrySubDivision?: string
  readonly addressLine: readonly string[]
  readonly country?: string
}

export interface NationalIdentification extends Entity {
  readonly nationalIdentifier?: string
  readonly nationalIdentifierType?: OrOther<NationalIdentifierTypeCode>
  readonly countryOfIssue?: string
  readonly registrationAuthority?: string
}

export interface DateAndPlaceOfBirth extends Entity {
  /** YYYY-MM-DD */
  readonly dateOfBirth?: string
  readonly placeOfBirth?: string
}

export interface NaturalPersonNameId extends Entity {
  readonly primaryIdentifier?: string
  readonly secondaryIdentifier?: string
  readonly nameIdentifierType?: OrOther<NaturalPersonNameTypeCode>
}

export interface NaturalPersonName extends Entity {
  readonly nameIdentifier: readonly NaturalPersonNameId[]
  readonly localNameIdentifier: readonly NaturalPersonNameId[]
  readonly phoneticNameIdentifier: readonly NaturalPersonNameId[]
}

export interface NaturalPerson extends Entity {
  /** More than one only in 2020, whose table says 1..n. */
  readonly name: readonly NaturalPersonName[]
  readonly geographicAddress: readonly Address[]
  readonly nationalIdentification?: NationalIdentification
  readonly customerIdentification?: string
  readonly dateAndPlaceOfBirth?: DateAndPlaceOfBirth
  readonly countryOfResidence?: string
}

export interface LegalPersonNameId extends Entity {
  readonly legalPersonName?: string
  readonly legalPersonNameIdentifierType?: OrOther<LegalPersonNameTypeCode>
}

export interface LegalPersonName extends Entity {
  readonly nameIdentifier: readonly LegalPersonNameId[]
  readonly localNameIdentifier: readonly LegalPersonNameId[]
  readonly phoneticNameIdentifier: readonly LegalPersonNameId[]
}

export interface LegalPerson extends Entity {
  readonly name?: LegalPersonName
  readonly geographicAddress: readonly Address[]
  /** `customerNumber` in 2020. */
  readonly customerIdentification?: string
  readonly nationalIdentification?: NationalIdentification
  readonly countryOfRegistration?: string
}

export interface Person extends Entity {
  readonly naturalPerson?: NaturalPerson
  readonly legalPerson?: LegalPerson
  /** Where 2023 puts account numbers. */
  readonly accountNumber: readonly string[]
}

/** The originator or the beneficiary. */
export interface Party extends Entity {
  readonly persons: readonly Person[]
  /** Where 2020 puts account numbers. */
  readonly accountNumber: readonly string[]
}

export interface VaspEntity extends Entity {
  readonly person?: Person
}

export interface IntermediaryVasp extends Entity {
  readonly person?: Person
  readonly sequence?: number
}

export interface TransferPath extends Entity {
  readonly intermediaries: readonly IntermediaryVasp[]
}

export interface PayloadMetadata extends Entity {
  readonly transliterationMethod: readonly string[]
  readonly payloadVersion?: string
}

export interface IdentityPayload extends Entity {
  /** The edition the sender used. */
  readonly edition: Edition
  readonly originator?: Party
  readonly beneficiary?: Party
  readonly originatingVASP?: VaspEntity
  readonly beneficiaryVASP?: VaspEntity
  readonly transferPath?: TransferPath
  readonly payloadMetadata?: PayloadMetadata
}
