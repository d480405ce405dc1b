/** docs/asvs.md has each requirement of levels 1 and 2 once, and names nothing that is not there. Links are checked with all pages. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { read, target } from './docs-page.ts'

const PAGE = 'docs/asvs.md'
const page = read(PAGE)
const { levels } = z
  .object({ levels: z.record(z.string(), z.int()) })
  .parse(JSON.parse(read('tests/vectors/asvs/5.0.0.json')))

const STANDINGS = ['met', 'partly', 'not met', 'operator', 'n/a'] as const
const Row = z.object({
  id: z.string(),
  level: z.coerce.number(),
  standing: z.enum(STANDINGS),
  how: z.string().min(3),
  tests: z.array(z.string()),
})
const rows = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$/gm)].map(
  ([, id, level, standing, how, tests = '']) =>
    Row.parse({ id, level, standing, how, tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, test]) => test) }),
)

describe('the map of ASVS 5.0', () => {
  it('has every requirement of levels 1 and 2 once, at its level', () => {
    expect(rows.map(({ id, level }) => [id, level])).toEqual(
      Object.entries(levels).map(([id, level]) => [id, level]),
    )
    expect(rows.length).toBe(253)
  })

  it('names only tests that are there', () => {
    const named = new Set(rows.flatMap(({ tests }) => tests))
    expect(named.size).toBeGreaterThan(40)
    expect([...named].filter((test) => !test.startsWith('tests/') || !target('.', test).exists)).toEqual([])
  })

  it('names a test or a page for whatever is met, but for what is the absence of something', () => {
    const bare = rows.filter(
      ({ standing, tests, how }) =>
        standing === 'met' && tests.length === 0 && !how.includes('.md)') && !/^(?:No|None)\b/.test(how),
    )
    expect(bare.map(({ id }) => id)).toEqual([])
  })

  it('counts them as they are', () => {
    for (const level of [1, 2]) {
      const counts = STANDINGS.map(
        (one) => rows.filter((row) => row.level === level && row.standing === one).length,
      )
      expect(page).toContain(`| ${level} | ${counts.join(' | ')} |`)
    }
  })
})
