/** The form of the policy: that it covers whatever a policy may say, in words, and what it makes of what people type. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceWord, helpOf, labelOf } from '../../../console/src/pages/policy/form/names.ts'
import {
  choicesOf,
  fresh,
  placesIn,
  type Shape,
  secondsOf,
  spanOf,
  stillWrong,
  valueAt,
  withMember,
} from '../../../console/src/pages/policy/form/shape.ts'
import { policySchema, readPolicy } from '../../../src/vasps.ts'

const schema: Shape = policySchema()
const places = placesIn(schema)
const english: Readonly<Record<string, string>> = JSON.parse(readFileSync('console/src/i18n/en.json', 'utf8'))
const say = (id: string) => english[id] ?? ''

/** Every member of every object in it, found without the form's own walk. */
function namesIn(json: unknown): readonly string[] {
  if (typeof json !== 'object' || json === null) return []
  return Object.entries(json).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value) : []),
    ...namesIn(value),
  ])
}

describe('the form of the policy', () => {
  it('has a field for every member that the schema has, down to the last', () => {
    const shown = places.map(({ path }) => path).filter((path) => !path.endsWith('.value'))
    expect(shown.map((path) => path.split('.').at(-1) ?? '').toSorted()).toEqual(namesIn(schema).toSorted())
    expect(shown).toContain('counterparties.limits.perDay.amount')
    // Tables whose values are no objects.
    expect(places.map(({ path }) => path)).toEqual(expect.arrayContaining(['people.value', 'persons.value']))
  })

  it('calls each of them by words, and says what each member of the policy is for', () => {
    expect(places.filter(({ path }) => labelOf(path, say) === path)).toEqual([])
    const members = Object.keys(schema.properties ?? {})
    expect(members.filter((name) => helpOf(name, say) === '')).toEqual([])
  })

  it('has a word for every choice', () => {
    const asked = places.flatMap(({ path, shape }) =>
      [shape, shape.items ?? {}, shape.propertyNames ?? {}]
        .flatMap(choicesOf)
        .map((value) => ({ path, value })),
    )
    expect(asked.length).toBeGreaterThan(60)
    expect(asked.filter(({ path, value }) => choiceWord(path, value, say) === String(value))).toEqual(
      [
        // A proof, and a perimeter, that are called so everywhere.
        { path: 'requiredProofs', value: 'lei' },
        { path: 'counterparties.perimeters', value: 'AIFC' },
      ].filter(({ path, value }) => choiceWord(path, value, say) === value),
    )
  })

  it('begins a new member with what the gateway takes, where it can know that', () => {
    const { workingTime, selfHosted, counterparties } = schema.properties ?? {}
    expect(fresh(selfHosted ?? {})).toEqual({})
    expect(fresh(workingTime ?? {})).toEqual({ timeZone: '', calendar: 'weekdays', from: '', to: '' })
    expect(fresh(counterparties?.properties?.['failures'] ?? {})).toEqual({})
    expect(() => readPolicy(JSON.stringify({ selfHosted: fresh(selfHosted ?? {}) }))).not.toThrow()
  })
})

describe('a length of time', () => {
  it('says the same in the largest unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 158_112_000 }), (seconds) => {
        expect(secondsOf(spanOf(seconds))).toBe(seconds)
      }),
    )
    expect(spanOf(28_800)).toEqual({ text: '8', unit: 'hours' })
    expect(spanOf(5_400)).toEqual({ text: '90', unit: 'minutes' })
  })

  it('is taken with a part, and as it was typed where it is no number', () => {
    expect(secondsOf({ text: '1.5', unit: 'hours' })).toBe(5_400)
    expect(secondsOf({ text: '1,5', unit: 'hours' })).toBe(5_400)
    expect(secondsOf({ text: 'soon', unit: 'hours' })).toBe('soon')
    expect(secondsOf({ text: ' ', unit: 'days' })).toBeUndefined()
  })
})

describe('what was refused', () => {
  const fields = [{ field: 'policy.people.aida@alice.example.0', description: 'no role' }]
  const draft = { people: { 'aida@alice.example': ['king'], berik: [] } }

  it('is said at its field, also where a key has dots', () => {
    expect([...stillWrong(fields, draft, draft)]).toEqual([['people.aida@alice.example.0', 'no role']])
    expect(valueAt(draft, 'people.aida@alice.example.0')).toBe('king')
  })

  it('is no longer said once that field was changed', () => {
    const changed = { people: withMember(draft.people, 'aida@alice.example', ['senior']) }
    expect([...stillWrong(fields, draft, changed)]).toEqual([])
    const beside = { people: withMember(draft.people, 'berik', ['senior']) }
    expect([...stillWrong(fields, draft, beside)]).toHaveLength(1)
  })
})

it('keeps the order of members when one is changed, and leaves out what is not said', () => {
  const policy = { inbound: 'ask', hold: 1, regimes: [] }
  expect(JSON.stringify(withMember(policy, 'hold', 2))).toBe('{"inbound":"ask","hold":2,"regimes":[]}')
  expect(withMember(policy, 'hold', undefined)).toEqual({ inbound: 'ask', regimes: [] })
  expect(withMember(undefined, 'hold', 1)).toEqual({ hold: 1 })
})
