/** Messages about a VASP itself: pings, pongs and new cards. */
import { type Counterparty, type Proof, withProofs } from '../domain/counterparty/counterparty.ts'
import { importing } from './counterparty-use-cases.ts'
import { localVasp, type Parts } from './parts.ts'
import { pongLetter } from './ping.ts'
import { Declined, type Received, type Taken } from './received.ts'
import { reconsider } from './reconsider.ts'

const ROUNDS_MAX = 5
/** After a silence, the pongs to many pings come at once: one of them is enough. */
const JUST_NOW_MILLISECONDS = 5_000

export async function receivePing(
  parts: Parts,
  { vaspId, letter, ...received }: Received,
  nonce: string,
): Promise<Taken> {
  const pong = await parts.envelopes.write(pongLetter(parts, vaspId, { ...letter, nonce }), parts.clock.now())
  const outcome = await parts.outbox.add(vaspId, [pong], [], await received.entry())
  if (outcome === 'committed') parts.dispatch(vaspId, [pong])
  return outcome
}

/** A pong proves that the counterparty is there, holds its keys, and reads ours. It counts only in reply to a ping of ours. */
export async function receivePong(parts: Parts, { vaspId, letter, ...received }: Received): Promise<Taken> {
  if (
    letter.inReplyTo === undefined ||
    !(await parts.outbox.wasSent(vaspId, letter.from, letter.inReplyTo, 'ping'))
  )
    throw new Declined('NOT_ASKED')
  const now = parts.clock.now()
  const { policy } = localVasp(parts, vaspId)
  const proof: Proof = {
    kind: 'reachability',
    source: 'ping',
    reference: letter.jti,
    provenAt: now,
    expiresAt: new Date(now.getTime() + policy.reachabilitySeconds * 1000),
  }
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const current = await parts.counterparties.find(vaspId, letter.from)
    if (current === undefined) throw new Declined('COUNTERPARTY_NOT_FOUND')
    if (isProvenJustNow(current, now)) {
      const outcome = await parts.outbox.add(vaspId, [], [], await received.entry())
      return reconsidered(parts, vaspId, letter.from, outcome)
    }
    const outcome = await parts.counterparties.save({
      vaspId,
      previousVersion: current.version,
      next: { ...withProofs(current, [proof]), version: current.version + 1 },
      outbox: [],
      inbox: await received.entry(),
      audit: [
        {
          kind: 'counterparty.reachable',
          actor: `counterparty:${letter.from}`,
          subject: letter.from,
          data: {},
        },
      ],
    })
    if (outcome === 'conflict') continue
    return reconsidered(parts, vaspId, letter.from, outcome)
  }
  throw new Error('the counterparty changed at every attempt')
}

function isProvenJustNow({ proofs }: Counterparty, now: Date): boolean {
  return proofs.some(
    ({ kind, refuted, provenAt }) =>
      kind === 'reachability' &&
      refuted === undefined &&
      Math.abs(now.getTime() - provenAt.getTime()) < JUST_NOW_MILLISECONDS,
  )
}

/** Also when the envelope came before: the process that stored it may have died before it looked at the transfers. */
async function reconsidered(
  parts: Parts,
  vaspId: string,
  counterpartyId: string,
  outcome: 'committed' | 'request-known' | 'envelope-known',
): Promise<Taken> {
  await reconsider(parts, vaspId, counterpartyId)
  return outcome === 'committed' ? 'committed' : 'envelope-known'
}

/** A newer card, signed by a pinned key: its keys are pinned too. Throws Refusal for any other. */
export async function receiveCard(
  parts: Parts,
  { vaspId, letter, ...received }: Received,
  card: string,
): Promise<Taken> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const change = await importing(parts, vaspId, card, `counterparty:${letter.from}`)
    if (change.next.id !== letter.from) throw new Declined('NOT_A_PARTY')
    // A first import is a person's act: the thumbprints must be compared.
    if (change.verdict === 'first') throw new Declined('COUNTERPARTY_NOT_FOUND')
    const inbox = await received.entry()
    const outcome =
      change.verdict === 'same'
        ? await parts.outbox.add(vaspId, [], [], inbox)
        : await parts.counterparties.save({ ...change, inbox })
    if (outcome === 'conflict') continue
    return reconsidered(parts, vaspId, letter.from, outcome)
  }
  throw new Error('the counterparty changed at every attempt')
}
