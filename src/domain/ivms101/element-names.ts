/** Which member names are IVMS 101's own: any other is the sender's text, and may itself be personal data. */
import { segment } from './json.ts'
import type { ObjectType } from './schema.ts'
import { IDENTITY_PAYLOAD } from './structure.ts'
import { mayWrap } from './wrapper.ts'

const TYPES = typesWithin(IDENTITY_PAYLOAD, new Set())

/** Whether some object of IVMS 101 has an element of this name, in any edition and spelling that we read. */
function isElementName(name: string): boolean {
  return TYPES.some((type) => type.match(name) !== undefined)
}

/** The same, and the names that networks put the payload under. */
export function isTellableName(name: string): boolean {
  return isElementName(name) || (mayWrap(name) && segment(name) === `/${name}`)
}

function typesWithin(type: ObjectType, seen: Set<ObjectType>): readonly ObjectType[] {
  if (seen.has(type)) return [...seen]
  seen.add(type)
  for (const element of type.elements) if (element.kind === 'object') typesWithin(element.type, seen)
  return [...seen]
}
