/** Transfers to where nobody can be asked: self-hosted wallets, whose control is proven, and VASPs that have no Travel Rule system. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuthorizeInput, ChallengeInput, OtherSideInput } from '../../src/app/gateway.ts'
import { eip191Digest, eip712Digest } from '../../src/wallets/eip.ts'
import { identityPayload } from '../support/identity.ts'
import {
  authorize,
  call,
  decideHold,
  holdsOn,
  introduce,
  seen,
  twoGateways,
  type World,
} from '../support/two-gateways.ts'

let world: World
beforeAll(async () => {
  world = await twoGateways()
  await introduce(world)
})
afterAll(() => world?.close())

const key = Uint8Array.from(Buffer.from('46'.repeat(32), 'hex'))
const ACCOUNT = 'eip155:1:0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F'
const own = (customer: string): OtherSideInput => ({ kind: 'self-hosted', owner: 'own-customer', customer })

let count = 0
/** A customer of its own for each test. */
const customer = () => `c-${(count += 1)}`

function sign(digest: Uint8Array): string {
  const bytes = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  return `0x${Buffer.from(bytes.subarray(1)).toString('hex')}${(27 + (bytes[0] ?? 0)).toString(16)}`
}

const wallets = () => world.alice.gateway().wallets
const challenge = (who: string, given: Partial<ChallengeInput> = {}) =>
  wallets().issue(call('alice'), { account: ACCOUNT, customer: who, method: 'eip191', ...given })
const submit = (id: string, signature: string) => wallets().submit(call('alice'), id, { signature })
const reasons = async (id: string) => (await holdsOn(world.alice, id)).map(({ hold }) => hold.reason)
const withdraw = (who: string, given: Partial<AuthorizeInput> = {}) =>
  authorize(world, { destination: ACCOUNT, counterparty: {}, otherSide: own(who), ...given })

const release = (id: string) => decideHold(world.alice, id, 'release')

describe('a withdrawal to a self-hosted wallet', () => {
  test('at or below the regime’s amount goes on without a proof, and nobody is sent anything', async () => {
    // EU TFR 14(5): above EUR 1,000; 1,086 USD are EUR 999.12 by the stored rate.
    const id = await withdraw(customer(), { fiat: { amount: '1086', currency: 'USD', pricedAt: new Date() } })
    const { decision, transfer } = await seen(world.alice, id)
    expect([decision, transfer.ownSeq, transfer.exempt, transfer.counterpartyId]).toEqual([
      'PROCEED',
      0,
      true,
      undefined,
    ])
  })

  test('above it is held, and goes on by itself when the customer has signed the challenge', async () => {
    for (const method of ['eip191', 'eip712'] as const) {
      const who = customer()
      const id = await withdraw(who)
      expect(await reasons(id)).toEqual(['SELF_HOSTED_PROOF'])
      const { value } = await challenge(who, { method })
      expect(value.message).toContain(who)
      const digest = method === 'eip712' ? eip712Digest(value.message) : eip191Digest(value.message)
      await submit(value.id, sign(digest))
      const { decision, transfer } = await seen(world.alice, id)
      expect([decision, transfer.permit !== undefined]).toEqual(['PROCEED', true])
      const [proven] = (await wallets().list({ vaspId: 'alice', role: 'console' }, { pageSize: 1 })).items
      expect([proven?.customer, proven?.method, proven?.account]).toEqual([
        who,
        method,
        ACCOUNT.toLowerCase(),
      ])
      expect((await seen(world.alice, await withdraw(who))).decision).toBe('PROCEED')
    }
  })

  test('of another customer is not proven by it', async () => {
    const who = customer()
    const { value } = await challenge(who)
    await submit(value.id, sign(eip191Digest(value.message)))
    expect(await reasons(await withdraw(customer()))).toEqual(['SELF_HOSTED_PROOF'])
  })

  test('lacks data that the law asks for: held until they are there, proven or not', async () => {
    const payload = JSON.parse(identityPayload())
    const { name } = payload.originator.originatorPerson[0].naturalPerson
    payload.originator.originatorPerson[0].naturalPerson = { name, customerIdentification: 'CUST77' }
    const who = customer()
    const id = await withdraw(who, { identity: JSON.stringify(payload) })
    expect((await reasons(id)).toSorted()).toEqual(['IDENTITY_INCOMPLETE', 'SELF_HOSTED_PROOF'])
    const { value } = await challenge(who)
    await submit(value.id, sign(eip191Digest(value.message)))
    expect(await reasons(id)).toEqual(['IDENTITY_INCOMPLETE'])
    await world.alice.gateway().transfers.repair(call('alice'), id, identityPayload())
    expect((await seen(world.alice, id)).decision).toBe('PROCEED')
  })

  test('by a third party’s wallet is as the policy has it where the law leaves it to risk', async () => {
    const otherSide = { kind: 'self-hosted', owner: 'third-party', customer: customer() } as const
    expect(await reasons(await withdraw('', { otherSide }))).toEqual(['SELF_HOSTED_PROOF'])
    const lenient = await twoGateways({
      alice: { selfHosted: { challengeSeconds: 60, proofSeconds: 60, riskBased: 'allow' } },
    })
    const id = await authorize(lenient, { destination: ACCOUNT, counterparty: {}, otherSide })
    expect((await seen(lenient.alice, id)).decision).toBe('PROCEED')
    await lenient.close()
  })

  test('whose proof is revoked while it is held for another reason gets no permit', async () => {
    const who = customer()
    const { value } = await challenge(who)
    const proof = await submit(value.id, sign(eip191Digest(value.message)))
    const payload = JSON.parse(identityPayload())
    const { name } = payload.originator.originatorPerson[0].naturalPerson
    payload.originator.originatorPerson[0].naturalPerson = { name, customerIdentification: 'CUST77' }
    const id = await withdraw(who, { identity: JSON.stringify(payload) })
    expect(await reasons(id)).toEqual(['IDENTITY_INCOMPLETE'])
    await wallets().revoke(call('alice'), proof.value.id, { person: 'officer', reason: 'KEY_LOST' })
    await release(id)
    expect([await reasons(id), (await seen(world.alice, id)).transfer.permit]).toEqual([
      ['SELF_HOSTED_PROOF'],
      undefined,
    ])
  })
})

