/** One line of `tamga rules assess`, in and out: JSON as people write it, to and from the domain's own words. */
import { z } from 'zod'
import type {
  CounterpartyKind,
  Finding,
  RegimeAssessment,
  RuleAssessment,
  RuleInput,
} from '../domain/rules/index.ts'
import { identityFactsOf, ruleInput } from '../domain/rules/index.ts'

/** A JavaScript number of up to 15 digits is exactly what was written; a longer one may not be, and must come as text. */
const Decimal = z.union([
  z.string().max(80),
  z
    .number()
    .refine((value) => /^\d+(\.\d+)?$/.test(String(value)) && String(value).replace('.', '').length <= 15, {
      message: 'write this number as text: JSON numbers of more than 15 digits are not exact',
    })
    .transform(String),
])
const Code = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .transform((text) => text.toUpperCase())
const Codes = z.union([Code.transform((code) => [code]), z.array(Code).max(64)])
const Money = z.looseObject({ amount: Decimal, currency: Code })
const Held = z.union([z.boolean(), z.string().transform((text) => text.trim() !== '')])

const DIRECTIONS = {
  outbound: ['outbound', 'out', 'outgoing', 'send', 'sent', 'withdrawal', 'originator', 'originating'],
  inbound: ['inbound', 'in', 'incoming', 'receive', 'received', 'deposit', 'beneficiary'],
} as const
const KINDS = {
  vasp: ['vasp', 'casp', 'hosted'],
  'self-hosted': ['self-hosted', 'self_hosted', 'selfhosted', 'unhosted', 'wallet'],
  unknown: ['unknown'],
} as const

const Line = z.looseObject({
  id: z.union([z.string().max(200), z.number().transform(String)]).optional(),
  at: z.string().max(64).optional(),
  direction: wordOf(DIRECTIONS).default('outbound'),
  local: z
    .looseObject({
      vasp: z.string().max(200).optional(),
      country: Code.optional(),
      regimes: Codes.optional(),
    })
    .default({}),
  counterparty: z
    .looseObject({
      kind: wordOf(KINDS).optional(),
      vasp: z.string().max(200).optional(),
      country: Code.optional(),
      regimes: Codes.optional(),
      can_receive: z.boolean().optional(),
      wallet_owner: z.enum(['own-customer', 'third-party']).optional(),
    })
    .default({}),
  amount: Decimal.optional(),
  currency: Code.optional(),
  value: Money.extend({ at: z.string().max(64), source: z.string().min(1).max(200) }).optional(),
  asset: z.string().max(300).optional(),
  asset_symbol: Code.optional(),
  anonymity_enhanced: z.boolean().optional(),
  rates: z
    .array(
      z.looseObject({
        from: Code,
        to: Code,
        rate: Decimal,
        at: z.string().max(64).default(''),
        source: z.string().max(200).default(''),
      }),
    )
    .max(100)
    .default([]),
  linked: z.array(Money).max(1000).default([]),
  intermediaries: z
    .array(z.looseObject({ country: Code.optional() }))
    .max(64)
    .default([]),
  originator_type: z.enum(['natural', 'legal']).optional(),
  accounts: z
    .looseObject({
      originator_account: Held.optional(),
      originator_wallet: Held.optional(),
      beneficiary_account: Held.optional(),
      beneficiary_wallet: Held.optional(),
    })
    .default({}),
  reference: Held.default(false),
  suspicion: z.boolean().default(false),
  payload: z.unknown().optional(),
})

export interface LineProblem {
  /** JSON pointer into the line. */
  readonly path: string
  readonly message: string
}

export type ReadLine =
  | { readonly id: string | undefined; readonly input: RuleInput; readonly ignored: readonly string[] }
  | { readonly id: string | undefined; readonly problems: readonly LineProblem[] }

/** Reads a parsed line. Absent parts are left for the engine to ask for; parts of a wrong shape are problems. */
export function readLine(json: unknown): ReadLine {
  if (json === undefined)
    return { id: undefined, problems: [{ path: '', message: 'is not JSON, or names a member twice' }] }
  const parsed = Line.safeParse(json)
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      path: issue.path.map((part) => `/${String(part)}`).join(''),
      message: issue.message,
    }))
    return { id: idOf(json), problems }
  }
  const line = parsed.data
  const ignored = Object.keys(line).filter((key) => !Object.hasOwn(Line.shape, key))
  return { id: line.id, input: inputOf(line), ignored }
}

