/** Initials, in the scripts that write letters. */
import type { Word } from './word.ts'
import { latinFormsOf } from './words.ts'

export function isInitial(word: Word): boolean {
  if (Array.from(word.text).length !== 1) return false
  return (
    word.script === 'Latin' ||
    word.script === 'Cyrillic' ||
    word.script === 'Greek' ||
    word.script === 'Armenian'
  )
}

/** Whether `initial` is one letter and the other word, longer, may begin with it, also in another script. */
export function mayBeInitialOf(initial: Word, word: Word): boolean {
  if (!isInitial(initial) || isInitial(word)) return false
  if (initial.script === word.script) return word.plain.startsWith(initial.plain)
  const first = word.script === 'Han' ? undefined : latinFormsOf(word)?.edges[0]
  const letters =
    initial.script === 'Latin' ? [initial.plain] : latinFormsOf(initial)?.edges[0]?.map((edge) => edge.letter)
  if (first === undefined || letters === undefined) return true
  return first.some((edge) => letters.includes(edge.letter))
}
