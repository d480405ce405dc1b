/** Two gateways where releases take two persons, begun before the tests of whichever file imports this. */
import { afterAll, beforeAll, expect } from 'vitest'
import type { HoldView, Request } from '../../src/app/gateway.ts'
import { type RefusalCode } from '../../src/domain/refusal.ts'
import { authorize, call, introduce, twoGateways, type World } from './two-gateways.ts'

const ETHER = 'eip155:1/slip44:60'
export let world: World

beforeAll(async () => {
  world = await twoGateways({
    alice: {
      holds: { MANUAL: { approvals: 2 } },
      fourEyes: [{ reasons: ['POLICY'], minFiat: { amount: '1000', currency: 'EUR' }, assets: [ETHER] }],
      persons: { aida: 'p-1', 'aida.admin': 'p-1' },
      people: {
        aida: ['analyst'],
        'aida.admin': ['senior'],
        ana: ['analyst'],
        berik: ['senior'],
        saule: ['senior'],
        rosa: ['auditor'],
      },
      mlros: [{ subject: 'marat', deputies: ['dina'] }],
    },
  })
  await introduce(world)
})
afterAll(() => world?.close())

export const CALLER = { vaspId: 'alice', role: 'console' } as const
export const review = () => world.alice.gateway().review
export const request = (given: Partial<Request> = {}) => call('alice', { role: 'console', ...given })
export const look = (holdId: string): Promise<HoldView> => review().get(CALLER, holdId)
export const sql = (text: string, values: unknown[] = []) => world.alice.database.pool.query(text, values)
export const refused = (code: RefusalCode) => expect.objectContaining({ name: 'Refusal', code })

/** A transfer that bob has accepted, and a person holds. */
export async function held(): Promise<{ readonly id: string; readonly holdId: string }> {
  const id = await authorize(world)
  const { value } = await review().hold(request(), id, { person: 'aida', reason: 'SUSPICION', note: 'look' })
  await world.settle()
  return { id, holdId: value.hold.id }
}

export async function propose(holdId: string, person = 'aida', by = request()) {
  const { seenHash } = await look(holdId)
  return review().release(by, { holdId, person, reason: 'PROOF_SEEN', note: `${person} saw it`, seenHash })
}

export async function approve(holdId: string, person: string, by = request()) {
  const { seenHash } = await look(holdId)
  return review().approve(by, { holdId, person, note: 'so did I', seenHash })
}

/** What the transfer's events say of a proposal, in order. */
export async function told(id: string): Promise<readonly string[]> {
  const { rows } = await sql(
    `select type || coalesce(':' || (data->>'why'), '') as what from transfer_events
      where transfer_id = $1 and (type like 'release-%' or type in ('hold-assigned', 'hold-escalated')) order by seq`,
    [id],
  )
  return rows.map(({ what }) => String(what))
}
