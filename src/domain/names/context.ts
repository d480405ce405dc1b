/** What two whole names tell about the writing systems that may be at work. Evidence, not proof: it opens rules and decides nothing. */
import { KAZAKH_LETTERS } from './cyrillic.ts'
import { isFamilyName } from './data/family-names-han.ts'
import { isPinyin } from './han.ts'
import { looksJapanese } from './kana.ts'
import { isVietnameseSpelling } from './latin.ts'
import { looksSlavic } from './surname-endings.ts'
import type { Context, Word } from './word.ts'

export function contextOf(
  a: readonly Word[],
  b: readonly Word[],
  known: { readonly cyrillic: boolean },
): Context {
  const all = [...a, ...b]
  const latin = (words: readonly Word[]): readonly Word[] => words.filter((word) => word.script === 'Latin')
  const marked = (words: readonly Word[]): boolean => words.some((word) => isVietnameseSpelling(word.text))
  return {
    cyrillic: known.cyrillic || all.some((word) => word.script === 'Cyrillic' || looksSlavic(word.plain)),
    kazakh: all.some((word) => KAZAKH_LETTERS.test(word.text)),
    japanese: [a, b].some((words) => looksJapanese(latin(words).map((word) => word.plain))),
    vietnamese: marked(a) && marked(b),
    eastAsian: looksEastAsian(a) && looksEastAsian(b),
  }
}

/** A listed family name and otherwise only words of one or two short syllables, or Han and Hangul themselves. */
function looksEastAsian(words: readonly Word[]): boolean {
  if (words.length < 2) return words.some((word) => word.script === 'Han' || word.script === 'Hangul')
  if (words.every((word) => word.script === 'Han' || word.script === 'Hangul')) return true
  const latin = words.filter((word) => word.script === 'Latin')
  const others = latin.filter((word) => !isFamilyName(word.plain))
  return others.length < latin.length && others.every((word) => isSyllabic(word.plain))
}

const KOREAN_SYLLABLES =
  /^(?:(?:[gkndtrlmbpsjhc]|ch|sh|kk|tt|pp)?(?:yeo|you|yoo|yu|ya|yo|ye|wa|wo|we|wi|woo|ae|eo|eu|ui|oe|oo|ee|a|e|i|o|u)(?:ng|[nmklpt](?![aeiouy]))?){1,2}$/u

function isSyllabic(word: string): boolean {
  return isPinyin(word, 1) || isPinyin(word, 2) || KOREAN_SYLLABLES.test(word)
}
