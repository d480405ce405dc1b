/** The file of local VASPs: who they are, how they reach NATS, and what they have decided for themselves. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parseAssetId } from './domain/caip.ts'
import { CONTACT_ROLES } from './domain/counterparty/card.ts'
import { PERIMETERS, PROOF_KINDS, REQUIRED_PROOFS } from './domain/counterparty/counterparty.ts'
import { RISK_LEVELS } from './domain/counterparty/diligence.ts'
import { isDecimal } from './domain/decimal.ts'
import { DEADLINE_OUTCOMES, HOLD_REASONS } from './domain/hold/hold.ts'
import { PERSON_ROLES, SUBJECT } from './domain/people.ts'
import type { LocalVasp, VaspPolicy } from './domain/policy.ts'
import { type FieldViolation, Refusal } from './domain/refusal.ts'
import { RETENTION_YEARS } from './domain/retention/retention.ts'
import { CALENDARS } from './domain/rules/calendars.ts'
import { WALLET_POLICY } from './domain/wallet/wallet.ts'

const seconds = (min: number, max: number) => z.int().min(min).max(max)
const DAY = 86_400

const clock = z.enum(['elapsed', 'working']).exactOptional()
const Hold = z.strictObject({
  deadlineSeconds: seconds(1, 90 * DAY),
  outcome: z.enum(DEADLINE_OUTCOMES),
  clock,
})

/** See docs/holds.md. */
const WorkingTime = z
  .strictObject({
    timeZone: z.string().refine(isTimeZone, 'a time zone of the IANA, as in Asia/Almaty'),
    calendar: z.enum(Object.keys(CALENDARS)),
    from: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/),
    to: z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/),
    holidays: z.array(z.iso.date()).max(400).exactOptional(),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' })

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
const decimal = z.string().refine(isDecimal, 'a decimal string, as in "1000"')
const currency = z.string().regex(/^[A-Z]{3}$/)
const text = z.string().min(1).max(200)
/** As a permit names the rule that it was issued under: PACK@VERSION. */
const ruleWord = z.string().regex(/^[!-~]{1,60}$/, 'must have 1 to 60 printable ASCII characters, no space')

const subject = z.string().regex(SUBJECT)
const some = <S extends z.ZodType>(one: S) => z.array(one).min(1).max(1_000)

/** See docs/holds.md. */
const FourEyesRule = z.strictObject({
  reasons: some(z.enum(HOLD_REASONS)).exactOptional(),
  minFiat: z.strictObject({ amount: decimal, currency }).exactOptional(),
  assets: some(
    z.string().refine((name) => parseAssetId(name) !== undefined, 'a CAIP-19 asset'),
  ).exactOptional(),
  counterparties: some(z.string().regex(/^[a-z0-9_]{1,32}$/)).exactOptional(),
})

/** See docs/real-life.md. */
const SelfHosted = z.strictObject({
  challengeSeconds: seconds(60, 7 * DAY).default(WALLET_POLICY.challengeSeconds),
  proofSeconds: seconds(60, 5 * 366 * DAY).default(WALLET_POLICY.proofSeconds),
  riskBased: z.enum(['prove', 'allow']).default(WALLET_POLICY.riskBased),
})

/** See docs/screening.md. */
const Screening = z.strictObject({
  providers: z
    .array(z.string().regex(/^[a-z0-9-]{1,32}$/))
    .min(1)
    .max(8),
  timeoutMilliseconds: z.int().min(100).max(30_000).default(2_000),
  holdFrom: z.enum(['potential', 'confirmed']).default('potential'),
  riskScoreFrom: z.int().min(0).max(100).default(70),
  validSeconds: seconds(1, 90 * DAY).default(DAY),
})
const Limit = z.strictObject({ amount: decimal, currency })
const Limits = z.strictObject({ perTransfer: Limit.exactOptional(), perDay: Limit.exactOptional() })

