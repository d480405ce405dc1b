/** How two words of two names stand to each other: one word, nearly one word, or two. The catalogue of rules is in docs/names.md. */

import {
  CYRILLIC_SYSTEMS,
  cyrillicAsLatin,
  cyrillicForLatin,
  cyrillicRomanised,
  kazakhSpellings,
  latinAsCyrillic,
  withoutYo,
} from './cyrillic.ts'
import { isCustomarySpelling, spellOneArabicName } from './data/arabic-names.ts'
import { mayBeOneFamilyName } from './data/family-names-han.ts'
import { GIVEN_NAMES } from './data/given-names.ts'
import { areRelated } from './data/related-names.ts'
import { editsBetween, slipMax } from './distance.ts'
import { compareHanWithLatin, customaryReadings } from './han.ts'
import { oneForm, sameCharacters } from './han-forms.ts'
import { hangulAsLatin, isSyllable } from './hangul.ts'
import { hiragana, kanaAsLatin, romajiLattice } from './kana.ts'
import { latinLattice, marksContradict } from './latin.ts'
import { type Lattice, latticeDistance, shareSpelling } from './lattice.ts'
import { pinyinOf } from './pinyin.ts'
import { type Script, shapeOf } from './scripts.ts'
import { eastAsianSound, fullSound, soundKey, syllables } from './sound.ts'
import { familyEnding } from './surname-endings.ts'
import { latinSpellings, plainLetters, usualSpelling } from './transliteration.ts'
import { type Context, DIFFERENT, equal, near, type Relation, type Role, type Word, wordOf } from './word.ts'

/** Code units of a word, or of several written together, that rules are tried on; a longer one is only compared as it stands. */
const COMPARED_MAX = 64

/** The two words as one and the other; the answer is the same either way round. */
export function compareWords(a: Word, b: Word, role: Role, context: Context): Relation {
  if (a.text === b.text) return equal(a.raw === b.raw ? 'IDENTICAL' : 'CASE_AND_PUNCTUATION')
  if (Math.max(a.text.length, b.text.length) > COMPARED_MAX)
    return a.plain === b.plain ? equal('MARKS_LEFT_OUT') : DIFFERENT
  if (a.script !== b.script) return acrossScripts(a, b, role, context)
  if (a.script === 'Latin') return inLatin(a, b, role, context)
  if (a.script === 'Cyrillic') return inCyrillic(a, b, role, context)
  if (a.script === 'Han') return inHan(a.text, b.text)
  if (a.script === 'Kana') return inKana(a.text, b.text)
  return inOneScript(a, b, role)
}

function inLatin(a: Word, b: Word, role: Role, context: Context): Relation {
  if (a.plain === b.plain && context.vietnamese) return near('TONES_DIFFER', 'SPELLING_DIFFERS')
  const marked = a.text !== a.plain || b.text !== b.plain
  if (marked && shareSpelling(latinLattice(a.text), latinLattice(b.text))) {
    return marksContradict(a.text, b.text)
      ? near('MARKS_CONTRADICT', 'SPELLING_DIFFERS')
      : equal('MARKS_LEFT_OUT')
  }
  if (context.cyrillic && sameCyrillicWord(a.text, b.text)) return equal('ROMANISATION')
  if (context.japanese) {
    if (shareSpelling(romajiLattice(a.text), romajiLattice(b.text))) return equal('ROMAJI')
    if (withoutLength(a.plain) === withoutLength(b.plain)) return near('VOWEL_LENGTH', 'SOUND_ONLY')
    if (unvoiced(a.plain) === unvoiced(b.plain)) return near('JAPANESE_VOICING', 'SOUND_ONLY')
  }
  if (spellOneArabicName(a.plain, b.plain)) return equal('ARABIC_SPELLING')
  const servant = inServantNames(a, b, role, context)
  if (servant !== undefined) return servant
  return nearInLatin(a, b, role, context)
}

function sameCyrillicWord(a: string, b: string): boolean {
  return CYRILLIC_SYSTEMS.some((system) =>
    shareSpelling(latinAsCyrillic(a, system), latinAsCyrillic(b, system)),
  )
}

/** Nakajima and Nakashima are two readings of the same characters. */
function unvoiced(word: string): string {
  return withoutLength(word)
    .replace(/j/gu, 'sh')
    .replace(/z/gu, 's')
    .replace(/g/gu, 'k')
    .replace(/d/gu, 't')
    .replace(/b/gu, 'h')
}

function withoutLength(word: string): string {
  return word.replace(/oh(?![aeiou])|ou|oo/gu, 'o').replace(/uu/gu, 'u')
}

/** Names of the pattern "servant of …": the article between is spelt in many ways, and what follows it decides. */
const SERVANT = /^abd(?:[aeiou]?l|[aeiou](?=([rsnztd])\1)[rsnztd]|[aeiou](?=[rsnztd]))?(?=.{3})/u

