import type { LegalHold } from '../../../app/ports.ts'
import type { DueTransfer, RetentionRule } from '../../../app/retention.ts'
import type { Shredded } from '../../../app/retention-use-cases.ts'
import type { Retention } from '../../../domain/retention/retention.ts'
import { SOURCES } from '../../../domain/rules/index.ts'
import { byJson, iso, type Names } from './basics.ts'

export function regimeJson({ pack, years }: RetentionRule) {
  const { clause, confidence, sources } = pack.retention
  return {
    rule: pack.rule,
    name: pack.name,
    version: pack.version,
    years,
    clause,
    confidence,
    sources: sources.flatMap((id) => {
      const source = SOURCES[id]
      return source === undefined ? [] : [{ title: source.title, where: source.where }]
    }),
  }
}

export function legalHoldJson({ id, transferId, reason, setBy, setAt, lifted }: LegalHold, names: Names) {
  return {
    id,
    transferId,
    reason,
    setBy: byJson(setBy, names),
    setAt: iso(setAt),
    lifted:
      lifted === undefined
        ? null
        : { by: byJson(lifted.by, names), at: iso(lifted.at), reason: lifted.reason },
  }
}

export function dueJson({ transferId, endedAt, retention, held }: DueTransfer) {
  const { until, ...kept } = keptJson(retention)
  return { transferId, endedAt: iso(endedAt), keptUntil: until, ...kept, held }
}

export function keptJson({ until, years, rules }: Retention) {
  return { until: iso(until), years, rules: [...rules] }
}

export function shreddedJson({ transferId, shreddedAt, by, early, kept }: Shredded) {
  const { years, rules, until } = kept
  return { transferId, shreddedAt: iso(shreddedAt), by, early, years, rules: [...rules], keptUntil: until }
}