/** See docs/counterparties.md. */
const Counterparties = z
  .strictObject({
    discoverByAccount: z.boolean().default(false),
    perimeters: z.array(z.enum(PERIMETERS)).min(1).exactOptional(),
    reviewCountries: z
      .array(z.string().regex(/^[A-Z]{2}$/))
      .max(250)
      .default([]),
    limits: z.partialRecord(z.enum(RISK_LEVELS), Limits).exactOptional(),
    lapsedProofs: z.enum(['next-transfer', 'open-transfers']).default('next-transfer'),
    failures: z
      .strictObject({
        windowDays: z.int().min(1).max(400).default(30),
        failures: z.int().min(1).max(1_000_000).default(5),
        percent: z.int().min(0).max(100).default(10),
      })
      .exactOptional(),
  })
  .prefault({})

const Policy = z
  .strictObject({
    inbound: z.enum(['accept', 'ask', 'webhook', 'hold']).default('ask'),
    threshold: z
      .strictObject({ amount: decimal, currency, pack: ruleWord, version: ruleWord, clause: text })
      .exactOptional(),
    regimes: z.array(z.string().regex(/^[A-Z0-9-]{2,32}$/)).default([]),
    rates: z
      .array(
        z.strictObject({ from: currency, to: currency, rate: decimal, at: z.iso.datetime(), source: text }),
      )
      .default([]),
    holdUnverifiedRules: z.boolean().default(false),
    exchangeSeconds: seconds(1, 7 * DAY).default(900),
    review: Hold.default({ deadlineSeconds: 600, outcome: 'REJECT' }),
    permitSeconds: seconds(1, DAY).default(1_800),
    settlementSeconds: seconds(1, 30 * DAY).default(DAY),
    unreachableSeconds: seconds(1, DAY).default(60),
    hold: Hold.default({ deadlineSeconds: DAY, outcome: 'KEEP_HOLDING' }),
    holds: z
      .partialRecord(
        z.enum(HOLD_REASONS),
        z.strictObject({
          deadlineSeconds: seconds(1, 90 * DAY).exactOptional(),
          outcome: z.enum(DEADLINE_OUTCOMES).exactOptional(),
          clock,
          approvals: z.union([z.literal(1), z.literal(2)]).exactOptional(),
        }),
      )
      .default({}),
    workingTime: WorkingTime.exactOptional(),
    fourEyes: z.array(FourEyesRule).max(1_000).default([]),
    proposalSeconds: seconds(1, 30 * DAY).default(8 * 3_600),
    personsNamedBy: z.enum(['token', 'console']).default('token'),
    persons: z.record(subject, text).exactOptional(),
    people: z.record(subject, z.array(z.enum(PERSON_ROLES)).max(4)).exactOptional(),
    mlros: z
      .array(z.strictObject({ subject, deputies: z.array(subject).max(20).default([]) }))
      .max(20)
      .exactOptional(),
    depositWindowSeconds: seconds(60, 90 * DAY).default(7 * DAY),
    requiredProofs: z.array(z.enum(PROOF_KINDS)).default([...REQUIRED_PROOFS]),
    reachabilitySeconds: seconds(10, 90 * DAY).default(7 * DAY),
    deniedCountries: z.array(z.string().regex(/^[A-Z]{2}$/)).default([]),
    selfHosted: SelfHosted.exactOptional(),
    screening: Screening.exactOptional(),
    counterparties: Counterparties,
    retentionYears: z.int().min(1).max(100).default(RETENTION_YEARS),
  })
  .refine(hasItsClock, {
    path: ['workingTime'],
    message: 'is needed where a clock is "working"',
  })
  .prefault({})

function hasItsClock(policy: {
  readonly workingTime?: object
  readonly review: { readonly clock?: string }
  readonly hold: { readonly clock?: string }
  readonly holds: { readonly [reason: string]: { readonly clock?: string } | undefined }
}): boolean {
  const terms = [policy.review, policy.hold, ...Object.values(policy.holds)]
  return policy.workingTime !== undefined || terms.every((one) => one?.clock !== 'working')
}

