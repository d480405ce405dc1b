/** Identity payloads of the IVMS 101 vectors. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convertIvms101, parseIvms101 } from '../domain/ivms101/index.ts'
import type { RequestContent } from '../domain/transfer/transfer.ts'

const DIRECTORY = join(import.meta.dirname, '../../tests/vectors/ivms101/payloads')

/** `legal-2023` is the legal person's vector in the other edition; all others are files. */
export type PayloadName =
  | '2020-base'
  | '2023-base'
  | '2020-minimal'
  | 'C7-ok-RAID'
  | 'legal-2023'
  | 'DATE-bad-1990-02-30'
  | 'C6-bad-no-LEGL'

export function payload(name: PayloadName): string {
  if (name !== 'legal-2023') return readFileSync(join(DIRECTORY, `${name}.json`), 'utf8')
  const today = new Date().toISOString().slice(0, 10)
  const read = parseIvms101(payload('C7-ok-RAID'), { profile: 'interop', today })
  if (read.payload === undefined) throw new Error('the vector of the legal person cannot be read')
  return JSON.stringify(convertIvms101(read.payload, '2023').json)
}

/** A request as a robot sends it of its own accord. */
export function requestTo(destination: string, identity: PayloadName): RequestContent {
  const now = Date.now()
  return {
    asset: 'eip155:1/slip44:60',
    amount: '1.5',
    destination,
    fiat: { amount: '4500.00', currency: 'USD', priced_at: new Date(now).toISOString() },
    identity: payload(identity),
    answer_by: new Date(now + 60_000).toISOString(),
  }
}

/** The same payload with another name of the originator, a natural person in the 2023 edition. */
export function renamed(
  ivms101: string,
  name: { readonly primary: string; readonly secondary: string } | undefined,
): string {
  if (name === undefined) return ivms101
  const json = JSON.parse(ivms101)
  const [{ naturalPerson }] = json.originator.originatorPerson
  const { nameIdentifier } = naturalPerson.name
  const [first] = nameIdentifier
  naturalPerson.name = {
    nameIdentifier: [{ ...first, primaryIdentifier: name.primary, secondaryIdentifier: name.secondary }],
  }
  return JSON.stringify(json)
}

/** The same payload with another name of the beneficiary, a natural person in the 2023 edition. */
export function withBeneficiary(
  ivms101: string,
  name: { readonly primary: string; readonly secondary: string },
): string {
  const json = JSON.parse(ivms101)
  const [{ naturalPerson }] = json.beneficiary.beneficiaryPerson
  const [first] = naturalPerson.name.nameIdentifier
  naturalPerson.name = {
    nameIdentifier: [{ ...first, primaryIdentifier: name.primary, secondaryIdentifier: name.secondary }],
  }
  return JSON.stringify(json)
}
