/** What a gateway makes of envelopes that nobody honest sends: a stable reason, one security event, and nothing else changed. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type EnvelopeDraft, envelopeSealer } from '../../src/sealing/envelope-sealer.ts'
import {
  altered,
  deliver,
  type Forged,
  forge,
  HOUR,
  impostor,
  mallory,
  misnamed,
  sealingKey,
  seconds,
  world,
} from '../support/forgery.ts'

/** By reason: what is not believed at all. */
const NOT_BELIEVED: {
  readonly [name: string]: readonly [reason: string, bytes: () => Promise<string>, sender?: string]
} = {
  junk: ['NOT_COMPACT', async () => 'junk'],
  nothing: ['NOT_COMPACT', async () => ''],
  'an altered key id': ['KEY_UNKNOWN', async () => misnamed(await forge())],
  'an altered payload': ['SIGNATURE', async () => altered(await forge(), 1)],
  'an altered signature': ['SIGNATURE', async () => altered(await forge(), 2)],
  'a key that nobody pinned': ['KEY_UNKNOWN', () => forge({ keys: impostor })],
  'a pinned key that did not sign': [
    'SIGNATURE',
    async () =>
      forge({ keys: impostor, kid: (await world.alice.keyStore.signingKey('alice', new Date())).kid }),
  ],
  'the key of another VASP': [
    'ISSUER',
    () => forge({ keys: mallory, draft: { iss: 'mallory' }, claims: { iss: 'alice' } }),
  ],
  'another addressee': ['AUDIENCE', () => forge({ claims: { aud: 'mallory' } })],
  'another carrier': ['SUBJECT_MISMATCH', () => forge(), 'mallory'],
  'one that has expired': [
    'EXPIRED',
    () => forge({ draft: { iat: seconds() - 2 * HOUR, exp: seconds() - HOUR } }),
  ],
  'one from the future': [
    'FROM_THE_FUTURE',
    () => forge({ draft: { iat: seconds() + 120, exp: seconds() + HOUR } }),
  ],
  'one that lives for ever': ['LIFETIME', () => forge({ claims: { exp: seconds() + 365 * 24 * HOUR } })],
  'one that is too long': ['OVERSIZED', () => forge({ claims: { body: 'A'.repeat(100_000) } })],
  'an unknown claim': ['CLAIMS', () => forge({ claims: { more: 1 } })],
  'no sequence number': ['CLAIMS', () => forge({ claims: { seq: undefined } })],
}

describe.each(Object.entries(NOT_BELIEVED))('an envelope with %s', (_, [reason, bytes, sender]) => {
  test(`is refused as ${reason}, and changes nothing`, async () => {
    const refused = await deliver(await bytes(), sender)
    expect(refused).toEqual({ outcome: 'done', events: [{ reason, times: 1 }], changed: [] })
  })
})

/** Verified, and yet not taken: kept with the receipt that says so. */
const DECLINED: { readonly [name: string]: readonly [reason: string, forged: () => Promise<Forged>] } = {
  'sealed for somebody else': [
    'SEALED_KEY_UNKNOWN',
    async () => {
      const key = await sealingKey(mallory, 'mallory')
      return { recipient: { ...key, vaspId: 'bob' } }
    },
  ],
  'with the digest of another content': ['DIGEST', async () => ({ claims: { digest: 'A'.repeat(43) } })],
  'whose content is not what its type says': ['CLAIMS', async () => ({ draft: { content: { more: 1 } } })],
  'that begins in the middle': ['SEQUENCE', async () => ({ draft: { seq: 2 } })],
  'that asks to be its own counterparty': [
    'NOT_ASKED',
    async () => ({
      draft: {
        type: 'pong',
        inReplyTo: randomUUID(),
        content: { nonce: 'A'.repeat(20), sent_at: new Date().toISOString() },
      },
    }),
  ],
}

describe.each(Object.entries(DECLINED))('an envelope %s', (name, [reason, forged]) => {
  test(`is declined as ${reason}: its sender is told, no transfer knows of it`, async () => {
    const given = await forged()
    const about = name.endsWith('counterparty') ? { transferId: undefined, seq: undefined } : {}
    const draft = Object.fromEntries(
      Object.entries({ ...given.draft, ...about }).filter(([, value]) => value !== undefined),
    )
    const bytes = await (name.endsWith('counterparty') ? pong(draft) : forge({ ...given, draft }))
    const declined = await deliver(bytes)
    expect(declined).toEqual({ outcome: 'done', events: [{ reason, times: 1 }], changed: ['inbox'] })
    const again = await deliver(bytes)
    expect(again).toEqual({ outcome: 'done', events: [], changed: [] })
  })
})

/** About no transfer at all. */
async function pong(draft: Partial<EnvelopeDraft>): Promise<string> {
  const sealer = envelopeSealer({
    keyStore: world.alice.keyStore,
    peerKeys: { find: () => undefined },
    clock: world.clock,
  })
  const { jws } = await sealer.seal(
    {
      iss: 'alice',
      aud: 'bob',
      jti: randomUUID(),
      iat: seconds(),
      exp: seconds() + HOUR,
      type: 'pong',
      ...draft,
    },
    await sealingKey(world.bob.keyStore, 'bob'),
  )
  return jws
}
