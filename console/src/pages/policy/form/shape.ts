/** A policy's JSON Schema as the form reads it: what kind of field each member is, what it begins with, where in the draft it lies. */

export interface Shape {
  readonly type?: string
  readonly default?: unknown
  readonly const?: string | number
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Shape[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  readonly items?: Shape
  readonly propertyNames?: Shape
  readonly additionalProperties?: Shape | false
}

/**
 * `choices`: any number of a list; `texts`: lines of text; `rows`: objects one after the other; `table`: objects or values by a key;
 * `group`: an object with members of its own.
 */
export type Kind =
  | 'switch'
  | 'choice'
  | 'choices'
  | 'time'
  | 'number'
  | 'text'
  | 'texts'
  | 'rows'
  | 'table'
  | 'group'

export function kindOf(shape: Shape, name: string): Kind {
  if (shape.properties !== undefined) return 'group'
  if (typeof shape.additionalProperties === 'object') return 'table'
  if (shape.type === 'array') return kindOfList(shape.items)
  if (shape.type === 'boolean') return 'switch'
  if (choicesOf(shape).length > 0) return 'choice'
  if (shape.type !== 'integer') return 'text'
  return name.endsWith('Seconds') ? 'time' : 'number'
}

function kindOfList(items: Shape = {}): Kind {
  if (items.enum !== undefined) return 'choices'
  return items.properties === undefined ? 'texts' : 'rows'
}

export function choicesOf({ enum: values, anyOf = [] }: Shape): readonly (string | number)[] {
  return values ?? anyOf.flatMap(({ const: value }) => (value === undefined ? [] : [value]))
}

/** What stands in a member that a person has just added. */
export function fresh(shape: Shape): unknown {
  if (shape.default !== undefined) return shape.default
  const { properties, required = [], type, minimum = 0 } = shape
  if (properties !== undefined)
    return Object.fromEntries(required.map((name) => [name, fresh(properties[name] ?? {})]))
  if (typeof shape.additionalProperties === 'object') return {}
  if (type === 'array') return []
  if (type === 'boolean') return false
  const [first] = choicesOf(shape)
  return first ?? (type === 'integer' ? minimum : '')
}

/** One member of an object; `undefined` leaves it out. */
export function withMember(value: unknown, name: string, next: unknown): Readonly<Record<string, unknown>> {
  const others = Object.entries(membersOf(value)).filter(([one]) => one !== name)
  if (next === undefined) return Object.fromEntries(others)
  return Object.hasOwn(membersOf(value), name)
    ? { ...membersOf(value), [name]: next }
    : Object.fromEntries([...others, [name, next]])
}

export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** As it stands in a field of text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Under which name a member's words are kept: those of rows and tables are called alike in all of them. */
export interface Place {
  readonly path: string
  readonly kind: Kind
  readonly shape: Shape
}

/** Every field that the form has. */
export function placesIn(shape: Shape, path = ''): readonly Place[] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`
    return [
      { path: at, kind: kindOf(member, name), shape: member },
      ...placesIn(inner(member), at),
      ...valueIn(member, at),
    ]
  })
}

/** The object whose members are fields below it. */
function inner(shape: Shape): Shape {
  const { additionalProperties: value } = shape
  return shape.items ?? (typeof value === 'object' ? value : shape)
}

/** A table's value that is no object. */
function valueIn({ additionalProperties: value }: Shape, path: string): readonly Place[] {
  if (typeof value !== 'object' || value.properties !== undefined) return []
  return [{ path: `${path}.value`, kind: kindOf(value, 'value'), shape: value }]
}

/** What a dotted path of the draft leads to. Keys may have dots themselves, as accounts do. */
export function valueAt(draft: unknown, path: string): unknown {
  if (path === '') return draft
  const members = Array.isArray(draft) ? Object.entries(draft) : Object.entries(membersOf(draft))
  for (const [name, value] of members) {
    if (path === name) return value
    if (path.startsWith(`${name}.`)) return valueAt(value, path.slice(name.length + 1))
  }
  return undefined
}

/** What was refused, by path; what has been changed since is no longer said to be wrong. */
export function stillWrong(
  fields: readonly { readonly field: string; readonly description: string }[],
  sent: unknown,
  draft: unknown,
): ReadonlyMap<string, string> {
  const said = fields.map(({ field, description }) => [field.replace(/^policy\.?/, ''), description] as const)
  const same = (path: string) => JSON.stringify(valueAt(sent, path)) === JSON.stringify(valueAt(draft, path))
  return new Map(said.filter(([path]) => same(path)))
}

const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const
export type TimeUnit = keyof typeof UNITS
export const TIME_UNITS: readonly TimeUnit[] = ['seconds', 'minutes', 'hours', 'days']

export interface Span {
  readonly text: string
  readonly unit: TimeUnit
}

/** In the largest unit that leaves no rest. */
export function spanOf(value: unknown): Span {
  if (typeof value !== 'number') return { text: typeof value === 'string' ? value : '', unit: 'seconds' }
  const unit = TIME_UNITS.findLast((one) => value !== 0 && value % UNITS[one] === 0) ?? 'seconds'
  return { text: String(value / UNITS[unit]), unit }
}

/** Seconds; what is no number goes as it was typed, and the gateway says that it is none. */
export function secondsOf({ text, unit }: Span): number | string | undefined {
  const number = numberIn(text)
  return typeof number === 'number' ? Math.round(number * UNITS[unit]) : number
}

export function numberIn(text: string): number | string | undefined {
  const typed = text.trim().replace(',', '.')
  if (typed === '') return undefined
  return /^-?\d{1,12}(?:\.\d{1,6})?$/.test(typed) ? Number(typed) : text
}
