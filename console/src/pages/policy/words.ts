/** A policy in plain words: each thing that it says as one line, under its subject. The same lines are compared when it changes. */
import type { Format } from '../../i18n/format.ts'
import type { MessageId, useLanguage } from '../../i18n/i18n.tsx'

export interface Line {
  /** The path of the member: names the line in every language. */
  readonly key: string
  readonly name: string
  readonly value: string
}

const SUBJECTS = {
  deciding: ['inbound', 'review', 'hold', 'holds', 'workingTime', 'fourEyes', 'proposalSeconds'],
  clocks: [
    'exchangeSeconds',
    'permitSeconds',
    'settlementSeconds',
    'unreachableSeconds',
    'depositWindowSeconds',
  ],
  rules: ['regimes', 'threshold', 'rates', 'holdUnverifiedRules', 'retentionYears'],
  counterparties: ['requiredProofs', 'reachabilitySeconds', 'deniedCountries', 'counterparties'],
  checks: ['screening', 'selfHosted'],
  people: ['personsNamedBy', 'people', 'persons', 'mlros'],
} as const
export type Subject = keyof typeof SUBJECTS | 'other'
type Member = (typeof SUBJECTS)[keyof typeof SUBJECTS][number]

export type Words = Pick<ReturnType<typeof useLanguage>, 't' | 'maybe' | 'word'> & { readonly format: Format }
type Json = Readonly<Record<string, unknown>>

/** A text that is no JSON object says nothing. */
export function policyIn(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isRecord(json) && !Array.isArray(json) ? json : undefined
  } catch {
    return undefined
  }
}

export function subjectsOf(policy: Json, words: Words): readonly { subject: Subject; lines: Line[] }[] {
  const named = Object.entries(SUBJECTS).map(([subject, members]) => ({
    subject: subject as Subject,
    lines: members.flatMap((member) => linesOf(member, policy[member], words)),
  }))
  const known = new Set<string>(Object.values(SUBJECTS).flat())
  const others = Object.entries(policy).filter(([member]) => !known.has(member))
  const other = {
    subject: 'other' as const,
    lines: others.map(([member, value]) => ({ key: member, name: member, value: plain(value) })),
  }
  return [...named, other].filter(({ lines }) => lines.length > 0)
}

/** Under which subject a member stands; what is newer than this page stands under the last. */
export function subjectOf(member: string): Subject {
  const found = Object.entries(SUBJECTS).find(([, members]) => members.some((one) => one === member))
  return (found?.[0] ?? 'other') as Subject
}

export interface Change {
  readonly key: string
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
}

export function changesBetween(before: Json, after: Json, words: Words): readonly Change[] {
  const flat = (policy: Json) =>
    new Map(subjectsOf(policy, words).flatMap(({ lines }) => lines.map((line) => [line.key, line] as const)))
  const [old, next] = [flat(before), flat(after)]
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((key) => ({
      key,
      name: next.get(key)?.name ?? old.get(key)?.name ?? key,
      before: old.get(key)?.value,
      after: next.get(key)?.value,
    }))
    .filter((change) => change.before !== change.after)
}

/** What a field of a refusal is called: the member that it is about, then where in it. */
export function fieldName(field: string, { maybe }: Words): string {
  const [, member = '', ...rest] = field.split('.')
  const name = maybe(`policy.${member}`, member)
  return [name, ...rest].filter((part) => part !== '').join(' › ')
}

function linesOf(member: Member, value: unknown, words: Words): Line[] {
  const { t, maybe } = words
  if (value === undefined) return []
  const name = t(`policy.${member}`)
  const line = (text: string): Line[] => [{ key: member, name, value: text }]
  const nested = (of: string, about: string, text: string): Line => ({
    key: `${member}.${of}`,
    name: `${name}: ${about}`,
    value: text,
  })
  const members = (labels: Readonly<Record<string, MessageId>>): Line[] =>
    entries(value).map(([of, one]) => nested(of, labels[of] ? t(labels[of]) : of, sayIn(of, one, words)))
  switch (member) {
    case 'review':
    case 'hold':
      return line(terms(value, words))
    case 'holds':
      return entries(value).map(([reason, one]) =>
        nested(reason, words.word('reason', reason), terms(one, words)),
      )
    case 'people':
      return entries(value).map(([person, roles]) =>
        nested(
          person,
          person,
          list(roles, (role) => words.word('role', role), words),
        ),
      )
    case 'persons':
      return entries(value).map(([account, person]) => nested(account, account, plain(person)))
    case 'fourEyes':
      return items(value).map((rule, n) => nested(String(n), String(n + 1), fourEyes(rule, words)))
    case 'mlros':
      return items(value).map((mlro, n) => nested(String(n), String(n + 1), officer(mlro, words)))
    case 'rates':
      return items(value).map((rate) => {
        const { from, to, rate: figure, at, source } = record(rate)
        const pair = `${plain(from)}/${plain(to)}`
        return nested(pair, pair, `${plain(figure)} (${plain(source)}, ${plain(at)})`)
      })
    case 'regimes':
      return line(list(value, (regime) => regime, words))
    case 'requiredProofs':
      return line(list(value, (proof) => words.word('proof', proof), words))
    case 'deniedCountries':
      return line(list(value, (code) => words.format.country(code), words))
    case 'threshold': {
      const { amount, currency, pack, version, clause } = record(value)
      return line(`${money(amount, currency, words)} (${[pack, version, clause].map(plain).join(', ')})`)
    }
    case 'workingTime': {
      const { timeZone, calendar, from, to, holidays } = record(value)
      const days = items(holidays).map(plain)
      const hours = `${plain(from)}–${plain(to)}, ${plain(timeZone)}, ${plain(calendar)}`
      return line(days.length === 0 ? hours : `${hours}; ${t('policy.holidays')}: ${days.join(', ')}`)
    }
    case 'counterparties':
      return members(COUNTERPARTIES)
    case 'screening':
      return members(SCREENING)
    case 'selfHosted':
      return members(SELF_HOSTED)
    case 'inbound':
    case 'personsNamedBy':
      return line(maybe(`policy.${member}.${plain(value)}`, plain(value)))
    case 'retentionYears':
      return line(t('policy.years', { count: Number(value) }))
    case 'proposalSeconds':
    case 'exchangeSeconds':
    case 'permitSeconds':
    case 'settlementSeconds':
    case 'unreachableSeconds':
    case 'depositWindowSeconds':
    case 'reachabilitySeconds':
    case 'holdUnverifiedRules':
      return line(sayIn(member, value, words))
  }
}

