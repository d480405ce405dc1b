/**
 * The words of name comparison. A name set is what one side says about one person: every name identifier of an IVMS101 name
 * (IVMS 101, NaturalPersonName and LegalPersonName), with the local and the phonetic ones kept apart.
 */
export type PersonKind = 'natural' | 'legal'

/** NaturalPersonNameTypeCode. */
type NaturalNameType = 'LEGL' | 'ALIA' | 'BIRT' | 'MAID' | 'MISC'
/** LegalPersonNameTypeCode. */
type LegalNameType = 'LEGL' | 'SHRT' | 'TRAD'

export interface NaturalName {
  /** primaryIdentifier: family name, or the whole name when `secondary` is empty. */
  readonly primary: string
  /** secondaryIdentifier: given names. Empty or absent when the sender has one field only. */
  readonly secondary?: string
  readonly type: NaturalNameType
}

export interface LegalName {
  readonly name: string
  readonly type: LegalNameType
}

export interface NameSet {
  /** nameIdentifier of a natural person. */
  readonly names?: readonly NaturalName[]
  /** nameIdentifier of a legal person. */
  readonly legalNames?: readonly LegalName[]
  /** localNameIdentifier: the same name in its own script. */
  readonly local?: readonly (NaturalName | LegalName)[]
  /** phoneticNameIdentifier: how the name is read, for example in kana. */
  readonly phonetic?: readonly (NaturalName | LegalName)[]
  /** YYYY-MM-DD. Anything else is ignored: the identity check reports it. */
  readonly dateOfBirth?: string
}

export const OUTCOMES = ['mismatch', 'review', 'match'] as const
export type Outcome = (typeof OUTCOMES)[number]

/**
 * Why, in words that may leave the house. They tell what kind of difference there is and never how near the names are: an answer to
 * a stranger must not help to guess a customer's name. Codes are public: add, never rename.
 */
export const REASONS = {
  NAMES_AGREE: 'the names agree',
  NAMES_DIFFER: 'the names differ',
  NAME_ABSENT: 'one side has no name that can be compared',
  SPELLING_DIFFERS: 'the spelling differs a little',
  SOUND_ONLY: 'only the sound agrees',
  READING_UNCONFIRMED: 'the characters can be read in several ways, and nothing confirms which',
  ROMANISATION_UNCONFIRMED:
    'the spellings come from different romanisations, and nothing confirms that they are one name',
  RELATED_GIVEN_NAME: 'a short or neighbouring form of the given name',
  INITIALS_ONLY: 'a name is given by its initial only',
  GIVEN_NAME_INCOMPLETE: 'only part of the given names is there',
  SINGLE_NAME: 'only one name is there, too little to identify a person',
  FAMILY_NAME_INCOMPLETE: 'part of a compound family name is missing',
  FAMILY_NAME_ENDING: 'the ending of the family name differs',
  FAMILY_NAME_CHANGED: 'the family names differ, given name and birth date agree',
  PARTICLE_DIFFERS: 'a particle of the family name is missing or differs',
  ORDER_AMBIGUOUS: 'the words stand in another order, and either can be the family name',
  GENERATION_ON_ONE_SIDE: 'only one side says senior, junior or which bearer of the name',
  GENERATION_DIFFERS: 'the names belong to different generations',
  BIRTH_DATE_DIFFERS: 'the birth dates differ',
  BIRTH_DATE_UNCERTAIN: 'the birth dates differ in a way a slip would explain',
  OTHER_NAME_TYPE: 'only a name of another type agrees',
  FORMS_CONTRADICT: 'the name agrees in one script and not in another',
  HIDDEN_CHARACTER: 'a hidden or bidirectional character stands in the name',
  MIXED_SCRIPTS: 'letters of look-alike scripts are mixed inside one word',
  LOOK_ALIKE: 'the letters look like the name and are of another script',
  SCRIPT_NOT_COMPARED: 'the two scripts cannot be compared',
  TOO_LONG: 'a name is longer than is compared',
  LEGAL_FORM_ABSENT: 'the legal form is missing on one side',
  LEGAL_FORM_DIFFERS: 'the legal forms differ',
  LEGAL_FORM_PLACE: 'the legal form stands at the other end of the name',
  LEGAL_FORM_FOREIGN: 'the legal forms are of different countries',
  DISTINGUISHING_WORD: 'a word or number that names another entity is on one side only, or differs',
  NAME_PART_ABSENT: 'a part of the name is missing',
  WORD_ORDER: 'the same words stand in another order',
  TRANSLATION: 'one name may be a translation of the other',
} as const
export type ReasonCode = keyof typeof REASONS

/** How two words, or two lists of words, stand to each other; the rule is an entry of the catalogue in docs/names.md. */
export interface Difference {
  readonly part: 'family' | 'given' | 'patronymic' | 'generation' | 'birth-date' | 'name' | 'legal-form'
  readonly rule: string
}

interface Evidence {
  /** Which pair of names decided: positions among all names of each side (names, then local, then phonetic). */
  readonly pair?: readonly [received: number, held: number]
  /** The words compared, folded. Personal data: for the case file of the operator, never for a log or a counterparty. */
  readonly received: readonly string[]
  readonly held: readonly string[]
  readonly rules: readonly string[]
  readonly differed: readonly Difference[]
}

export interface NameVerdict {
  readonly outcome: Outcome
  /** 0 to 1, for sorting work inside; never sent outward. */
  readonly score: number
  readonly reasons: readonly ReasonCode[]
  readonly evidence: Evidence
}