function inServantNames(a: Word, b: Word, role: Role, context: Context): Relation | undefined {
  if (isHalf(a, b) || isHalf(b, a)) return near('COMPOUND_SHORTENED', 'GIVEN_NAME_INCOMPLETE')
  if (!SERVANT.test(a.plain) || !SERVANT.test(b.plain)) return undefined
  const left = a.plain.replace(SERVANT, '')
  const right = b.plain.replace(SERVANT, '')
  if (left === right) return equal('ARABIC_COMPOUND')
  const rest = inLatin(wordOf(left), wordOf(right), role, context)
  if (rest.kind === 'equal') return equal('ARABIC_COMPOUND')
  // Two edits are a slip in a long compound, and another of the names of God in a short one.
  return editsBetween(left, right, 1) <= 1 ? near('SLIP', 'SPELLING_DIFFERS') : DIFFERENT
}

/** "Abdul" is the first half of any of them. */
function isHalf(half: Word, whole: Word): boolean {
  return /^abd[aeiou]l?$/u.test(half.plain) && SERVANT.test(whole.plain)
}

function nearInLatin(a: Word, b: Word, role: Role, context: Context): Relation {
  if (role === 'given' && areRelated(a.plain, b.plain))
    return near('RELATED_GIVEN_NAME', 'RELATED_GIVEN_NAME')
  if (role === 'family' && mayBeOneFamilyName(a.plain, b.plain)) {
    return near('FAMILY_ROMANISATION', 'ROMANISATION_UNCONFIRMED')
  }
  const ending = role === 'family' ? endingsDiffer(a, b, context) : undefined
  if (ending !== undefined) return ending
  if (role === 'given' && areTwoGivenNames(a.plain, b.plain))
    return { kind: 'different', rule: 'TWO_GIVEN_NAMES' }
  if (context.eastAsian && eastAsianSound(a.plain) === eastAsianSound(b.plain)) {
    return near('EAST_ASIAN_ROMANISATION', 'ROMANISATION_UNCONFIRMED')
  }
  if (context.eastAsian && role === 'given' && lacksSyllable(a.plain, b.plain)) {
    return near('SYLLABLE_ABSENT', 'GIVEN_NAME_INCOMPLETE')
  }
  const sound = soundsAlike(a.plain, b.plain)
  if (role === 'given' && beginsOtherwise(a.plain, b.plain)) return DIFFERENT
  // In pinyin and Hangul romanisation one letter makes another syllable.
  if (
    editsBetween(a.plain, b.plain, context.eastAsian ? 0 : slipMax(a.plain, b.plain)) <
    Number.POSITIVE_INFINITY
  ) {
    return sound ? near('SOUND', 'SOUND_ONLY') : near('SLIP', 'SPELLING_DIFFERS')
  }
  if (sound && !context.eastAsian) return near('SOUND', 'SOUND_ONLY')
  if (role === 'family' && /^ma?c/u.test(a.plain) && /^ma?c/u.test(b.plain)) {
    const [left, right] = [a.plain, b.plain].map((name) => name.replace(/^ma?c/u, ''))
    if (left === right) return near('MC_AND_MAC', 'SOUND_ONLY')
  }
  return DIFFERENT
}

/** One is the other and a syllable more: half a Chinese or Korean given name. */
function lacksSyllable(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length < 2) return false
  const more = long.startsWith(short)
    ? long.slice(short.length)
    : long.endsWith(short)
      ? long.slice(0, -short.length)
      : ''
  return isSyllable(more) && isSyllable(short)
}

/** Few slips hit the first letter, and among short given names another one makes another name: Ерик, Серик. */
function beginsOtherwise(a: string, b: string): boolean {
  return a[0] !== b[0] && Math.min(a.length, b.length) < 7 && !(a[0] === b[1] && a[1] === b[0])
}

function soundsAlike(a: string, b: string): boolean {
  if (a.length < 3 || b.length < 3 || a[0] !== b[0]) return false
  if (fullSound(a) === fullSound(b)) return true
  const key = soundKey(a)
  return key.length > 1 && key === soundKey(b) && syllables(a) === syllables(b) && editsBetween(a, b, 3) <= 3
}

/**
 * Both are listed given names and one letter is exchanged for another: Andrea and Andrés, Karina and Marina. A letter more at the end,
 * or two letters swapped, may still be a slip or a neighbouring form.
 */
function areTwoGivenNames(a: string, b: string): boolean {
  if (!GIVEN_NAMES.has(a) || !GIVEN_NAMES.has(b)) return false
  if (a.startsWith(b) || b.startsWith(a)) return false
  const swapped =
    a.length === b.length && Array.from(a).toSorted().join('') === Array.from(b).toSorted().join('')
  return !swapped
}

