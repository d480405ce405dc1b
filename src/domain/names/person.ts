/** A natural person's name taken apart: fields, titles, which bearer of the name, patronymic, particles. */
import { isFamilyName } from './data/family-names-han.ts'
import { GIVEN_NAMES } from './data/given-names.ts'
import { CROSSED_OUT, GENERATIONS, LINKS, PARTICLES, PLACEHOLDERS, TITLES } from './data/person-words.ts'
import { unmixed } from './scripts.ts'
import { bare, bothFlags, cleaned, type Flags, folded, WORD_POINTS_MAX, WORDS_MAX } from './text.ts'
import type { NaturalName } from './types.ts'
import { type Word, wordOf } from './word.ts'

export interface Person {
  /** `one` when the sender put everything into one field, so that the order tells nothing. */
  readonly fields: 'both' | 'one'
  readonly family: readonly Word[]
  readonly given: readonly Word[]
  /** With `one`: every word in the order sent, and no family or given name. */
  readonly words: readonly Word[]
  readonly patronymic: Word | undefined
  readonly generation: string | undefined
  readonly flags: Flags
}

export function personOf(name: NaturalName): Person {
  const primary = cleaned(name.primary)
  const secondary = cleaned(name.secondary ?? '')
  const flags = bothFlags(primary.flags, secondary.flags)
  const comma = secondary.text === '' ? splitAtComma(primary.text) : undefined
  const [firstText, secondText] = comma ?? [withParticlesInFront(primary.text), secondary.text]
  const first = fieldOf(firstText, 'primary', secondText === '')
  const second = fieldOf(secondText, 'secondary', firstText === '')
  const generation = first.generation ?? second.generation
  const repeated = first.words.length === 1 && textOf(first.words) === textOf(second.words)
  // A title in the given field means that the sender had two fields and no given name for the second.
  const oneField = first.words.length === 0 || (second.words.length === 0 && !second.hadTitle) || repeated
  if (!oneField) {
    const { given, particles } = withoutTrailingParticles(second.words)
    const { words, patronymic } = withoutPatronymic(given, 1)
    const family = [...particles, ...first.words]
    return { fields: 'both', family, given: words, words: [], patronymic, generation, flags }
  }
  const all = repeated || first.words.length > 0 ? first.words : second.words
  const { words, patronymic } =
    all.length > 2 ? withoutPatronymic(all, 1) : { words: all, patronymic: undefined }
  return { fields: 'one', family: [], given: [], words, patronymic, generation, flags }
}

function splitAtComma(text: string): [string, string] | undefined {
  const [family, given, ...more] = text.split(/[,،、，]/u)
  if (family === undefined || given === undefined || more.length > 0) return undefined
  if (family.trim() === '' || given.trim() === '') return undefined
  return GENERATIONS.has(folded(given.replaceAll('.', '').trim())) ? undefined : [family, given]
}

/** "Berg, van der": Dutch lists put the particles behind the family name. */
function withParticlesInFront(text: string): string {
  const [name = '', behind, ...more] = text.split(',').map((part) => part.trim())
  if (behind === undefined || behind === '' || name === '' || more.length > 0) return text
  const particles = behind.split(' ').every((word) => MOVING_PARTICLES.has(folded(word)))
  return particles ? `${behind} ${name}` : text
}

interface Field {
  readonly words: readonly Word[]
  readonly generation: string | undefined
  readonly hadTitle: boolean
}

/** @param alone the other field is empty, so that a title may as well be the name: Pan Wei, Don Smith */
function fieldOf(text: string, field: 'primary' | 'secondary', alone: boolean): Field {
  const tokens = tokensOf(
    text.replace(NOT_APPLICABLE, '').replace(HYPHENED_TITLE, '').replace(VAN_DER, 'van der '),
  )
  // A family name that is a title elsewhere (السيد, Bay, Don) is a family name when it stands alone.
  const isTitleHere = (index: number): boolean =>
    tokens.length === 1
      ? field === 'secondary'
      : index === 0 || TITLES_ANYWHERE.has(bare(tokens[index]?.text ?? ''))
  let generation: string | undefined
  let hadTitle = false
  const words: Word[] = []
  for (const [index, word] of tokens.entries()) {
    const key = bare(word.text)
    // "Sr" at the end is senior; in front it is señor.
    const bearer = index > 0 ? GENERATIONS.get(key) : undefined
    const mayBeName = alone && tokens.length === 2 && (isFamilyName(key) || GIVEN_NAMES.has(key))
    if (bearer !== undefined) generation = bearer
    else if (TITLES.has(key) && isTitleHere(index) && !mayBeName) hadTitle = true
    else if (!PLACEHOLDERS.has(key) && !CROSSED_OUT.test(key)) words.push(word)
  }
  return { words: joined(words), generation, hadTitle }
}

/** Two letters with their stroke only: "Na" is a given name. */
const NOT_APPLICABLE = /^\s*n[/\\.]\s?a\.?\s*$/iu

/** г-н, г-жа, д-р: the hyphen parts words everywhere else. */
const HYPHENED_TITLE = /^\s*(?:г-н|г-жа|д-р)\.?\s+/iu

/** As Dutch and Flemish registers shorten it. */
const VAN_DER = /^v\.?\s?d\.?\s+(?=\p{L}{2})/iu

