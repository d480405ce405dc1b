/** A screening between its row and what it is made of: the record lies in clear, what opens its commitments encrypted. */
import { z } from 'zod'
import type { DataKey, FieldVault } from '../app/ports.ts'
import type { Screening } from '../domain/screening/screening.ts'
import type { JsonObject, JsonValue } from '../domain/strict-json.ts'

const Json: z.ZodType<JsonValue> = z.json()
const Openings = z.array(z.record(z.string(), Json))

const placeOf = (transferId: string, version: number) => ({
  table: 'screenings',
  row: `${transferId}/${version}`,
  column: 'openings',
})

export function screeningRow(
  { record, openings }: Screening,
  { id, version }: { readonly id: string; readonly version: number },
  key: DataKey,
  vault: FieldVault,
): object {
  const sealed = vault.encrypt(key, placeOf(id, version), JSON.stringify(openings))
  return { record, openings: Buffer.from(sealed).toString('base64') }
}

export function openingsOf(
  sealed: Uint8Array,
  { id, version }: { readonly id: string; readonly version: number },
  key: DataKey,
  vault: FieldVault,
): readonly JsonObject[] {
  return Openings.parse(JSON.parse(vault.decrypt(key, placeOf(id, version), sealed)))
}