function endingsDiffer(a: Word, b: Word, context: Context): Relation | undefined {
  const left = familyEnding(a.plain, a.script)
  const right = familyEnding(b.plain, b.script)
  if (left.ending === '' && right.ending === '') return undefined
  if (left.stem === a.plain && right.stem === b.plain) return undefined
  const mayEnd = (name: typeof left): boolean => name.ending === '' || name.removable
  const related = left.ending === right.ending || (mayEnd(left) && mayEnd(right))
  if (!related) return undefined
  const stems = compareWords(wordOf(left.stem), wordOf(right.stem), 'word', context)
  return stems.kind === 'equal' ? near('FAMILY_NAME_ENDING', 'FAMILY_NAME_ENDING') : undefined
}

function inCyrillic(a: Word, b: Word, role: Role, context: Context): Relation {
  const left = withoutYo(a.text)
  const right = withoutYo(b.text)
  if (left === right) return equal('YO')
  if (role === 'given' && areRelated(left, right)) return near('RELATED_GIVEN_NAME', 'RELATED_GIVEN_NAME')
  if (context.kazakh && shareSpelling(kazakhSpellings(left), kazakhSpellings(right)))
    return equal('KAZAKH_SPELLING')
  const ending = role === 'family' ? endingsDiffer(a, b, context) : undefined
  if (ending !== undefined) return ending
  if (role === 'given' && areTwoGivenNames(left, right)) return { kind: 'different', rule: 'TWO_GIVEN_NAMES' }
  if (role === 'given' && beginsOtherwise(left, right)) return DIFFERENT
  const slip = context.kazakh
    ? latticeDistance(kazakhSpellings(left), kazakhSpellings(right), slipMax(left, right)) !== undefined
    : editsBetween(left, right, slipMax(left, right)) < Number.POSITIVE_INFINITY
  return slip ? near('SLIP', 'SPELLING_DIFFERS') : DIFFERENT
}

function inHan(a: string, b: string): Relation {
  if (sameCharacters(a, b)) return equal('CHARACTER_FORMS')
  if (oneForm(a) === oneForm(b)) return near('CHARACTERS_MERGED', 'READING_UNCONFIRMED')
  return compareReadings(a, b) ? near('SAME_READING', 'SOUND_ONLY') : DIFFERENT
}

function compareReadings(a: string, b: string): boolean {
  const spelling = customaryReadings(b)?.[0]
  const mine = customaryReadings(a)?.[0]
  if (spelling !== undefined && spelling === mine) return true
  return pinyinOf(a, true).usual.join(' ') === pinyinOf(b, true).usual.join(' ')
}

function inKana(a: string, b: string): Relation {
  if (hiragana(a) === hiragana(b)) return equal('KANA')
  return shareSpelling(kanaAsLatin(a), kanaAsLatin(b)) ? near('VOWEL_LENGTH', 'SOUND_ONLY') : DIFFERENT
}

function inOneScript(a: Word, b: Word, role: Role): Relation {
  const left = plainLetters(a.text, a.script)
  const right = plainLetters(b.text, b.script)
  if (left === right) return equal('MARKS_LEFT_OUT')
  if (a.script === 'Greek' && role === 'family' && left.replace(/σ$/u, '') === right.replace(/σ$/u, '')) {
    return near('FAMILY_NAME_ENDING', 'FAMILY_NAME_ENDING')
  }
  if (a.script === 'Hangul') return DIFFERENT
  const slip = editsBetween(left, right, slipMax(left, right)) < Number.POSITIVE_INFINITY
  return slip && !ABJADS.has(a.script)
    ? near('SLIP', 'SPELLING_DIFFERS')
    : slip && left.length > 4
      ? near('SLIP', 'SPELLING_DIFFERS')
      : DIFFERENT
}

/** Few letters say much in these: a letter more or less is another word. */
const ABJADS: ReadonlySet<Script> = new Set(['Arabic', 'Hebrew', 'Thai'])

function acrossScripts(a: Word, b: Word, role: Role, context: Context): Relation {
  if (b.script === 'Latin') return acrossScripts(b, a, role, context)
  const relation = a.script === 'Latin' ? latinWith(a, b, role, context) : amongOthers(a, b)
  if (relation.kind !== 'equal' && shapeOf(a.raw) === shapeOf(b.raw)) return near('LOOK_ALIKE', 'LOOK_ALIKE')
  return relation
}

