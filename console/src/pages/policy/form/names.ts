/** What the form calls things. A message of the full path counts before one of the last name alone. */
import type { Shape } from './shape.ts'

/** As of `useLanguage`: nothing where there is no such message. */
type Say = (id: string, values?: Readonly<Record<string, string>>) => string

export function labelOf(path: string, say: Say): string {
  const last = lastOf(path)
  return say(`policyForm.${path}`) || say(`policyForm.${last}`) || say(`policy.${last}`) || path
}

export function helpOf(path: string, say: Say): string {
  return say(`policyHelp.${path}`) || say(`policyHelp.${lastOf(path)}`)
}

/** Lists that the rest of the console has words for already. */
const LISTS: Readonly<Record<string, string>> = {
  'fourEyes.reasons': 'reason',
  holds: 'reason',
  'people.value': 'role',
  requiredProofs: 'proof',
  'counterparties.limits': 'risk',
}

export function choiceWord(path: string, value: string | number, say: Say): string {
  const last = lastOf(path)
  const ids = [`policyForm.${last}.${value}`, `policy.${last}.${value}`, `${LISTS[path] ?? ''}.${value}`]
  return ids.map((id) => say(id)).find((word) => word !== '') ?? String(value)
}

/** What is right there, in the reader's language; undefined where only the gateway's own sentence says it. */
export function rightWords(
  path: string,
  shape: Shape,
  say: Say,
  span: (milliseconds: number) => string,
): string | undefined {
  const { minimum, maximum } = shape
  const last = lastOf(path)
  if (minimum !== undefined && maximum !== undefined) {
    const show = (value: number) => (last.endsWith('Seconds') ? span(value * 1000) : String(value))
    return say('policyForm.between', { from: show(minimum), to: show(maximum) })
  }
  if (shape.type === 'array' && (shape.minItems ?? 0) > 0) return say('policyForm.atLeastOne')
  return say(`policyForm.right.${path}`) || say(`policyForm.right.${last}`) || undefined
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}
