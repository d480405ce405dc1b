/** Hangul by Revised Romanisation, McCune-Reischauer, and the spellings that Koreans choose for their passports. */
import { isPinyin } from './han.ts'
import { type Lattice, latticeOf, spellingTable } from './lattice.ts'

const INITIAL = 'g|k kk|gg|k n d|t tt|dd r|l|n m b|p pp|bb s|sh ss|s _ j|ch|z jj|tch ch k t p h'.split(' ')
const VOWEL =
  'a|ah ae|ai|e|ay ya|ia yae eo|u|o|uh e|ae yeo|you|yu|yo ye|e|yae o|oh wa wae oe|oi|we yo u|oo|ou wo|weo we wi|ui|we yu|yoo|you eu|u|e ui|ee|eui|i i|ee|yi'.split(
    ' ',
  )
const FINAL = '_ k|g|ck k k n n n t|d l|r k|l m l|p l l p|l l m p|b p t|s t|s ng t|j t k t p t|h'.split(' ')

const FAMILY_NAMES = spellingTable(`
  이=lee|yi|rhee|i|li|ri|rhie 박=park|pak|bak|bark 김=kim|gim|ghim 최=choi|choe|choy 노=noh|roh|no|ro 유=yoo|yu|ryu|you 류=ryu|yoo|lyu|ryoo
  임=lim|im|rim|yim 림=lim|rim 조=cho|jo|joe 장=jang|chang 정=jung|jeong|chung|jong|cheong 강=kang|gang 오=oh|o 우=woo|wu 구=koo|ku|goo|gu
  안=ahn|an 고=ko|go|koh 손=son|sohn 백=baek|paik|paek|back 허=heo|hur|huh|her 심=shim|sim 엄=um|eom|uhm 현=hyun|hyeon 석=seok|suk
  서=seo|suh|so 나=na|ra|nah 라=ra|na 양=yang|ryang 여=yeo|yuh|lyuh 방=bang|pang 신=shin|sin 원=won|wone 권=kwon|gwon|kwun 문=moon|mun`)

/** Latin spellings of a Hangul word; the first syllable may also be spelt as a family name is. */
export function hangulAsLatin(word: string): Lattice {
  const table = new Map<string, readonly string[]>()
  for (const syllable of word) {
    const spellings = syllableSpellings(syllable)
    if (spellings !== undefined) table.set(syllable, [...spellings, ...(FAMILY_NAMES.get(syllable) ?? [])])
  }
  return latticeOf(word, table, 'unlisted')
}

const FIRST = 0xac00
const LAST = 0xd7a3

/** A syllable's code is FIRST + (initial × 21 + vowel) × 28 + final (Unicode 3.12). */
function syllableSpellings(syllable: string): string[] | undefined {
  const code = syllable.codePointAt(0) ?? 0
  if (code < FIRST || code > LAST) return undefined
  const index = code - FIRST
  const initials = options(INITIAL[Math.floor(index / 588)])
  const vowels = options(VOWEL[Math.floor((index % 588) / 28)])
  const finals = options(FINAL[index % 28])
  return initials.flatMap((i) => vowels.flatMap((v) => finals.map((f) => i + v + f)))
}

const SYLLABLE =
  /^(?:[gkndtrlmbpsjhc]|ch|sh|kk|tt|pp)?(?:yeo|you|yoo|yu|ya|yo|ye|wa|wo|we|wi|woo|ae|eo|eu|ui|oe|oo|ee|a|e|i|o|u)(?:ng|[nmklpt])?$/u

/** Whether the Latin letters are one syllable of a Korean or Chinese name. */
export function isSyllable(latin: string): boolean {
  return SYLLABLE.test(latin) || isPinyin(latin, 1)
}

function options(source = ''): string[] {
  return source.split('|').map((s) => (s === '_' ? '' : s))
}
