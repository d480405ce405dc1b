/** A word of a name, and how two of them may stand to each other. */
import { mainScript, type Script } from './scripts.ts'
import { bare, folded } from './text.ts'
import type { ReasonCode } from './types.ts'

export interface Word {
  /** As sent, for what the eye sees. */
  readonly raw: string
  readonly text: string
  /** Without marks, where marks can be left out (Latin, Greek). */
  readonly plain: string
  readonly script: Script
  /** Joined to the word before it by a hyphen. */
  readonly hyphened: boolean
}

export type Role = 'family' | 'given' | 'word'

/** What the whole names tell about the writing systems that may be at work. */
export interface Context {
  /** Names of Cyrillic origin: Latin spellings are compared through Cyrillic. */
  readonly cyrillic: boolean
  readonly kazakh: boolean
  readonly japanese: boolean
  /** Both sides write Vietnamese with its marks. */
  readonly vietnamese: boolean
  /** Both sides carry a Chinese, Korean or Vietnamese family name. */
  readonly eastAsian: boolean
}

type Kind = 'equal' | 'near' | 'different'

export interface Relation {
  readonly kind: Kind
  readonly rule: string
  readonly reason?: ReasonCode
}

export const DIFFERENT: Relation = { kind: 'different', rule: 'DIFFERENT' }
export const equal = (rule: string): Relation => ({ kind: 'equal', rule })
export const near = (rule: string, reason: ReasonCode): Relation => ({ kind: 'near', rule, reason })

export function wordOf(raw: string, hyphened = false): Word {
  const text = folded(raw)
  const script = mainScript(text)
  const plain = script === 'Latin' || script === 'Greek' ? bare(text) : text
  return { raw, text, plain, script, hyphened }
}
