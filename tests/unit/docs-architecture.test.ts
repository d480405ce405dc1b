import { describe, expect, it } from 'vitest'
import { HOLD_REASONS, NOT_RELEASABLE } from '../../src/domain/hold/hold.ts'
import {
  BENEFICIARY_TRANSITIONS,
  EXCHANGE_STATES,
  isFinal,
  ORIGINATOR_TRANSITIONS,
} from '../../src/domain/transfer/states.ts'
import { expectPart, fenced, read } from './docs-page.ts'

const PAGE = 'docs/architecture.md'
type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>

describe('the architecture page', () => {
  it.each([
    ['originator-states', ORIGINATOR_TRANSITIONS],
    ['beneficiary-states', BENEFICIARY_TRANSITIONS],
  ] as const)('draws %s as the table has them', (name, transitions) => {
    expectPart(PAGE, name, fenced('mermaid', diagram(transitions)))
  })

  it('tells of every hold reason once, in the order of the domain, and whether a person can release it', () => {
    const [, section = ''] = /## Holds\n([^]*?)\n## /.exec(read(PAGE)) ?? []
    const rows = [...section.matchAll(/^\| `([A-Z_]+)` \|.*\| ([a-z]+) \|$/gm)]
    expect(rows.map(([, reason]) => reason)).toEqual(HOLD_REASONS)
    for (const [, reason, releasable] of rows)
      expect([reason, releasable]).toEqual([reason, isReleasable(reason) ? 'yes' : 'no'])
  })
})

function isReleasable(reason: string | undefined): boolean {
  return !HOLD_REASONS.some((one) => one === reason && NOT_RELEASABLE.has(one))
}

/** Mermaid, one line per pair of states. */
function diagram(transitions: Rows): string {
  const lines = EXCHANGE_STATES.flatMap((from) => {
    const moves = Object.entries(transitions[from] ?? {})
    const targets = [...new Set(moves.map(([, to]) => to))]
    return targets.map((to) => {
      const names = moves.filter(([, one]) => one === to).map(([move]) => move)
      return `  ${from} --> ${to}: ${names.join(', ')}`
    })
  })
  const ends = EXCHANGE_STATES.filter(isFinal).map((state) => `  ${state} --> [*]`)
  return ['stateDiagram-v2', '  [*] --> started', ...lines, ...ends].join('\n')
}
