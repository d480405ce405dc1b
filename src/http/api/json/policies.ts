import type { PolicyPage } from '../../../app/console/policies.ts'
import type { DryRun, DryRunExample } from '../../../app/dry-run.ts'
import type { PolicyVersion } from '../../../app/ports.ts'
import { iso, isoOrNull, type Names, personJson } from './basics.ts'
import { actionJson } from './holds.ts'

export function policyPageJson({ inForce, proposed, versions, etag, offers }: PolicyPage, names: Names) {
  const { version, hash, text } = inForce
  return {
    etag,
    inForce: { version, hash, text },
    proposed: proposed === undefined ? null : versionJson(proposed, names),
    versions: versions.map((one) => versionJson(one, names)),
    actions: offers.map(actionJson),
  }
}

function versionJson(
  { version, hash, text, baseHash, state, author, proposedAt, ended }: PolicyVersion,
  names: Names,
) {
  return {
    version,
    hash,
    text,
    baseHash,
    state,
    author: personJson(author, names),
    proposedAt: iso(proposedAt),
    approver: ended?.approver === undefined ? null : personJson(ended.approver.subject, names),
    endedAt: isoOrNull(ended?.at),
  }
}

export function dryRunJson({ examples, fewerExamples, ...counts }: DryRun) {
  return {
    ...counts,
    moreExamples: examples.map(exampleJson),
    fewerExamples: fewerExamples.map(exampleJson),
  }
}

function exampleJson({ transferId, reference, reasons }: DryRunExample) {
  return { transferId, reference: reference ?? null, reasons: [...reasons] }
}
