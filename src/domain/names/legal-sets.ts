/** All names of one legal person against all of another. */
import { type Company, companyOf } from './company.ts'
import { type Budget, COMPARISONS_MAX, type PartResult, unsure } from './comparison.ts'
import { compareCompanies } from './legal.ts'
import { bothFlags, type Flags, NO_FLAGS } from './text.ts'
import type { LegalName, NameSet, NameVerdict, NaturalName, ReasonCode } from './types.ts'
import { bestPair, FORMS_MAX, type Form, heldBack, type Pair, verdictOf } from './verdict.ts'

type CompanyForm = Form<Company>
type CompanyPair = Pair<PartResult, Company>

export function compareLegalSets(received: NameSet, held: NameSet): NameVerdict {
  const mine = formsOf(received)
  const theirs = formsOf(held)
  const cyrillic = [...mine, ...theirs].some((form) =>
    form.parsed.words.some((word) => word.script === 'Cyrillic'),
  )
  const budget: Budget = { left: COMPARISONS_MAX }
  const pairs = mine.slice(0, FORMS_MAX).flatMap((one) =>
    theirs.slice(0, FORMS_MAX).map((other) => ({
      received: one,
      held: other,
      result: compareCompanies(one.parsed, other.parsed, { cyrillic }, budget),
    })),
  )
  const best = bestPair(pairs)
  if (best === undefined) return verdictOf(unsure('name', 'NAME_ABSENT', 'NAME_ABSENT'), undefined)
  if (budget.left < 0) return verdictOf(unsure('name', 'TOO_LONG', 'TOO_LONG'), best)
  let result: PartResult = heldBack(best.result, contradiction(best, pairs))
  for (const reason of flagReasons(mine, theirs)) result = heldBack(result, reason)
  return verdictOf(result, best)
}

function formsOf(set: NameSet): CompanyForm[] {
  const kinds = [
    ['name', set.legalNames ?? []],
    ['local', set.local ?? []],
    ['phonetic', set.phonetic ?? []],
  ] as const
  const forms: CompanyForm[] = []
  for (const [kind, names] of kinds) {
    for (const name of names.slice(0, FORMS_MAX + 1)) {
      const parsed = companyOf(legalName(name))
      forms.push({
        parsed,
        type: name.type,
        words: parsed.words.map((word) => word.text),
        kind,
        position: forms.length,
      })
    }
  }
  return forms
}

function legalName(name: NaturalName | LegalName): string {
  return 'name' in name ? name.name : `${name.primary} ${name.secondary ?? ''}`
}

/** Sound alone, a trading name while the registered names differ, or another registered name in the same script. */
function contradiction(best: CompanyPair, pairs: readonly CompanyPair[]): ReasonCode | undefined {
  if (best.result.outcome === 'mismatch') return undefined
  if (best.received.kind === 'phonetic' || best.held.kind === 'phonetic') return 'SOUND_ONLY'
  const ofLegal = pairs.filter((pair) => pair.received.type === 'LEGL' && pair.received.kind !== 'phonetic')
  const legal = bestPair(ofLegal)
  if (best.received.type !== 'LEGL' && legal !== undefined && legal.result.outcome !== 'match')
    return 'OTHER_NAME_TYPE'
  for (const kind of ['name', 'local'] as const) {
    const same = ofLegal.filter(
      (pair) =>
        pair.received.kind === kind &&
        pair.held.kind === kind &&
        pair.held.type === 'LEGL' &&
        scriptOf(pair.received) === scriptOf(pair.held),
    )
    if (same.length > 0 && bestPair(same)?.result.outcome === 'mismatch' && best.held.type === 'LEGL')
      return 'FORMS_CONTRADICT'
  }
  return undefined
}

function scriptOf(form: CompanyForm): string | undefined {
  return form.parsed.words[0]?.script
}

function flagReasons(mine: readonly CompanyForm[], theirs: readonly CompanyForm[]): readonly ReasonCode[] {
  const flags = [...mine, ...theirs].reduce<Flags>((all, form) => bothFlags(all, form.parsed.flags), NO_FLAGS)
  const reasons: ReasonCode[] = []
  if (flags.hidden) reasons.push('HIDDEN_CHARACTER')
  if (flags.mixed) reasons.push('MIXED_SCRIPTS')
  if (flags.tooLong || mine.length > FORMS_MAX || theirs.length > FORMS_MAX) reasons.push('TOO_LONG')
  return reasons
}
