/** Which rules are meant by `KZ-AIFC`, `GB` or `DE`, and which dated version of them holds on the transfer's day. */
import type { Finding } from './assessment.ts'
import type { RulePack } from './load-packs.ts'
import type { Moment } from './moment.ts'
import { dayIn } from './moment.ts'

/** The default where no rule is known (FATF Recommendation 16), applied with full data from zero on. */
const DEFAULT_FAMILY = 'FATF'

export interface Selected {
  readonly pack: RulePack
  readonly inForce: boolean
  /** The default stands in for a rule that nobody has written down here. */
  readonly isStandIn: boolean
}

export interface Selection {
  readonly selected: readonly Selected[]
  readonly findings: readonly Finding[]
}

/** Every regime meant by `names` (rule ids, country codes, in any case), each once, in the order of the names. */
export function selectPacks(names: readonly string[], packs: readonly RulePack[], at: Moment): Selection {
  const current = newestOfEachRule(packs)
  const selected = new Map<string, Selected>()
  const findings: Finding[] = []
  for (const name of names) {
    const wanted = name.trim().toUpperCase()
    const families = familiesOf(wanted, current)
    if (families.length === 0) findings.push(unknownRule(wanted))
    for (const family of families.length === 0 ? [DEFAULT_FAMILY] : families) {
      const choice = chooseByDay(
        current.filter((pack) => pack.family === family),
        at,
      )
      if (choice === undefined) continue
      const one = { ...choice, isStandIn: families.length === 0 }
      const previous = selected.get(choice.pack.rule)
      // Named both for itself and as a stand-in: the stand-in is the stricter.
      if (previous === undefined || one.isStandIn) selected.set(choice.pack.rule, one)
      findings.push(...dateFindings(wanted, one, current))
    }
  }
  return { selected: [...selected.values()], findings }
}

/** Raises of one rule's data follow each other; a new decision is made under the newest. */
function newestOfEachRule(packs: readonly RulePack[]): readonly RulePack[] {
  const newest = new Map<string, RulePack>()
  for (const pack of packs) {
    const known = newest.get(pack.rule)
    if (known === undefined || compareVersions(pack.version, known.version) > 0) newest.set(pack.rule, pack)
  }
  return [...newest.values()]
}

function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function familiesOf(wanted: string, packs: readonly RulePack[]): readonly string[] {
  const named = packs.filter((pack) => pack.rule === wanted || pack.family === wanted)
  const chosen = named.length > 0 ? named : packs.filter((pack) => pack.selectors.includes(wanted))
  return [...new Set(chosen.map((pack) => pack.family))]
}

/** The member in force; of two, the one that began later; else the next to come, else the last that ended. */
function chooseByDay(
  members: readonly RulePack[],
  at: Moment,
): { readonly pack: RulePack; readonly inForce: boolean } | undefined {
  const ordered = members.toSorted((a, b) => (a.effective.from < b.effective.from ? -1 : 1))
  const isBegun = (pack: RulePack): boolean => pack.effective.from <= dayIn(pack.timeZone, at)
  const isEnded = (pack: RulePack): boolean =>
    pack.effective.until !== undefined && pack.effective.until < dayIn(pack.timeZone, at)
  const inForce = ordered.findLast((pack) => isBegun(pack) && !isEnded(pack))
  if (inForce !== undefined) return { pack: inForce, inForce: true }
  const other = ordered.find((pack) => !isBegun(pack)) ?? ordered.at(-1)
  return other === undefined ? undefined : { pack: other, inForce: false }
}

function dateFindings(
  wanted: string,
  { pack, inForce }: Selected,
  packs: readonly RulePack[],
): readonly Finding[] {
  const isNamedPack = packs.some((other) => other.rule === wanted)
  if (!inForce) {
    return [
      {
        code: 'RULE_NOT_IN_FORCE',
        severity: 'notice',
        rule: pack.rule,
        about: 'effective',
        message: `${pack.rule} is in force from ${pack.effective.from}${pack.effective.until === undefined ? '' : ` to ${pack.effective.until}`}`,
      },
    ]
  }
  if (!isNamedPack || pack.rule === wanted) return []
  return [
    {
      code: 'RULE_REPLACED',
      severity: 'notice',
      rule: pack.rule,
      about: 'effective',
      message: `${wanted} is not the version in force on the day of the transfer; ${pack.rule} is`,
    },
  ]
}

function unknownRule(wanted: string): Finding {
  return {
    code: 'RULE_UNKNOWN',
    severity: 'hold',
    about: wanted.slice(0, 40),
    message: 'no rule pack has this id or country; the FATF default with full data from zero stands in',
  }
}
