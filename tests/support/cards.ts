/** Cards of VASPs that are nobody's gateway: with keys of their own, signed as they should be, or not. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Card } from '../../src/domain/counterparty/card.ts'
import { signCard } from '../../src/sealing/cards.ts'
import { type FileKeyStore, fileKeyStore } from '../../src/sealing/file-key-store.ts'

/** A key store of another house, with keys for these VASPs from yesterday on. */
export async function otherHouse(...vaspIds: readonly string[]): Promise<FileKeyStore> {
  const keyStore = fileKeyStore(mkdtempSync(join(tmpdir(), 'tamga-test-house-')))
  for (const vaspId of vaspIds) await keyStore.init(vaspId, new Date(Date.now() - 86_400_000))
  return keyStore
}

export async function cardOf(keyStore: FileKeyStore, given: Partial<Card> & { readonly vaspId: string }) {
  const iat = given.iat ?? Math.floor(Date.now() / 1000)
  return signCard(keyStore, {
    legalName: `${given.vaspId} Ltd.`,
    country: 'LU',
    licence: { regulator: 'CSSF', number: '1' },
    keys: await keyStore.publicKeys(given.vaspId),
    reach: [{ protocol: 'nats', subject: `tr.v1.${given.vaspId}` }],
    contacts: [],
    version: 1,
    iat,
    exp: iat + 86_400 * 300,
    ...given,
  })
}
