/**
 * What the judge can find.
 *
 * - lost: something that a caller or a counterparty was told is stored is not.
 * - doubled: an effect that happened twice.
 * - phantom: something that nobody asked for, or nobody said.
 * - illegal: a step that the table of states does not have, or a message that an honest counterparty had to refuse.
 * - disagreement: the two sides of a transfer hold different ends, terms or counts of messages.
 * - permit_without_decision: a permit, or PROCEED, without the counterparty's acceptance, or with an open hold.
 * - decision_without_evidence: a step without its one entry in the audit log; a transfer whose evidence bundle does not verify.
 * - log_broken: an audit log that does not fit itself, its signed heads, or what the counterparty was told of it.
 * - released_by_nobody: a hold that ended without a person, a proof or the counterparty.
 * - unresolved: somebody still waits, and nothing will ever end that.
 */
export type Verdict =
  | 'lost'
  | 'doubled'
  | 'phantom'
  | 'illegal'
  | 'disagreement'
  | 'permit_without_decision'
  | 'decision_without_evidence'
  | 'log_broken'
  | 'released_by_nobody'
  | 'unresolved'

export interface Finding {
  readonly verdict: Verdict
  readonly vaspId: string
  readonly transferId?: string
  readonly what: string
}
