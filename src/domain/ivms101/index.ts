/** IVMS 101 in both editions: reading, judging, converting and writing identity payloads. */
export type * from './codes.ts'
export type { Ivms101Loss, LossCode } from './convert.ts'
export { isTellableName } from './element-names.ts'
export { type Converted, convertIvms101, emitIvms101 } from './emit.ts'
export type { IssueCode, Ivms101Issue, Ivms101Liberty, LibertyCode, Severity } from './issues.ts'
export type { JsonValue } from './json.ts'
export { JSON_LIMITS, type JsonLimits } from './json-reader.ts'
export { isTellable, masked } from './masked.ts'
export { type Ivms101Options, type Ivms101Result, parseIvms101 } from './parse.ts'
export type * from './payload.ts'
export { isProfileName, PROFILE_NAMES, type ProfileName } from './profiles.ts'
export { GLEIF_2022_03_23, type RegistrationAuthorities } from './registration-authorities.ts'
export type { Edition } from './schema.ts'
export {
  accountNumbersOf,
  naturalAndLegalPersons,
  type PartyRole,
  type PersonsByKind,
  vaspOf,
} from './views.ts'
