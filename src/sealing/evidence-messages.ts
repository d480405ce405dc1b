/** Envelopes and receipts of a bundle: signed by whom, for whom, in what order, and about which content. */
import {
  checkEnvelopeTimes,
  ENVELOPE_BYTES_MAX,
  type EnvelopeClaims,
  parseEnvelopeClaims,
} from '../domain/envelope/envelope.ts'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { NO_BODY } from '../domain/retention/tombstone.ts'
import { checkKeyTime } from './compact-jws.ts'
import { ENVELOPE_TYP } from './envelope-sealer.ts'
import { type Bundle, commitmentOf } from './evidence-bundle.ts'
import { type Case, whyOf } from './evidence-case.ts'

type Message = Bundle['messages'][number]

export async function checkMessages(given: Case): Promise<void> {
  const { bundle, fail } = given
  const seqs = { sent: new Set<number>(), received: new Set<number>() }
  const digests = new Map<string, string | undefined>()
  for (const message of bundle.messages) {
    const claims = await checkEnvelope(given, message)
    if (claims === undefined) continue
    if (digests.has(claims.jti)) fail('ENVELOPE', message.jti, 'it is there twice')
    digests.set(claims.jti, claims.digest)
    const status = await checkReceipt(given, message, claims)
    const counts = message.direction === 'sent' || status === 'stored'
    if (counts && claims.seq !== undefined) seqs[message.direction].add(claims.seq)
  }
  const { own_seq: sent, peer_seq: received } = bundle.transfer
  for (const [direction, last] of [
    ['sent', sent],
    ['received', received],
  ] as const)
    for (let seq = 1; seq <= last; seq++)
      if (!seqs[direction].has(seq)) fail('MESSAGE_MISSING', `${direction} #${seq}`)
  checkContents(given, digests)
}

async function checkEnvelope(given: Case, message: Message): Promise<EnvelopeClaims | undefined> {
  const { bundle, fail, say } = given
  const { id, counterparty, exchange_id: exchangeId } = bundle.transfer
  const isOurs = (claimed: string | undefined) =>
    claimed === id || (claimed !== undefined && claimed === exchangeId)
  const [from, to] =
    message.direction === 'sent' ? [bundle.exporter, counterparty] : [counterparty, bundle.exporter]
  try {
    const buried = message.envelope === '' && bundle.transfer.shredded
    const claims = buried
      ? buriedClaims(given, message, from ?? '')
      : await signedClaims(given, message.envelope, from ?? '', message.at)
    if (claims.aud !== to) throw new EnvelopeRefusal('AUDIENCE')
    if (claims.jti !== message.jti || claims.type !== message.type || !isOurs(claims.transferId))
      throw new EnvelopeRefusal('CLAIMS', 'it is another message than it is said to be')
    const which = `${claims.type}${claims.seq === undefined ? '' : ` (its message ${claims.seq})`}`
    const proof = buried
      ? `its content and signature went with the data; the tombstone of ${bundle.exporter} says that it was good`
      : 'signature good'
    say(secondsOf(claims), `${claims.iss} sent ${which} to ${claims.aud}`, proof)
    return claims
  } catch (error) {
    fail('ENVELOPE', `${message.direction} ${message.jti}`, whyOf(error))
    say(
      message.at,
      `${from ?? 'nobody'} is said to have sent ${message.type}`,
      `NOT PROVEN: ${whyOf(error)}`,
      false,
    )
    return undefined
  }
}

async function checkReceipt(
  given: Case,
  { jti, direction, receipt, receipt_at: at }: Message,
  envelope: EnvelopeClaims,
): Promise<EnvelopeClaims['status']> {
  const { fail, say } = given
  if (receipt === null || at === null) {
    say(secondsOf(envelope), `${envelope.aud} has signed no receipt for ${envelope.type}`, 'nothing to check')
    return undefined
  }
  try {
    const claims = await signedClaims(given, receipt, envelope.aud, at)
    const fits = claims.type === 'receipt' && claims.inReplyTo === jti && claims.aud === envelope.iss
    if (!fits || claims.digest !== envelope.digest)
      throw new EnvelopeRefusal('CLAIMS', 'it is for another envelope')
    const word = claims.status === 'stored' ? 'stored' : `refused, ${claims.reason ?? ''}`
    say(secondsOf(claims), `${claims.iss} signed the receipt for ${envelope.type}: ${word}`, 'signature good')
    return claims.status
  } catch (error) {
    fail('RECEIPT', `${direction} ${jti}`, whyOf(error))
    say(
      at,
      `${envelope.aud} is said to have receipted ${envelope.type}`,
      `NOT PROVEN: ${whyOf(error)}`,
      false,
    )
    return undefined
  }
}

/** What the tombstone says of a message whose body went with the data. */
function buriedClaims(
  { tombstone, keysOf, trust }: Case,
  { direction, jti, at }: Message,
  vaspId: string,
): EnvelopeClaims {
  const message = tombstone?.messages.find(
    ({ direction: way, claims }) => way === direction && claims['jti'] === jti,
  )
  if (message === undefined) throw new EnvelopeRefusal('CLAIMS', 'the tombstone does not know it')
  if (message.signature !== 'good') throw new EnvelopeRefusal('SIGNATURE', 'the tombstone says')
  const claims = parseEnvelopeClaims(JSON.stringify({ ...message.claims, body: NO_BODY }))
  const key = keysOf(vaspId).find(({ kid }) => kid === message.kid)
  if (claims.iss !== vaspId || key === undefined) throw new EnvelopeRefusal('ISSUER')
  checkEnvelopeTimes(claims, new Date(at))
  checkKeyTime(key, claims.iat, new Date(at))
  trust(key)
  return claims
}

/** As whoever stored it believed it then: it has expired since. */
async function signedClaims(given: Case, token: string, vaspId: string, at: string): Promise<EnvelopeClaims> {
  const signed = await given.verify(token, { typ: ENVELOPE_TYP, bytesMax: ENVELOPE_BYTES_MAX, vaspId })
  const claims = parseEnvelopeClaims(signed.payload)
  if (claims.iss !== vaspId) throw new EnvelopeRefusal('ISSUER')
  checkEnvelopeTimes(claims, new Date(at))
  signed.checkTime(claims.iat, new Date(at))
  return claims
}

function checkContents({ bundle, fail, say }: Case, digests: ReadonlyMap<string, string | undefined>): void {
  for (const { jti, salt, content } of bundle.personal?.contents ?? []) {
    const signed = digests.get(jti)
    if (signed === undefined || signed !== digestOrNothing(salt, content)) fail('CONTENT', jti)
    else say(bundle.exported_at, `the content of ${jti} is disclosed`, 'fits the signed digest')
  }
}

function digestOrNothing(...[salt, content]: Parameters<typeof commitmentOf>): string | undefined {
  try {
    return commitmentOf(salt, content)
  } catch (error) {
    if (error instanceof EnvelopeRefusal) return undefined
    throw error
  }
}

function secondsOf({ iat }: { readonly iat: number }): Date {
  return new Date(iat * 1000)
}
