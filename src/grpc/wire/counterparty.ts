import type { CounterpartyReport, CounterpartyView, LookupView } from '../../app/gateway.ts'
import type { CounterpartyTask } from '../../domain/counterparty/task.ts'
import type {
  GetCounterpartyReportResponse,
  LookupCounterpartyResponse,
  Counterparty as WireCounterparty,
  CounterpartyTask as WireTask,
} from '../../gen/travelrule/v1/counterparty.ts'
import {
  CONFIDENCE_NUMBERS,
  PROOF_KIND_NUMBERS,
  RISK_LEVEL_NUMBERS,
  TASK_DECISION_NUMBERS,
  TASK_KIND_NUMBERS,
  TASK_STATE_NUMBERS,
  VERDICT_NUMBERS,
} from './words.ts'

export function counterpartyToWire(view: CounterpartyView): WireCounterparty {
  const { counterparty, verdict, keys, checks, risk, limits, tasks } = view
  const { questionnaire, restriction } = counterparty.diligence ?? {}
  return {
    vaspId: counterparty.id,
    legalName: counterparty.legalName,
    country: counterparty.country,
    lei: counterparty.lei ?? '',
    verdict: VERDICT_NUMBERS[verdict.verdict],
    missing: verdict.missing.map((kind) => PROOF_KIND_NUMBERS[kind]),
    proofs: counterparty.proofs.map((proof) => ({
      kind: PROOF_KIND_NUMBERS[proof.kind],
      source: proof.source,
      reference: proof.reference,
      provenAt: proof.provenAt,
      expiresAt: proof.expiresAt,
      refuted: proof.refuted ?? '',
      documentSha256: proof.documentSha256 ?? '',
      perimeter: proof.perimeter ?? '',
    })),
    keys: keys.map(({ kid, use, notBefore, notAfter, revokedAt }) => ({
      kid,
      use,
      notBefore,
      notAfter,
      revokedAt,
    })),
    cardVersion: BigInt(counterparty.cardVersion),
    suspensionReason: counterparty.suspension?.reason ?? '',
    verdictExpiresAt: verdict.expiresAt,
    risk: {
      level: RISK_LEVEL_NUMBERS[risk.level],
      inputs: risk.inputs.map(({ code, level }) => ({ code, level: RISK_LEVEL_NUMBERS[level] })),
    },
    questionnaire: questionnaire && {
      questionnaireId: questionnaire.id,
      form: questionnaire.form,
      answers: JSON.stringify(questionnaire.answers),
      recordedBy: questionnaire.recordedBy,
      recordedAt: questionnaire.recordedAt,
    },
    limits: limits && { perTransfer: limits.perTransfer, perDay: limits.perDay },
    restrictionReason: restriction?.reason ?? '',
    tasks: tasks.map(taskToWire),
    silentSince: counterparty.silentSince,
    checks: checks.map((check) => ({
      source: check.source,
      outcome: check.outcome ?? '',
      code: check.code ?? '',
      reference: check.reference ?? '',
      checkedAt: check.checkedAt,
      nextAt: check.nextAt,
      failures: check.failures,
    })),
  }
}

export function lookupToWire({ confidence, evidence, ...found }: LookupView): LookupCounterpartyResponse {
  return {
    counterparty: counterpartyToWire(found),
    confidence: CONFIDENCE_NUMBERS[confidence],
    evidence: evidence.map((one) => ({
      kind: one.kind,
      source: one.source,
      reference: one.reference,
      confidence: CONFIDENCE_NUMBERS[one.confidence],
      seenAt: one.seenAt,
    })),
  }
}

export function taskToWire(task: CounterpartyTask): WireTask {
  const { decided, approved } = task
  return {
    taskId: task.id,
    vaspId: task.counterpartyId,
    kind: TASK_KIND_NUMBERS[task.kind],
    state: TASK_STATE_NUMBERS[task.state],
    finding: JSON.stringify(task.finding),
    openedAt: task.openedAt,
    deadline: task.deadline,
    decision: decided === undefined ? 0 : TASK_DECISION_NUMBERS[decided.decision],
    reason: decided?.reason ?? '',
    reference: decided?.reference ?? '',
    decidedBy: decided?.by ?? '',
    decidedAt: decided?.at,
    approvedBy: approved?.by ?? '',
    approvedAt: approved?.at,
    escalatedAt: task.escalatedAt,
  }
}

export function reportToWire(report: CounterpartyReport): GetCounterpartyReportResponse {
  const { reporter } = report
  return {
    basis: [...report.basis],
    reporterVaspId: reporter.vaspId,
    reporterLegalName: reporter.legalName,
    reporterCountry: reporter.country,
    reporterLei: reporter.lei ?? '',
    counterparty: counterpartyToWire(report),
    from: report.from,
    to: report.to,
    madeAt: report.madeAt,
    figures: report.figures.map((figure) => ({ ...figure })),
    steps: report.steps.map(({ at, kind, actor, data }) => ({ at, kind, actor, data: JSON.stringify(data) })),
    foundAt: report.foundAt,
    reportBy: report.reportBy,
  }
}
