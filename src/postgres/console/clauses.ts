/** Conditions put together from what a filter asks for: absent ones cost the planner nothing. */
export interface Clauses {
  readonly values: unknown[]
  /** Each `?` stands for the value. */
  readonly add: (text: string, value: unknown) => void
  /** A condition without a value. */
  readonly only: (text: string) => void
  /** The place of a value that is used elsewhere. */
  readonly put: (value: unknown) => string
  readonly text: () => string
}

export function clauses(text: string, ...first: readonly unknown[]): Clauses {
  const values = [...first]
  const parts = [text]
  const put = (value: unknown) => `$${values.push(value)}`
  return {
    values,
    put,
    add: (condition, value) => parts.push(condition.replaceAll('?', put(value))),
    only: (condition) => parts.push(condition),
    text: () => parts.join('\n and '),
  }
}
