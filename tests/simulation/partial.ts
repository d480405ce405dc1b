/** A port of which the simulation needs a part: whatever else is asked of it fails when it is called, and says what is missing. */
export function partly<T extends object>(name: string, part: Partial<T>): T {
  const proxy = new Proxy(part, {
    get(target, member, receiver) {
      if (member in target || typeof member === 'symbol') return Reflect.get(target, member, receiver)
      return absent(`${name}.${member}`)
    },
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the members that are missing throw
  return proxy as T
}

function absent(name: string): unknown {
  return new Proxy(() => undefined, {
    get: (_, member) => (typeof member === 'symbol' ? undefined : absent(`${name}.${member}`)),
    apply() {
      throw new Error(`the simulation has no ${name}`)
    },
  })
}
