/**
 * A cheap necessary condition for two names to be alike, for looking through a long list: some word of the one begins with the same
 * two coarse consonants as some word of the other. Names in scripts that this file cannot spell in Latin pass, whatever they are; the
 * comparison judges. Held to the vectors by tests/unit/names/near-keys.test.ts.
 */
import { mainScript } from './scripts.ts'
import { bare, cleaned, folded } from './text.ts'
import { usualSpelling } from './transliteration.ts'
import type { LegalName, NameSet, NaturalName } from './types.ts'

/** Undefined: it cannot be told, so everything may be the same. */
export type NearKeys = ReadonlySet<string> | undefined

export function nearKeys(set: NameSet): NearKeys {
  const all = [...(set.names ?? []), ...(set.legalNames ?? []), ...(set.local ?? []), ...(set.phonetic ?? [])]
  const keys = new Set<string>()
  for (const word of all.flatMap(textsOf).flatMap((text) => cleaned(text).text.split(/[\s\-‐-―.,/&()]+/u))) {
    if (word === '') continue
    const latin = latinOf(folded(word))
    if (latin === undefined) return undefined
    for (const key of keysOf(latin)) keys.add(key)
  }
  return keys.size === 0 ? undefined : keys
}

export function mayBeAlike(a: NearKeys, b: NearKeys): boolean {
  if (a === undefined || b === undefined) return true
  const [few, many] = a.size < b.size ? [a, b] : [b, a]
  for (const key of few) if (many.has(key)) return true
  return false
}

function textsOf(name: NaturalName | LegalName): readonly string[] {
  return 'name' in name ? [name.name] : [name.primary, name.secondary ?? '']
}

/** BGN/PCGN by its consonants; vowels and signs count for nothing. */
const CYRILLIC: Readonly<Record<string, string>> = Object.fromEntries(
  'б=b в=v г=g ґ=g ғ=g д=d ж=z з=z к=k қ=k л=l м=m н=n ң=n п=p р=r с=s т=t ф=f х=h һ=h ц=z ч=c ш=s щ=s й=j я=j ю=j є=j ї=j ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz'
    .split(' ')
    .map((pair) => pair.split('=')),
)

function latinOf(word: string): string | undefined {
  const script = mainScript(word)
  if (script === 'Latin') return bare(word)
  if (script === 'Cyrillic') return Array.from(word, (letter) => CYRILLIC[letter] ?? '').join('')
  return usualSpelling(word, script)
}

const CLASSES: Readonly<Record<string, string>> = Object.fromEntries(
  ['bfpvw', 'cgkqsxzj', 'dt', 'lr', 'mn'].flatMap((letters, n) =>
    Array.from(letters).map((letter) => [letter, `${n}`]),
  ),
)

/** Spellings differ in whether h, j, w and g sound at all, and in whether t belongs to the sibilant after it. */
const READINGS = [
  (word: string) => word.replace(/h/gu, ''),
  (word: string) => word.replace(/[hjw]/gu, ''),
  (word: string) => word.replace(/h/gu, 'k'),
  (word: string) => word.replace(/[td](?=[schjz])|h/gu, ''),
  (word: string) => word.replace(/[ghjw]/gu, ''),
]

function keysOf(latin: string): readonly string[] {
  return READINGS.map((reading) => {
    const classes = Array.from(reading(latin), (letter) => CLASSES[letter] ?? '').join('')
    return classes.replace(/(.)\1+/gu, '$1').slice(0, 2)
  })
}
