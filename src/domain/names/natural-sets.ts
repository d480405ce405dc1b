/** All names of one natural person against all of another, with birth dates. */
import { compareBirthDates } from './birth-date.ts'
import { type Budget, COMPARISONS_MAX, type PartResult, rankOf, unsure, weakest } from './comparison.ts'
import { comparePersons, type PersonResult, wordsOf } from './natural.ts'
import { type Person, personOf } from './person.ts'
import { bothFlags, type Flags, NO_FLAGS } from './text.ts'
import type { LegalName, NameSet, NameVerdict, NaturalName, ReasonCode } from './types.ts'
import { bestPair, FORMS_MAX, type Form, heldBack, type Pair, verdictOf } from './verdict.ts'

type PersonForm = Form<Person>
type PersonPair = Pair<PersonResult, Person>

export function compareNaturalSets(received: NameSet, held: NameSet): NameVerdict {
  const mine = formsOf(received)
  const theirs = formsOf(held)
  const cyrillic = [...mine, ...theirs].some((form) =>
    wordsOf(form.parsed).some((word) => word.script === 'Cyrillic'),
  )
  const budget: Budget = { left: COMPARISONS_MAX }
  const pairs = mine.slice(0, FORMS_MAX).flatMap((one) =>
    theirs.slice(0, FORMS_MAX).map((other) => ({
      received: one,
      held: other,
      result: comparePersons(one.parsed, other.parsed, { cyrillic }, budget),
    })),
  )
  const best = bestPair(pairs.map((pair) => ({ ...pair, result: phoneticCapped(pair) })))
  if (best === undefined) return verdictOf(unsure('name', 'NAME_ABSENT', 'NAME_ABSENT'), undefined)
  if (budget.left < 0) return verdictOf(unsure('name', 'TOO_LONG', 'TOO_LONG'), best)
  let result: PartResult = withBirthDates(
    best.result,
    compareBirthDates(received.dateOfBirth, held.dateOfBirth),
  )
  if (result.outcome !== 'mismatch') result = heldBack(result, contradiction(best, pairs))
  for (const reason of flagReasons(mine, theirs)) result = heldBack(result, reason)
  return verdictOf(result, best)
}

function formsOf(set: NameSet): PersonForm[] {
  const kinds = [
    ['name', set.names ?? []],
    ['local', set.local ?? []],
    ['phonetic', set.phonetic ?? []],
  ] as const
  const forms: PersonForm[] = []
  for (const [kind, names] of kinds) {
    for (const name of names.slice(0, FORMS_MAX + 1)) {
      const parsed = personOf(naturalName(name))
      const words = wordsOf(parsed).map((word) => word.text)
      forms.push({ parsed, type: name.type, words, kind, position: forms.length })
    }
  }
  return forms
}

function naturalName(name: NaturalName | LegalName): NaturalName {
  return 'primary' in name ? name : { primary: name.name, type: 'LEGL' }
}

/**
 * A reading on record confirms how a name is spelt in Latin letters. Two readings that agree say only that the names sound alike.
 */
function phoneticCapped(pair: PersonPair): PersonResult {
  const { received, held, result } = pair
  const bothSound = received.kind === 'phonetic'
  const onRecord = held.kind === 'phonetic' && received.kind === 'name' && scriptOf(received) === 'Latin'
  if (result.outcome !== 'match' || (!bothSound && held.kind !== 'phonetic') || onRecord) return result
  return { ...result, ...weakest(result, unsure('name', 'SOUND', 'SOUND_ONLY')) }
}

function withBirthDates(result: PersonResult, dates: ReturnType<typeof compareBirthDates>): PartResult {
  if (dates === 'conflict') {
    const differed = [...result.differed, { part: 'birth-date', rule: 'BIRTH_DATES_DIFFER' } as const]
    return { ...result, outcome: 'mismatch', reasons: ['BIRTH_DATE_DIFFERS'], differed }
  }
  if (dates === 'uncertain') return heldBack(result, 'BIRTH_DATE_UNCERTAIN')
  if (dates !== 'agree') return result
  // The mother's name left out, as is the custom in Spain; the birth date tells that it is the same person.
  if (result.outcome === 'review' && result.shortened === true && result.reasons.length === 1) {
    return { ...result, outcome: 'match', reasons: [], rules: [...result.rules, 'BIRTH_DATE_CONFIRMS'] }
  }
  if (result.outcome === 'mismatch' && result.givenAgree === true) {
    return { ...result, ...unsure('family', 'FAMILY_NAME_CHANGED', 'FAMILY_NAME_CHANGED') }
  }
  return result
}

/** Why the best pair may not speak alone: another pair of the same kind and script says otherwise. */
function contradiction(best: PersonPair, pairs: readonly PersonPair[]): ReasonCode | undefined {
  const legal = pairs.filter((pair) => pair.received.type === 'LEGL' && pair.held.type === 'LEGL')
  const inScript = (kind: 'name' | 'local'): readonly PersonPair[] =>
    legal.filter(
      (pair) =>
        pair.received.kind === kind &&
        pair.held.kind === kind &&
        scriptOf(pair.received) === scriptOf(pair.held),
    )
  const locals = inScript('local')
  const localBest = bestPair(locals)
  if (localBest !== undefined && localBest.result.outcome !== 'match') return 'FORMS_CONTRADICT'
  if (best.received.type !== 'LEGL') return otherType(best, pairs)
  if (best.held.kind === 'phonetic') {
    const written = pairs.some((pair) => pair.held.kind !== 'phonetic' && rankOf(pair.result.outcome) > 0)
    return written ? undefined : 'SOUND_ONLY'
  }
  const names = bestPair(inScript('name'))
  const viaLocal = best.received.kind !== 'name' || best.held.kind !== 'name'
  if (!viaLocal || names === undefined || names.result.outcome !== 'mismatch') return undefined
  const explained = legal.some(
    (pair) => pair.received.kind === 'name' && pair.held.kind === 'local' && rankOf(pair.result.outcome) > 0,
  )
  return explained ? undefined : 'FORMS_CONTRADICT'
}

function scriptOf(form: PersonForm): string | undefined {
  return wordsOf(form.parsed)[0]?.script
}

/** The sender's alias agrees and its legal name does not. A former family name beside the same given name explains itself. */
function otherType(best: PersonPair, pairs: readonly PersonPair[]): ReasonCode | undefined {
  const ofLegal = pairs.filter((pair) => pair.received.type === 'LEGL' && pair.received.kind !== 'phonetic')
  const legal = bestPair(ofLegal)
  if (legal === undefined || legal.result.outcome === 'match') return undefined
  const former = best.received.type === 'MAID' || best.received.type === 'BIRT'
  const sameGiven = ofLegal.some((pair) => pair.held === best.held && pair.result.givenAgree === true)
  return former && sameGiven ? undefined : 'OTHER_NAME_TYPE'
}

function flagReasons(mine: readonly PersonForm[], theirs: readonly PersonForm[]): readonly ReasonCode[] {
  const forms = [...mine, ...theirs]
  const flags = forms.reduce<Flags>((all, form) => bothFlags(all, form.parsed.flags), NO_FLAGS)
  const reasons: ReasonCode[] = []
  if (flags.hidden) reasons.push('HIDDEN_CHARACTER')
  if (flags.mixed) reasons.push('MIXED_SCRIPTS')
  if (flags.tooLong || mine.length > FORMS_MAX || theirs.length > FORMS_MAX) reasons.push('TOO_LONG')
  return reasons
}
