/** Answers of the API as JSON for machines: the proto's own field names, enum names without their prefix, absent what is empty. */

import type { Hold, Transfer } from '../../gen/travelrule/v1/common.ts'
import {
  DeadlineOutcome,
  Decision,
  DeliveryState,
  Direction,
  ExchangeState,
  HoldLevel,
  HoldReason,
  HoldState,
} from '../../gen/travelrule/v1/common.ts'
import type { Counterparty } from '../../gen/travelrule/v1/counterparty.ts'
import {
  type CounterpartyTask,
  ProofKind,
  RiskLevel,
  TaskDecision,
  TaskKind,
  TaskState,
  Verdict,
} from '../../gen/travelrule/v1/counterparty.ts'

export type Json = string | number | boolean | Json[] | { [name: string]: Json }

/** `PENDING` for `ExchangeState.PENDING`; the number itself for what a newer gateway may send. */
export function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(table).find((name) => table[name] === value) ?? String(value)
}

/** Names in snake_case, times in RFC 3339, 64-bit numbers as numbers; empty strings and absent messages are left out. */
export function plainJson(message: object): { [name: string]: Json } {
  const json: { [name: string]: Json } = {}
  for (const [name, value] of Object.entries(message)) {
    const plain = name === '_unknownFields' ? undefined : plainValue(value)
    if (plain !== undefined && plain !== '') json[snakeCase(name)] = plain
  }
  return json
}

function plainValue(value: unknown): Json | undefined {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.flatMap((one) => plainValue(one) ?? [])
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return typeof value === 'object' && value !== null ? plainJson(value) : undefined
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function transferJson(transfer: Transfer): { [name: string]: Json } {
  return {
    ...plainJson(transfer),
    direction: nameOf(Direction, transfer.direction),
    state: nameOf(ExchangeState, transfer.state),
    decision: nameOf(Decision, transfer.decision),
    delivery: nameOf(DeliveryState, transfer.delivery),
    holds: transfer.holds.map(holdJson),
  }
}

export function holdJson(hold: Hold): { [name: string]: Json } {
  return {
    ...plainJson(hold),
    reason: nameOf(HoldReason, hold.reason),
    state: nameOf(HoldState, hold.state),
    level: nameOf(HoldLevel, hold.level),
    outcome_at_deadline: nameOf(DeadlineOutcome, hold.outcomeAtDeadline),
  }
}

export function counterpartyJson(counterparty: Counterparty): { [name: string]: Json } {
  return {
    ...plainJson(counterparty),
    verdict: nameOf(Verdict, counterparty.verdict),
    missing: counterparty.missing.map((kind) => nameOf(ProofKind, kind)),
    proofs: counterparty.proofs.map((proof) => ({
      ...plainJson(proof),
      kind: nameOf(ProofKind, proof.kind),
    })),
    ...(counterparty.risk && {
      risk: {
        level: nameOf(RiskLevel, counterparty.risk.level),
        inputs: counterparty.risk.inputs.map(({ code, level }) => ({
          code,
          level: nameOf(RiskLevel, level),
        })),
      },
    }),
    ...(counterparty.questionnaire && {
      questionnaire: {
        ...plainJson(counterparty.questionnaire),
        answers: JSON.parse(counterparty.questionnaire.answers),
      },
    }),
    tasks: counterparty.tasks.map(taskJson),
  }
}

export function taskJson(task: CounterpartyTask): { [name: string]: Json } {
  const { decision, ...rest } = task
  return {
    ...plainJson(rest),
    kind: nameOf(TaskKind, task.kind),
    state: nameOf(TaskState, task.state),
    ...(decision !== TaskDecision.UNSPECIFIED && { decision: nameOf(TaskDecision, decision) }),
    finding: JSON.parse(task.finding),
  }
}
