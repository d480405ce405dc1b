/** Writing the canonical form: as the edition has it, in the shape that a counterparty's network reads. */
import { type Ivms101Loss, loss, toEdition } from './convert.ts'
import type { JsonValue } from './json.ts'
import type { IdentityPayload, KeptMember } from './payload.ts'
import { type EmitStyle, PROFILES, type ProfileName } from './profiles.ts'
import type { Edition, Element, ObjectType } from './schema.ts'
import { BENEFICIARY_VASP, IDENTITY_PAYLOAD, ORIGINATING_VASP, PERSON, TRANSFER_PATH } from './structure.ts'
import { textFindings } from './text.ts'

export interface Converted {
  readonly json: JsonValue
  /** What the edition or the network's shape cannot say. Empty when reading the result gives the same payload again. */
  readonly losses: readonly Ivms101Loss[]
}

/** The payload in another edition, in the shape of a profile. */
export function convertIvms101(
  payload: IdentityPayload,
  to: Edition,
  profile: ProfileName = 'interop',
): Converted {
  const moved = toEdition(payload, to)
  const style: EmitStyle = { ...PROFILES[profile].emit, edition: to }
  const writer = new Writer(style, to === '2020' && payload.edition === '2023')
  const json = writer.object(IDENTITY_PAYLOAD, moved.payload, '')
  const wrapped = style.wrapper === undefined ? json : { [style.wrapper]: json }
  return { json: wrapped, losses: [...moved.losses, ...writer.losses] }
}

/** The payload as the profile's network wants it, in its edition. */
export function emitIvms101(payload: IdentityPayload, profile: ProfileName): Converted {
  return convertIvms101(payload, PROFILES[profile].emit.edition, profile)
}

/** A component of the canonical form, seen as its members. */
type Component = object

class Writer {
  readonly losses: Ivms101Loss[] = []
  private readonly style: EmitStyle
  private readonly narrows: boolean

  constructor(style: EmitStyle, narrows: boolean) {
    this.style = style
    this.narrows = narrows
  }

  object(type: ObjectType, component: Component, path: string): JsonValue {
    const members = new Map<string, JsonValue>()
    for (const element of type.elements) {
      const key = this.keyOf(type, element)
      const value: unknown = Reflect.get(component, element.name)
      const written = this.element(element, value, join(path, element))
      if (written !== undefined) members.set(key, written)
    }
    this.fillIn(type, members)
    this.keep(component, members, path)
    return Object.fromEntries(members)
  }

  private element(element: Element, value: unknown, path: string): JsonValue | undefined {
    if (Array.isArray(value)) {
      if (value.length === 0) return undefined
      const items = value.map((item, at) => this.item(element, item, `${path}[${at}]`))
      const only = items[0]
      const asObject = element.bare && this.style.naturalName === 'object' && items.length === 1
      return asObject && only !== undefined ? only : items
    }
    return value === undefined ? undefined : this.item(element, value, path)
  }

  private item(element: Element, value: unknown, path: string): JsonValue {
    if (typeof value === 'string') {
      if (this.narrows && element.kind === 'text') this.noteCharset(value, path)
      return value
    }
    if (typeof value !== 'object' || value === null || element.kind !== 'object') return Number(value)
    return this.nested(element.type, value, path)
  }

  private nested(type: ObjectType, value: Component, path: string): JsonValue {
    if (type === ORIGINATING_VASP || type === BENEFICIARY_VASP) {
      const person: unknown = Reflect.get(value, 'person')
      const bare = typeof person === 'object' && person !== null && !('kept' in value)
      if (this.style.vasps === 'flat' && bare) return this.object(PERSON, person, path)
    }
    if (type === TRANSFER_PATH && this.style.transferPath === 'bare' && !('kept' in value)) {
      const [items] = type.elements
      const list: unknown = Reflect.get(value, 'intermediaries')
      return (items === undefined ? undefined : this.element(items, list, path)) ?? []
    }
    return this.object(type, value, path)
  }

  private keyOf(type: ObjectType, element: Element): string {
    const { style } = this
    if (style.keys === 'snake') return element.snake
    if (element.name === 'postcode') return style.postcode
    const [camel = element.name] = element.spelling[style.edition]
    const entity = type === IDENTITY_PAYLOAD && style.entities === 'pascal'
    return entity ? camel.charAt(0).toUpperCase() + camel.slice(1) : camel
  }

  private fillIn(type: ObjectType, members: Map<string, JsonValue>): void {
    if (type === IDENTITY_PAYLOAD && this.style.vasps === 'omitted') {
      for (const element of type.elements) {
        if (
          element.kind !== 'object' ||
          !(element.type === ORIGINATING_VASP || element.type === BENEFICIARY_VASP)
        ) {
          continue
        }
        if (members.delete(this.keyOf(type, element))) this.losses.push(loss('VASP_OMITTED', element.name))
      }
    }
    if (this.style.emptySecondaryIdentifier && type.indexOf('secondaryIdentifier') >= 0) {
      for (const name of ['primaryIdentifier', 'secondaryIdentifier']) {
        if (!members.has(name)) members.set(name, '')
      }
    }
  }

  private keep(component: Component, members: Map<string, JsonValue>, path: string): void {
    const kept: readonly KeptMember[] = 'kept' in component ? keptOf(component.kept) : []
    for (const { key, value } of kept) {
      if (members.has(key)) this.losses.push(loss('KEPT_COLLISION', path))
      else members.set(key, value)
    }
  }

  private noteCharset(value: string, path: string): void {
    if (textFindings(value, Number.POSITIVE_INFINITY, true).includes('CHARSET_2020_REGEX')) {
      this.losses.push(loss('CHARSET_2020_REGEX', path))
    }
  }
}

function keptOf(kept: unknown): readonly KeptMember[] {
  return Array.isArray(kept) ? kept : []
}

function join(path: string, element: Element): string {
  return path === '' || element.segment === '' ? path + element.segment : `${path}.${element.segment}`
}
