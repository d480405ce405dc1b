/** Reading an identity payload: JSON text in, canonical form and findings out. */
import { detectEdition } from './edition.ts'
import { Findings, severityOf } from './findings.ts'
import { type Ivms101Issue, type Ivms101Liberty, issueKind } from './issues.ts'
import { pointer } from './json.ts'
import { JSON_LIMITS, type JsonFinding, type JsonLimits, readJson } from './json-reader.ts'
import { type Normalised, normalise } from './normalise.ts'
import type { IdentityPayload } from './payload.ts'
import { PROFILES, type Profile, type ProfileName } from './profiles.ts'
import { GLEIF_2022_03_23, type RegistrationAuthorities } from './registration-authorities.ts'
import type { Edition } from './schema.ts'
import { validate } from './validate.ts'
import { findPayload } from './wrapper.ts'

export interface Ivms101Options {
  readonly profile: ProfileName
  /** Empty strings and nulls count as absent. By default as the profile has it. */
  readonly emptyAsAbsent?: boolean | undefined
  /** The current date in UTC, YYYY-MM-DD: C2 wants a date of birth before it. */
  readonly today: string
  readonly limits?: JsonLimits
  /** A newer list than the one that comes with us. */
  readonly registrationAuthorities?: RegistrationAuthorities
}

export interface Ivms101Result {
  /** Undefined where the text is not a JSON object. */
  readonly version: Edition | undefined
  readonly valid: boolean
  readonly errors: readonly Ivms101Issue[]
  readonly warnings: readonly Ivms101Issue[]
  /** What was read otherwise than the edition writes it. */
  readonly liberties: readonly Ivms101Liberty[]
  /** Present whenever the text is a JSON object, valid or not. */
  readonly payload: IdentityPayload | undefined
}

/**
 * Reads and judges an identity payload in either edition and any known dialect, bare or wrapped. Takes the sender's exact
 * text, because duplicate members and lost digits are gone once a library has parsed it. Never throws, and never repeats a
 * value in what it reports.
 */
export function parseIvms101(text: string, options: Ivms101Options): Ivms101Result {
  const profile = PROFILES[options.profile]
  const { root, findings } = readJson(text, options.limits ?? JSON_LIMITS)
  const jsonIssues = findings.map(jsonIssue)
  if (root === undefined) return result(undefined, jsonIssues, [], undefined)
  const found = findPayload(root)
  if (found === undefined) return result(undefined, [...jsonIssues, notAnObject()], [], undefined)

  const edition = detectEdition(found.payload)
  const normalised = normalise(found.payload, found.segments, {
    edition: edition.edition,
    emptyAsAbsent: options.emptyAsAbsent ?? profile.emptyAsAbsent,
    sequenceMayBeOmitted: profile.sequenceMayBeOmitted,
  })
  const collected = new Findings()
  for (const { code, node, key } of normalised.unplaced) collected.addMember(code, node, key)
  const payload = validate(normalised.root, {
    findings: collected,
    edition,
    today: options.today,
    authorities: options.registrationAuthorities ?? GLEIF_2022_03_23,
    partial: profile.partial,
  })
  const liberties = libertiesOf(normalised, found.segments, found.beside)
  const issues = [
    ...jsonIssues,
    ...strictIssues(profile, edition.edition, liberties),
    ...collected.issues(profile, edition.edition, normalised.style),
  ]
  return result(edition.edition, issues, liberties, payload)
}

function result(
  version: Edition | undefined,
  issues: readonly Ivms101Issue[],
  liberties: readonly Ivms101Liberty[],
  payload: IdentityPayload | undefined,
): Ivms101Result {
  const errors = issues.filter((issue) => issue.severity === 'error')
  const warnings = issues.filter((issue) => issue.severity === 'warning')
  return { version, valid: errors.length === 0, errors, warnings, liberties, payload }
}

function jsonIssue({ code, path, detail }: JsonFinding): Ivms101Issue {
  const { severity, clause = '', message } = issueKind(code)
  return { code, path, element: '', severity, clause, message: `${message} ${detail}`.trimEnd() }
}

function notAnObject(): Ivms101Issue {
  const message = `${issueKind('TYPE').message} (an object is meant)`
  return { code: 'TYPE', path: '', element: '', severity: 'error', clause: '6', message }
}

function libertiesOf(
  normalised: Normalised,
  wrapper: readonly string[],
  beside: readonly (readonly string[])[],
): Ivms101Liberty[] {
  const outer: Ivms101Liberty[] = wrapper.length === 0 ? [] : [liberty('WRAPPED', pointer(wrapper))]
  for (const segments of beside) outer.push(liberty('OUTSIDE_PAYLOAD', pointer(segments)))
  for (const { code, node, segments } of normalised.liberties) {
    outer.push(liberty(code, node.pointer() + pointer(segments)))
  }
  return outer
}

function liberty(code: Ivms101Liberty['code'], path: string): Ivms101Liberty {
  return { code, path, message: issueKind(code).message }
}

/** What the caller asked to have read as absent, and what carries the payload, are no departures from its shape. */
const NO_DEPARTURE: ReadonlySet<string> = new Set([
  'EMPTY_AS_ABSENT',
  'NULL_AS_ABSENT',
  'WRAPPED',
  'OUTSIDE_PAYLOAD',
])

/** A strict profile takes its own edition in its own shape. */
function strictIssues(
  profile: Profile,
  edition: Edition,
  liberties: readonly Ivms101Liberty[],
): Ivms101Issue[] {
  if (profile.strict === undefined) return []
  const issues: Ivms101Issue[] = []
  if (profile.strict !== edition) {
    const { clause = '', message } = issueKind('EDITION')
    issues.push({ code: 'EDITION', path: '', element: '', severity: 'error', clause, message })
  }
  for (const { code, path, message } of liberties) {
    if (NO_DEPARTURE.has(code)) continue
    issues.push({ code, path, element: '', severity: severityOf(code, code, profile), clause: '6', message })
  }
  return issues
}
