/** The address holds the whole view. Search parameters are plain: a name may come once or many times. */
export type Params = Readonly<Record<string, string | readonly string[] | undefined>>

export function parseSearch(query: string): Record<string, string | string[]> {
  const params = new URLSearchParams(query)
  return Object.fromEntries(
    [...new Set(params.keys())].map((name) => {
      const [first = '', ...more] = params.getAll(name)
      return [name, more.length === 0 ? first : [first, ...more]]
    }),
  )
}

export function stringifySearch(search: Params): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search))
    for (const one of typeof value === 'string' ? [value] : (value ?? []))
      if (one !== '') params.append(name, one)
  const query = params.toString()
  return query === '' ? '' : `?${query}`
}

/** Readers of what an address says: what is not valid is as if it were not there. */
export function oneOf<T extends string>(value: unknown, choices: readonly T[]): T | undefined {
  return choices.find((choice) => choice === value)
}

export function manyOf<T extends string>(value: unknown, choices: readonly T[]): T[] | undefined {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value]
  const known = choices.filter((choice) => given.includes(choice))
  return known.length === 0 ? undefined : known
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** Without the parameters that are not given. */
export function present<T extends object>(params: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

/** A place in this console; its first page where `next` is none. */
export function within(next: string | undefined): string {
  return next?.startsWith('/') === true && !/^\/[/\\]/.test(next) ? next : '/'
}