/** A policy as the file has it, with a default for what is left out. Throws ZodError. */
export function policyOf(json: object): VaspPolicy {
  return Policy.parse(json)
}

/** What a policy may say, as JSON Schema 2020-12: the console's form is made from it. */
export function policySchema(): object {
  return z.toJSONSchema(Policy, { io: 'input' })
}

/** See docs/webhooks.md. */
const DecisionWebhook = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  secretFile: z.string().min(1).max(4_096),
})

/** The policy that a text says, as a person proposes it; `lacking` is what it asks for and the deployment has not. Throws Refusal POLICY_INVALID with the members that are wrong. */
export function readPolicy(
  json: string,
  lacking: (policy: VaspPolicy) => FieldViolation | undefined = () => undefined,
): VaspPolicy {
  const said = jsonIn(json)
  // Nothing at all would be a policy of defaults.
  const parsed = Policy.safeParse(said === undefined ? null : said)
  if (parsed.success) {
    const problem = lacking(parsed.data)
    if (problem === undefined) return parsed.data
    throw new Refusal('POLICY_INVALID', undefined, { fields: [problem] })
  }
  const fields = parsed.error.issues.map(({ path, message }) => ({
    field: ['policy', ...path.map(String)].join('.'),
    description: message,
  }))
  throw new Refusal('POLICY_INVALID', undefined, { fields })
}

/** What a policy asks of the deployment that the deployment has not. */
export function lackingFor(
  { screening, inbound }: VaspPolicy,
  has: { readonly providers: { has(name: string): boolean }; readonly hasDecisionWebhook: boolean },
): FieldViolation | undefined {
  if (inbound === 'webhook' && !has.hasDecisionWebhook)
    return { field: 'policy.inbound', description: 'asks a decisionWebhook that TAMGA_VASPS_FILE has not' }
  if (screening?.providers.every((name) => has.providers.has(name)) !== false) return undefined
  return {
    field: 'policy.screening.providers',
    description: 'names a provider that TAMGA_SCREENING_FILE has not',
  }
}

function jsonIn(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

const Vasp = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9_]{1,32}$/),
    legalName: text,
    country: z.string().regex(/^[A-Z]{2}$/),
    lei: z
      .string()
      .regex(/^[0-9A-Z]{18}[0-9]{2}$/)
      .exactOptional(),
    licence: z.strictObject({ regulator: text, number: text, url: z.url().max(400).exactOptional() }),
    contacts: z.array(z.strictObject({ role: z.enum(CONTACT_ROLES), address: z.email().max(200) })).max(8),
    nats: z.strictObject({ user: text, passwordFile: z.string().min(1).max(4_096) }),
    decisionWebhook: DecisionWebhook.exactOptional(),
    policy: Policy,
  })
  .refine(({ policy, decisionWebhook }) => policy.inbound !== 'webhook' || decisionWebhook !== undefined, {
    path: ['decisionWebhook'],
    message: 'inbound "webhook" needs a decisionWebhook to ask',
  })

const Vasps = z
  .array(Vasp)
  .min(1)
  .max(1_000)
  .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'two VASPs have one id')

export interface ConfiguredVasp extends LocalVasp {
  readonly nats: { readonly user: string; readonly passwordFile: string }
  /** Asked when `policy.inbound` is `webhook`. */
  readonly decisionWebhook?: { readonly url: string; readonly secretFile: string }
}

/** Throws an Error that lists every problem of the file. */
export function loadVasps(file: string): ReadonlyMap<string, ConfiguredVasp> {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(`${file}: not readable JSON`, { cause: error })
  }
  const parsed = Vasps.safeParse(json)
  if (!parsed.success) throw new Error(`${file}:\n${z.prettifyError(parsed.error)}`)
  return new Map(parsed.data.map((vasp) => [vasp.id, vasp]))
}
