/**
 * Which edition a payload is of. A payload version of 101.2023 says so; without one, the names that only 2023 has; else it is
 * 2020. The version `101` exists only in 2023's own list and overrides no names. Labels outside the payload are not trusted:
 * senders are known to write 2023 over the structure of 2020.
 */
import { isList, type JsonNode, JsonObject } from './json.ts'
import type { Edition } from './schema.ts'
import { IDENTITY_PAYLOAD, ORIGINATOR, PAYLOAD_METADATA } from './structure.ts'

export interface EditionFinding {
  readonly edition: Edition
  /** What the payload's own version says, where it says something. */
  readonly declared: Edition | undefined
  readonly named: Edition | undefined
}

const METADATA = IDENTITY_PAYLOAD.indexOf('payloadMetadata')
const ORIGINATOR_AT = IDENTITY_PAYLOAD.indexOf('originator')
const VERSION = PAYLOAD_METADATA.indexOf('payloadVersion')
const PERSONS = ORIGINATOR.indexOf('persons')

export function detectEdition(root: JsonObject): EditionFinding {
  const declared = declaredEdition(root)
  const named = namedEdition(root)
  return { edition: declared === '2023' ? '2023' : (named ?? '2020'), declared, named }
}

/** The version as the code list spells it, or as the examples of 2023 do (`IVMS101.2023`). */
export function foldPayloadVersion(version: string): string {
  return /^ivms101/i.test(version) ? version.slice('ivms'.length) : version
}

function declaredEdition(root: JsonObject): Edition | undefined {
  for (const metadata of membersAt(root, METADATA)) {
    if (!(metadata instanceof JsonObject)) continue
    for (const [at, key] of metadata.keys.entries()) {
      const version = metadata.values[at]
      if (PAYLOAD_METADATA.match(key)?.index !== VERSION || typeof version !== 'string') continue
      const folded = foldPayloadVersion(version)
      if (folded === '101.2023') return '2023'
      if (folded === '101') return '2020'
    }
  }
  return undefined
}

function namedEdition(root: JsonObject): Edition | undefined {
  if (hasNameOf2023(root)) return '2023'
  for (const originator of membersAt(root, ORIGINATOR_AT)) {
    if (!(originator instanceof JsonObject)) continue
    const persons = originator.keys.find((key) => ORIGINATOR.match(key)?.index === PERSONS)
    if (persons !== undefined) return /persons$/i.test(persons) ? '2020' : '2023'
  }
  return undefined
}

function membersAt(root: JsonObject, index: number): readonly JsonNode[] {
  return root.values.filter((_, at) => IDENTITY_PAYLOAD.match(root.keys[at] ?? '')?.index === index)
}

/** `naturalPersonNameIdentifierType` in any case, with or without underscores. */
function hasNameOf2023(node: JsonNode): boolean {
  if (isList(node)) return node.some(hasNameOf2023)
  if (!(node instanceof JsonObject)) return false
  for (const key of node.keys) {
    if (key.length >= 31 && key.length <= 36 && /^natural_?person_?name_?identifier_?type$/i.test(key))
      return true
  }
  return node.values.some(hasNameOf2023)
}
