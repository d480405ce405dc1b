/**
 * Profiles: what is tolerated from a counterparty and in which shape it is written to. They differ in severity and shape,
 * never in what is understood: every dialect is read under every profile.
 */
import type { IssueCode } from './issues.ts'
import type { Edition } from './schema.ts'

export type ProfileName =
  | 'strict-2020'
  | 'strict-2023'
  | 'interop'
  | 'trisa'
  | 'trp'
  | 'gtr'
  | 'code'
  | 'notabene'
  | 'verifyvasp'
  | 'sygna'

export interface EmitStyle {
  readonly edition: Edition
  readonly keys: 'camel' | 'snake'
  readonly entities: 'camel' | 'pascal'
  readonly vasps: 'double' | 'flat' | 'omitted'
  readonly transferPath: 'double' | 'bare'
  readonly postcode: 'postcode' | 'postCode'
  /** Notabene v1 and Fireblocks write a natural person's name as a list. */
  readonly naturalName: 'object' | 'list'
  /** CODE wants the secondary identifier even when there is none. */
  readonly emptySecondaryIdentifier: boolean
  /** The member the payload is put under. */
  readonly wrapper: string | undefined
}

export interface Profile {
  readonly name: ProfileName
  /** A strict profile accepts one edition, in its own shape. */
  readonly strict: Edition | undefined
  readonly emptyAsAbsent: boolean
  /** proto3 leaves zeros out, so an intermediary without a sequence is the first. */
  readonly sequenceMayBeOmitted: boolean
  /** Issues that this network's own rules provoke: `CODE Type.element`, warnings here. */
  readonly tolerated: ReadonlySet<string>
  /** The network sends the originator's or the beneficiary's half alone in some phases. */
  readonly partial: boolean
  readonly emit: EmitStyle
}

const STYLE: EmitStyle = {
  edition: '2020',
  keys: 'camel',
  entities: 'camel',
  vasps: 'double',
  transferPath: 'double',
  postcode: 'postcode',
  naturalName: 'object',
  emptySecondaryIdentifier: false,
  wrapper: undefined,
}

type Features = Partial<Omit<Profile, 'name' | 'tolerated' | 'emit'>> & {
  readonly tolerated?: readonly `${IssueCode} ${string}`[]
  readonly emit?: Partial<EmitStyle>
}

function profile(name: ProfileName, features: Features = {}): Profile {
  return {
    name,
    strict: features.strict,
    emptyAsAbsent: features.emptyAsAbsent ?? false,
    sequenceMayBeOmitted: features.sequenceMayBeOmitted ?? false,
    tolerated: new Set(features.tolerated),
    partial: features.partial ?? false,
    emit: { ...STYLE, ...features.emit },
  }
}

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  'strict-2020': profile('strict-2020', { strict: '2020' }),
  'strict-2023': profile('strict-2023', { strict: '2023', emit: { edition: '2023' } }),
  interop: profile('interop'),
  // Envoy refuses a postcode spelled as in the table, a payload version and every other member it does not know.
  trisa: profile('trisa', {
    emptyAsAbsent: true,
    sequenceMayBeOmitted: true,
    emit: { postcode: 'postCode' },
  }),
  trp: profile('trp', { emit: { postcode: 'postCode' } }),
  // GTR asks for countryOfIssue on legal persons (against C9) and shows free text as registration authority.
  gtr: profile('gtr', {
    emptyAsAbsent: true,
    partial: true,
    tolerated: [
      'C9 NationalIdentification.countryOfIssue',
      'RA_FORMAT NationalIdentification.registrationAuthority',
      'REQUIRED DateAndPlaceOfBirth.placeOfBirth',
    ],
    emit: { entities: 'pascal', transferPath: 'bare', wrapper: 'ivms101' },
  }),
  // CODE has primaryIdentifier empty where only a local name is known.
  code: profile('code', {
    emptyAsAbsent: true,
    partial: true,
    tolerated: ['REQUIRED NaturalPersonNameID.primaryIdentifier'],
    emit: { entities: 'pascal', emptySecondaryIdentifier: true, wrapper: 'ivms101' },
  }),
  notabene: profile('notabene', { emit: { naturalName: 'list' } }),
  verifyvasp: profile('verifyvasp', { emit: { vasps: 'flat' } }),
  // Sygna carries the VASPs beside the identity payload, in its transaction.
  sygna: profile('sygna', { emit: { keys: 'snake', vasps: 'omitted' } }),
}

export const PROFILE_NAMES: readonly ProfileName[] = Object.values(PROFILES).map(({ name }) => name)

export function isProfileName(text: string): text is ProfileName {
  return Object.hasOwn(PROFILES, text)
}
