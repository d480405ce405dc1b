/** A port of which the simulation needs a part: whatever else is asked of it says so at once. */
export function partly<T extends object>(name: string, part: Partial<T>): T {
  const proxy = new Proxy(part, {
    get(target, member, receiver) {
      if (member in target || typeof member === 'symbol') return Reflect.get(target, member, receiver)
      throw new Error(`the simulation has no ${name}.${member}`)
    },
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the members that are missing throw
  return proxy as T
}