/** Letters behind a name that are nobody's name. */
const TITLES_ANYWHERE = new Set([
  'phd',
  'md',
  'mba',
  'esq',
  'dr',
  'prof',
  'mr',
  'mrs',
  'ms',
  '先生',
  '女士',
  '様',
  'さん',
  '씨',
  '님',
])

function tokensOf(text: string): Word[] {
  const words: Word[] = []
  for (const chunk of text.split(/[\s,;()[\]/·・]+/u)) {
    for (const [index, part] of chunk.split(/[-‐‑‒–—―]+/u).entries()) {
      for (const piece of part.split('.')) {
        if (folded(piece) === '') continue
        if (words.length < WORDS_MAX)
          words.push(wordOf(unmixed(Array.from(piece).slice(0, WORD_POINTS_MAX).join('')), index > 0))
      }
    }
  }
  return words
}

/** Written apart or together, these are one word: Abdul Rahman, Серік қызы, Mac Gregor, O Dwyer. */
function joined(words: readonly Word[]): readonly Word[] {
  const result: Word[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]
    if (word === undefined) continue
    const previous = result.at(-1)
    const next = words[index + 1]
    if (next !== undefined && /^(?:abd|abd[aeiou][lrnstzd]?|عبد)$/u.test(word.plain)) {
      const article =
        /^(?:al|el|ul|ur|ar|as|us|an|un|ad|ud|az|uz|at|ut|ash|ush)$/u.test(next.plain) &&
        words[index + 2] !== undefined
      const end = article ? words[index + 2] : next
      result.push(wordOf(`${word.raw}${article ? next.raw : ''}${end?.raw ?? ''}`))
      index += article ? 2 : 1
    } else if (previous !== undefined && FILIAL_SUFFIX.test(word.text)) {
      result[result.length - 1] = wordOf(`${previous.raw}${word.raw}`)
    } else if (next !== undefined && /^(?:st|ste)$/u.test(word.plain)) {
      result.push(wordOf('saint', word.hyphened))
    } else result.push(word)
  }
  return result
}

const FILIAL_SUFFIX =
  /^(?:қызы|кызы|ұлы|улы|үлы|оглы|оғлы|кизи|kyzy|qyzy|kizi|qizi|uly|ūly|uli|ogly|oglu|oğlu|ogli)$/u

/** "Berg, Pieter van der": the particles behind the given name belong to the family name. */
function withoutTrailingParticles(words: readonly Word[]): {
  given: readonly Word[]
  particles: readonly Word[]
} {
  let end = words.length
  while (end > 1 && MOVING_PARTICLES.has(words[end - 1]?.plain ?? '')) end -= 1
  return { given: words.slice(0, end), particles: words.slice(end) }
}

const MOVING_PARTICLES = new Set(
  'van der den de la las los del della di da das do dos du von zu zum zur af av ter ten'.split(' '),
)

const PATRONYMIC =
  /(?<=.{3})(?:ович|евич|йович|ич|овна|евна|ївна|івна|ична|ұлы|улы|үлы|қызы|кызы|оглы|кизи|ovich|evich|yevich|iyovych|ovych|iovych|ovna|evna|yevna|ivna|ichna|uly|ūly|qyzy|kyzy|kizi|qizi|ogly|oglu|ogli)$/u

/** The patronymic stands behind the given name, so the first `from` words are never one. */
function withoutPatronymic(
  words: readonly Word[],
  from: number,
): { words: readonly Word[]; patronymic: Word | undefined } {
  const at = words.findIndex((word, index) => index >= from && isPatronymic(word))
  const only =
    words.length === 1 && words[0] !== undefined && isPatronymic(words[0]) && CERTAIN.test(words[0].text)
  if (only) return { words: [], patronymic: words[0] }
  if (at < 0) return { words, patronymic: undefined }
  return { words: words.filter((_, index) => index !== at), patronymic: words[at] }
}

const CERTAIN = /(?:ович|евич|овна|евна|қызы|кызы|ұлы|ovich|evich|ovna|evna|kyzy|qyzy)$/u

function isPatronymic(word: Word): boolean {
  return PATRONYMIC.test(word.text)
}

/** The father's name in a patronymic, in whichever language it is formed: Серікқызы and Сериковна are both of Серик. */
export function patronymicStem(word: Word): Word {
  return wordOf(word.text.replace(PATRONYMIC, '').replace(/[йьiy]$/u, ''))
}

/** Family name without its particles; when nothing else is left, the particle is the name (Le, Van, Do). */
export function coreOf(words: readonly Word[]): { core: readonly Word[]; particles: ReadonlySet<string> } {
  const core = words.filter((word, index) => !isParticle(word, words, index))
  if (core.length === 0) return { core: words, particles: new Set() }
  const particles = words.filter((word, index) => isParticle(word, words, index) && !LINKS.has(word.plain))
  return { core, particles: new Set(particles.map((word) => word.plain)) }
}

/** The last word is never a particle, unless it came behind the given name, where particles were put in front. */
function isParticle(word: Word, words: readonly Word[], index: number): boolean {
  return index < words.length - 1 && (PARTICLES.has(word.plain) || word.text === 'ال')
}

function textOf(words: readonly Word[]): string {
  return words.map((word) => word.text).join('')
}

/** The words written together, as one. */
export function together(words: readonly Word[]): Word {
  return wordOf(words.map((word) => word.raw).join(''))
}
