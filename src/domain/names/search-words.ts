/** The words by which a name is found again, each in the forms that a searcher may type: plain letters, and the usual Latin spelling. */
import { cyrillicRomanised } from './cyrillic.ts'
import { mainScript } from './scripts.ts'
import { bare, cleaned, folded, WORDS_MAX } from './text.ts'
import { plainLetters, usualSpelling } from './transliteration.ts'

/** A letter alone would find half of the house. */
const WORD_LENGTH_MIN = 2
const WORD_SEPARATORS = /[\s\-‐-―./,&()]+/u

export function searchWords(name: string): readonly (readonly string[])[] {
  const words = folded(cleaned(name).text).split(WORD_SEPARATORS)
  return words
    .filter((word) => Array.from(word).length >= WORD_LENGTH_MIN || mainScript(word) === 'Han')
    .slice(0, WORDS_MAX)
    .map(formsOf)
}

function formsOf(word: string): readonly string[] {
  const script = mainScript(word)
  const plain = bare(plainLetters(word, script))
  const latin = script === 'Cyrillic' ? cyrillicRomanised(word) : usualSpelling(word, script)
  return [...new Set([plain, ...(latin === undefined ? [] : [latin])])]
}
