/** Counterparties for a person. */
import type { Counterparty } from '../../gen/travelrule/v1/counterparty.ts'
import {
  type CounterpartyTask,
  type Limit,
  ProofKind,
  RiskLevel,
  TaskKind,
  TaskState,
  Verdict,
} from '../../gen/travelrule/v1/counterparty.ts'
import { nameOf } from './json.ts'
import { timeOf } from './show-hold.ts'

const WAY_TO: Readonly<Record<string, string>> = {
  IDENTITY: 'its card has expired: import a newer one (tamga counterparty import)',
  LICENCE: 'see the register, then tamga counterparty verify --licence REF --expires DATE',
  REACHABILITY: 'it must answer our ping: tamga counterparty verify pings it again',
  DUE_DILIGENCE: 'see its answers, then tamga counterparty verify --due-diligence REF --expires DATE',
  LEI: 'GLEIF, or whichever source knows LEIs, must say that it is in force: see "asked" below',
  JURISDICTION: 'its country is denied by policy (deniedCountries in the VASPs file)',
}

export function counterpartyLines(counterparty: Counterparty): readonly string[] {
  const { vaspId, verdict, legalName, country, lei, proofs, keys, suspensionReason, checks } = counterparty
  return [
    `${nameOf(Verdict, verdict)}  ${vaspId}  ${legalName}, ${country}${lei ? `, LEI ${lei}` : ''}`,
    ...(suspensionReason
      ? [`  suspended   ${suspensionReason}; tamga counterparty reinstate ${vaspId}`]
      : []),
    ...(verdict === Verdict.VERIFIED ? [`  until       ${timeOf(counterparty.verdictExpiresAt)}`] : []),
    ...counterparty.missing.map((kind) => {
      const name = nameOf(ProofKind, kind)
      return `  missing     ${name}: ${WAY_TO[name] ?? ''}`
    }),
    ...proofs.map(({ kind, source, reference, expiresAt, refuted }) =>
      refuted === ''
        ? `  proof       ${nameOf(ProofKind, kind)} until ${timeOf(expiresAt)}, ${source}: ${reference}`
        : `  refuted     ${nameOf(ProofKind, kind)} by ${source}, ${refuted}: ${reference}`,
    ),
    ...checks.map(
      ({ source, outcome, code, nextAt, failures }) =>
        `  asked       ${source}: ${outcome || 'not yet'}${code ? ` (${code})` : ''}, again ${timeOf(nextAt)}${failures > 0 ? `, failed ${failures} time(s)` : ''}`,
    ),
    ...standingLines(counterparty),
    ...keys.map(
      ({ kid, use, notBefore, notAfter, revokedAt }) =>
        `  key         ${kid}  ${use}  ${timeOf(notBefore)} to ${timeOf(notAfter)}${revokedAt === undefined ? '' : `, revoked ${timeOf(revokedAt)}`}`,
    ),
    ...counterparty.tasks.map((task) => `  task        ${taskLine(task)}`),
  ]
}

/** One line of a list. */
export function counterpartyRow({ vaspId, verdict, legalName, country, missing }: Counterparty): string {
  const lacks = missing.map((kind) => nameOf(ProofKind, kind)).join(', ')
  return `${vaspId}  ${nameOf(Verdict, verdict)}  ${legalName}, ${country}${lacks ? `  missing ${lacks}` : ''}`
}

/** Risk, questionnaire, limits, restriction. */
function standingLines({ risk, questionnaire, limits, restrictionReason }: Counterparty): readonly string[] {
  const causes = (risk?.inputs ?? []).filter(({ level }) => level === risk?.level && level !== RiskLevel.LOW)
  return [
    ...(risk === undefined
      ? []
      : [
          `  risk        ${nameOf(RiskLevel, risk.level)}${causes.length > 0 ? `: ${causes.map(({ code }) => code).join(', ')}` : ''}`,
        ]),
    ...(questionnaire === undefined
      ? []
      : [
          `  answered    ${questionnaire.form}, recorded ${timeOf(questionnaire.recordedAt)} by ${questionnaire.recordedBy}`,
        ]),
    ...(limits === undefined
      ? []
      : [`  limits      ${limitText(limits.perTransfer)} a transfer, ${limitText(limits.perDay)} a day`]),
    ...(restrictionReason === ''
      ? []
      : [`  restricted  ${restrictionReason}: each transfer is held for a person`]),
  ]
}

function limitText(limit: Limit | undefined): string {
  return limit === undefined ? 'any amount' : `${limit.amount} ${limit.currency}`
}

export function taskLine({ taskId, vaspId, kind, state, deadline, finding }: CounterpartyTask): string {
  return `${taskId}  ${vaspId}  ${nameOf(TaskKind, kind)}  ${nameOf(TaskState, state)}, by ${timeOf(deadline)}  ${finding}`
}
