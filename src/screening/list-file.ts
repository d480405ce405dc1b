/**
 * A list of sanctioned persons and addresses as a file: JSON, or CSV for spreadsheets. Believed only when its SHA-256 is the configured
 * one, or when `<file>.sig` is its Ed25519 signature (RFC 8032) by the configured key. docs/screening.md has both forms.
 */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { z } from 'zod'
import { ScreeningUnavailable } from '../app/ports.ts'
import { canonicalAccountId } from '../domain/caip.ts'
import type { ScreeningList } from '../domain/screening/screening.ts'
import { parseCsv } from './csv.ts'
import { entryId, listDate, version } from './text.ts'

/** A whole name in one text, as lists have it. */
const name = z.string().min(1).max(300)
const account = z.string().transform((text, ctx) => {
  const canonical = canonicalAccountId(text)
  if (canonical !== undefined) return canonical
  ctx.addIssue({ code: 'custom', message: 'no CAIP-10 account' })
  return z.NEVER
})

const Entry = z.discriminatedUnion('kind', [
  z.strictObject({
    id: entryId,
    kind: z.literal('natural'),
    names: z.array(name).min(1).max(50),
    birth_date: z.iso.date().exactOptional(),
  }),
  z.strictObject({ id: entryId, kind: z.literal('legal'), names: z.array(name).min(1).max(50) }),
  z.strictObject({ id: entryId, kind: z.literal('address'), accounts: z.array(account).min(1).max(1_000) }),
])
export type ListEntry = z.output<typeof Entry>

/** Addresses are looked up; names are compared one by one, which more than a few thousand make too slow. */
const ENTRIES_MAX = 200_000
const NAMED_MAX = 5_000
const List = z.strictObject({
  list: entryId,
  version,
  date: listDate,
  entries: z
    .array(Entry)
    .min(1)
    .max(ENTRIES_MAX)
    .refine(
      (entries) => entries.filter(({ kind }) => kind !== 'address').length <= NAMED_MAX,
      'more names than can be compared in time; use a screening service',
    ),
})

export type Integrity = { readonly sha256: string } | { readonly ed25519: string }

export interface SanctionsList extends ScreeningList {
  readonly entries: readonly ListEntry[]
}

/** `signature` is the text of `<file>.sig`, base64. Throws ScreeningUnavailable SCREENING_LIST_UNTRUSTED. */
export function readList(bytes: Buffer, integrity: Integrity, signature: string | undefined): SanctionsList {
  if (!isGenuine(bytes, integrity, signature))
    throw new ScreeningUnavailable('SCREENING_LIST_UNTRUSTED', 'the list is not the one that was agreed on')
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  const parsed = List.safeParse(text.trimStart().startsWith('{') ? jsonOf(text) : fromCsv(text))
  // The list's own text may be personal data: only where it is wrong is told.
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.map(String).join('/') ?? ''
    throw new ScreeningUnavailable(
      'SCREENING_LIST_UNTRUSTED',
      `the list is not of the known form at ${where}`,
    )
  }
  const { list, entries, ...dated } = parsed.data
  return { id: list, ...dated, entries }
}

function isGenuine(bytes: Buffer, integrity: Integrity, signature: string | undefined): boolean {
  if ('sha256' in integrity) return createHash('sha256').update(bytes).digest('hex') === integrity.sha256
  if (signature === undefined) return false
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: integrity.ed25519 }, format: 'jwk' })
  return verify(null, bytes, key, Buffer.from(signature.trim(), 'base64'))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** First row: `list,<id>,<version>,<date>`; then `id,kind,value,birth_date`, one value a row; rows with one id are one entry. */
function fromCsv(text: string): unknown {
  const [head = [], ...rows] = parseCsv(text)
  const [word, list, of, date] = head
  if (word !== 'list') return undefined
  const entries = new Map<string, { id: string; kind: string; values: string[]; birthDate: string }>()
  for (const [id = '', kind = '', value = '', birthDate = ''] of rows) {
    const entry = entries.get(id) ?? { id, kind, values: [], birthDate }
    entries.set(id, { ...entry, values: [...entry.values, value] })
  }
  return {
    list,
    version: of,
    date,
    entries: [...entries.values()].map(({ id, kind, values, birthDate }) => ({
      id,
      kind,
      ...(kind === 'address' ? { accounts: values } : { names: values }),
      ...(birthDate !== '' && { birth_date: birthDate }),
    })),
  }
}
