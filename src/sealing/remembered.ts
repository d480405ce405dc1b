/** Remembers what was worked out, for a while and up to so many; what fails is not remembered. */
export function remembered<T>(entriesMax: number, milliseconds: number) {
  const known = new Map<string, { readonly value: Promise<T>; readonly until: number }>()
  return (id: string, work: () => Promise<T>): Promise<T> => {
    const found = known.get(id)
    if (found !== undefined && found.until > performance.now()) return found.value
    const value = work()
    known.delete(id)
    known.set(id, { value, until: performance.now() + milliseconds })
    value.catch(() => known.delete(id))
    const [oldest] = known.keys()
    if (known.size > entriesMax && oldest !== undefined) known.delete(oldest)
    return value
  }
}
