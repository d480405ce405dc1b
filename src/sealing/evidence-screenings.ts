/** The screenings of a bundle: whom, against which version of which list, when, with what result; as the audit log has their digests. */
import canonicalize from 'canonicalize'
import { z } from 'zod'
import { EnvelopeRefusal } from '../domain/envelope/refusal.ts'
import { type Bundle, commitmentOf, sha256 } from './evidence-bundle.ts'
import type { Case } from './evidence-case.ts'

const Record = z.looseObject({
  at: z.iso.datetime({ precision: 3 }),
  // Records from before subjects were committed to have none.
  subjects: z.array(z.object({ ref: z.string(), kind: z.string(), commitment: z.string() })).default([]),
  results: z.array(
    z.looseObject({
      provider: z.string(),
      lists: z.array(z.object({ id: z.string(), version: z.string(), date: z.string() })),
      hits: z.array(
        z.object({
          ref: z.string(),
          about: z.string(),
          entry: z.string(),
          certainty: z.string(),
          score: z.number(),
        }),
      ),
      failure: z.string().optional(),
    }),
  ),
})
type Record = z.infer<typeof Record>

export function checkScreenings(given: Case): void {
  const { bundle, fail, say } = given
  const records = new Map<number, Record>()
  for (const { version, record } of bundle.screenings) {
    const where = `screening of version ${version}`
    const parsed = Record.safeParse(record).data
    if (parsed === undefined || records.has(version)) {
      fail('SCREENING', where, 'it cannot be read, or is there twice')
      continue
    }
    records.set(version, parsed)
    const fits = digestFits(bundle, version, record)
    if (fits === false) fail('SCREENING', where)
    const proof =
      fits === undefined ? `the word of ${bundle.exporter}` : fits ? 'as the audit log says' : 'NOT PROVEN'
    for (const text of outcomesOf(parsed))
      say(parsed.at, `${bundle.exporter} screened ${text}`, proof, fits !== false)
  }
  for (const { type, version, data } of bundle.events)
    if (type === 'screened' && data['digest'] !== undefined && !records.has(version))
      fail('SCREENING', `screening of version ${version}`, 'it is missing')
  checkOpenings(given, records)
}

/** Undefined where the audit log has no digest of it: it was screened by a gateway that kept none. */
function digestFits({ events }: Bundle, version: number, record: unknown): boolean | undefined {
  const told = events
    .filter((event) => event.type === 'screened' && event.version === version)
    .map(({ data }) => data['digest'])
  if (told.every((digest) => digest === undefined)) return undefined
  const digest = sha256(canonicalize(record) ?? '')
  return told.every((one) => one === digest)
}

function outcomesOf({ subjects, results }: Record): string[] {
  const whom = subjects.length === 0 ? 'the parties' : subjects.map(({ ref }) => ref).join(', ')
  return results.map(({ provider, lists, hits, failure }) => {
    const against = lists.map(({ id, version, date }) => `${id} version ${version} of ${date}`).join(', ')
    const found = hits.map(
      ({ ref, about, entry, certainty, score }) =>
        `${ref} by entry ${entry} (${about}, ${certainty}, score ${score})`,
    )
    if (failure !== undefined) return `${whom} by ${provider}: no usable answer, ${failure}`
    return `${whom} by ${provider} against ${against}: ${found.length === 0 ? 'no hit' : found.join('; ')}`
  })
}

function checkOpenings({ bundle, fail, say }: Case, records: ReadonlyMap<number, Record>): void {
  for (const { version, ref, salt, subject } of bundle.personal?.screened ?? []) {
    const record = records.get(version)
    const committed = record?.subjects.find((one) => one.ref === ref)?.commitment
    if (record === undefined || committed === undefined || committed !== commitmentOrNothing(salt, subject))
      fail('SCREENING', `${ref} of version ${version}`, 'it is not who was looked for')
    else
      say(
        record.at,
        `${bundle.exporter} screened as ${ref}: ${describe(subject)}`,
        'fits the salted commitment',
      )
  }
}

function commitmentOrNothing(...[salt, subject]: Parameters<typeof commitmentOf>): string | undefined {
  try {
    return commitmentOf(salt, subject)
  } catch (error) {
    if (error instanceof EnvelopeRefusal) return undefined
    throw error
  }
}

const Natural = z.object({ primary: z.string(), secondary: z.string() })
const Legal = z.object({ name: z.string() })
const Subject = z.object({
  account: z.string().optional(),
  names: z
    .object({
      names: z.array(Natural).optional(),
      legalNames: z.array(Legal).optional(),
      local: z.array(z.union([Natural, Legal])).optional(),
      dateOfBirth: z.string().optional(),
    })
    .optional(),
})

function describe(subject: unknown): string {
  const { account, names } = Subject.safeParse(subject).data ?? {}
  if (account !== undefined) return account
  const all = [...(names?.names ?? []), ...(names?.legalNames ?? []), ...(names?.local ?? [])]
  const texts = all.map((name) => ('name' in name ? name.name : `${name.secondary} ${name.primary}`.trim()))
  const born = names?.dateOfBirth === undefined ? '' : `, born ${names.dateOfBirth}`
  return `${texts.join(' / ')}${born}`
}