const COUNTERPARTIES: Readonly<Record<string, MessageId>> = {
  discoverByAccount: 'policy.discoverByAccount',
  perimeters: 'policy.perimeters',
  reviewCountries: 'policy.reviewCountries',
  limits: 'policy.limits',
  lapsedProofs: 'policy.lapsedProofs',
  failures: 'policy.failures',
}
const SCREENING: Readonly<Record<string, MessageId>> = {
  providers: 'policy.providers',
  timeoutMilliseconds: 'policy.timeoutMilliseconds',
  holdFrom: 'policy.holdFrom',
  riskScoreFrom: 'policy.riskScoreFrom',
  validSeconds: 'policy.validSeconds',
}
const SELF_HOSTED: Readonly<Record<string, MessageId>> = {
  challengeSeconds: 'policy.challengeSeconds',
  proofSeconds: 'policy.proofSeconds',
  riskBased: 'policy.riskBased',
}

/** By the unit in its name, else by its form. */
function sayIn(name: string, value: unknown, words: Words): string {
  const { t, maybe, format } = words
  if (name.endsWith('Seconds')) return format.span(Number(value) * 1000)
  if (name.endsWith('Milliseconds')) return t('unit.ms', { ms: Number(value) })
  if (typeof value === 'boolean') return t(value ? 'policy.yes' : 'policy.no')
  if (name === 'reviewCountries') return list(value, (code) => format.country(code), words)
  if (name === 'failures') return failures(value, words)
  if (name === 'limits') return limits(value, words)
  if (Array.isArray(value)) return list(value, (one) => one, words)
  return typeof value === 'string' ? maybe(`policy.${name}.${value}`, value) : plain(value)
}

function terms(value: unknown, { t, maybe, format }: Words): string {
  const { deadlineSeconds, outcome, clock, approvals } = record(value)
  return [
    ...(deadlineSeconds === undefined ? [] : [format.span(Number(deadlineSeconds) * 1000)]),
    ...(outcome === undefined ? [] : [maybe(`outcome.${plain(outcome)}`, plain(outcome))]),
    ...(clock === 'working' ? [t('policy.workingOnly')] : []),
    ...(approvals === undefined ? [] : [t('policy.approvals', { count: Number(approvals) })]),
  ].join('; ')
}

function fourEyes(value: unknown, words: Words): string {
  const { t, word } = words
  const { reasons, minFiat, assets, counterparties } = record(value)
  const { amount, currency } = record(minFiat)
  const conditions = [
    ...(reasons === undefined ? [] : [list(reasons, (reason) => word('reason', reason), words)]),
    ...(minFiat === undefined ? [] : [t('policy.from', { amount: money(amount, currency, words) })]),
    ...(assets === undefined ? [] : [list(assets, (asset) => asset, words)]),
    ...(counterparties === undefined ? [] : [list(counterparties, (id) => id, words)]),
  ]
  return conditions.length === 0 ? t('policy.every') : conditions.join('; ')
}

function officer(value: unknown, words: Words): string {
  const { subject, deputies } = record(value)
  const others = items(deputies).map(plain)
  return others.length === 0
    ? plain(subject)
    : words.t('policy.deputies', { officer: plain(subject), deputies: others.join(', ') })
}

function failures(value: unknown, { t, format }: Words): string {
  const { windowDays, failures: count, percent } = record(value)
  return t('policy.failuresIn', {
    count: Number(count),
    percent: format.percent(Number(percent) / 100),
    days: Number(windowDays),
  })
}

function limits(value: unknown, words: Words): string {
  const said = entries(value).map(([risk, one]) => {
    const { perTransfer, perDay } = record(one)
    const [transfer, day] = [record(perTransfer), record(perDay)]
    const parts = [
      ...(perTransfer === undefined
        ? []
        : [
            words.t('policy.perTransfer', { amount: money(transfer['amount'], transfer['currency'], words) }),
          ]),
      ...(perDay === undefined
        ? []
        : [words.t('policy.perDay', { amount: money(day['amount'], day['currency'], words) })]),
    ]
    return `${words.maybe(`risk.${risk}`, risk)}: ${parts.join(', ')}`
  })
  return said.length === 0 ? words.t('policy.none') : said.join('; ')
}

function money(amount: unknown, currency: unknown, { format }: Words): string {
  return format.money(plain(amount), plain(currency))
}

function list(value: unknown, say: (one: string) => string, { t }: Words): string {
  const said = items(value).map((one) => say(plain(one)))
  return said.length === 0 ? t('policy.none') : said.join(', ')
}

function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : (JSON.stringify(value) ?? '')
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}

function record(value: unknown): Json {
  return isRecord(value) ? value : {}
}

function entries(value: unknown): readonly [string, unknown][] {
  return Object.entries(record(value))
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
