/**
 * What a counterparty is asked before it may receive personal data: forms as versioned data, and the reading of answers. After TRISA's
 * TRIXO (jurisdictions, regulator, thresholds, safeguards) and the questions of GDF's VADDQ that bear on the Travel Rule. No question
 * asks for a natural person: answers are not personal data.
 */
import { isDecimal } from '../decimal.ts'

export const QUESTION_TYPES = [
  'yes-no',
  'degree',
  'country',
  'countries',
  'amount',
  'years',
  'date',
  'text',
] as const

interface Question {
  readonly id: string
  readonly type: (typeof QUESTION_TYPES)[number]
  readonly required: boolean
  readonly asks: string
  /** What this answer says about the risk, if it is given. */
  readonly risk?: { readonly answer: string; readonly level: 'medium' | 'high' }
}

export interface QuestionnaireForm {
  readonly version: string
  readonly questions: readonly Question[]
}

/** A form never changes; another set of questions is another version. */
export const FORMS: readonly QuestionnaireForm[] = [
  {
    version: 'tamga-ddq/1',
    questions: [
      {
        id: 'primary_national_jurisdiction',
        type: 'country',
        required: true,
        asks: 'Where are you licensed first of all?',
      },
      { id: 'primary_regulator', type: 'text', required: true, asks: 'Who supervises you there?' },
      { id: 'other_jurisdictions', type: 'countries', required: false, asks: 'Where else are you licensed?' },
      {
        id: 'shell_vasp',
        type: 'yes-no',
        required: true,
        asks: 'Are you without physical presence and outside of any regulated group?',
        risk: { answer: 'yes', level: 'high' },
      },
      {
        id: 'must_comply_travel_rule',
        type: 'yes-no',
        required: true,
        asks: 'Does the law bind you to the Travel Rule?',
        risk: { answer: 'no', level: 'medium' },
      },
      { id: 'compliance_threshold', type: 'amount', required: false, asks: 'From which amount on?' },
      {
        id: 'safeguards_pii',
        type: 'yes-no',
        required: true,
        asks: 'Do you protect personal data that you receive, by law or policy?',
        risk: { answer: 'no', level: 'high' },
      },
      { id: 'data_countries', type: 'countries', required: false, asks: 'In which countries is it kept?' },
      {
        id: 'conducts_customer_kyc',
        type: 'yes-no',
        required: true,
        asks: 'Do you identify and verify your customers?',
        risk: { answer: 'no', level: 'high' },
      },
      { id: 'kyc_threshold', type: 'amount', required: false, asks: 'From which amount on?' },
      {
        id: 'sanctions_screening',
        type: 'yes-no',
        required: true,
        asks: 'Do you screen customers and transfers against sanctions lists?',
        risk: { answer: 'no', level: 'high' },
      },
      {
        id: 'has_required_regulatory_program',
        type: 'degree',
        required: true,
        asks: 'Do you have the programme against money laundering that your law requires?',
        risk: { answer: 'no', level: 'high' },
      },
      {
        id: 'anonymity_enhanced_assets',
        type: 'yes-no',
        required: true,
        asks: 'Do you offer anonymity-enhanced assets or mixing?',
        risk: { answer: 'yes', level: 'high' },
      },
      {
        id: 'record_keeping_years',
        type: 'years',
        required: false,
        asks: 'For how many years do you keep records?',
      },
      {
        id: 'last_independent_audit',
        type: 'date',
        required: false,
        asks: 'When was your programme last audited by others?',
      },
    ],
  },
]

export type Answers = { readonly [id: string]: string | readonly string[] }

export interface AnswerProblem {
  readonly id: string
  readonly problem: string
}

const COUNTRY = /^[A-Z]{2}$/
const FORM_OF: {
  readonly [T in Question['type']]: { readonly test: (answer: unknown) => boolean; readonly says: string }
} = {
  'yes-no': { test: (answer) => answer === 'yes' || answer === 'no', says: 'must be yes or no' },
  degree: {
    test: (answer) => answer === 'yes' || answer === 'no' || answer === 'partially',
    says: 'must be yes, no or partially',
  },
  country: {
    test: (answer) => isText(answer) && COUNTRY.test(answer),
    says: 'must be an ISO 3166-1 alpha-2 code',
  },
  countries: {
    test: (answer) =>
      Array.isArray(answer) && answer.length <= 250 && answer.every((one) => COUNTRY.test(String(one))),
    says: 'must be a list of ISO 3166-1 alpha-2 codes',
  },
  amount: {
    test: (answer) => {
      const [amount = '', currency = '', ...more] = isText(answer) ? answer.split(' ') : []
      return isDecimal(amount) && /^[A-Z]{3}$/.test(currency) && more.length === 0
    },
    says: 'must be an amount and a currency, as in "1000 USD"',
  },
  years: {
    test: (answer) => isText(answer) && /^[1-9]?[0-9]$/.test(answer),
    says: 'must be a number of years',
  },
  date: { test: (answer) => isText(answer) && isDay(answer), says: 'must be a date, as in 2026-03-31' },
  text: {
    test: (answer) => isText(answer) && /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(answer),
    says: 'must have 1 to 200 characters, no control characters',
  },
}

export function formOf(version: string): QuestionnaireForm | undefined {
  return FORMS.find((form) => form.version === version)
}

/** The answers if all of them are in order, else what is wrong with each. */
export function readAnswers(
  form: QuestionnaireForm,
  given: { readonly [id: string]: unknown },
): { readonly answers: Answers } | { readonly problems: readonly AnswerProblem[] } {
  const answers: { [id: string]: string | readonly string[] } = {}
  const asked = new Set(form.questions.map(({ id }) => id))
  const problems: AnswerProblem[] = Object.keys(given)
    .filter((id) => !asked.has(id))
    .map((id) => ({ id, problem: 'is no question of this form' }))
  for (const { id, type, required } of form.questions) {
    const answer = Object.hasOwn(given, id) ? given[id] : undefined
    if (answer === undefined) {
      if (required) problems.push({ id, problem: 'must be answered' })
    } else if (!FORM_OF[type].test(answer)) problems.push({ id, problem: FORM_OF[type].says })
    else if (Array.isArray(answer)) answers[id] = answer.map(String)
    else if (isText(answer)) answers[id] = answer
  }
  return problems.length > 0 ? { problems } : { answers }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  )
}
