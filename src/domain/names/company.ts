/** A legal person's name taken apart: its words, its legal forms, and where they stood. */
import { ABBREVIATIONS, AND_WORDS, ARTICLES, HAN_TRADES, SERIES_WORDS } from './data/business-words.ts'
import { ATTACHED_FORMS, FORM_PHRASES, PHRASE_WORDS_MAX } from './data/legal-forms.ts'
import { unmixed } from './scripts.ts'
import { bare, cleaned, type Flags, folded, WORD_POINTS_MAX } from './text.ts'
import { type Word, wordOf } from './word.ts'

export interface Company {
  readonly words: readonly Word[]
  /** Legal form ids; several when one abbreviation serves several countries. Empty: no form in the name. */
  readonly forms: readonly (readonly string[])[]
  readonly formPlace: 'front' | 'back' | 'both' | 'none'
  readonly flags: Flags
}

export function companyOf(name: string): Company {
  const { text, flags } = cleaned(name)
  const attached = withoutAttachedForms(text)
  const tokens = tokensOf(attached.text)
  const back = takeForms(tokens, 'back')
  const front = takeForms(back.rest, 'front')
  const again = takeForms(front.rest, 'back')
  const words = numbered(again.rest.filter((token, index) => !(index === 0 && ARTICLES.has(token))))
    .flatMap(withoutTrades)
    .map((token) => wordOf(token))
  const forms = [...attached.forms, ...front.forms, ...back.forms, ...again.forms]
  return {
    words: words.length > 0 ? words : tokens.map((token) => wordOf(token)),
    forms: words.length > 0 ? forms : [],
    formPlace: placeOf(front.forms.length + attached.front > 0, back.forms.length + attached.back > 0),
    flags,
  }
}

/** "Fund I", "Series V": behind such a word a lone Roman letter at the end counts. */
function numbered(tokens: readonly string[]): readonly string[] {
  const digits = LONE_ROMAN[tokens.at(-1) ?? '']
  return digits !== undefined && SERIES_WORDS.has(tokens.at(-2) ?? '')
    ? [...tokens.slice(0, -1), digits]
    : tokens
}

const LONE_ROMAN: Readonly<Record<string, string>> = { i: '1', v: '5', x: '10' }

/** Chinese writes name and trade as one: 澜汐贸易 is 澜汐 and 贸易, as Lanxi Trading is. */
function withoutTrades(token: string): readonly string[] {
  for (const trade of HAN_TRADES) {
    const name = token.slice(0, -trade.length)
    if (token.endsWith(trade) && /^\p{Script=Han}{2,}$/u.test(name)) return [...withoutTrades(name), trade]
  }
  return [token]
}

function placeOf(front: boolean, back: boolean): Company['formPlace'] {
  if (front && back) return 'both'
  return front ? 'front' : back ? 'back' : 'none'
}

function withoutAttachedForms(text: string): {
  text: string
  forms: string[][]
  front: number
  back: number
} {
  let rest = text
  const forms: string[][] = []
  let front = 0
  let back = 0
  for (const [written, id] of ATTACHED_FORMS) {
    // Names arrive compatibility-composed, and Thai ำ falls apart there.
    const form = written.normalize('NFKC')
    const bareRest = rest.trim()
    if (bareRest.length <= form.length) continue
    if (bareRest.startsWith(form)) {
      rest = bareRest.slice(form.length)
      front += 1
    } else if (bareRest.endsWith(form)) {
      rest = bareRest.slice(0, -form.length)
      back += 1
    } else continue
    if (!forms.some(([known]) => known === id)) forms.push([id])
  }
  return { text: rest, forms, front, back }
}

/** Folded words: dots and slashes inside an abbreviation join it, every other sign parts words. */
function tokensOf(text: string): string[] {
  const tokens: string[] = []
  const spaced = text.replace(/[&+]/gu, ' & ').replace(/№|#/gu, ' no ')
  for (const chunk of spaced.split(/[\s,;:()[\]{}|!?*_«»„‟“”"<>「」『』【】・]+/u)) {
    for (const token of dotted(chunk)) {
      const key = folded(unmixed(token))
      if (key === '') continue
      const cut = Array.from(key).slice(0, WORD_POINTS_MAX).join('')
      const plain = /\p{Script=Latin}|\p{Script=Greek}/u.test(cut) ? bare(cut) : cut
      // Where marks are letters (Kazakh, Russian) they stay; a Latin company name is compared without them.
      tokens.push(AND_WORDS.has(plain) && tokens.length > 0 ? '&' : (ABBREVIATIONS.get(plain) ?? cut))
    }
  }
  if (tokens.at(-1) === '&') tokens.pop()
  return tokens.slice(0, TOKENS_MAX)
}

const TOKENS_MAX = 16

/** "S.p.A." and "A/S" are one word; "Smith/Jones" is two; a hyphen parts words, and the comparison joins them again. */
function dotted(chunk: string): string[] {
  const parts = chunk.split(/[./]/u).filter((part) => part !== '')
  const short = parts.length > 1 && parts.every((part) => Array.from(part).length <= 2)
  const words = short ? [parts.join('')] : parts
  return words.flatMap((word) => word.split(/[-‐‑‒–—―]+/u)).filter((word) => word !== '')
}

/** Takes legal forms off one end, longest phrase first, and leaves at least one word. */
function takeForms(
  tokens: readonly string[],
  end: 'front' | 'back',
): { rest: string[]; forms: (readonly string[])[] } {
  let rest = [...tokens]
  const forms: (readonly string[])[] = []
  for (let round = 0; round < 2; round += 1) {
    const taken = longestForm(rest, end)
    if (taken === undefined) break
    forms.push(taken.ids)
    rest = end === 'back' ? rest.slice(0, rest.length - taken.length) : rest.slice(taken.length)
  }
  return { rest, forms }
}

function longestForm(
  tokens: readonly string[],
  end: 'front' | 'back',
): { ids: readonly string[]; length: number } | undefined {
  for (let length = Math.min(PHRASE_WORDS_MAX, tokens.length - 1); length > 0; length -= 1) {
    const words = end === 'back' ? tokens.slice(-length) : tokens.slice(0, length)
    const phrase = words
      .map((word) => (/\p{Script=Latin}|\p{Script=Greek}/u.test(word) ? bare(word) : word))
      .join(' ')
    const ids = FORM_PHRASES.get(phrase) ?? FORM_PHRASES.get(phrase.replace(/\bcompany\b/gu, 'co'))
    if (ids !== undefined && (end === 'back' || FRONT_FORMS.test(phrase))) return { ids, length }
  }
  return undefined
}

/** In front of a name only these are forms: "SE" or "AG" there may be the name itself. */
const FRONT_FORMS =
  /(?!\p{Script=Latin})\p{L}|^(?:pt|cv|pt tbk|sia|uab|as|ou|ab|oy|cong ty.*|ctcp|too|tov|ooo|ao|zao|pao|oao|ip|jsc|llp|llc|pjsc|ojsc|cjsc|limited liability (?:company|partnership)|joint stock company|kabushiki.*|yugen.*|godo.*|chusik hoesa|stichting|sarl|sas|sci|societe .*|kk)$/u
