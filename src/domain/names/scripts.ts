/** Scripts of letters, look-alikes between them, and characters that do not show (Unicode Standard Annex 24; UTS 39, 5). */
const SCRIPTS = [
  ['Latin', /\p{Script=Latin}/u],
  ['Cyrillic', /\p{Script=Cyrillic}/u],
  ['Greek', /\p{Script=Greek}/u],
  ['Arabic', /\p{Script=Arabic}/u],
  ['Hebrew', /\p{Script=Hebrew}/u],
  ['Han', /\p{Script=Han}/u],
  ['Kana', /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u],
  ['Hangul', /\p{Script=Hangul}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Armenian', /\p{Script=Armenian}/u],
  ['Georgian', /\p{Script=Georgian}/u],
] as const
export type Script = (typeof SCRIPTS)[number][0] | 'Other'

/** The script of one letter; undefined for digits, marks and punctuation, which belong to every script. */
function scriptOfLetter(letter: string): Script | undefined {
  const code = letter.codePointAt(0) ?? 0
  if (code < 0x80) return /[a-z]/i.test(letter) ? 'Latin' : undefined
  for (const [script, pattern] of SCRIPTS) if (pattern.test(letter)) return script
  // Letters of no script, such as the modifier ʼ that Ukrainian writes for its apostrophe, belong to every script.
  return /(?![\p{Script=Common}\p{Script=Inherited}])\p{L}/u.test(letter) ? 'Other' : undefined
}

function scriptsOf(text: string): ReadonlySet<Script> {
  const found = new Set<Script>()
  for (const letter of text) {
    const script = scriptOfLetter(letter)
    if (script !== undefined) found.add(script)
  }
  return found
}

/** The script most letters of the text are in; Latin when there is no letter. */
export function mainScript(text: string): Script {
  const counts = new Map<Script, number>()
  for (const letter of text) {
    const script = scriptOfLetter(letter)
    if (script !== undefined) counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  let best: Script = 'Latin'
  let most = 0
  for (const [script, count] of counts) if (count > most) [best, most] = [script, count]
  return best
}

/** Scripts whose letters pass for one another. Japanese and Korean mix theirs with Han in honest words. */
const CONFUSABLE: ReadonlySet<Script> = new Set([
  'Latin',
  'Cyrillic',
  'Greek',
  'Armenian',
  'Georgian',
  'Hebrew',
  'Other',
])

export function mixesScripts(word: string): boolean {
  return Array.from(scriptsOf(word)).filter((script) => CONFUSABLE.has(script)).length > 1
}

/**
 * Controls, format characters (zero-width, bidirectional, tags, soft hyphen), variation selectors, fillers that draw nothing, lone surrogates,
 * and code points nobody assigned. White space is not hidden.
 */
const HIDDEN =
  /(?!\s)(?:[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Co}\p{Variation_Selector}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0)|\ufeff/gu

/** The zero-width non-joiner that Persian and Urdu spelling asks for between two letters. */
const ARABIC_NON_JOINER = /(?<=\p{Script=Arabic})\u200c(?=\p{Script=Arabic})/gu

export function hasHidden(text: string): boolean {
  return withoutHidden(text) !== text.replace(ARABIC_NON_JOINER, '')
}

export function withoutHidden(text: string): string {
  return text.replace(ARABIC_NON_JOINER, '').replace(HIDDEN, '')
}

/** Letters drawn alike in the usual typefaces, by their lower-case Latin twin; capitals have twins that small letters lack. */
// biome-ignore format: a table
const TWINS: Readonly<Record<string, string>> = {
  a: 'аАαΑɑ', b: 'ВвΒЬьʙ', c: 'сСϲ', d: 'ԁ', e: 'еЕΕєҽ', f: 'ϝ', g: 'ɡԌ', h: 'НнΗһҺ', i: 'іІΙιӀⅰ', j: 'јЈ',
  k: 'КкΚκ', l: 'ӏ|', m: 'МмΜ', n: 'Νпηո', o: 'оОοΟօ', p: 'рРρΡ', q: 'ԛ', r: 'гГ', s: 'ѕЅտ', t: 'ТтΤτ',
  u: 'υսц', v: 'νѵ', w: 'ԝωш', x: 'хХχΧ', y: 'уУΥγүҮ', z: 'Ζ', 3: 'зЗ', 6: 'б',
}
const SHAPE = new Map<string, string>()
for (const [shape, letters] of Object.entries(TWINS)) for (const letter of letters) SHAPE.set(letter, shape)

/**
 * What the text looks like, letter by letter. Capitals and small letters are tried as written: В is drawn like B, в like nothing
 * Latin but its own capital.
 */
export function shapeOf(text: string): string {
  let shape = ''
  for (const letter of text.normalize('NFKC')) shape += SHAPE.get(letter) ?? letter.toLowerCase()
  return shape.normalize('NFD').replace(/\p{M}/gu, '')
}

/** A word whose letters all are of its main script: each stray look-alike becomes the letter it passes for. */
export function unmixed(word: string): string {
  if (!mixesScripts(word)) return word
  const main = mainScript(word)
  return Array.from(word, (letter) => {
    const script = scriptOfLetter(letter)
    if (script === undefined || script === main) return letter
    const shape = SHAPE.get(letter) ?? letter.toLowerCase()
    const capital = letter !== letter.toLowerCase()
    const twins = [shape, ...Array.from(TWINS[shape] ?? '')].filter((twin) => scriptOfLetter(twin) === main)
    return twins.find((twin) => (twin !== twin.toLowerCase()) === capital) ?? twins[0] ?? letter
  }).join('')
}
