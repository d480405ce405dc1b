/** What can be said about a value without showing it. */
export interface MaskedText {
  readonly masked: string
  /** ISO 15924. */
  readonly scripts: readonly string[]
  /** Code points that do not show, as in U+200B. */
  readonly hidden: readonly string[]
}

/** Of one length for all: how long a name is would tell something of it. */
const MASK = '••••••••'
/** Kinds and countries are no personal data by themselves, and say what the other fields are. */
const PLAIN_LABEL = /(?:Type|payloadVersion|transliterationMethod)$/
const CHAIN_PREFIX = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}:/
const TAIL_LENGTH = 4

export function maskedText(value: string, label: string): MaskedText {
  return {
    masked: PLAIN_LABEL.test(label) ? value.slice(0, 40) : MASK,
    scripts: SCRIPTS.filter(([, pattern]) => pattern.test(value)).map(([code]) => code),
    hidden: [...new Set(value.match(HIDDEN) ?? [])].map(codePoint),
  }
}

/** The chain, and the last characters by which a person tells two addresses apart. */
export function maskedAddress(account: string): string {
  const [chain = ''] = CHAIN_PREFIX.exec(account) ?? []
  return `${chain}…${account.slice(chain.length).slice(-TAIL_LENGTH)}`
}

const HIDDEN = /[\p{Cf}\p{Cc}\p{Co}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

const SCRIPTS = [
  ['Latn', /\p{Script=Latin}/u],
  ['Cyrl', /\p{Script=Cyrillic}/u],
  ['Grek', /\p{Script=Greek}/u],
  ['Arab', /\p{Script=Arabic}/u],
  ['Hebr', /\p{Script=Hebrew}/u],
  ['Hani', /\p{Script=Han}/u],
  ['Hira', /\p{Script=Hiragana}/u],
  ['Kana', /\p{Script=Katakana}/u],
  ['Hang', /\p{Script=Hangul}/u],
  ['Thai', /\p{Script=Thai}/u],
  ['Armn', /\p{Script=Armenian}/u],
  ['Geor', /\p{Script=Georgian}/u],
  ['Deva', /\p{Script=Devanagari}/u],
] as const
