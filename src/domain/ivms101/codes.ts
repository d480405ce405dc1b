/**
 * Code lists of IVMS 101, 5.3 and the ways they are spelled on the wire. The order of `protobuf` is the numbering of
 * TRISA's ivms101 enums, where 0 is also what an unset field reads as; a number that stands for a code outside the standard's
 * list (`MISC` of legal names and addresses) leads to that code, which is then refused.
 */

export type NaturalPersonNameTypeCode = 'ALIA' | 'BIRT' | 'MAID' | 'LEGL' | 'MISC'
export type LegalPersonNameTypeCode = 'LEGL' | 'SHRT' | 'TRAD'
export type AddressTypeCode = 'HOME' | 'BIZZ' | 'GEOG'
export type NationalIdentifierTypeCode =
  | 'ARNU'
  | 'CCPT'
  | 'RAID'
  | 'DRLC'
  | 'FIIN'
  | 'TXID'
  | 'SOCS'
  | 'IDCD'
  | 'LEIX'
  | 'MISC'

export interface CodeList {
  readonly name: string
  readonly codes: ReadonlySet<string>
  /** Before the code in TRISA's enum value names. */
  readonly prefix: string
  readonly protobuf: readonly string[]
  readonly case: 'upper' | 'lower'
}

function codeList(name: string, prefix: string, protobuf: string, notInStandard: string[] = []): CodeList {
  const numbered = protobuf.split(' ')
  const codes = new Set(numbered.filter((code) => !notInStandard.includes(code)))
  return {
    name,
    prefix,
    protobuf: numbered,
    codes,
    case: protobuf === protobuf.toLowerCase() ? 'lower' : 'upper',
  }
}

export const NATURAL_PERSON_NAME_TYPE = codeList(
  'NaturalPersonNameTypeCode',
  'NATURAL_PERSON_NAME_TYPE_CODE_',
  'MISC ALIA BIRT MAID LEGL',
)
export const LEGAL_PERSON_NAME_TYPE = codeList(
  'LegalPersonNameTypeCode',
  'LEGAL_PERSON_NAME_TYPE_CODE_',
  'MISC LEGL SHRT TRAD',
  ['MISC'],
)
export const ADDRESS_TYPE = codeList('AddressTypeCode', 'ADDRESS_TYPE_CODE_', 'MISC HOME BIZZ GEOG', ['MISC'])
export const NATIONAL_IDENTIFIER_TYPE = codeList(
  'NationalIdentifierTypeCode',
  'NATIONAL_IDENTIFIER_TYPE_CODE_',
  'MISC ARNU CCPT RAID DRLC FIIN TXID SOCS IDCD LEIX',
)
/** Lower-case, as ISO 15924 is not: the standard prints `arab`, `kana`, `othr`. */
export const TRANSLITERATION_METHOD = codeList(
  'TransliterationMethodCode',
  'TRANSLITERATION_METHOD_CODE_',
  'othr arab aran armn cyrl deva geor grek hani hebr kana kore thai',
)

/** IVMS 101.2023, PayloadVersionCode. */
export const PAYLOAD_VERSIONS: ReadonlySet<string> = new Set(['101', '101.2023'])

export type EnumSpelling = 'ENUM_CASE' | 'ENUM_PROTOBUF_NAME' | 'ENUM_NUMBER'

/**
 * The code that a wire value stands for and the liberty it took, or undefined where it stands for none. Only whole numbers
 * are enum numbers: 4.9 is not 4.
 */
export function foldCode(
  list: CodeList,
  wire: string | number,
): { readonly code: string; readonly spelling: EnumSpelling | undefined } | undefined {
  if (typeof wire === 'number') {
    const code = list.protobuf[wire]
    return code === undefined ? undefined : { code, spelling: 'ENUM_NUMBER' }
  }
  if (list.codes.has(wire)) return { code: wire, spelling: undefined }
  if (wire.length > 64) return undefined
  const upper = wire.toUpperCase()
  const long = upper.startsWith(list.prefix)
  const short = long ? upper.slice(list.prefix.length) : upper
  const code = list.case === 'lower' ? short.toLowerCase() : short
  if (!list.protobuf.includes(code)) return undefined
  return { code, spelling: long ? 'ENUM_PROTOBUF_NAME' : 'ENUM_CASE' }
}
