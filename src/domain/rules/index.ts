/** The rules engine: which Travel Rule duties a transfer carries, under which law, and what is missing to meet them. */
export { assessTransfer } from './assess.ts'
export type {
  Alternatives,
  Deadline,
  Decision,
  Finding,
  PathStep,
  RegimeAssessment,
  Requirement,
  RuleAssessment,
  SelfHostedDuty,
  Tier,
} from './assessment.ts'
export { dueOf } from './clocks.ts'
export type { IdentityFacts, PersonFacts, PersonKind } from './facts.ts'
export { identityFactsOf } from './identity-facts.ts'
export type { CounterpartyKind, RuleInput } from './input.ts'
export { ruleInput } from './input.ts'
export { lintPack } from './lint-pack.ts'
export type { RulePack } from './load-packs.ts'
export { loadPacks } from './load-packs.ts'
export type { Money, Rate } from './money.ts'
export type { PackData } from './pack.ts'
export { PACK_DATA } from './packs/index.ts'
export { SOURCES } from './packs/sources.ts'
export type { DecisionRecord } from './replay.ts'
export { replay } from './replay.ts'
