/** Requests are parsed once, here, into domain words; whatever is wrong is told at once, field by field, and never by value. */
import type { z } from 'zod'
import { type FieldViolation, Refusal } from '../../domain/refusal.ts'

/** Throws Refusal REQUEST_INVALID with a violation per problem; paths are in the caller's own message, as in `fields[0].path`. */
export function parse<S extends z.ZodType>(schema: S, wire: unknown): z.output<S> {
  const parsed = schema.safeParse(present(wire))
  if (parsed.success) return parsed.data
  throw new Refusal('REQUEST_INVALID', undefined, { fields: parsed.error.issues.map(violationOf) })
}

/**
 * A generated message as its caller wrote it: absent members are undefined there and `_unknownFields` is empty, which a strict schema
 * would call unknown; a oneof is a member of its own there, but not on the wire.
 */
function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const members = Object.entries(value)
    .filter(([name, member]) => !isAbsent(name, member))
    .map(([name, member]) =>
      isChoice(member) ? [member.$case, present(member.value)] : [name, present(member)],
    )
  return Object.fromEntries(members)
}

function isAbsent(name: string, member: unknown): boolean {
  return member === undefined || (name === '_unknownFields' && Object.keys(Object(member)).length === 0)
}

function isChoice(member: unknown): member is { $case: string; value: unknown } {
  return typeof member === 'object' && member !== null && '$case' in member
}

function violationOf(issue: z.core.$ZodIssue): FieldViolation {
  const field = pathOf(issue.path)
  // ts-proto keeps what it does not know under `_unknownFields`, the only member that our schemas do not name.
  if (issue.code === 'unrecognized_keys')
    return { field, description: 'has a field that this version does not know' }
  // Zod's own words for a wrong type tell no value; they stay for what a protobuf decoder lets through.
  return { field, description: issue.code === 'invalid_type' ? typeProblem(issue) : issue.message }
}

function typeProblem(issue: z.core.$ZodIssueInvalidType): string {
  return issue.input === undefined ? 'is required' : `must be a valid ${issue.expected}`
}

/** Protobuf names are snake_case where the generated code has camelCase. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    const name = String(key).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    return text === '' ? name : `${text}.${name}`
  }, '')
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Leaves out members that are undefined, as the domain's optional members want it. */
export function defined<T extends object>(object: T): Defined<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries loses the types; the filter does what `Defined` says
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Defined<T>
}
