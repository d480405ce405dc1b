/** Is the beneficiary that was sent the customer whom we hold? */
import type { Finding } from '../domain/hold/hold.ts'
import type { IdentityPayload } from '../domain/ivms101/index.ts'
import { compareNames, type NameVerdict, OUTCOMES } from '../domain/names/index.ts'
import { type Named, namesIn } from './names-in.ts'

/**
 * Undefined when every person sent is a customer held, and nobody is left over; else a finding with reason codes only, which are safe to
 * show. Of several held persons the best counts for each one sent; of several sent, the worst counts.
 */
export function nameFinding(
  sent: IdentityPayload | undefined,
  held: IdentityPayload | undefined,
): Finding | undefined {
  const [theirs, ours] = [namesIn(sent, 'beneficiary'), namesIn(held, 'beneficiary')]
  const worst = worstVerdict(sent, held)
  if (worst === undefined || ours.length === 0)
    return finding('NAME_ABSENT', 'one side names nobody that can be compared')
  if (worst.outcome !== 'match')
    return finding(
      worst.outcome === 'review' ? 'NAME_REVIEW' : 'NAME_MISMATCH',
      `the beneficiary sent is not surely the customer held: ${worst.reasons.join(', ')}`,
    )
  if (theirs.length !== ours.length)
    return finding('NAME_REVIEW', 'the number of beneficiaries sent is not the number held')
  return undefined
}

/** Of the beneficiaries sent, how the one least like a customer held compares; undefined where nobody was sent. */
export function worstVerdict(
  sent: IdentityPayload | undefined,
  held: IdentityPayload | undefined,
): NameVerdict | undefined {
  const ours = namesIn(held, 'beneficiary')
  const verdicts = namesIn(sent, 'beneficiary').map((person) => best(person, ours))
  return verdicts.toSorted((a, b) => rank(a) - rank(b))[0]
}

function best(person: Named, ours: readonly Named[]): NameVerdict {
  const verdicts = ours
    .filter(({ kind }) => kind === person.kind)
    .map(({ names }) => compareNames(person.kind, person.names, names))
  return verdicts.toSorted((a, b) => rank(b) - rank(a))[0] ?? compareNames(person.kind, person.names, {})
}

function rank({ outcome }: NameVerdict): number {
  return OUTCOMES.indexOf(outcome)
}

function finding(code: string, message: string): Finding {
  return { check: 'names', code, message }
}
