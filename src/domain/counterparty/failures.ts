/**
 * Failures of a counterparty, from what the gateway recorded anyway. EU TFR 17(2) and UK MLR 64D ask for repeated failure to provide the
 * required information; the other kinds tell how dependable it is. Each figure has one definition, which goes with it wherever it is shown.
 */
export const FIGURES = {
  outbound_sent: ['transfers', 'own transfers for which a request went to the counterparty in the period'],
  outbound_answered: [
    'transfers',
    'of these, answered in any way (review, accept, repair, reject) before their exchange deadline',
  ],
  late: ['transfers', 'of these, expired without an answer, which came afterwards'],
  silent: ['transfers', 'of these, expired without any answer'],
  unfinished: [
    'transfers',
    'of these, put under review by the counterparty and expired without its decision',
  ],
  answer_median: ['seconds', 'median time from sending a request to its first answer'],
  inbound_received: ['transfers', 'transfers that the counterparty announced in the period'],
  missing: [
    'transfers',
    'of these, announced with required information missing or malformed, so that repair was asked for',
  ],
  unremedied: ['transfers', 'of these, never repaired'],
  wrong: [
    'transfers',
    'announced transfers whose beneficiary was not surely the customer who holds the account (NAME_MISMATCH)',
  ],
  messages_refused: [
    'messages',
    'messages in its name that were not believed or not allowed; anybody can send such, so they are no failures of its own',
  ],
  failures: ['transfers', 'late + silent + missing + wrong'],
  failure_percent: ['percent', 'failures in proportion to outbound_sent + inbound_received, rounded down'],
} as const satisfies Readonly<Record<string, readonly [unit: string, definition: string]>>

export type FigureName = keyof typeof FIGURES

/** As the store counts them; the last two follow. */
export type CountedFigures = { readonly [N in Exclude<FigureName, 'failures' | 'failure_percent'>]: number }
export type Figures = { readonly [N in FigureName]: number }

export function figuresOf(counted: CountedFigures): Figures {
  const failures = counted.late + counted.silent + counted.missing + counted.wrong
  const all = counted.outbound_sent + counted.inbound_received
  return { ...counted, failures, failure_percent: all === 0 ? 0 : Math.floor((failures * 100) / all) }
}

/** From when on failure counts as repeated. */
export interface FailurePolicy {
  readonly windowDays: number
  /** At least so many failures in the window … */
  readonly failures: number
  /** … and at least so many percent of the transfers. */
  readonly percent: number
}

export function isRepeated(figures: Figures, policy: FailurePolicy): boolean {
  return figures.failures >= policy.failures && figures.failure_percent >= policy.percent
}
