/** A robot's keys and the card that shows them. */
import type { Card } from '../domain/counterparty/card.ts'
import { signCard } from '../sealing/cards.ts'
import { type FileKeyStore, fileKeyStore } from '../sealing/file-key-store.ts'

const DAY_SECONDS = 86_400
const CARD_DAYS = 400
/** 2026-01-01: versions count the seconds from then, so that a later card has a greater one. */
const CARD_EPOCH_SECONDS = 1_767_225_600

/** The keys in `directory`, made when missing; they count from yesterday, so that whatever is signed today is covered. */
export async function robotKeys(id: string, directory: string): Promise<FileKeyStore> {
  const keyStore = fileKeyStore(directory)
  await keyStore.init(id, new Date(Date.now() - DAY_SECONDS * 1000))
  return keyStore
}

export async function robotCard(id: string, keyStore: FileKeyStore): Promise<string> {
  const iat = Math.floor(Date.now() / 1000)
  const card: Card = {
    vaspId: id,
    legalName: `Robot ${id}, no real VASP`,
    country: 'LU',
    licence: { regulator: 'none', number: 'ROBOT' },
    keys: await keyStore.publicKeys(id),
    reach: [{ protocol: 'nats', subject: `tr.v1.${id}` }],
    contacts: [{ role: 'technical', address: `robot@${id.replaceAll('_', '-')}.example` }],
    version: iat - CARD_EPOCH_SECONDS,
    iat,
    exp: iat + CARD_DAYS * DAY_SECONDS,
  }
  return signCard(keyStore, card)
}
