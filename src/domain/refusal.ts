/**
 * Refusals: requests that this gateway declines, with the code a caller may branch on.
 *
 * A refusal is neither a counterparty's rejection (domain data) nor a fault of ours (any other Error, answered as INTERNAL and
 * logged with its cause). Codes are public API: add, never rename. docs/errors.md lists them; a test keeps it complete.
 */
export const REFUSALS = {
  REQUEST_INVALID: 'the request breaks the contract; see the named fields',
  REQUEST_ID_REUSED: 'an earlier request used this request_id with other content; choose a new one',
  REQUEST_IN_FLIGHT: 'the first call with this request_id is still being worked on; repeat it shortly',
  CURSOR_INVALID: 'the cursor is not one that this service gave; begin with an empty one',
  AUDIT_LOG_SHORTER: 'the audit log has fewer entries than the checkpoint that was named',
  PAGE_TOKEN_INVALID: 'the page token is not one that this service gave; begin with an empty one',
  TRANSFER_NOT_FOUND: 'no transfer of this VASP has this id',
  TRANSFER_STATE: 'the transfer is not in a state that allows this',
  TRANSFER_HELD: 'a hold is open; end it first',
  TRANSFER_COMMITTED: 'the permit was redeemed, so the asset may be moving; report the settlement',
  TRANSFER_CHANGED: 'others changed the transfer at the same time, repeatedly; repeat the call',
  TRANSFER_SHREDDED: 'the personal data of the transfer has been shredded; it can be read, and never changed',
  RETENTION_NOT_OVER: 'the law asks to keep the data for longer',
  LEGAL_HOLD: 'a legal hold is set, or something of the transfer is still at work',
  LEGAL_HOLD_NOT_FOUND: 'no legal hold of this id is set',
  SETTLEMENT_EXISTS: 'another transaction id was reported before and cannot change',
  IDENTITY_INVALID: 'the identity payload breaks IVMS101; correct the named fields',
  HOLD_NOT_FOUND: 'no hold of this VASP has this id',
  HOLD_ENDED: 'the hold has already ended',
  HOLD_CHANGED: 'something changed since it was shown; read the hold again and decide on what it says now',
  HOLD_NOT_RELEASABLE: 'this hold cannot be released before its cause is gone',
  PERSON_DENIED: 'this person may not do this',
  SIGN_IN_REFUSED:
    'the name, the password or the code is not right, or too many attempts failed; try again later',
  PASSWORD_UNFIT: 'a password has 12 to 128 characters and does not contain the name of its account',
  PERSON_TOKEN_INVALID: 'the token names no person who may act here now; sign in again',
  PERSON_TOKEN_REQUIRED:
    'this VASP takes the person from a token, not from the request; sign in, and send the token in x-tamga-person-token',
  PERSON_MISMATCH: 'the request names another person than the token',
  IDENTITY_PROVIDER_UNAVAILABLE: 'the keys of the identity provider cannot be fetched now; repeat the call',
  SECOND_PERSON_REQUIRED: 'whoever proposed the release cannot approve it; another natural person must',
  PROPOSAL_NOT_OPEN: 'no release is proposed that could be approved or withdrawn; propose it again',
  PROPOSAL_EXPIRED: 'nobody approved the proposed release in time; propose it again',
  CHALLENGE_NOT_FOUND: 'no challenge of this VASP has this id',
  CHALLENGE_USED: 'the challenge was used before; issue another one',
  CHALLENGE_EXPIRED: 'the challenge has expired; issue another one',
  WALLET_PROOF_INVALID: 'the proof does not show control of this account',
  WALLET_NOT_FOUND: 'no wallet of this VASP has this id',
  POLICY_INVALID: 'the policy breaks its contract; see the named fields',
  POLICY_CHANGED: 'the policies are not as they were shown; read them again and decide on what is there now',
  MLRO_UNKNOWN: 'policy names no MLRO to whom a hold could be escalated',
  COUNTERPARTY_NOT_FOUND: 'no counterparty has this id',
  COUNTERPARTY_AMBIGUOUS: 'this leads to several counterparties, and none is chosen for you',
  COUNTERPARTY_IS_LOCAL: 'the counterparty is the local VASP itself',
  TASK_NOT_FOUND: 'no task of this VASP has this id',
  TASK_DONE: 'the task has already been decided',
  TASK_OPEN: 'changed keys of this counterparty wait for a decision; decide the task first',
  TASK_DECISION_UNFIT: 'this decision does not fit a task of this kind',
  QUESTIONNAIRE_INVALID: 'the questionnaire is not in order; correct the named answers',
  CARD_INVALID: 'the card is not a valid tamga-card+jws',
  CARD_ALARM:
    'the card is not signed by a pinned key; the counterparty is suspended until its task is decided',
  CARD_STALE: 'a newer card of this counterparty is on file',
  PERMIT_INVALID: 'the permit does not verify',
  PERMIT_EXPIRED: 'the permit has expired; ask for a new authorisation',
  PERMIT_MISMATCH: 'the permit is for another transaction',
  PERMIT_REDEEMED: 'the permit was redeemed before',
  WEBHOOK_NOT_FOUND: 'no webhook of this VASP has this id',
  WEBHOOK_URL_REFUSED: 'the gateway does not send to this URL',
  WEBHOOK_LIMIT: 'this VASP has as many webhooks as one may have; disable and reuse one',
  CALLER_UNKNOWN: 'the client certificate does not name a caller of this gateway, or was revoked',
  CALLER_DENIED: 'this caller may not call this',
  STORE_UNAVAILABLE: 'the database cannot be reached now; repeat the call with the same request_id',
  REPLICA_OUTDATED:
    'a newer version of the gateway has written what this replica cannot read; repeat the call until another one answers',
  RATE_LIMITED: 'this caller calls more often than it may; repeat after the delay',
  OVERLOADED: 'the gateway is at its limit; repeat later',
} as const

export type RefusalCode = keyof typeof REFUSALS

/** A field of the caller's own message that must be corrected: its path there and what to do, never its value. */
export interface FieldViolation {
  readonly field: string
  readonly description: string
}

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: RefusalCode
  readonly fields: readonly FieldViolation[]
  /** After how many milliseconds the same may be asked again, where that is known. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: RefusalCode,
    detail?: string,
    options?: ErrorOptions & { fields?: readonly FieldViolation[]; retryAfterMs?: number },
  ) {
    super(detail === undefined ? REFUSALS[code] : `${REFUSALS[code]}: ${detail}`, options)
    this.code = code
    this.fields = options?.fields ?? []
    this.retryAfterMs = options?.retryAfterMs
  }
}
