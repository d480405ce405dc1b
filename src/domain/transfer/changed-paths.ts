/** Where a resubmitted payload differs from the one before it: JSON pointers, never values. */
import { isTellableName } from '../ivms101/index.ts'

const PATHS_MAX = 50
const DEPTH_MAX = 16
const INDEX = /^\d{1,4}$/

/** At most 50 paths. A text that is no JSON, as a counterparty may send, differs as a whole. */
export function changedPaths(before: string, after: string): readonly string[] {
  const paths: string[] = []
  collect(parsed(before), parsed(after), '', paths, 0)
  return paths
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Any other member name is the sender's text, and may be a value. */
function segment(key: string): string {
  return INDEX.test(key) || isTellableName(key) ? key : '?'
}

function collect(before: unknown, after: unknown, path: string, paths: string[], depth: number): void {
  if (paths.length >= PATHS_MAX || Object.is(before, after)) return
  if (depth === DEPTH_MAX || !isBranch(before) || !isBranch(after)) {
    paths.push(path)
    return
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    collect(before[key], after[key], `${path}/${segment(key)}`, paths, depth + 1)
}

function isBranch(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}
