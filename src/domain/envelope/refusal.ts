/**
 * Why a signed statement of another VASP (envelope, receipt, permit, card) is not believed.
 *
 * The reasons go into security events and into refusing receipts, so they are public: add, never rename. None says more about a
 * failed decryption than UNSEALABLE.
 */
const ENVELOPE_REFUSALS = {
  OVERSIZED: 'longer than a statement of this type may be',
  NOT_COMPACT: 'not three parts in JWS compact serialization',
  BASE64URL: 'a part is not canonical base64url',
  HEADER: 'the protected header is not a JSON object of strings',
  HEADER_MEMBER: 'the protected header has a member that is not allowed, or lacks one',
  ALGORITHM: 'the algorithm is not the one of the key',
  TYP: 'the statement is of another type',
  KEY_UNKNOWN: 'no known key has this kid',
  KEY_NOT_YET_VALID: 'the key was not valid yet',
  KEY_EXPIRED: 'the key is no longer valid',
  KEY_REVOKED: 'the key was revoked',
  SIGNATURE: 'the signature is not by this key over these bytes',
  JSON: 'the payload is not strict JSON in UTF-8',
  DUPLICATE_MEMBER: 'an object names a member twice',
  DEPTH: 'the payload nests too deeply or has too many values',
  CLAIMS: 'a claim is missing, unexpected or malformed',
  ISSUER: 'the issuer is not the owner of the signing key',
  AUDIENCE: 'the statement is for another VASP',
  EXPIRED: 'the statement has expired',
  FROM_THE_FUTURE: 'the statement was issued in the future',
  LIFETIME: 'the statement lives longer than its type may, or not at all',
  SUBJECT_MISMATCH: 'the subject names another sender than the issuer',
  SEALED_FORM: 'the body is not a compact JWE of the agreed form, or is bound to other parties',
  SEALED_KEY_UNKNOWN: 'the body is sealed for a key that the audience does not have',
  UNSEALABLE: 'the body does not open',
  DIGEST: 'the signed digest is not that of the opened content',
  KEY_NOT_PINNED: 'the card is not signed by a pinned key',
  KEY_WEAK: 'a public key is not a usable point of its curve',
} as const

export type EnvelopeRefusalReason = keyof typeof ENVELOPE_REFUSALS

export class EnvelopeRefusal extends Error {
  override readonly name = 'EnvelopeRefusal'
  readonly reason: EnvelopeRefusalReason

  /** `detail` names a claim or a position, never a value. */
  constructor(reason: EnvelopeRefusalReason, detail?: string) {
    super(detail === undefined ? ENVELOPE_REFUSALS[reason] : `${ENVELOPE_REFUSALS[reason]}: ${detail}`)
    this.reason = reason
  }
}
