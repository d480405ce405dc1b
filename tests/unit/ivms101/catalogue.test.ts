import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PROFILE_NAMES } from '../../../src/domain/ivms101/index.ts'
import { ISSUES } from '../../../src/domain/ivms101/issues.ts'

const page = readFileSync(new URL('../../../docs/ivms101.md', import.meta.url), 'utf8')

it('every code and profile stands in docs/ivms101.md', () => {
  const missing = [...Object.keys(ISSUES), ...PROFILE_NAMES].filter((word) => !page.includes(`\`${word}\``))
  expect(missing).toEqual([])
})
