import { diffieHellman, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Card,
  cardSuccession,
  parseCard,
  type VerifiedCard,
  writeCard,
} from '../../../src/domain/counterparty/card.ts'
import type { PublicJwk, PublicKeyRecord } from '../../../src/domain/envelope/public-key.ts'
import { signCard, verifyCard } from '../../../src/sealing/cards.ts'
import { checkPublicKey, publicKeyObject, thumbprint } from '../../../src/sealing/keys.ts'
import { aWorld, DAY_SECONDS, NOON, NOON_SECONDS, type World } from './world.ts'

async function aCard(world: World, changes: Partial<Card> = {}): Promise<Card> {
  return {
    vaspId: 'alice',
    legalName: 'Алиса Exchange Ltd',
    lei: '5493001KJTIIGC8Y1R12',
    country: 'KZ',
    licence: {
      regulator: 'AFSA',
      number: 'AFSA-A-LA-2024-0001',
      url: 'https://publicreg.myafsa.com/details/1',
    },
    keys: await world.keyStore.publicKeys('alice'),
    reach: [
      { protocol: 'nats', subject: 'tr.v1.alice' },
      { protocol: 'trisa', endpoint: 'trisa.alice.example:443' },
      { protocol: 'trp', url: 'https://alice.example/trp' },
    ],
    contacts: [{ role: 'compliance', address: 'compliance@alice.example' }],
    version: 1,
    iat: NOON_SECONDS,
    exp: NOON_SECONDS + 90 * DAY_SECONDS,
    ...changes,
  }
}

async function verified(world: World, changes: Partial<Card> = {}): Promise<VerifiedCard> {
  return verifyCard(await signCard(world.keyStore, await aCard(world, changes)), 'self', NOON)
}

type WireCard = { readonly keys: readonly object[]; readonly [member: string]: unknown }

