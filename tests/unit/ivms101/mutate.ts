/** Seeded damage to payloads: what a careless sender, a broken network or an attacker makes of them. */

/** A small generator (mulberry32), so that a failing seed can be run again. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Random = (below: number) => number

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  4.9,
  1e308,
  '',
  ' ',
  'x'.repeat(600),
  '王'.repeat(101),
  '𠮷'.repeat(100),
  '\u0000',
  '\ud800',
  '\u202eevil',
  'Пaвел',
  'a\u200bb',
  [],
  {},
  [[]],
  [null],
  { __proto__: null },
  'LEGL',
  'NATURAL_PERSON_NAME_TYPE_CODE_LEGL',
  'United Kingdom',
  '2023-02-29',
  'toString',
]

const ODD_KEYS = [
  '__proto__',
  'constructor',
  'originator',
  'legalPerson',
  'naturalPerson',
  'name',
  'accountNumber',
  'sequence',
  '',
  'Ada Okafor',
  'x'.repeat(300),
]

const SOUP = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '\u0000',
  '0',
  '-',
  '1e999',
  'null',
  '{"a":',
  '[[[[[[[[',
  '\ufeff',
  '𠮷',
  '\ud800',
]

/** Damages a payload's text, its structure or both. */
export function mutate(text: string, random: Random): string {
  let damaged = text
  const rounds = 1 + random(3)
  for (let round = 0; round < rounds; round += 1) {
    damaged = random(3) === 0 ? mutateText(damaged, random) : mutateStructure(damaged, random)
  }
  return damaged
}

function mutateText(text: string, random: Random): string {
  const at = random(text.length + 1)
  const length = random(40)
  switch (random(5)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + text.slice(at + length)
    case 2:
      return text.slice(0, at) + text.slice(at, at + length).repeat(1 + random(3)) + text.slice(at)
    case 3:
      return text.slice(0, at) + String.fromCharCode(random(0x1_0000)) + text.slice(at + 1)
    default:
      return text.slice(0, at) + pick(SOUP, random) + text.slice(at)
  }
}

type Container = Record<string, unknown> | unknown[]

function mutateStructure(text: string, random: Random): string {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch {
    return mutateText(text, random)
  }
  const containers: Container[] = []
  collect(root, containers)
  const target = containers[random(containers.length || 1)]
  if (target === undefined) return JSON.stringify(pick(ODD_VALUES, random)) ?? 'null'
  if (Array.isArray(target)) mutateList(target, random)
  else mutateObject(target, containers, random)
  return JSON.stringify(root)
}

function mutateList(list: unknown[], random: Random): void {
  const at = random(list.length + 1)
  const what = random(4)
  if (what === 0) list.splice(at, 1)
  else if (what === 1) list[at] = pick(ODD_VALUES, random)
  else if (what === 2) list.push(...list.slice(0, 50))
  else list.splice(at, 0, pick(ODD_VALUES, random))
}

function mutateObject(object: Record<string, unknown>, others: readonly Container[], random: Random): void {
  const key = pick(Object.keys(object), random) ?? 'x'
  const value = object[key]
  switch (random(7)) {
    case 0:
      delete object[key]
      break
    case 1:
      object[key] = pick(ODD_VALUES, random)
      break
    case 2:
      object[pick(ODD_KEYS, random) ?? 'x'] = pick(ODD_VALUES, random)
      break
    case 3:
      object[key] = [value]
      break
    case 4:
      object[key] = { [key]: value }
      break
    case 5:
      delete object[key]
      object[respell(key, random)] = value
      break
    default:
      object[key] = structuredClone(others[random(others.length)])
  }
}

function respell(key: string, random: Random): string {
  const snake = key.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
  return [key.toUpperCase(), snake, `${snake}s`, `${key}s`, key.slice(1), `${key} `][random(6)] ?? key
}

function collect(node: unknown, into: Container[]): void {
  if (typeof node !== 'object' || node === null || into.length > 500) return
  if (isContainer(node)) into.push(node)
  for (const inner of Object.values(node)) collect(inner, into)
}

function isContainer(node: object): node is Container {
  return Array.isArray(node) || Object.getPrototypeOf(node) === Object.prototype
}

function pick<T>(from: readonly T[], random: Random): T | undefined {
  return from[random(from.length || 1)]
}
