/**
 * A directory that somebody whom we trust keeps and signs: a compact JWS of type `tamga-directory+jws` in a local file, whose entries say
 * of VASPs what licence they have, until when, and which domains are theirs. docs/counterparties.md has its format.
 */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import {
  type DirectoryAnswer,
  type DirectorySource,
  type DirectorySubject,
  SourceUnavailable,
} from '../app/ports.ts'
import { PERIMETERS } from '../domain/counterparty/counterparty.ts'
import { legalNameOutcome } from './names.ts'

export interface SignedFileSettings {
  readonly name: string
  readonly file: string
}

/** Checks the signature with the keys that are configured for this directory, and gives the signed text. */
export type VerifyDirectory = (token: string, now: Date) => Promise<string>

const text = z.string().min(1).max(200)
const Entry = z.strictObject({
  vasp_id: z.string().regex(/^[a-z0-9_]{1,32}$/),
  legal_name: text,
  country: z.string().regex(/^[A-Z]{2}$/),
  lei: z
    .string()
    .regex(/^[0-9A-Z]{18}[0-9]{2}$/)
    .exactOptional(),
  licence: z.strictObject({
    regulator: text,
    number: text,
    status: z.enum(['active', 'suspended', 'withdrawn']),
    perimeter: z.enum(PERIMETERS).exactOptional(),
    until: z.iso.datetime().exactOptional(),
  }),
  domains: z
    .array(z.string().regex(/^[a-z0-9.-]{3,253}$/))
    .max(50)
    .default([]),
})
type Entry = z.infer<typeof Entry>

const Directory = z.strictObject({
  issuer: text,
  iat: z.int().min(0),
  exp: z.int().min(0),
  entries: z.array(Entry).max(50_000),
})

export function signedDirectory(
  { name, file }: SignedFileSettings,
  verify: VerifyDirectory,
): DirectorySource {
  return {
    name,
    proves: 'licence',
    async check(subject, now) {
      const token = await readFile(file, 'utf8').catch((cause: unknown) => {
        throw new SourceUnavailable('FILE_UNREADABLE', { cause })
      })
      const { exp, iat, issuer, entries } = parse(
        await verify(token.trim(), now).catch((cause: unknown) => {
          throw new SourceUnavailable('SIGNATURE', { cause })
        }),
      )
      if (iat * 1000 > now.getTime() + 60_000) throw new SourceUnavailable('FROM_THE_FUTURE')
      if (exp * 1000 <= now.getTime()) throw new SourceUnavailable('FILE_OLD')
      const own = entries.filter(({ vasp_id: id }) => id === subject.vaspId)
      // Two entries for one VASP: which is true is not ours to say.
      if (own.length > 1) throw new SourceUnavailable('ENTRY_REPEATED')
      const [entry] = own
      return entry === undefined
        ? { outcome: 'absent' }
        : answer(subject, entry, issuer, new Date(exp * 1000), now)
    },
  }
}

function parse(payload: string): z.infer<typeof Directory> {
  try {
    return Directory.parse(JSON.parse(payload))
  } catch (cause) {
    throw new SourceUnavailable('MALFORMED', { cause })
  }
}

function answer(
  subject: DirectorySubject,
  entry: Entry,
  issuer: string,
  expiresAt: Date,
  now: Date,
): DirectoryAnswer {
  const { regulator, number, status, perimeter, until } = entry.licence
  const reference = `${issuer}: ${regulator} ${number}, ${status}`.slice(0, 250)
  if (entry.lei !== undefined && subject.lei !== undefined && entry.lei !== subject.lei)
    return { outcome: 'unclear', code: 'LEI_DIFFERS', reference }
  if (entry.country !== subject.country) return { outcome: 'unclear', code: 'COUNTRY_DIFFERS', reference }
  const name = legalNameOutcome(subject.legalName, [entry.legal_name])
  if (name !== 'match')
    return { outcome: 'unclear', code: name === 'review' ? 'NAME_REVIEW' : 'NAME_DIFFERS', reference }
  if (status !== 'active') return { outcome: 'refuted', code: `LICENCE_${status.toUpperCase()}`, reference }
  const ends = until === undefined ? expiresAt : new Date(until)
  if (ends <= now) return { outcome: 'refuted', code: 'LICENCE_ENDED', reference }
  return {
    outcome: 'proven',
    reference,
    expiresAt: ends < expiresAt ? ends : expiresAt,
    domains: entry.domains,
    ...(perimeter !== undefined && { perimeter }),
  }
}
