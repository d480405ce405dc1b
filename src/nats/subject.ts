/**
 * Subjects of the mail between VASPs: `tr.v1.<receiver>.<sender>.<kind>`.
 *
 * The operators of the hub see subjects, so nothing stands in one but who writes to whom. The server proves the fourth token to
 * be the sending account; what counts is the signature inside.
 */
export const KINDS = ['env', 'rcpt', 'ctl'] as const
/** Envelopes, receipts, and control messages that belong to no transfer. */
export type Kind = (typeof KINDS)[number]

export interface MailSubject {
  readonly receiver: string
  /** A VASP id or, where accounts are keys (operator mode), the public key of the sender's account. */
  readonly sender: string
  readonly kind: Kind
}

/** Lower case and no dot: a dot separates tokens, and `*` and `>` are wildcards. */
const VASP_TOKEN = /^[a-z0-9_]{1,32}$/
/** An nkey of type account: base32 of prefix, 32 bytes and CRC-16. */
const ACCOUNT_KEY = /^A[A-Z2-7]{55}$/

export function isVaspToken(text: string): boolean {
  return VASP_TOKEN.test(text)
}

export function isSenderToken(text: string): boolean {
  return VASP_TOKEN.test(text) || ACCOUNT_KEY.test(text)
}

/** Throws RangeError for a token that would be another subject; its message repeats no token. */
export function mailSubject({ receiver, sender, kind }: MailSubject): string {
  if (!isVaspToken(receiver)) throw new RangeError('the receiver is no subject token [a-z0-9_]{1,32}')
  if (!isSenderToken(sender)) throw new RangeError('the sender is no subject token')
  if (!KINDS.includes(kind)) throw new RangeError('the kind is no kind of mail')
  return `tr.v1.${receiver}.${sender}.${kind}`
}

/** Undefined when the text is not such a subject: a peer chooses its own last token. */
export function parseMailSubject(subject: string): MailSubject | undefined {
  const [tr, version, receiver, sender, last, ...more] = subject.split('.')
  if (tr !== 'tr' || version !== 'v1' || more.length > 0) return undefined
  if (receiver === undefined || sender === undefined) return undefined
  const kind = KINDS.find((one) => one === last)
  if (kind === undefined || !isVaspToken(receiver) || !isSenderToken(sender)) return undefined
  return { receiver, sender, kind }
}

/** What the inbox of a VASP listens on. Throws RangeError. */
export function inboxSubject(receiver: string): string {
  if (!isVaspToken(receiver)) throw new RangeError('the receiver is no subject token [a-z0-9_]{1,32}')
  return `tr.v1.${receiver}.*.*`
}