function inputOf(line: z.infer<typeof Line>): RuleInput {
  const { local, counterparty, value, accounts } = line
  return ruleInput({
    id: line.id,
    at: line.at,
    direction: line.direction,
    local: { country: local.country, regimes: local.regimes ?? [] },
    counterparty: {
      kind: counterparty.kind ?? kindImplied(counterparty.vasp, counterparty.regimes),
      country: counterparty.country,
      regimes: counterparty.regimes,
      named: counterparty.vasp !== undefined && counterparty.vasp.trim() !== '',
      canReceive: counterparty.can_receive,
      walletOwner: counterparty.wallet_owner,
    },
    // Laws speak of money: a valuation, where there is one, is what thresholds are compared with.
    amount: value?.amount ?? line.amount,
    currency: value?.currency ?? line.currency,
    valuation: value === undefined ? undefined : { at: value.at, source: value.source },
    asset: line.asset,
    assetSymbol: line.asset_symbol ?? (value === undefined ? undefined : line.currency),
    anonymityEnhanced: line.anonymity_enhanced,
    rates: line.rates.map(({ from, to, rate, at, source }) => ({ from, to, rate, at, source })),
    linked: line.linked.map(({ amount, currency }) => ({ amount, currency })),
    intermediaries: line.intermediaries.map(({ country }) => ({ country })),
    originatorKind: line.originator_type ?? 'unknown',
    accounts: {
      originator: {
        account: accounts.originator_account ?? false,
        wallet: accounts.originator_wallet ?? false,
      },
      beneficiary: {
        account: accounts.beneficiary_account ?? false,
        wallet: accounts.beneficiary_wallet ?? false,
      },
    },
    reference: line.reference,
    suspicion: line.suspicion,
    identity: line.payload === undefined ? undefined : identityFactsOf(line.payload),
  })
}

/** The answer to a line that could not be read as a transfer. */
export function problemAnswer(id: string | undefined, problems: readonly LineProblem[]): object {
  const reasons = problems.map(({ path, message }) => ({
    code: 'INPUT_INVALID',
    severity: 'need',
    about: path,
    message,
  }))
  return { id: id ?? null, duty: 'NEEDS_INFORMATION', regimes: [], unverified: false, reasons }
}

export function answerOf(
  id: string | undefined,
  assessment: RuleAssessment,
  ignored: readonly string[],
): object {
  const { decision, regimes, unverified, findings, selfHostedProof, missingDataAction, packs, ...union } =
    assessment
  return {
    id: id ?? null,
    duty: dutyOf(decision),
    regimes: regimes.map(regimeAnswer),
    unverified,
    reasons: [...findings.map(reasonOf), ...ignored.map(ignoredReason)],
    self_hosted_proof: proofAnswer(selfHostedProof),
    on_missing: snake(missingDataAction),
    ...snakeMembers(union),
    packs,
  }
}

export function dutyOf(decision: RuleAssessment['decision']): string {
  return decision === 'NEED_MORE_INFO' ? 'NEEDS_INFORMATION' : decision
}

function regimeAnswer(regime: RegimeAssessment): object {
  const { rule, version, tier, selfHosted, missing, clause, confidence, ...rest } = regime
  return {
    rule,
    version,
    tier,
    self_hosted_proof: proofAnswer(selfHosted.duty),
    missing: snake(missing),
    clause,
    confidence,
    self_hosted: selfHosted,
    ...snakeMembers(rest),
  }
}

function reasonOf({ code, severity, rule, about, message }: Finding): object {
  return { code, severity, rule, about, message }
}

function ignoredReason(name: string): object {
  return {
    code: 'INPUT_NOT_USED',
    severity: 'notice',
    about: `/${name}`,
    message: 'no such part of a transfer is known here; it was not used',
  }
}

/** Yes or no; null where it cannot be said. */
function proofAnswer(duty: RuleAssessment['selfHostedProof']): boolean | null {
  return duty === 'UNKNOWN' ? null : duty === 'PROOF'
}

/** Only a VASP has a name of its own and a regime. */
function kindImplied(vasp: string | undefined, regimes: readonly string[] | undefined): CounterpartyKind {
  return vasp !== undefined || (regimes !== undefined && regimes.length > 0) ? 'vasp' : 'unknown'
}

function idOf(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('id' in json)) return undefined
  return typeof json.id === 'string' || typeof json.id === 'number'
    ? String(json.id).slice(0, 200)
    : undefined
}

function wordOf<Word extends string>(words: Readonly<Record<Word, readonly string[]>>) {
  const known = new Map<string, Word>()
  for (const word in words) for (const alias of words[word]) known.set(alias, word)
  return z
    .string()
    .trim()
    .toLowerCase()
    .transform((text, context) => {
      const word = known.get(text)
      if (word !== undefined) return word
      context.addIssue({ code: 'custom', message: `must be one of ${Object.keys(words).join(', ')}` })
      return z.NEVER
    })
}

/** Member names in the CLI's snake_case, all the way down; values stay as they are. */
function snakeMembers(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snake(member),
    ]),
  )
}

function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake)
  return typeof value === 'object' && value !== null ? snakeMembers(value) : value
}
