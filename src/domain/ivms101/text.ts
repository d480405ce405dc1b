/**
 * Text datatypes of IVMS 101, 5.3. Lengths count characters (code points), not bytes and not UTF-16 units.
 *
 * `MaxNText` is printable ASCII in 2023 (`^[ -~]{1,N}$`). The 2020 expression (`^[a-zA-Z0-9' ]{1,N}$`) forbids the full stop, the
 * hyphen and the comma, so no real address fits it: leaving it is only worth a warning. `LocalMax100Text` is `^.{1,100}$`:
 * any script, no line break.
 */

export type TextFinding =
  | 'LEN_MIN'
  | 'LEN_MAX'
  | 'CHARSET'
  | 'CHARSET_2020_REGEX'
  | 'BLANK'
  | 'CONTROL_CHARACTER'
  | 'BIDI_CONTROL'
  | 'ZERO_WIDTH'
  | 'MIXED_SCRIPT'

const NARROW_2020 = /^[a-zA-Z0-9' ]*$/
const PRINTABLE_ASCII = /^[ -~]*$/
const LINE_BREAK = /[\n\r\u2028\u2029]/
const NO_VISIBLE = /^[\p{Z}\p{Cc}\p{Cf}\u115f\u1160\u2800\u3164\uffa0]*$/u

/** The number of code points in a text; a lone surrogate counts as one. */
export function characters(text: string): number {
  let count = text.length
  for (let at = 1; at < text.length; at += 1) {
    const low = text.charCodeAt(at)
    if (low < 0xdc00 || low > 0xdfff) continue
    const high = text.charCodeAt(at - 1)
    if (high >= 0xd800 && high <= 0xdbff) count -= 1
  }
  return count
}

function isTooLong(text: string, max: number): boolean {
  return text.length > max && characters(text) > max
}

/** MaxNText. `narrow` asks for the 2020 expression as well. */
export function textFindings(text: string, max: number, narrow: boolean): readonly TextFinding[] {
  // One expression settles nearly every value; only what fails it is looked at closely.
  if (text.length > 0 && text.length <= max && NARROW_2020.test(text) && text.trim() !== '') return NONE
  if (text === '') return ['LEN_MIN']
  const found: TextFinding[] = []
  if (isTooLong(text, max)) found.push('LEN_MAX')
  if (!PRINTABLE_ASCII.test(text)) found.push('CHARSET')
  else if (text.trim() === '') found.push('BLANK')
  else if (narrow && !NARROW_2020.test(text)) found.push('CHARSET_2020_REGEX')
  return found
}

/** LocalMax100Text: any character but a line break, and a word of warning about those that deceive the eye. */
export function localTextFindings(text: string, max: number): readonly TextFinding[] {
  if (text === '') return ['LEN_MIN']
  const found: TextFinding[] = []
  if (isTooLong(text, max)) found.push('LEN_MAX')
  if (LINE_BREAK.test(text)) found.push('CHARSET')
  if (NO_VISIBLE.test(text)) found.push('BLANK')
  else if (!PRINTABLE_ASCII.test(text)) found.push(...deceptions(text))
  return found.length === 0 ? NONE : found
}

const NONE: readonly TextFinding[] = []

// Line breaks are a matter of the datatype and are reported there.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/
/** Marks, embeddings, overrides and isolates: with them the text that is read is not the text that is compared. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const INVISIBLE = /\u034f|[\u00ad\u115f\u1160\u200b\u2060-\u2064\u2800\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/u
const JOINER = /[\u200c\u200d]/
/** Persian, Urdu and the Indic scripts spell with joiners between their letters; elsewhere they only hide. */
const JOINER_IN_ORTHOGRAPHY =
  /(?<=[\p{sc=Arab}\p{sc=Syrc}\p{sc=Mong}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}\p{sc=Mymr}])[\u200c\u200d]/gu

function deceptions(text: string): TextFinding[] {
  const found: TextFinding[] = []
  if (CONTROL.test(text)) found.push('CONTROL_CHARACTER')
  if (BIDI.test(text)) found.push('BIDI_CONTROL')
  const joiner = JOINER.test(text) && JOINER.test(text.replaceAll(JOINER_IN_ORTHOGRAPHY, ''))
  if (joiner || INVISIBLE.test(text)) found.push('ZERO_WIDTH')
  if (mixesLookalikes(text)) found.push('MIXED_SCRIPT')
  return found
}

/** Scripts that share letter shapes. All letters of Kazakh and its neighbours (ә і ң ғ ү ұ қ ө һ) are plain Cyrillic. */
const LOOKALIKE_SCRIPTS = [
  /\p{sc=Latn}/u,
  /\p{sc=Cyrl}/u,
  /\p{sc=Grek}/u,
  /\p{sc=Armn}/u,
  /\p{sc=Cher}/u,
  /\p{sc=Copt}/u,
]
const BETWEEN_TOKENS = /[^\p{L}\p{M}\p{Cf}]+/u
function mixesLookalikes(text: string): boolean {
  return text.split(BETWEEN_TOKENS).some((token) => {
    let scripts = 0
    for (const script of LOOKALIKE_SCRIPTS) if (script.test(token)) scripts += 1
    return scripts > 1
  })
}
