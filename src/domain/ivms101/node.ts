/** What dialect normalisation leaves: the sender's data on the standard's structure, each part knowing where it came from. */
import { type JsonNode, type JsonValue, segment } from './json.ts'
import type { KeptMember } from './payload.ts'
import type { Element, ObjectType } from './schema.ts'

export type NodeValue = Node | JsonNode

/** One element of an object as the sender gave it; a single value is a list of one. */
export interface Slot {
  /** The member's name; undefined where the sender leaves a level of nesting out. */
  readonly key: string | undefined
  /** Whether the sender wrote a list. */
  readonly listed: boolean
  readonly values: readonly NodeValue[]
  /** Places in the sender's list, where items that count as absent lie between. */
  readonly positions: readonly number[] | undefined
}

export interface Place {
  readonly parent: Node | undefined
  readonly element: Element | undefined
  /** Segments of the JSON pointer that lead here from the parent. */
  readonly segments: readonly (string | number)[]
  /** Place in the canonical list. */
  readonly index: number
}

export class Node {
  readonly type: ObjectType
  readonly place: Place
  readonly slots: (Slot | undefined)[]
  readonly kept: KeptMember[] = []

  constructor(type: ObjectType, place: Place) {
    this.type = type
    this.place = place
    this.slots = type.elements.map(() => undefined)
  }

  keep(key: string, value: JsonValue): void {
    this.kept.push({ key, value })
  }

  slot(name: string): Slot | undefined {
    return this.slots[this.type.indexOf(name)]
  }

  /** The only value of an element, where there is one and it is of a simple type. */
  scalar(name: string): NodeValue | undefined {
    return this.slot(name)?.values[0]
  }

  nodes(name: string): readonly Node[] {
    return this.slot(name)?.values.filter((value) => value instanceof Node) ?? []
  }

  pointer(): string {
    const { parent, segments } = this.place
    return (parent?.pointer() ?? '') + segments.map(segment).join('')
  }

  /** In the canonical form: `originator.persons[0].naturalPerson`. */
  canonical(): string {
    const { parent, element, index } = this.place
    return parent === undefined || element === undefined ? '' : canonicalStep(parent, element, index)
  }
}

export function canonicalStep(parent: Node, element: Element, index: number): string {
  const before = parent.canonical()
  const dot = before === '' || element.segment === '' ? '' : '.'
  // A natural person's only name carries no index: 2023 has one name.
  const at = element.list && index >= 0 && !(element.bare && index === 0) ? `[${index}]` : ''
  return `${before}${dot}${element.segment}${at}`
}