describe('a card', () => {
  it('is believed when one of its own keys signed it', async () => {
    const world = await aWorld()
    const card = await aCard(world)
    const token = await signCard(world.keyStore, card)
    expect(await verifyCard(token, 'self', NOON)).toEqual({
      card,
      kid: world.keyOf('alice', 'sig').kid,
      token,
    })
  })

  it('must be signed by a pinned key once keys are pinned', async () => {
    const world = await aWorld()
    const token = await signCard(world.keyStore, await aCard(world))
    const pinned = new Set([world.keyOf('alice', 'sig').kid])
    await expect(verifyCard(token, pinned, NOON)).resolves.toBeDefined()
    const others = new Set([world.keyOf('bob', 'sig').kid])
    await expect(verifyCard(token, others, NOON)).rejects.toMatchObject({ reason: 'KEY_NOT_PINNED' })
  })

  it('is refused when a key signed it that it does not list', async () => {
    const world = await aWorld()
    const header = world.header({ typ: 'tamga-card+jws', kid: world.keyOf('bob', 'sig').kid })
    const token = await world.forge(header, writeCard(await aCard(world)), 'bob')
    await expect(verifyCard(token, 'self', NOON)).rejects.toMatchObject({ reason: 'KEY_UNKNOWN' })
  })

  it('is refused when it lists a key that is not its kid’s, or of small order', async () => {
    const world = await aWorld()
    const { keys } = await aCard(world)
    const listed = (change: (key: PublicKeyRecord) => PublicKeyRecord) =>
      aCard(world, { keys: keys.map((key) => (key.use === 'enc' ? change(key) : key)) })
    const misnamed = await listed((key) => ({ ...key, kid: 'A'.repeat(43) }))
    await expect(signCard(world.keyStore, misnamed)).rejects.toMatchObject({ reason: 'CLAIMS' })
    const jwk = { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) } as const
    const weak = await listed((key) => ({ ...key, jwk, kid: thumbprint(jwk) }))
    await expect(signCard(world.keyStore, weak)).rejects.toMatchObject({ reason: 'KEY_WEAK' })
  })

  it('is refused when it is altered, expired, or its signing key is', async () => {
    const world = await aWorld()
    const token = await signCard(world.keyStore, await aCard(world))
    const [header = '', , signature = ''] = token.split('.')
    const other = Buffer.from(writeCard(await aCard(world, { legalName: 'Mallory Ltd' }))).toString(
      'base64url',
    )
    await expect(verifyCard(`${header}.${other}.${signature}`, 'self', NOON)).rejects.toMatchObject({
      reason: 'SIGNATURE',
    })
    const late = new Date((NOON_SECONDS + 91 * DAY_SECONDS) * 1000)
    await expect(verifyCard(token, 'self', late)).rejects.toMatchObject({ reason: 'EXPIRED' })
    const ended = (await aCard(world)).keys.map((key) => ({
      ...key,
      notAfter: new Date(NOON.getTime() - 1_000),
    }))
    await expect(signCard(world.keyStore, await aCard(world, { keys: ended }))).rejects.toMatchObject({
      reason: 'KEY_EXPIRED',
    })
  })

  it.each<[string, (wire: WireCard) => object]>([
    ['a VASP id with a dot', (wire) => ({ ...wire, vasp_id: 'a.b' })],
    ['a name with a line break', (wire) => ({ ...wire, legal_name: 'A\nB' })],
    ['a name that turns the writing direction', (wire) => ({ ...wire, legal_name: 'A\u202eB' })],
    ['a name in spaces', (wire) => ({ ...wire, legal_name: ' A' })],
    ['a country in three letters', (wire) => ({ ...wire, country: 'KAZ' })],
    ['no licence', (wire) => ({ ...wire, licence: undefined })],
    [
      'a licence page by plain HTTP',
      (wire) => ({ ...wire, licence: { regulator: 'A', number: '1', url: 'http://a.b' } }),
    ],
    [
      'a script as licence page',
      (wire) => ({ ...wire, licence: { regulator: 'A', number: '1', url: 'javascript:x' } }),
    ],
    ['a wildcard subject', (wire) => ({ ...wire, reach: [{ protocol: 'nats', subject: 'tr.v1.>' }] })],
    [
      'a subject with an empty token',
      (wire) => ({ ...wire, reach: [{ protocol: 'nats', subject: 'tr..alice' }] }),
    ],
    ['a way without its place', (wire) => ({ ...wire, reach: [{ protocol: 'nats', url: 'https://a.b' }] })],
    ['a way that is no word', (wire) => ({ ...wire, reach: [{ protocol: 'a b', subject: 'a' }] })],
    ['a contact without its address', (wire) => ({ ...wire, contacts: [{ role: 'security' }] })],
    ['version 0', (wire) => ({ ...wire, version: 0 })],
    ['a private key', (wire) => ({ ...wire, keys: [{ ...wire.keys[0], d: 'AA' }] })],
    ['a key twice', (wire) => ({ ...wire, keys: [...wire.keys, wire.keys[0]] })],
    ['a key that ends before it begins', (wire) => ({ ...wire, keys: [{ ...wire.keys[0], exp: 1 }] })],
    [
      'a key for another use than its algorithm’s',
      (wire) => ({ ...wire, keys: [{ ...wire.keys[0], use: 'auth' }] }),
    ],
    ['a key without an algorithm', (wire) => ({ ...wire, keys: [{ ...wire.keys[0], alg: undefined }] })],
  ])('with %s is refused', async (_, change) => {
    const wire: WireCard = JSON.parse(writeCard(await aCard(await aWorld())))
    expect(() => parseCard(JSON.stringify(wire))).not.toThrow()
    expect(() => parseCard(JSON.stringify(change(wire)))).toThrow(
      expect.objectContaining({ reason: 'CLAIMS' }),
    )
  })
})