describe('a challenge', () => {
  test('is used once, also by two at the same time', async () => {
    const { value } = await challenge(customer())
    const signature = sign(eip191Digest(value.message))
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => submit(value.id, signature)))
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
    await expect(submit(value.id, signature)).rejects.toMatchObject({ code: 'CHALLENGE_USED' })
  })

  test('answered again under the same request_id is the same answer', async () => {
    const { value } = await challenge(customer())
    const request = call('alice')
    const proof = { signature: sign(eip191Digest(value.message)) }
    const first = await wallets().submit(request, value.id, proof)
    const again = await wallets().submit(request, value.id, proof)
    expect([again.replayed, again.value.id]).toEqual([true, first.value.id])
  })

  test('is for one account of one customer until its time: another signature, a late one, none of another VASP', async () => {
    const { value } = await challenge(customer())
    const other = await challenge(customer())
    await expect(submit(value.id, sign(eip191Digest(other.value.message)))).rejects.toMatchObject({
      code: 'WALLET_PROOF_INVALID',
    })
    await expect(
      world.bob
        .gateway()
        .wallets.submit(call('bob'), value.id, { signature: sign(eip191Digest(value.message)) }),
    ).rejects.toMatchObject({ code: 'CHALLENGE_NOT_FOUND' })
    world.clock.forward(901)
    await expect(submit(value.id, sign(eip191Digest(value.message)))).rejects.toMatchObject({
      code: 'CHALLENGE_EXPIRED',
    })
  })

  test('of another chain’s method is refused', async () => {
    await expect(challenge(customer(), { method: 'bip322' })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    })
  })

  test('by micro-transfer is answered by the very amount, and by no other', async () => {
    const who = customer()
    const id = await withdraw(who)
    const to = `eip155:1:0x${'b'.repeat(40)}`
    const micro = { asset: 'eip155:1/slip44:60', base: '0.001', to }
    const { value } = await challenge(who, { method: 'micro-transfer', micro })
    const amount = value.micro?.amount ?? ''
    expect(amount).toMatch(/^0\.001\d{1,4}$/)
    const seenAs = { asset: micro.asset, amount, from: ACCOUNT, to }
    for (const wrong of [{ amount: '0.001' }, { from: to }, { to: ACCOUNT }])
      await expect(
        wallets().submit(call('alice'), value.id, { seen: { ...seenAs, ...wrong } }),
      ).rejects.toMatchObject({ code: 'WALLET_PROOF_INVALID' })
    await wallets().submit(call('alice'), value.id, { seen: seenAs })
    expect((await seen(world.alice, id)).decision).toBe('PROCEED')
  })
})

test('a wallet on the list is good until its day, and what is stored names neither account nor customer', async () => {
  const who = 'customer-canary'
  const id = await withdraw(who)
  const expiresAt = new Date(world.clock.now().getTime() + 60_000)
  await wallets().allow(call('alice'), { account: ACCOUNT, customer: who, expiresAt, person: 'officer' })
  expect((await seen(world.alice, id)).decision).toBe('PROCEED')
  world.clock.forward(61)
  expect(await reasons(await withdraw(who))).toEqual(['SELF_HOSTED_PROOF'])
  const { rows } = await world.alice.database.pool.query(
    `select string_agg(t, ' ') as all from (select wallets::text t from wallets union all
       select wallet_challenges::text from wallet_challenges union all select entry from audit_entries
       union all select transfers::text from transfers) texts`,
  )
  const all = String(rows[0]?.['all'])
  for (const secret of [who, Buffer.from(who).toString('hex'), ACCOUNT, ACCOUNT.toLowerCase()])
    expect(all.includes(secret)).toBe(false)
})

describe('a withdrawal to a VASP without any Travel Rule system', () => {
  const to = (country: string) =>
    authorize(world, { counterparty: {}, otherSide: { kind: 'sunrise', country } })

  test('is collected and held by the corridor’s rule, and a person’s release lets it go without an exchange', async () => {
    const id = await to('LU')
    const [held] = await holdsOn(world.alice, id)
    expect(held?.hold.reason).toBe('SUNRISE')
    expect(held?.hold.finding.code).toMatch(/^SUNRISE_(DO_NOT_EXECUTE|COLLECT_AND_HOLD)$/)
    expect(held?.hold.finding.message).toContain('EU-TFR')
    await release(id)
    const { decision, transfer } = await seen(world.alice, id)
    expect([decision, transfer.ownSeq, transfer.otherSide]).toEqual([
      'PROCEED',
      0,
      { kind: 'sunrise', country: 'LU' },
    ])
  })
})
