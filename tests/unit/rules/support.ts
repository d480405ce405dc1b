import { createHash } from 'node:crypto'
import type { PersonFacts, RuleInput, RulePack } from '../../../src/domain/rules/index.ts'
import { loadPacks, PACK_DATA, ruleInput } from '../../../src/domain/rules/index.ts'

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

export const PACKS: readonly RulePack[] = loadPacks(PACK_DATA, sha256Hex)

/** An ordinary transfer from the AIFC to the EU; a test states what it is about. */
export function aTransfer(parts: Partial<RuleInput> = {}): RuleInput {
  return ruleInput({
    at: '2026-09-01T12:00:00Z',
    direction: 'outbound',
    local: { regimes: ['KZ-AIFC'] },
    counterparty: { kind: 'vasp', regimes: ['EU-TFR'] },
    amount: '1500',
    currency: 'USD',
    ...parts,
  })
}

export function aPerson(parts: Partial<PersonFacts> = {}): PersonFacts {
  return {
    pointer: '/originator/originatorPersons/0',
    kind: 'natural',
    name: false,
    address: false,
    addressCountry: false,
    nationalIdTypes: [],
    customerId: false,
    dateOfBirth: false,
    placeOfBirth: false,
    ...parts,
  }
}

/** What the tests read of a line that `tamga rules assess --json` writes. */
export interface Answer {
  readonly id: string | null
  readonly duty: string
  readonly regimes: readonly {
    readonly rule: string
    readonly tier: string
    readonly self_hosted_proof: boolean | null
  }[]
  readonly on_missing?: { readonly deadlines: readonly { readonly clock: string; readonly due: string }[] }
  readonly reasons: readonly { readonly code: string; readonly about?: string }[]
}

export function parseAnswer(line: string): Answer {
  const answer: Answer = JSON.parse(line)
  return answer
}
