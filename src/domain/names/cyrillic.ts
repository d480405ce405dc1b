/**
 * Cyrillic and its romanisations, compared in Russian letters: a Latin word stands for every Cyrillic word that one of the systems in
 * use writes that way. Systems: ICAO Doc 9303 and the Russian passport, BGN/PCGN, GOST 7.79 and ISO 9, the older French-style passports,
 * Kazakh practice; for Ukrainian, Resolution 55 (2010). Kazakh letters stand for the Russian ones that documents put in their place.
 */
import {
  firstSpelling,
  inverse,
  type Lattice,
  latticeOf,
  type SpellingTable,
  spellingTable,
} from './lattice.ts'
import { bare } from './text.ts'

const COMMON = `
  а=a б=b в=v|w д=d к=k|c|q кс=x л=l м=m н=n о=o п=p р=r с=s|ss т=t ф=f|ph ц=ts|tz|c|cz ш=sh|sch|š|ş|ŝ
  щ=shch|sch|sh|šč|ŝ|shh|chtch ь=_ ъ=_ ю=yu|iu|ju|u|û|iou|ü я=ya|ia|ja|â|ä йя=ya|ia|ja ій=ii|iy|ij|i|y|yi
  ђ=dj|đ ћ=c|ć|ch џ=dz|dž|dj ј=j|y|i љ=lj|ly њ=nj|ny ў=w|u|v`

const RUSSIAN = spellingTable(`${COMMON}
  г=g|gh|ğ|ǵ ж=zh|j|ž|dzh|dj е=e|ye|je|ie|yo|jo|ë з=z и=i|y|ı|ii й=y|i|j|ı|ý х=kh|h|x ч=ch|tch|č|ç|c у=u|ou|w|ý
  ы=y|i|ı э=e|è нг=ng|ñ н=ñ|ń|ng ий=y|i|iy|ii|ij|yi|yy ый=y|yi|yy|iy|yj|i|ii ия=ia|iya|iia|ija|iâ
  ье=ie|ye|je|e ья=ia|ya|ja|iya|â ью=iu|yu|ju ьё=yo|io ао=ao кш=ksh`)

const UKRAINIAN = spellingTable(`${COMMON}
  г=h зг=zgh ґ=g ж=zh|ž е=e є=ye|ie|je з=z и=y і=i ї=yi|i|ji й=y|i|j|ĭ х=kh|ch ч=ch|č у=u ы=y э=e ё=yo|io`)

/** Which Russian letters stand for a Kazakh one, and which letters the two spellings exchange. */
const KAZAKH = spellingTable(`
  ә=а|е|я|э ғ=г қ=к|х ң=н|нг ө=о|у|е ұ=у|о ү=у|ю һ=х|г і=и|ы|е ж=ж|дж э=э|е ь=ь|_ ы=ы|и ю=ю|у я=я|а иы=и ый=ый|и ій=ий|и`)

const SOFT_SIGN_OPTIONAL = spellingTable('ь=ь|_ ъ=ъ|_ ё=е')

const FROM_LATIN = { russian: inverse(RUSSIAN), ukrainian: inverse(UKRAINIAN) }
export type CyrillicSystem = keyof typeof FROM_LATIN

export const CYRILLIC_SYSTEMS: readonly CyrillicSystem[] = ['russian', 'ukrainian']

/** The Cyrillic words that a Latin one may stand for. */
export function latinAsCyrillic(word: string, system: CyrillicSystem): Lattice {
  const table = FROM_LATIN[system]
  return latticeOf(knownLetters(word, table), table, 'unlisted')
}

/** A Cyrillic word as a Latin one could spell it: signs may be lost, Kazakh letters replaced. */
export function cyrillicForLatin(word: string, system: CyrillicSystem): Lattice {
  if (system === 'ukrainian') return latticeOf(word, SOFT_SIGN_OPTIONAL, 'unlisted')
  return latticeOf(withoutYo(word), KAZAKH_OR_SIGNS, 'unlisted')
}

/** A Cyrillic word in either the Kazakh or the Russian spelling of a Kazakh name. */
export function kazakhSpellings(word: string): Lattice {
  return latticeOf(withoutYo(word), KAZAKH, 'unlisted')
}

/** A Cyrillic word as Latin letters, for comparison with a third script. */
export function cyrillicAsLatin(word: string): Lattice {
  return latticeOf(withoutYo(word), RUSSIAN, 'unlisted')
}

/** Russian print writes е for ё as a rule, so the two never tell names apart. */
export function withoutYo(word: string): string {
  return word.replace(/ё/gu, 'е')
}

export const KAZAKH_LETTERS = /[әғқңөұүһі]/iu

// й and the letters of the neighbouring languages stay as they are; only the spelling of Kazakh and of the signs is free.
const KAZAKH_OR_SIGNS: SpellingTable = new Map([
  ...KAZAKH,
  ['ъ', ['ъ', '']],
  ['ю', ['ю']],
  ['я', ['я']],
  ['э', ['э']],
  ['ж', ['ж']],
  ['ы', ['ы']],
])

function knownLetters(word: string, table: SpellingTable): string {
  return Array.from(word, (letter) => (table.has(letter) ? letter : bare(letter))).join('')
}

/** The usual Latin spelling, to look a given name up in a list. */
export function cyrillicRomanised(word: string): string {
  return firstSpelling(withoutYo(word), RUSSIAN)
}
