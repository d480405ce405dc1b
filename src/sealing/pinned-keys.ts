/** The pinned keys of counterparties, remembered for a moment: every envelope asks for one, and they change by the month. */
import type { CounterpartyStore, PinnedKey } from '../app/ports.ts'
import { ALGORITHM_OF, CURVE_OF, newestValid, type PublicKeyRecord } from '../domain/envelope/public-key.ts'

/** How long a revoked or new key may go unnoticed. What was not found is asked for again at once. */
const FRESH_MILLISECONDS = 2_000
const REMEMBERED_MAX = 10_000

export interface PinnedKeys {
  byKid(vaspId: string, kid: string): Promise<PublicKeyRecord | undefined>
  /** The key to seal for: the newest valid one. */
  sealing(vaspId: string, counterpartyId: string, at: Date): Promise<PublicKeyRecord | undefined>
}

export function pinnedKeys(store: Pick<CounterpartyStore, 'key' | 'keys'>): PinnedKeys {
  const single = remembered((vaspId, kid) => store.key(vaspId, kid))
  const all = remembered(async (vaspId, id) => {
    const keys = await store.keys(vaspId, id)
    return keys.length === 0 ? undefined : keys
  })
  return {
    async byKid(vaspId, kid) {
      const key = await single(vaspId, kid)
      return key && recordOf(key)
    },
    async sealing(vaspId, counterpartyId, at) {
      return newestValid(((await all(vaspId, counterpartyId)) ?? []).map(recordOf), 'enc', at)
    },
  }
}

function remembered<T>(load: (vaspId: string, name: string) => Promise<T | undefined>) {
  const known = new Map<string, { readonly value: T; readonly until: number }>()
  return async (vaspId: string, name: string): Promise<T | undefined> => {
    const id = `${vaspId}/${name}`
    const found = known.get(id)
    if (found !== undefined && found.until > performance.now()) return found.value
    const value = await load(vaspId, name)
    if (known.size >= REMEMBERED_MAX) known.clear()
    if (value === undefined) known.delete(id)
    else known.set(id, { value, until: performance.now() + FRESH_MILLISECONDS })
    return value
  }
}

export function recordOf({
  kid,
  vaspId,
  use,
  jwk,
  notBefore,
  notAfter,
  revokedAt,
}: PinnedKey): PublicKeyRecord {
  return {
    kid,
    vaspId,
    use,
    alg: ALGORITHM_OF[use],
    jwk: { kty: 'OKP', crv: CURVE_OF[use], x: jwk['x'] ?? '' },
    notBefore,
    notAfter,
    ...(revokedAt && { revokedAt }),
  }
}