describe('a card of a newer gateway', () => {
  it.each<[string, (wire: WireCard) => object]>([
    ['a member', (wire) => ({ ...wire, reads: ['transfer.request/2'] })],
    ['a member of the licence', (wire) => ({ ...wire, licence: { ...aLicence(wire), perimeter: 'AIFC' } })],
    [
      'a key of another algorithm',
      (wire) => ({ ...wire, keys: [...wire.keys, { kty: 'AKP', alg: 'ML-DSA-65', pub: 'AA' }] }),
    ],
    ['a way', (wire) => ({ ...wire, reach: [...aList(wire, 'reach'), { protocol: 'https', url: 'x' }] })],
    [
      'a role of contact',
      (wire) => ({ ...wire, contacts: [...aList(wire, 'contacts'), { role: 'privacy', phone: '1' }] }),
    ],
  ])('that says %s more is read as if it did not', async (_, change) => {
    const card = await aCard(await aWorld())
    expect(parseCard(JSON.stringify(change(JSON.parse(writeCard(card)))))).toEqual(card)
  })
})

function aLicence(wire: WireCard): object {
  return z.looseObject({}).parse(wire['licence'])
}

function aList(wire: WireCard, name: string): readonly unknown[] {
  return z.array(z.unknown()).parse(wire[name])
}

describe('the next card', () => {
  function succession(pinned: VerifiedCard, next: VerifiedCard, now = NOON) {
    const { vaspId, version, keys } = pinned.card
    return cardSuccession({ vaspId, version, keys, token: pinned.token }, next, now)
  }

  it('is the same, an update, or stale', async () => {
    const world = await aWorld()
    const [first, second, third] = [
      await verified(world),
      await verified(world, { version: 2 }),
      await verified(world, { version: 3 }),
    ]
    expect(succession(second, second)).toBe('same')
    expect(succession(first, third)).toBe('update')
    expect(succession(third, second)).toBe('stale')
  })

  it('updates the pinned keys through a rotation, and cuts off who missed the overlap', async () => {
    const world = await aWorld({ reloadMilliseconds: 0 })
    const first = await verified(world)
    await world.keyStore.rotate('alice', 'sig', { at: NOON, leadSeconds: 60, overlapSeconds: 600 })
    const second = await verified(world, { version: 2 })
    expect(succession(first, second)).toBe('update')
    const iat = NOON_SECONDS + 60
    const token = await signCard(world.keyStore, await aCard(world, { version: 3, iat }))
    const third = await verifyCard(token, 'self', new Date(iat * 1000))
    expect(third.kid).not.toBe(first.kid)
    const then = new Date(iat * 1000)
    expect(succession(second, third, then)).toBe('update')
    expect(succession(first, third, then)).toBe('alarm')
  })

  it('is an alarm when somebody else signed it, in another’s name, twice with one version, or after its key ended', async () => {
    const world = await aWorld()
    const pinned = await verified(world)
    const impostor = await aWorld()
    expect(succession(pinned, await verified(impostor, { version: 2 }))).toBe('alarm')
    expect(succession(pinned, await verified(impostor, { version: 1 }))).toBe('alarm')
    expect(succession(pinned, await verified(world, { legalName: 'Other Ltd' }))).toBe('alarm')
    const next = await verified(world, { version: 2 })
    expect(succession(pinned, { ...next, card: { ...next.card, vaspId: 'bob' } })).toBe('alarm')
    const keys = pinned.card.keys.map((key) => ({ ...key, notAfter: new Date(NOON.getTime() - 1_000) }))
    expect(succession({ ...pinned, card: { ...pinned.card, keys } }, next)).toBe('alarm')
    const sealing = pinned.card.keys.find((key) => key.use === 'enc')?.kid ?? ''
    expect(succession(pinned, { ...next, kid: sealing })).toBe('alarm')
  })
})

