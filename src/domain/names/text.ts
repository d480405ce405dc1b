/** From a name as sent to folded words. Folding keeps marks; what a mark may stand for is the comparison's to say. */
import { hasHidden, mixesScripts, withoutHidden } from './scripts.ts'

/** Code points of one field that are compared: IVMS101 allows 100, so a longer one is no name. */
const FIELD_POINTS_MAX = 200
/** Words of one field. */
export const WORDS_MAX = 12
/** Code points of one word. */
export const WORD_POINTS_MAX = 40

export interface Flags {
  readonly hidden: boolean
  readonly mixed: boolean
  readonly tooLong: boolean
}

export const NO_FLAGS: Flags = { hidden: false, mixed: false, tooLong: false }

/** NFKC (full width, ligatures, no-break spaces), without what does not show; and whether something was there. */
export function cleaned(field: string): { readonly text: string; readonly flags: Flags } {
  const points = Array.from(field.slice(0, FIELD_POINTS_MAX * 2 + 2))
  const tooLong = points.length > FIELD_POINTS_MAX
  const raw = tooLong ? points.slice(0, FIELD_POINTS_MAX).join('') : points.join('')
  const text = withoutHidden(raw).normalize('NFKC').replace(/\s+/gu, ' ').trim()
  const words = text.split(/[\s\-‐-―./,&()]+/u)
  const crowded = words.length > WORDS_MAX || words.some((word) => Array.from(word).length > WORD_POINTS_MAX)
  return {
    text,
    flags: { hidden: hasHidden(raw), mixed: words.some(mixesScripts), tooLong: tooLong || crowded },
  }
}

export function bothFlags(a: Flags, b: Flags): Flags {
  return { hidden: a.hidden || b.hidden, mixed: a.mixed || b.mixed, tooLong: a.tooLong || b.tooLong }
}

/** Every sign people type for an apostrophe, among them the letters ʻ ʼ and the spacing accents. */
const APOSTROPHES = /['’‘‛`´ʹʻʼʽʾʿˈ′＇“”"״׳]/gu

/**
 * Lower case that does not depend on a locale: the Turkish İ and I both become i, and a final sigma the common one.
 * Composed (NFC), so that one letter is one code point wherever Unicode has it.
 */
export function folded(text: string): string {
  return text.replace(/İ/gu, 'i').toLowerCase().replace(/ς/gu, 'σ').replace(APOSTROPHES, '').normalize('NFC')
}

/** Letters without marks; letters that Unicode does not take apart (ł, đ, ø, ı) by their plain letter. */
export function bare(text: string): string {
  let plain = ''
  for (const letter of text) plain += PLAIN[letter] ?? letter
  return plain.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC')
}

// biome-ignore format: a table
const PLAIN: Readonly<Record<string, string>> = {
  ł: 'l', đ: 'd', ð: 'd', ø: 'o', ı: 'i', ħ: 'h', ŧ: 't', ŋ: 'n', ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th', ə: 'e', ĸ: 'k',
}
