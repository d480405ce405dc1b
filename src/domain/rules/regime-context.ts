/** What one regime is judged with, and the account of the figures its answer rests on. */
import type { RegimeAssessment } from './assessment.ts'
import type { ChainShape } from './clocks.ts'
import type { Holdings } from './elements.ts'
import type { RuleInput } from './input.ts'
import type { Moment } from './moment.ts'
import type { Money } from './money.ts'
import type { Confidence } from './pack.ts'
import { weaker } from './pack.ts'

export interface RegimeContext {
  readonly input: RuleInput
  readonly at: Moment
  readonly amount: Money
  readonly holdings: Holdings
  readonly binds: RegimeAssessment['binds']
  /** Country of the party on the other side of this regime, when known. */
  readonly otherCountry: string | undefined
  readonly chain: ChainShape
}

/** Which figures an answer rested on, and the weakest confidence among them. */
export interface Used {
  confidence: Confidence
  readonly figures: { readonly name: string; readonly confidence: Confidence }[]
}

export function use(used: Used, name: string, confidence: Confidence): void {
  used.confidence = weaker(used.confidence, confidence)
  used.figures.push({ name, confidence })
}
