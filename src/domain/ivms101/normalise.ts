/**
 * Stage one of reading: dialect normalisation. Whatever shape the sender uses (camelCase, PascalCase, snake_case, flat or
 * nested VASPs, one object for a list, enums as names or numbers, empty strings for what is absent) is laid onto the
 * standard's structure. Every liberty is reported, nothing is judged, and nothing is lost: what has no place is kept.
 */
import { foldCode } from './codes.ts'
import type { LibertyCode } from './issues.ts'
import { isList, type JsonNode, JsonObject, toPlain } from './json.ts'
import { Node, type NodeValue, type Slot } from './node.ts'
import type { Edition, Element, Match, ObjectElement } from './schema.ts'
import {
  BENEFICIARY_VASP,
  IDENTITY_PAYLOAD,
  INTERMEDIARY_VASP,
  ORIGINATING_VASP,
  PERSON,
  TRANSFER_PATH,
} from './structure.ts'

export interface NormaliseOptions {
  readonly edition: Edition
  readonly emptyAsAbsent: boolean
  readonly sequenceMayBeOmitted: boolean
}

export interface Normalised {
  readonly root: Node
  readonly liberties: readonly Taken[]
  /** Members that no element answers to, and members that name an element a second time. */
  readonly unplaced: readonly Unplaced[]
  /** The style in which to name what is missing. */
  readonly style: 'camel' | 'snake' | 'pascal'
}

interface Taken {
  readonly code: LibertyCode
  readonly node: Node
  readonly segments: readonly (string | number)[]
}

interface Unplaced {
  readonly code: 'UNKNOWN_FIELD' | 'DUPLICATE_ALIAS'
  readonly node: Node
  readonly key: string
}

/** @param segments the JSON pointer of the payload in the sender's text */
export function normalise(
  payload: JsonObject,
  segments: readonly string[],
  options: NormaliseOptions,
): Normalised {
  const normaliser = new Normaliser(options)
  const root = new Node(IDENTITY_PAYLOAD, { parent: undefined, element: undefined, segments, index: -1 })
  normaliser.readMembers(root, payload)
  const { liberties, unplaced } = normaliser
  const uses = (code: LibertyCode) => liberties.some((liberty) => liberty.code === code)
  const style = uses('KEY_SNAKE_CASE') ? 'snake' : uses('KEY_PASCAL_CASE') ? 'pascal' : 'camel'
  return { root, liberties, unplaced, style }
}

class Normaliser {
  readonly liberties: Taken[] = []
  readonly unplaced: Unplaced[] = []
  private readonly options: NormaliseOptions

  constructor(options: NormaliseOptions) {
    this.options = options
  }

  readMembers(node: Node, json: JsonObject): void {
    for (let at = 0; at < json.keys.length; at += 1) {
      this.member(node, json.keys[at] ?? '', json.values[at] ?? null)
    }
    if (node.type === INTERMEDIARY_VASP && this.options.sequenceMayBeOmitted) this.assumeFirst(node)
  }

  private member(node: Node, key: string, value: JsonNode): void {
    const match = node.type.match(key)
    const element = match === undefined ? undefined : node.type.elements[match.index]
    if (match === undefined || element === undefined) {
      this.unplaced.push({
        code: isSecondNesting(node, key) ? 'DUPLICATE_ALIAS' : 'UNKNOWN_FIELD',
        node,
        key,
      })
      node.keep(key, toPlain(value))
      return
    }
    if (this.absent(value, node, [key])) return
    if (node.slots[match.index] !== undefined) {
      // Which of the two is meant is not ours to guess: the payload is refused, and the second is kept as it came.
      // The same name again is the JSON reader's finding.
      if (node.slots[match.index]?.key !== key) this.unplaced.push({ code: 'DUPLICATE_ALIAS', node, key })
      node.keep(key, toPlain(value))
      return
    }
    const slot = this.slot(node, element, key, value)
    if (slot === undefined) return
    this.noteKey(node, key, match)
    node.slots[match.index] = slot
  }

  private noteKey(node: Node, key: string, match: Match): void {
    if (!match.editions[this.options.edition]) this.take(match.spelling, node, [key])
  }

  /** Undefined where all that an optional element holds counts as absent. */
  private slot(node: Node, element: Element, key: string, value: JsonNode): Slot | undefined {
    if (
      element.kind === 'object' &&
      (element.type === ORIGINATING_VASP || element.type === BENEFICIARY_VASP)
    ) {
      return this.vasp(node, element, key, value)
    }
    if (element.kind === 'object' && element.type === TRANSFER_PATH) {
      return this.transferPath(node, element, key, value)
    }
    if (isList(value) && element.list) return this.list(node, element, key, value)
    const item = this.value(node, element, [key], value, 0)
    if (item === undefined) return undefined
    if (element.list && !element.bare && !isMisfit(element, item)) this.take('SINGLE_FOR_LIST', node, [key])
    return { key, listed: false, values: [item], positions: undefined }
  }

  private list(node: Node, element: Element, key: string | undefined, list: readonly JsonNode[]): Slot {
    if (element.bare && this.options.edition === '2023' && list.length === 1) {
      this.take('LIST_FOR_SINGLE', node, key === undefined ? [] : [key])
    }
    const values: NodeValue[] = []
    const positions: number[] = []
    for (const [position, item] of list.entries()) {
      const segments = key === undefined ? [position] : [key, position]
      if (this.absent(item, node, segments)) continue
      const value = this.value(node, element, segments, item, values.length)
      if (value === undefined) continue
      values.push(value)
      positions.push(position)
    }
    return { key, listed: true, values, positions: values.length === list.length ? undefined : positions }
  }

