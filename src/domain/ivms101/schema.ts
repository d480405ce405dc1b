/**
 * The machinery of the structure tables: what an element of IVMS 101 is, and under which names senders write it.
 * The tables themselves are in structure.ts.
 */
import type { CodeList } from './codes.ts'

export type Edition = '2020' | '2023'

/** How a member's name departs from the edition's own spelling. */
export type KeySpelling = 'KEY_SNAKE_CASE' | 'KEY_PASCAL_CASE' | 'KEY_SPELLING' | 'KEY_EDITION'

interface ElementBase {
  /** The property of the canonical form. */
  readonly name: string
  /** The segment of the canonical path; empty where the wire nests an entity in itself. */
  readonly segment: string
  readonly required: boolean
  readonly list: boolean
  /** A list of one that the edition's table writes as the bare object: `naturalPerson.name`. */
  readonly bare: boolean
  /** Most items of a list, where there is a limit. */
  readonly itemsMax: number | undefined
  /** camelCase names that each edition itself uses; the first is the one we write. */
  readonly spelling: Readonly<Record<Edition, readonly string[]>>
  /** As TRISA's protojson and Sygna write it: snake_case, lists in the plural. */
  readonly snake: string
}

export interface TextElement extends ElementBase {
  readonly kind: 'text' | 'local'
  /** In characters, by edition. */
  readonly max: Readonly<Record<Edition, number>>
}

export interface CodeElement extends ElementBase {
  readonly kind: 'code'
  readonly codes: CodeList
}

export interface ObjectElement extends ElementBase {
  readonly kind: 'object'
  readonly type: ObjectType
}

export interface PlainElement extends ElementBase {
  readonly kind: 'country' | 'date' | 'authority' | 'sequence' | 'version'
}

export type Element = TextElement | CodeElement | ObjectElement | PlainElement

export interface Match {
  readonly index: number
  readonly editions: Readonly<Record<Edition, boolean>>
  readonly spelling: KeySpelling
}

export class ObjectType {
  readonly name: string
  /** Where the standard defines it. */
  readonly clause: string
  readonly elements: readonly Element[]
  private readonly exact = new Map<string, Match>()
  private readonly folded = new Map<string, Match>()

  constructor(name: string, clause: string, elements: readonly Element[]) {
    this.name = name
    this.clause = clause
    this.elements = elements
    for (const [index, element] of elements.entries()) this.index(index, element)
  }

  /** The element that a member's name stands for, whatever its style. */
  match(key: string): Match | undefined {
    // No spelling is longer than this; folding a stranger's long name would be wasted work.
    return this.exact.get(key) ?? (key.length > 64 ? undefined : this.folded.get(fold(key)))
  }

  indexOf(name: string): number {
    return this.elements.findIndex((element) => element.name === name)
  }

  private index(index: number, element: Element): void {
    const own = new Set([...element.spelling['2020'], ...element.spelling['2023']])
    for (const key of own) {
      const editions = {
        2020: element.spelling['2020'].includes(key),
        2023: element.spelling['2023'].includes(key),
      }
      this.exact.set(key, { index, editions, spelling: 'KEY_EDITION' })
    }
    for (const key of [...own, element.snake]) {
      for (const name of element.list ? [key, plural(key), singular(key)] : [key]) {
        this.learn(this.exact, snakeCase(name), index, 'KEY_SNAKE_CASE')
        this.learn(this.exact, name.charAt(0).toUpperCase() + name.slice(1), index, 'KEY_PASCAL_CASE')
        this.learn(this.folded, fold(name), index, 'KEY_SPELLING')
      }
    }
  }

  private learn(map: Map<string, Match>, key: string, index: number, spelling: KeySpelling): void {
    if (!map.has(key)) map.set(key, { index, editions: { 2020: false, 2023: false }, spelling })
  }
}

interface ElementOptions {
  readonly required?: boolean
  readonly list?: boolean
  readonly bare?: boolean
  readonly itemsMax?: number
  readonly segment?: string
  readonly in2020?: readonly string[]
  readonly in2023?: readonly string[]
  readonly snake?: string
}

export function text(name: string, max: number, options: ElementOptions = {}): TextElement {
  return { ...base(name, options), kind: 'text', max: { 2020: max, 2023: max } }
}

/** `accountNumber`, Max100Text in 2020 and Max512Text in 2023. */
export function account(options: ElementOptions = {}): TextElement {
  const list = { list: true, snake: 'account_numbers', ...options }
  return { ...base('accountNumber', list), kind: 'text', max: { 2020: 100, 2023: 512 } }
}

/** LocalMax100Text. */
export function localText(name: string, options: ElementOptions = {}): TextElement {
  return { ...base(name, options), kind: 'local', max: { 2020: 100, 2023: 100 } }
}

export function code(name: string, codes: CodeList, options: ElementOptions = {}): CodeElement {
  return { ...base(name, options), kind: 'code', codes }
}

export function object(name: string, type: ObjectType, options: ElementOptions = {}): ObjectElement {
  return { ...base(name, options), kind: 'object', type }
}

export function plain(name: string, kind: PlainElement['kind'], options: ElementOptions = {}): PlainElement {
  return { ...base(name, options), kind }
}

function base(name: string, options: ElementOptions): ElementBase {
  const in2020 = options.in2020 ?? options.in2023 ?? [name]
  const in2023 = options.in2023 ?? options.in2020 ?? [name]
  return {
    name,
    segment: options.segment ?? name,
    required: options.required ?? false,
    list: options.list ?? false,
    bare: options.bare ?? false,
    itemsMax: options.itemsMax,
    spelling: { 2020: in2020, 2023: in2023 },
    snake: options.snake ?? snakeCase(in2020[0] ?? name),
  }
}

/** `originatingVASP` → `originating_vasp`. */
function snakeCase(key: string): string {
  return key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
}

function fold(key: string): string {
  return key.replace(/[_\-\s]/g, '').toLowerCase()
}

function plural(key: string): string {
  return key.endsWith('s') ? `${key}es` : `${key}s`
}

function singular(key: string): string {
  return key.replace(/(?<=ss)es$|(?<!s)s$/, '')
}
