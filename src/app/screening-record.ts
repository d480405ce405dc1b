/**
 * What is kept of a screening, so that it can be shown later who was looked for without keeping who in clear: the record has a salted
 * commitment for each subject, the audit log the record's digest, and what opens a commitment is encrypted with the transfer's data.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { ProviderResult, Screening, ScreeningSubject } from '../domain/screening/screening.ts'
import { canonicalText } from './canonical.ts'

const SALT_BYTES = 16

export function screeningOf(
  at: Date,
  subjects: readonly ScreeningSubject[],
  results: readonly ProviderResult[],
): Screening {
  const openings = subjects.map((subject) => {
    const salt = randomBytes(SALT_BYTES)
    return { ref: subject.ref, kind: subject.kind, salt, subject }
  })
  const committed = openings.map(({ ref, kind, salt, subject }) => {
    const commitment = createHash('sha256').update(salt).update(canonical(subject)).digest('base64url')
    return { ref, kind, commitment }
  })
  const record = { at, subjects: committed, results }
  return {
    record,
    digest: createHash('sha256').update(canonical(record)).digest('base64url'),
    openings: openings.map(({ ref, salt, subject }) => ({ ref, salt: salt.toString('base64url'), subject })),
  }
}

function canonical(value: object): string {
  return canonicalText(JSON.stringify(value))
}
