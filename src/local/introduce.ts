/** Makes VASPs of a local network known to each other the way officers do: cards, attestations, and a ping that is answered. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProofKind, Verdict } from '../gen/travelrule/v1/counterparty.ts'
import { connectGateway, type GatewayClient } from '../grpc/client.ts'
import type { Network, Profile } from './network.ts'

const OFFICER = { subject: 'officer@tamga.local' }
const VERIFIED_WITHIN_MILLISECONDS = 20_000
const YEAR_MILLISECONDS = 365 * 86_400_000

export function connectAs(profile: Profile): GatewayClient {
  return connectGateway({
    address: profile.address,
    ca: readFileSync(profile.ca),
    cert: readFileSync(profile.cert),
    key: readFileSync(profile.key),
  })
}

/** The signed card that a gateway publishes. */
async function cardOf(network: Network, vaspId: string): Promise<string> {
  const replica = network.replicas.get(vaspId)?.[0]
  const answer = await fetch(`${replica?.httpUrl ?? ''}/.well-known/tamga/cards/${vaspId}`)
  if (!answer.ok) throw new Error(`no card of ${vaspId}`)
  return answer.text()
}

/** Has `at` import `card` and attest its owner's licence and due diligence; `verify` false stops after the import. */
async function acquaint(
  network: Network,
  at: string,
  card: { readonly vaspId: string; readonly token: string },
  verify = true,
): Promise<void> {
  const client = connectAs(network.profile(at, 'console'))
  try {
    await client.counterparties.importCounterparty({
      requestId: randomUUID(),
      card: card.token,
      person: OFFICER,
    })
    if (!verify) return
    const expiresAt = new Date(Date.now() + YEAR_MILLISECONDS)
    await client.counterparties.verifyCounterparty({
      requestId: randomUUID(),
      vaspId: card.vaspId,
      person: OFFICER,
      attestations: [
        { kind: ProofKind.LICENCE, reference: 'demo register', expiresAt },
        { kind: ProofKind.DUE_DILIGENCE, reference: 'demo questionnaire', expiresAt },
      ],
    })
  } finally {
    client.close()
  }
}

/** Introduces every pair of gateways and waits until each holds the other VERIFIED. */
export async function introduceAll(network: Network): Promise<void> {
  const ids = [...network.replicas.keys()]
  const pairs = ids.flatMap((at) => ids.filter((other) => other !== at).map((other) => [at, other] as const))
  for (const [at, other] of pairs)
    if (!(await isVerified(network, at, other)))
      await acquaint(network, at, { vaspId: other, token: await cardOf(network, other) }, false)
  for (const [at, other] of pairs)
    if (!(await isVerified(network, at, other)))
      await acquaint(network, at, { vaspId: other, token: await cardOf(network, other) })
  for (const [at, other] of pairs) await verified(network, at, other)
}

/** What a robot needs to be introduced: it has no gateway that publishes its card. */
export interface Newcomer {
  readonly id: string
  card(): Promise<string>
  meet(card: string): Promise<void>
}

/** Introduces a robot to every gateway; `verify` false leaves it at the cards, so that it stays unverified there. */
export async function introduceRobot(network: Network, robot: Newcomer, verify = true): Promise<void> {
  const ids = [...network.replicas.keys()]
  for (const at of ids) await robot.meet(await cardOf(network, at))
  const strangers: string[] = []
  for (const at of ids) if (!(await isVerified(network, at, robot.id))) strangers.push(at)
  const card = { vaspId: robot.id, token: await robot.card() }
  for (const at of strangers) await acquaint(network, at, card, verify)
  if (verify) for (const at of strangers) await verified(network, at, robot.id)
}

async function isVerified(network: Network, at: string, other: string): Promise<boolean> {
  const client = connectAs(network.profile(at, 'console'))
  try {
    const { counterparty } = await client.counterparties.getCounterparty({ vaspId: other })
    return counterparty?.verdict === Verdict.VERIFIED
  } catch {
    return false
  } finally {
    client.close()
  }
}

/** Throws when `at` does not hold `other` VERIFIED in time. */
async function verified(network: Network, at: string, other: string): Promise<void> {
  const until = Date.now() + VERIFIED_WITHIN_MILLISECONDS
  while (!(await isVerified(network, at, other))) {
    if (Date.now() > until)
      throw new Error(`${at} does not hold ${other} verified: is its gateway reachable?`)
    await sleep(50)
  }
}