describe('a public key', () => {
  const record = (jwk: PublicJwk): Pick<PublicKeyRecord, 'kid' | 'use' | 'alg' | 'jwk'> =>
    jwk.crv === 'Ed25519'
      ? { kid: thumbprint(jwk), use: 'sig', alg: 'Ed25519', jwk }
      : { kid: thumbprint(jwk), use: 'enc', alg: 'ECDH-ES', jwk }
  const jwk = (crv: PublicJwk['crv'], hex: string): PublicJwk => ({
    kty: 'OKP',
    crv,
    x: Buffer.from(hex, 'hex').toString('base64url'),
  })
  const ORDER_8 = [
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  ]
  const P = 2n ** 255n - 19n
  const NEGATIVE = (hex: string) =>
    `${hex.slice(0, -2)}${(Number.parseInt(hex.slice(-2), 16) | 0x80).toString(16)}`

  it.each([
    `01${'00'.repeat(31)}`,
    `ec${'ff'.repeat(30)}7f`,
    '00'.repeat(32),
    `${'00'.repeat(31)}80`,
    ...ORDER_8,
    ...ORDER_8.map(NEGATIVE),
  ])('on Ed25519 that fits signatures by nobody is refused: %s', (hex) => {
    const weak = jwk('Ed25519', hex)
    expect(() => checkPublicKey(record(weak))).toThrow(expect.objectContaining({ reason: 'KEY_WEAK' }))
    // Signatures by nobody: R = S·B fits wherever the message's hash is a multiple of the point's order. OpenSSL refuses too.
    const base = `58${'66'.repeat(31)}`
    const nobody = Buffer.concat([Buffer.from(base, 'hex'), Buffer.of(1), Buffer.alloc(31)])
    const messages = Array.from({ length: 50 }, (_, index) => Buffer.from(String(index)))
    expect(messages.filter((message) => verify(null, message, publicKeyObject(weak), nobody))).toEqual([])
  })

  it.each(['00'.repeat(32), `ec${'ff'.repeat(30)}7f`, ...ORDER_8])(
    'on Ed25519 is of small order if its image on Curve25519 is: %s',
    (hex) => {
      const y = BigInt(`0x${Buffer.from(Buffer.from(hex, 'hex').toReversed()).toString('hex')}`)
      // RFC 7748, 4.1: u = (1 + y) / (1 - y); the inverse by Fermat.
      let [u, power, exponent] = [(1n + y) % P, (P + 1n - y) % P, P - 2n]
      for (; exponent > 0n; exponent >>= 1n) {
        if (exponent & 1n) u = (u * power) % P
        power = (power * power) % P
      }
      const bytes = Buffer.from(u.toString(16).padStart(64, '0'), 'hex').toReversed()
      const { privateKey } = generateKeyPairSync('x25519')
      const publicKey = publicKeyObject({
        kty: 'OKP',
        crv: 'X25519',
        x: Buffer.from(bytes).toString('base64url'),
      })
      expect(() => diffieHellman({ privateKey, publicKey })).toThrow(/deriv/i)
    },
  )

  it.each([
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    `ec${'ff'.repeat(30)}7f`,
  ])('on X25519 that gives everybody the same secret is refused: %s', (hex) => {
    const weak = jwk('X25519', hex)
    expect(() => checkPublicKey(record(weak))).toThrow(expect.objectContaining({ reason: 'KEY_WEAK' }))
    const { privateKey } = generateKeyPairSync('x25519')
    expect(() => diffieHellman({ privateKey, publicKey: publicKeyObject(weak) })).toThrow(/deriv/i)
  })

  it.each([`ed${'ff'.repeat(30)}7f`, `ff${'ff'.repeat(30)}7f`, 'ff'.repeat(32)])(
    'beyond the field is refused: %s',
    (hex) => {
      for (const crv of ['Ed25519', 'X25519'] as const) {
        expect(() => checkPublicKey(record(jwk(crv, hex)))).toThrow(
          expect.objectContaining({ reason: 'KEY_WEAK' }),
        )
      }
    },
  )

  it('of 31 bytes, or under another kid or algorithm, is refused', async () => {
    expect(() => checkPublicKey(record(jwk('Ed25519', '05'.repeat(31))))).toThrow(
      expect.objectContaining({ reason: 'KEY_WEAK' }),
    )
    const sound = (await aWorld()).keyOf('alice', 'sig')
    expect(() => checkPublicKey(sound)).not.toThrow()
    expect(() => checkPublicKey({ ...sound, kid: 'a'.repeat(43) })).toThrow(
      expect.objectContaining({ reason: 'CLAIMS' }),
    )
    expect(() => checkPublicKey({ ...sound, use: 'enc' })).toThrow(
      expect.objectContaining({ reason: 'CLAIMS' }),
    )
  })
})
