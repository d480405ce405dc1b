/** Han characters against Latin letters. Chinese has one reading in a name, as a rule; Japanese has several, and the bearer chooses. */
import { isFamilyNameSpelling } from './data/family-names-han.ts'
import { KANJI_NAMES } from './data/kanji-names.ts'
import { oneForm } from './han-forms.ts'
import { romajiLattice } from './kana.ts'
import { latinLattice } from './latin.ts'
import { type Lattice, latticeOf, shareSpelling } from './lattice.ts'
import { pinyinOf } from './pinyin.ts'
import { bare } from './text.ts'

export type HanRelation =
  | 'pinyin'
  | 'customary-reading'
  | 'other-reading'
  | 'other-romanisation'
  | 'unknown'
  | 'pinyin-differs'
  | 'different'

export function compareHanWithLatin(han: string, latin: string, isFamilyName: boolean): HanRelation {
  const spelling = latinLattice(latin)
  const { usual, all } = pinyinOf(han, isFamilyName)
  if (shareSpelling(readingLattice(usual.map((reading) => [reading])), spelling)) return 'pinyin'
  const listed = KANJI_NAMES.get(han) ?? KANJI_NAMES.get(oneForm(han))
  if (listed?.some((reading) => sameRomaji(reading, latin)) === true) {
    return listed.length === 1 && han.length > 1 ? 'customary-reading' : 'other-reading'
  }
  if (shareSpelling(readingLattice(all), spelling)) return 'other-reading'
  if (isFamilyName && isFamilyNameSpelling(han, bare(latin)) === true) return 'other-romanisation'
  if (isFamilyName && Array.from(han).length === 1 && isFamilyNameSpelling(han, '') === false)
    return 'different'
  if (listed !== undefined && Array.from(han).length > 1) return 'different'
  return isPinyin(bare(latin), Array.from(han).length) ? 'pinyin-differs' : 'unknown'
}

/** How a Japanese family or given name is read, when it has one customary reading only. */
export function customaryReadings(han: string): readonly string[] | undefined {
  return KANJI_NAMES.get(han)
}

/** Every character as each of its readings; passports write ü as u, v, yu or ue. */
function readingLattice(readings: readonly (readonly string[])[]): Lattice {
  // One private letter per position, so that a table of units can say what stands there.
  const positions = readings.map((_, index) => String.fromCodePoint(0xe000 + index))
  const table = new Map<string, readonly string[]>()
  for (const [index, spellings] of readings.entries()) {
    const written = spellings.flatMap((s) =>
      s.includes('v') ? ['v', 'u', 'yu', 'ue'].map((u) => s.replace('v', u)) : [s],
    )
    table.set(positions[index] ?? '', written)
  }
  return latticeOf(positions.join(''), table, 'unlisted')
}

function sameRomaji(reading: string, latin: string): boolean {
  const long = bare(latin)
    .replace(/oh(?![aeiou])|ou|oo/gu, 'o')
    .replace(/uu/gu, 'u')
  const plain = reading.replace(/ou|oo/gu, 'o')
  return (
    shareSpelling(romajiLattice(plain), romajiLattice(long)) ||
    shareSpelling(romajiLattice(plain), romajiLattice(bare(latin)))
  )
}

const PINYIN_SYLLABLE =
  '(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|ia|ie|iu|in|ua|uo|ui|un|ue|ve|er|a|o|e|i|u|v))'

/** Whether the word can be split into exactly that many pinyin syllables. */
export function isPinyin(latin: string, syllables: number): boolean {
  return syllables > 0 && syllables <= 8 && new RegExp(`^${PINYIN_SYLLABLE}{${syllables}}$`, 'u').test(latin)
}
