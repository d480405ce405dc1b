import type { ComparedField, Comparison } from '../../../app/console/comparison.ts'
import type { MessageFacts, TimelineEntry } from '../../../app/console/history.ts'
import { maskedAddress, maskedText } from '../../../app/console/masking.ts'
import type { Waits } from '../../../app/console/tracks.ts'
import type { TransferCase, TransferListing } from '../../../app/console/transfers.ts'
import type { VerdictPolicy } from '../../../domain/counterparty/counterparty.ts'
import { iso, isoOrNull, type Names, personJson } from './basics.ts'
import { cardJson } from './counterparties.ts'
import { actionJson, briefJson, holdJson } from './holds.ts'

export function transferItemJson(item: TransferListing) {
  return {
    ...briefJson(item.transfer),
    decision: item.decision,
    delivery: item.delivery,
    openHolds: [...item.openHolds],
    nextClockAt: isoOrNull(item.nextClockAt),
    createdAt: iso(item.createdAt),
    updatedAt: iso(item.updatedAt),
    matchedBy: item.matchedBy ?? null,
  }
}

export function transferDetailJson(found: TransferCase, names: Names, policy: VerdictPolicy, now: Date) {
  const { transfer } = found.view
  const { secret } = transfer
  return {
    // The page's own reading decides where the list's is a moment older.
    transfer: {
      ...transferItemJson(found.listed),
      matchedBy: null,
      version: transfer.version,
      decision: found.view.decision,
    },
    destination: maskedAddress(secret.destination),
    hasTag: secret.tag !== undefined,
    txId: secret.txId === undefined ? null : maskedAddress(secret.txId),
    settledAt: isoOrNull(transfer.settledAt),
    fiatPricedAt: isoOrNull(transfer.fiat?.pricedAt),
    exempt: transfer.exempt,
    tracks: tracksJson(found),
    rule: ruleJson(found),
    repairs: transfer.repairs.map(({ path, code, message }) => ({ path, code, message })),
    counterparty: found.counterparty === undefined ? null : cardJson(found.counterparty, policy, now),
    holds: found.holds.map((hold) => holdJson(hold, names)),
    comparison: comparisonJson(found.comparison, transfer.shredded === true),
    timeline: found.timeline.map((entry) => entryJson(entry, names)),
    actions: found.offers.map(actionJson),
  }
}

function tracksJson({ view, waits, since, case: work }: TransferCase) {
  const { transfer, decision } = view
  const { permit, rejection } = transfer
  return {
    exchange: {
      state: transfer.state,
      since: iso(since),
      waits: waitsJson(waits),
      delivery: transfer.delivery,
    },
    decision: {
      decision,
      permit:
        permit === undefined
          ? null
          : {
              jti: permit.jti,
              issuedAt: iso(permit.issuedAt),
              expiresAt: iso(permit.expiresAt),
              redeemedAt: isoOrNull(permit.redeemedAt),
            },
      rejection: rejection === undefined ? null : { code: rejection.code, by: rejection.by },
    },
    case: { state: work.state, openHolds: work.openHolds, waits: waitsJson(work.waits) },
  }
}

function waitsJson({ on, clock, until, outcome }: Waits) {
  return { on: on ?? null, clock: clock ?? null, until: isoOrNull(until), outcome: outcome ?? null }
}

function ruleJson({ view, history }: TransferCase) {
  const { rule } = view.transfer
  if (rule === undefined) return null
  const packs = history.ruling?.packs ?? []
  return {
    pack: rule.pack,
    version: rule.version,
    clause: rule.clause,
    decision: history.ruling?.decision ?? null,
    packs: packs.map((pack) => ({ ...pack })),
  }
}

function comparisonJson({ available, compared, outcome, reasons, fields }: Comparison, shredded: boolean) {
  return {
    available,
    shredded,
    compared,
    outcome: outcome ?? null,
    reasons: reasons.map((reason) => ({ ...reason })),
    fields: fields.map(fieldJson),
  }
}

function fieldJson({ path, party, label, sent, held, verdict }: ComparedField) {
  const masked = (value: string | undefined) => {
    if (value === undefined) return null
    const { masked: text, scripts, hidden } = maskedText(value, label)
    return { masked: text, scripts: [...scripts], hidden: [...hidden] }
  }
  return { path, party, label, sent: masked(sent), held: masked(held), verdict }
}

const PERSON = /^person:(.+)$/

function entryJson({ id, at, kind, type, actor, version, data, message, note }: TimelineEntry, names: Names) {
  const [, subject] = PERSON.exec(actor) ?? []
  return {
    id,
    at: iso(at),
    kind,
    type,
    actor,
    person: subject === undefined ? null : personJson(subject, names),
    version: version ?? null,
    data: { ...data },
    message: message === undefined ? null : messageJson(message),
    note: note ?? null,
  }
}

function messageJson({ direction, type, jti, signer, kid, signature, verifiedAt, receipt }: MessageFacts) {
  return {
    direction,
    type,
    jti,
    signer,
    kid,
    signature,
    verifiedAt: iso(verifiedAt),
    receipt:
      receipt === undefined ? null : { at: iso(receipt.at), kid: receipt.kid, outcome: receipt.outcome },
  }
}
