/**
 * JSON as the sender wrote it: members in order, with nothing merged, so that a duplicate can still be seen and a
 * member named `__proto__` is only a name.
 */

type JsonScalar = string | number | boolean | null

export type JsonNode = JsonScalar | readonly JsonNode[] | JsonObject

export class JsonObject {
  readonly keys: string[] = []
  readonly values: JsonNode[] = []
}

/** Ordinary JSON data, as `JSON.parse` gives it. */
export type JsonValue = JsonScalar | readonly JsonValue[] | { readonly [key: string]: JsonValue }

export function isList(node: JsonNode): node is readonly JsonNode[] {
  return Array.isArray(node)
}

/** The same data as ordinary objects. `Object.fromEntries` defines members, so `__proto__` sets no prototype. */
export function toPlain(node: JsonNode): JsonValue {
  if (isList(node)) return node.map(toPlain)
  if (node instanceof JsonObject) {
    return Object.fromEntries(
      node.keys.map((key, at): [string, JsonValue] => [key, toPlain(node.values[at] ?? null)]),
    )
  }
  return node
}

const FIELD_NAME = /^[\w@$.:-]{1,64}$/

/**
 * One segment of a JSON pointer (RFC 6901). A member name that does not look like a field's name might be somebody's
 * name put where a field belongs, and is shown as `?`. Field names hold neither `~` nor `/`, so nothing needs escaping.
 */
export function segment(key: string | number): string {
  return typeof key === 'number' ? `/${key}` : FIELD_NAME.test(key) ? `/${key}` : '/?'
}

export function pointer(segments: readonly (string | number)[]): string {
  return segments.map(segment).join('')
}
