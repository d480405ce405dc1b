/**
 * What was sent beside what is held, field by field. Values stay here unless they are revealed for a purpose: what is shown without is
 * which scripts a value is written in, which characters in it do not show, and how the two compare.
 */
import { type NameVerdict, REASONS, searchWords } from '../../domain/names/index.ts'
import type { Transfer } from '../../domain/transfer/transfer.ts'
import { worstVerdict } from '../check-names.ts'
import { readIdentity } from '../checks.ts'
import { type Leaf, leavesOf, type PayloadParty } from './leaves.ts'

export type FieldVerdict =
  | 'equal'
  | 'transliterated'
  | 'reordered'
  | 'partial'
  | 'review'
  | 'different'
  | 'missing'
  | 'not-comparable'

export interface ComparedField {
  readonly path: string
  readonly party: PayloadParty
  readonly label: string
  readonly sent: string | undefined
  readonly held: string | undefined
  readonly verdict: FieldVerdict
}

export interface Comparison {
  readonly available: boolean
  readonly compared: boolean
  readonly outcome: NameVerdict['outcome'] | undefined
  readonly reasons: readonly { readonly code: string; readonly message: string }[]
  readonly fields: readonly ComparedField[]
}

export function compareIdentity({ secret }: Pick<Transfer, 'secret'>, now: Date): Comparison {
  const { identity, held } = secret
  const verdict =
    identity === undefined || held === undefined
      ? undefined
      : worstVerdict(readIdentity(identity, now).payload, readIdentity(held, now).payload)
  const ours = held === undefined ? undefined : leavesOf(held).filter(({ party }) => party === 'beneficiary')
  const theirs = identity === undefined ? [] : leavesOf(identity)
  const fields = ours === undefined ? theirs.map(alone) : paired(theirs, ours, verdict)
  return {
    available: identity !== undefined,
    compared: verdict !== undefined,
    outcome: verdict?.outcome,
    reasons: (verdict?.reasons ?? []).map((code) => ({ code, message: REASONS[code] })),
    fields,
  }
}

function alone({ path, party, label, value }: Leaf): ComparedField {
  return { path, party, label, sent: value, held: undefined, verdict: 'not-comparable' }
}

/** A field meets the one of its path, else the first of its label that is left; what is left over on our side follows. */
function paired(
  theirs: readonly Leaf[],
  ours: readonly Leaf[],
  verdict: NameVerdict | undefined,
): ComparedField[] {
  const left = [...ours]
  const take = (fits: (leaf: Leaf) => boolean) => {
    const at = left.findIndex(fits)
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  const fields = theirs.map((sent): ComparedField => {
    if (sent.party !== 'beneficiary') return alone(sent)
    const held = take(({ path }) => path === sent.path) ?? take(({ label }) => label === sent.label)
    const { path, party, label, value } = sent
    if (held === undefined) return { path, party, label, sent: value, held: undefined, verdict: 'missing' }
    return { path, party, label, sent: value, held: held.value, verdict: fieldVerdict(sent, held, verdict) }
  })
  const over = left.map(({ path, party, label, value }): ComparedField => {
    return { path, party, label, sent: undefined, held: value, verdict: 'missing' }
  })
  return [...fields, ...over]
}

const NAME_LABEL = /(?:primaryIdentifier|secondaryIdentifier|legalPersonName)$/

function fieldVerdict(sent: Leaf, held: Leaf, verdict: NameVerdict | undefined): FieldVerdict {
  if (folded(sent.value) === folded(held.value)) return 'equal'
  if (!NAME_LABEL.test(sent.label)) return 'different'
  const [theirs, ours] = [searchWords(sent.value), searchWords(held.value)]
  const meets = (forms: readonly string[], others: readonly (readonly string[])[]) =>
    others.some((other) => other.some((form) => forms.includes(form)))
  const common = theirs.filter((forms) => meets(forms, ours)).length
  const isWhole = common > 0 && common === theirs.length && theirs.length === ours.length
  if (isWhole)
    return theirs.every((forms, n) => meets(forms, ours.slice(n, n + 1))) ? 'transliterated' : 'reordered'
  if (common > 0) return 'partial'
  return verdict?.outcome === 'mismatch' || verdict === undefined ? 'different' : 'review'
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}
