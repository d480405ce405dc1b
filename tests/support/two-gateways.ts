/**
 * The gateways of alice and bob in one process, with everything real but three things: time is ours, the wire between them is an array,
 * and either gateway can be made to die at any point where it touches the database or the wire.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthorizeInput, CallerRole, HoldView, Request, TransferView } from '../../src/app/gateway.ts'
import type { Clock } from '../../src/app/ports.ts'
import { relay, ringClocks } from '../../src/app/workers.ts'
import type { VaspPolicy } from '../../src/domain/policy.ts'
import { openHolds } from '../../src/domain/transfer/transfer.ts'
import { type Message, openSide, POLICY, type Side } from './gateway-side.ts'
import { identityPayload } from './identity.ts'

export { Died, POINTS, POLICY, type Point, type Side } from './gateway-side.ts'

export interface World {
  readonly alice: Side
  readonly bob: Side
  readonly clock: Clock & { forward(seconds: number): void }
  /** What is on its way. */
  readonly wire: Message[]
  /** Everything ever published. */
  readonly said: Message[]
  /** Nothing gets through while it is true. */
  cut: boolean
  /** Delivers what is on its way and what follows from it, until nothing moves. */
  readonly deliver: () => Promise<void>
  /** Lets time pass and runs the workers of both, then delivers. */
  later(seconds: number): Promise<void>
  /** Delivers and sends again until no outbox waits. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** A call by alice's or bob's own people; the same `content` under the same `requestId` is a repetition. */
export function call(vaspId: string, given: Partial<Request> & { readonly role?: CallerRole } = {}): Request {
  const { requestId = randomUUID(), method = 'test', fingerprint = '', role = 'integrator' } = given
  return { caller: { vaspId, role }, method, requestId, fingerprint }
}

/** A withdrawal of one ether by alice's customer to bob's. */
export function withdrawal(given: Partial<AuthorizeInput> = {}): AuthorizeInput {
  return {
    asset: 'eip155:1/slip44:60',
    amount: '1',
    destination: 'eip155:1:0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb',
    fiat: { amount: '3000', currency: 'USD', pricedAt: new Date(0) },
    counterparty: { vaspId: 'bob' },
    identity: IDENTITY,
    ...given,
  }
}
const IDENTITY = identityPayload()

/** Authorises a withdrawal and gives its transfer's id. */
export async function authorize({ alice }: World, given: Partial<AuthorizeInput> = {}): Promise<string> {
  const { value } = await alice.gateway().transfers.authorize(call('alice'), withdrawal(given))
  return value.transfer.id
}

/** The transfer as one side has it. */
export async function seen(side: Side, id: string): Promise<TransferView> {
  return side.gateway().transfers.get({ vaspId: side.id, role: 'integrator' }, id)
}

/** The state on alice's side and on bob's; undefined where it is not known. */
export async function states({ alice, bob }: World, id: string): Promise<readonly (string | undefined)[]> {
  return Promise.all(
    [alice, bob].map(async (side) => (await side.parts().transfers.find(side.id, id))?.state),
  )
}

/** The open holds of a transfer on one side, as the console shows them. */
export async function holdsOn(side: Side, id: string): Promise<readonly HoldView[]> {
  const { transfer } = await seen(side, id)
  const caller = { vaspId: side.id, role: 'console' } as const
  return Promise.all(openHolds(transfer).map((hold) => side.gateway().review.get(caller, hold.id)))
}

/** A withdrawal that has reached bob; his policy or somebody answers it. */
export async function sent(world: World): Promise<string> {
  const id = await authorize(world)
  await world.settle()
  return id
}

/** One that bob's back office has accepted. */
export async function accepted(world: World): Promise<string> {
  const id = await sent(world)
  await world.bob.gateway().inbound.accept(call('bob'), id)
  await world.settle()
  return id
}

/** A person of one side ends the first open hold of a transfer there, as it is shown. */
export async function decideHold(
  side: Side,
  id: string,
  how: 'release' | 'reject',
  given: { readonly person?: string; readonly reason?: string } = {},
): Promise<void> {
  const [held] = await holdsOn(side, id)
  await side.gateway().review[how](call(side.id, { role: 'console' }), {
    person: 'officer',
    reason: 'KNOWN',
    note: 'seen',
    ...given,
    holdId: held?.hold.id ?? '',
    seenHash: held?.seenHash ?? '',
  })
}

