/** Slavic and Kazakh family names end by the bearer's sex, and a re-registered Kazakh name drops the ending. */
import type { Script } from './scripts.ts'

export interface FamilyEnding {
  readonly stem: string
  /** One word for the endings that differ by sex only; empty when there is none. */
  readonly ending: string
  /** Whether a name without the ending is met beside the name with it (Жұмабек, Жұмабеков). */
  readonly removable: boolean
}

const CYRILLIC: readonly (readonly [RegExp, string, boolean])[] = [
  [/(?<=..)(?:ов|ова)$/u, 'ov', true],
  [/(?<=..)(?:ев|ева|ёв|ёва|єв|єва)$/u, 'ev', true],
  [/(?<=..)(?:ұлы|улы)$/u, 'uly', true],
  [/(?<=..)(?:қызы|кызы)$/u, 'kyzy', true],
  [/(?<=..)(?:ин|ина|ін|іна)$/u, 'in', false],
  [/(?<=..)(?:ский|ская|ський|ська|скій)$/u, 'sky', false],
  [/(?<=..)(?:цкий|цкая|цький|цька)$/u, 'tsky', false],
  [/(?<=..)(?:ый|ий|ой|ая)$/u, 'adjective', false],
]
const LATIN: readonly (readonly [RegExp, string, boolean])[] = [
  [/(?<=..)(?:ov|ova|off)$/u, 'ov', true],
  [/(?<=..)(?:ev|eva|eff)$/u, 'ev', true],
  [/(?<=..)(?:uly|ūly|kyzy|qyzy)$/u, 'uly', true],
  [/(?<=..)(?:in|ina)$/u, 'in', false],
  [/(?<=..)(?:sky|ski|skiy|skii|skaya|skaia|skaja|ska)$/u, 'sky', false],
  [/(?<=..)(?:cki|cka)$/u, 'tsky', false],
]

export function familyEnding(word: string, script: Script): FamilyEnding {
  const endings = script === 'Cyrillic' ? CYRILLIC : script === 'Latin' ? LATIN : []
  for (const [pattern, ending, removable] of endings) {
    if (pattern.test(word)) return { stem: word.replace(pattern, ''), ending, removable }
  }
  return { stem: word, ending: '', removable: false }
}

/** Evidence that a Latin family name comes from Cyrillic. */
export function looksSlavic(word: string): boolean {
  return /(?:[^aeiou](?:ov|ova|off)|[^n]ev|eva|yev|yeva|sky|skiy|skii|skaya|skaia|enko|chuk|shvili|bekov|bayev|baev|ullin|bek|bay|khan|zhan|gali|gul)$/u.test(
    word,
  )
}
