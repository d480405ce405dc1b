/** Where a resubmitted payload differs from the one before it: JSON pointers, never values. */

const PATHS_MAX = 50
const DEPTH_MAX = 16
/** A member name of another form is the sender's text, and may be a value. */
const FIELD_NAME = /^[A-Za-z0-9_]{1,64}$/

/** Of two JSON texts that were parsed before; at most 50 paths. */
export function changedPaths(before: string, after: string): readonly string[] {
  const paths: string[] = []
  collect(JSON.parse(before), JSON.parse(after), '', paths, 0)
  return paths
}

function collect(before: unknown, after: unknown, path: string, paths: string[], depth: number): void {
  if (paths.length >= PATHS_MAX || Object.is(before, after)) return
  if (depth === DEPTH_MAX || !isBranch(before) || !isBranch(after)) {
    paths.push(path)
    return
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    collect(before[key], after[key], `${path}/${FIELD_NAME.test(key) ? key : '?'}`, paths, depth + 1)
}

function isBranch(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}