export async function twoGateways(
  policies: { readonly alice?: Partial<VaspPolicy>; readonly bob?: Partial<VaspPolicy> } = {},
): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'tamga-test-keys-'))
  let ahead = 0
  const clock = {
    now: () => new Date(Date.now() + ahead),
    forward(seconds: number) {
      ahead += seconds * 1000
    },
  }
  const wire: Message[] = []
  const said: Message[] = []
  const world = { wire, said, cut: false, clock }
  const post = (message: Message) => {
    if (world.cut) throw new Error('the wire is cut')
    said.push(message)
    wire.push(message)
  }
  const alice = await openSide('alice', 'KZ', withOfficer({ ...POLICY, ...policies.alice }), {
    directory,
    clock,
    post,
  })
  const bob = await openSide('bob', 'LU', withOfficer({ ...POLICY, ...policies.bob }), {
    directory,
    clock,
    post,
  })
  const sides = [alice, bob]

  async function deliverOne({ sender, receiver, kind, bytes }: Message): Promise<boolean> {
    const to = sides.find(({ id }) => id === receiver)
    if (to === undefined) return true
    const subject = `tr.v1.${receiver}.${sender}.${kind}`
    const delivered = await to.receive({ vaspId: receiver, sender, subject, bytes })
    to.pass('before-ack')
    return delivered === 'done'
  }

  /** What is not taken, because its predecessor is missing or the gateway died, stays on its way. */
  async function deliverAll(): Promise<'progress' | 'none'> {
    const batch = wire.splice(0)
    const outcomes = await Promise.allSettled(batch.map((message) => deliverOne(message)))
    const left = batch.filter((_, index) => {
      const outcome = outcomes[index]
      return outcome?.status === 'rejected' || outcome?.value === false
    })
    wire.unshift(...left)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return left.length < batch.length ? 'progress' : 'none'
  }

  async function deliver(): Promise<void> {
    // Publishing goes on behind a call's back; a turn of the loop lets it.
    for (let quiet = 0; quiet < 3; ) {
      quiet = (await deliverAll()) === 'progress' ? 0 : quiet + 1
      if (quiet > 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  async function later(seconds: number): Promise<void> {
    clock.forward(seconds)
    for (const { parts } of sides) {
      for (let round = 0; (await parts().transfers.due(clock.now(), 1)).length > 0; round++) {
        if (round === 20) throw new Error('a clock rings for ever')
        await ringClocks(parts())
      }
      await relay(parts())
    }
    await deliver()
  }

  async function waiting(): Promise<number> {
    const counts = sides.map(async ({ database }) => {
      const { rowCount } = await database.pool.query(`select from outbox where state = 'waiting'`)
      return rowCount ?? 0
    })
    return (await Promise.all(counts)).reduce((sum, n) => sum + n, 0)
  }

  return Object.assign(world, {
    alice,
    bob,
    deliver,
    later,
    async settle() {
      await deliver()
      for (let round = 0; (await waiting()) > 0; round++) {
        if (round === 10) throw new Error('an envelope is never receipted')
        await later(5)
      }
    },
    async close() {
      for (const { database } of sides) await database.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  })
}

/** Whoever introduces the two to each other may do so. */
function withOfficer(policy: VaspPolicy): VaspPolicy {
  return policy.people === undefined
    ? policy
    : { ...policy, people: { officer: ['senior'], ...policy.people } }
}

/** Both import the other's card, attest it, and have a ping answered. */
export async function introduce({ alice, bob, deliver, clock }: World): Promise<void> {
  const pairs = [
    [alice, bob],
    [bob, alice],
  ] as const
  for (const [at, other] of pairs) {
    const card = await other.parts().cards.own(other.id, clock.now())
    await at.gateway().counterparties.importCard(call(at.id), card, 'officer')
  }
  for (const [at, other] of pairs) await verify(at, other.id, clock)
  await deliver()
}

export async function verify(at: Side, id: string, clock: Clock): Promise<void> {
  const expiresAt = new Date(clock.now().getTime() + 365 * 86_400_000)
  const attestations = (['licence', 'due_diligence'] as const).map((kind) => ({
    kind,
    reference: 'register',
    expiresAt,
  }))
  await at.gateway().counterparties.verify(call(at.id), id, attestations, 'officer')
}