function latinWith(latin: Word, other: Word, role: Role, context: Context): Relation {
  if (other.script === 'Cyrillic') return latinWithCyrillic(latin, other, role, context)
  if (other.script === 'Han') return latinWithHan(latin, other, role)
  const lattice = latinFormsOf(other)
  if (lattice === undefined) return near('SCRIPT_NOT_COMPARED', 'SCRIPT_NOT_COMPARED')
  const usual = role === 'given' ? usualSpelling(other.text, other.script) : undefined
  const distance = latticeDistance(latinLattice(latin.text), lattice, acrossMax(latin, other))
  const arabic = other.script === 'Arabic' ? plainLetters(other.text, 'Arabic') : ''
  const customary = isCustomarySpelling(arabic, latin.plain)
  if (customary === true) return equal('ARABIC_SPELLING')
  if (distance !== 0 && usual !== undefined && areRelated(latin.plain, usual))
    return near('RELATED_GIVEN_NAME', 'RELATED_GIVEN_NAME')
  if (distance === undefined) return DIFFERENT
  if (distance === 0 && customary === undefined) return equal('ROMANISATION')
  // The word is a listed name and this is not how it is spelt: حسن is Hassan, and Hussein has other letters.
  if (customary === false)
    return distance === 0 ? near('ARABIC_SPELLING', 'ROMANISATION_UNCONFIRMED') : DIFFERENT
  return near('SLIP', 'SPELLING_DIFFERS')
}

/** A slip across scripts is granted where every letter is written; in Hangul and kana a letter is a syllable. */
function acrossMax(latin: Word, other: Word): number {
  if (ABJADS.has(other.script)) return latin.plain.length > 3 && other.text.length > 2 ? 1 : 0
  if (other.script === 'Hangul' || other.script === 'Kana') return 0
  return slipMax(latin.plain, other.text)
}

function latinWithCyrillic(latin: Word, cyrillic: Word, role: Role, context: Context): Relation {
  let least: number | undefined
  for (const system of CYRILLIC_SYSTEMS) {
    const max = slipMax(latin.plain, cyrillic.text)
    const edits = latticeDistance(
      latinAsCyrillic(latin.text, system),
      cyrillicForLatin(cyrillic.text, system),
      max,
    )
    if (edits === 0) return equal('ROMANISATION')
    if (edits !== undefined) least = Math.min(edits, least ?? edits)
  }
  if (role === 'given' && areRelated(latin.plain, cyrillicRomanised(cyrillic.text))) {
    return near('RELATED_GIVEN_NAME', 'RELATED_GIVEN_NAME')
  }
  const ending = role === 'family' ? endingsDiffer(latin, cyrillic, context) : undefined
  if (ending !== undefined) return ending
  return least === undefined ? DIFFERENT : near('SLIP', 'SPELLING_DIFFERS')
}

function latinWithHan(latin: Word, han: Word, role: Role): Relation {
  switch (compareHanWithLatin(han.text, latin.text, role === 'family')) {
    case 'pinyin':
      return equal('PINYIN')
    case 'customary-reading':
      return equal('CUSTOMARY_READING')
    case 'other-reading':
    case 'unknown':
      return near('READING', 'READING_UNCONFIRMED')
    case 'other-romanisation':
      return near('FAMILY_ROMANISATION', 'ROMANISATION_UNCONFIRMED')
    case 'pinyin-differs':
      return { kind: 'different', rule: 'PINYIN_DIFFERS' }
    case 'different':
      return DIFFERENT
  }
}

/** Two scripts that meet only in Latin letters: their agreement is a reason to look. */
function amongOthers(a: Word, b: Word): Relation {
  if (a.script === 'Han' || b.script === 'Han')
    return withHan(a.script === 'Han' ? a : b, a.script === 'Han' ? b : a)
  const left = latinFormsOf(a)
  const right = latinFormsOf(b)
  if (left === undefined || right === undefined) return near('SCRIPT_NOT_COMPARED', 'SCRIPT_NOT_COMPARED')
  return shareSpelling(left, right) ? near('ROMANISATION', 'ROMANISATION_UNCONFIRMED') : DIFFERENT
}

function withHan(han: Word, other: Word): Relation {
  if (other.script !== 'Kana') return near('SCRIPT_NOT_COMPARED', 'SCRIPT_NOT_COMPARED')
  const readings = customaryReadings(han.text)
  if (readings === undefined) return near('READING', 'READING_UNCONFIRMED')
  const agrees = readings.some((reading) => shareSpelling(latinLattice(reading), kanaAsLatin(other.text)))
  return agrees ? near('READING', 'READING_UNCONFIRMED') : DIFFERENT
}

/** Undefined for a script that has no table here. */
export function latinFormsOf(word: Word): Lattice | undefined {
  if (word.script === 'Cyrillic') return cyrillicAsLatin(word.text)
  if (word.script === 'Kana') return kanaAsLatin(word.text)
  if (word.script === 'Hangul') return hangulAsLatin(word.text)
  if (word.script === 'Latin') return latinLattice(word.text)
  return latinSpellings(word.text, word.script)
}
