/**
 * GLEIF's LEI records (ISO 17442), by its public API: GET /lei-records/{LEI}, JSON:API. Proves that the LEI is issued, its entity is
 * active, and both bear the name and country of the card.
 */
import { z } from 'zod'
import {
  type DirectoryAnswer,
  type DirectorySource,
  type DirectorySubject,
  SourceUnavailable,
} from '../app/ports.ts'
import { legalNameOutcome } from './names.ts'

export interface GleifSettings {
  readonly name: string
  /** As in https://api.gleif.org/api/v1. */
  readonly url: string
  /** How long an answer is believed, at most. */
  readonly validSeconds: number
}

const BODY_BYTES_MAX = 262_144

const LeiRecord = z.object({
  data: z.object({
    attributes: z.object({
      lei: z.string(),
      entity: z.object({
        legalName: z.object({ name: z.string() }),
        otherNames: z.array(z.object({ name: z.string() })).nullish(),
        transliteratedOtherNames: z.array(z.object({ name: z.string() })).nullish(),
        legalAddress: z.object({ country: z.string().nullish() }).nullish(),
        jurisdiction: z.string().nullish(),
        status: z.string().nullish(),
      }),
      registration: z.object({
        status: z.string(),
        nextRenewalDate: z.string().nullish(),
        corroborationLevel: z.string().nullish(),
      }),
    }),
  }),
})
type Attributes = z.infer<typeof LeiRecord>['data']['attributes']
/** A missing record is told in JSON:API's own words; any other 404 is a wrong address. */
const NotFound = z.object({ errors: z.array(z.object({ status: z.coerce.string() })).min(1) })

export function gleifRecords({ name, url, validSeconds }: GleifSettings): DirectorySource {
  return {
    name,
    proves: 'lei',
    async check(subject, now, signal) {
      const { lei } = subject
      if (lei === undefined) return { outcome: 'absent' }
      const record = await fetchRecord(`${url.replace(/\/$/, '')}/lei-records/${lei}`, signal)
      if (record === undefined)
        return { outcome: 'refuted', code: 'LEI_UNKNOWN', reference: `GLEIF: no record of ${lei}` }
      if (record.lei !== lei) throw new SourceUnavailable('OTHER_RECORD')
      return answer(subject, record, now, validSeconds)
    },
  }
}

async function fetchRecord(url: string, signal: AbortSignal): Promise<Attributes | undefined> {
  const response = await fetch(url, {
    headers: { accept: 'application/vnd.api+json' },
    redirect: 'error',
    signal,
  }).catch((cause: unknown) => {
    throw new SourceUnavailable('UNREACHABLE', { cause })
  })
  const json = await jsonOf(response)
  if (response.status === 404) {
    if (NotFound.safeParse(json).data?.errors[0]?.status === '404') return undefined
    throw new SourceUnavailable('HTTP_404')
  }
  if (!response.ok) throw new SourceUnavailable(`HTTP_${response.status}`)
  const record = LeiRecord.safeParse(json)
  if (!record.success) throw new SourceUnavailable('MALFORMED')
  return record.data.data.attributes
}

async function jsonOf(response: Response): Promise<unknown> {
  let size = 0
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > BODY_BYTES_MAX) throw new SourceUnavailable('TOO_LARGE')
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (cause) {
    if (cause instanceof SourceUnavailable) throw cause
    // An error page is no JSON; the status tells what it is.
    if (response.ok) throw new SourceUnavailable('MALFORMED', { cause })
    return undefined
  }
}

function answer(
  { legalName, country }: DirectorySubject,
  { lei, entity, registration }: Attributes,
  now: Date,
  validSeconds: number,
): DirectoryAnswer {
  const { status, nextRenewalDate, corroborationLevel } = registration
  const level = corroborationLevel ?? 'unknown'
  const reference = `GLEIF ${lei}: ${status}, entity ${entity.status ?? 'unknown'}, ${level}`.slice(0, 240)
  if (status !== 'ISSUED') return { outcome: 'refuted', code: `LEI_${codeOf(status)}`, reference }
  if (entity.status !== 'ACTIVE') return { outcome: 'refuted', code: 'ENTITY_INACTIVE', reference }
  const renewal = new Date(nextRenewalDate ?? Number.NaN)
  if (Number.isNaN(renewal.getTime())) return { outcome: 'unclear', code: 'RENEWAL_UNKNOWN', reference }
  if (renewal <= now) return { outcome: 'refuted', code: 'LEI_LAPSED', reference }
  const others = [...(entity.otherNames ?? []), ...(entity.transliteratedOtherNames ?? [])]
  const name = legalNameOutcome(
    legalName,
    [entity.legalName, ...others].map((one) => one.name),
  )
  if (name === 'mismatch') return { outcome: 'refuted', code: 'NAME_DIFFERS', reference }
  if (name === 'review') return { outcome: 'unclear', code: 'NAME_REVIEW', reference }
  const countries = [entity.legalAddress?.country, entity.jurisdiction?.slice(0, 2)]
  if (!countries.includes(country)) return { outcome: 'unclear', code: 'COUNTRY_DIFFERS', reference }
  const believedUntil = new Date(now.getTime() + validSeconds * 1000)
  return { outcome: 'proven', reference, expiresAt: renewal < believedUntil ? renewal : believedUntil }
}

function codeOf(status: string): string {
  return status
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .slice(0, 40)
}