  private value(
    node: Node,
    element: Element,
    segments: readonly (string | number)[],
    json: JsonNode,
    index: number,
  ): NodeValue | undefined {
    if (element.kind === 'object') return this.object(node, element, segments, json, index)
    if (element.kind === 'code' && (typeof json === 'string' || typeof json === 'number')) {
      const folded = foldCode(element.codes, json)
      if (folded?.spelling !== undefined) this.take(folded.spelling, node, segments)
      return folded?.code ?? json
    }
    if (element.kind === 'sequence' && typeof json === 'string' && /^(?:0|[1-9][0-9]{0,17})$/.test(json)) {
      // protojson writes 64-bit integers as text.
      this.take('SEQUENCE_AS_TEXT', node, segments)
      return Number(json)
    }
    return json
  }

  private object(
    parent: Node,
    element: ObjectElement,
    segments: readonly (string | number)[],
    json: JsonNode,
    index: number,
  ): NodeValue | undefined {
    if (!(json instanceof JsonObject)) return json
    const node = new Node(element.type, { parent, element, segments, index })
    this.readMembers(node, json)
    const emptied =
      json.keys.length > 0 &&
      node.kept.length === 0 &&
      node.slots.every((slot) => (slot?.values.length ?? 0) === 0)
    if (emptied && this.options.emptyAsAbsent && !element.required) {
      this.take('EMPTY_AS_ABSENT', parent, segments)
      return undefined
    }
    return node
  }

  /** `originatingVASP: { originatingVASP: person }`, or flat: `originatingVASP: person`. */
  private vasp(node: Node, element: ObjectElement, key: string, value: JsonNode): Slot | undefined {
    const inner = element.type.elements[0]
    const flat =
      value instanceof JsonObject &&
      inner?.kind === 'object' &&
      isPersonShaped(value) &&
      !value.keys.some((name) => element.type.match(name) !== undefined)
    if (!flat) {
      const whole = this.value(node, element, [key], value, 0)
      return whole === undefined ? undefined : { key, listed: false, values: [whole], positions: undefined }
    }
    this.take('FLAT_VASP', node, [key])
    const entity = new Node(element.type, { parent: node, element, segments: [key], index: -1 })
    const person = this.object(entity, inner, [], value, -1)
    if (person === undefined) return undefined
    entity.slots[0] = { key: undefined, listed: false, values: [person], positions: undefined }
    return { key, listed: false, values: [entity], positions: undefined }
  }

  /** `transferPath: { transferPath: [...] }`, or bare: `transferPath: [...]`, or the only intermediary itself. */
  private transferPath(node: Node, element: ObjectElement, key: string, value: JsonNode): Slot | undefined {
    const items = element.type.elements[0]
    const single =
      value instanceof JsonObject &&
      value.keys.some((name) => INTERMEDIARY_VASP.match(name) !== undefined) &&
      !value.keys.some((name) => TRANSFER_PATH.match(name) !== undefined)
    if (items === undefined || !(isList(value) || single)) {
      const whole = this.value(node, element, [key], value, 0)
      return whole === undefined ? undefined : { key, listed: false, values: [whole], positions: undefined }
    }
    this.take('BARE_TRANSFER_PATH', node, [key])
    const entity = new Node(element.type, { parent: node, element, segments: [key], index: -1 })
    if (isList(value)) {
      entity.slots[0] = this.list(entity, items, undefined, value)
    } else {
      this.take('SINGLE_FOR_LIST', node, [key])
      const item = this.value(entity, items, [], value, 0)
      if (item === undefined) return undefined
      entity.slots[0] = { key: undefined, listed: false, values: [item], positions: undefined }
    }
    return { key, listed: false, values: [entity], positions: undefined }
  }

  private assumeFirst(node: Node): void {
    const at = INTERMEDIARY_VASP.indexOf('sequence')
    if (node.slots[at] !== undefined) return
    this.take('SEQUENCE_OMITTED', node, [])
    node.slots[at] = { key: 'sequence', listed: false, values: [0], positions: undefined }
  }

  private absent(value: JsonNode, node: Node, segments: readonly (string | number)[]): boolean {
    if (!this.options.emptyAsAbsent || (value !== '' && value !== null)) return false
    this.take(value === null ? 'NULL_AS_ABSENT' : 'EMPTY_AS_ABSENT', node, segments)
    return true
  }

  private take(code: LibertyCode, node: Node, segments: readonly (string | number)[]): void {
    this.liberties.push({ code, node, segments })
  }
}

/** A value that no list of this element could hold either: a finding for validation, not a liberty. */
function isMisfit(element: Element, item: NodeValue): boolean {
  if (element.kind === 'object') return !(item instanceof Node)
  return element.kind === 'code' ? item instanceof Node || typeof item === 'object' : typeof item !== 'string'
}

/** Flat beside nested: two persons, or two transfer paths, where there is one. */
function isSecondNesting({ type }: Node, key: string): boolean {
  if (type === ORIGINATING_VASP || type === BENEFICIARY_VASP) return PERSON.match(key) !== undefined
  return type === TRANSFER_PATH && INTERMEDIARY_VASP.match(key) !== undefined
}

function isPersonShaped(json: JsonObject): boolean {
  return json.keys.some((key) => PERSON.match(key) !== undefined)
}
