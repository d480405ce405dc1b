/**
 * ESMA's interim MiCA register of crypto-asset service providers (Regulation (EU) 2023/1114, Article 109), as the CSV file that ESMA
 * publishes weekly and the operator puts where the setting says. Columns by name; a firm may have several rows; dates are DD/MM/YYYY.
 * The file is not trusted to be whole: with fewer rows than the floor, or too old, it says nothing.
 */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import {
  type DirectoryAnswer,
  type DirectorySource,
  type DirectorySubject,
  SourceUnavailable,
} from '../app/ports.ts'
import { domainsIn } from './domains.ts'
import { legalNameOutcome } from './names.ts'

export interface EsmaSettings {
  readonly name: string
  readonly file: string
  /** Fewer rows mean that the download was cut short. */
  readonly rowsMin: number
  /** How long the register is believed after its file was fetched (the file's time of change). */
  readonly validSeconds: number
}

const COLUMNS = {
  authority: 'ae_competentauthority',
  memberState: 'ae_homememberstate',
  legalName: 'ae_lei_name',
  lei: 'ae_lei',
  commercialName: 'ae_commercial_name',
  website: 'ae_website',
  platform: 'ae_website_platform',
  from: 'ac_authorisationnotificationdate',
  until: 'ac_authorisationenddate',
} as const

type Row = { readonly [C in keyof typeof COLUMNS]: string } & { readonly sha256: string }

const FILE_BYTES_MAX = 64_000_000
const REQUIRED: readonly (keyof typeof COLUMNS)[] = ['legalName', 'lei', 'from', 'until']

export function esmaRegister({ name, file, rowsMin, validSeconds }: EsmaSettings): DirectorySource {
  let read: { readonly changed: number; readonly rows: readonly Row[] } | undefined

  async function rows(): Promise<{ readonly rows: readonly Row[]; readonly fetchedAt: Date }> {
    const { mtimeMs: changed, size } = await stat(file).catch((cause: unknown) => {
      throw new SourceUnavailable('FILE_UNREADABLE', { cause })
    })
    if (size > FILE_BYTES_MAX) throw new SourceUnavailable('FILE_TOO_LARGE')
    if (read?.changed !== changed) read = { changed, rows: parseRegister(await readFile(file)) }
    if (read.rows.length < rowsMin) throw new SourceUnavailable('FILE_SHORT')
    return { rows: read.rows, fetchedAt: new Date(changed) }
  }

  return {
    name,
    proves: 'licence',
    async check(subject, now) {
      const { rows: all, fetchedAt } = await rows()
      const believedUntil = new Date(fetchedAt.getTime() + validSeconds * 1000)
      if (believedUntil <= now) throw new SourceUnavailable('FILE_OLD')
      return answer(subject, all, now, believedUntil)
    },
  }
}

/** Throws SourceUnavailable when it is no such file. Rows that are too short or too long are kept as they are. */
export function parseRegister(bytes: Uint8Array): readonly Row[] {
  const text = decode(bytes)
  const [header = ''] = text.split(/\r?\n/, 1)
  const delimiter =
    [',', ';', '\t'].toSorted((a, b) => header.split(b).length - header.split(a).length)[0] ?? ','
  let records: string[][]
  try {
    records = parse(text, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      // One broken row must not take the other firms away.
      skip_records_with_error: true,
      trim: true,
    })
  } catch (cause) {
    throw new SourceUnavailable('FILE_MALFORMED', { cause })
  }
  const [names = [], ...body] = records
  const at = new Map(names.map((column, index) => [column.trim().toLowerCase(), index]))
  if (REQUIRED.some((column) => !at.has(COLUMNS[column]))) throw new SourceUnavailable('COLUMNS_MISSING')
  return body.map((record) => rowOf(record, at))
}

function rowOf(record: readonly string[], at: ReadonlyMap<string, number>): Row {
  const cell = (column: keyof typeof COLUMNS) => record[at.get(COLUMNS[column]) ?? -1]?.trim() ?? ''
  return {
    authority: cell('authority'),
    memberState: cell('memberState'),
    legalName: cell('legalName'),
    lei: cell('lei').toUpperCase(),
    commercialName: cell('commercialName'),
    website: cell('website'),
    platform: cell('platform'),
    from: cell('from'),
    until: cell('until'),
    sha256: createHash('sha256').update(JSON.stringify(record)).digest('hex'),
  }
}

/** UTF-8 with or without its byte order mark, also one that was mangled on the way (`ï»¿`); else Latin-1. */
function decode(bytes: Uint8Array): string {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    text = Buffer.from(bytes).toString('latin1')
  }
  return text.replace(/^(?:\uFEFF|\u00EF\u00BB\u00BF)+/, '')
}

function answer(
  subject: DirectorySubject,
  all: readonly Row[],
  now: Date,
  believedUntil: Date,
): DirectoryAnswer {
  const own = subject.lei === undefined ? [] : all.filter(({ lei }) => lei === subject.lei)
  if (own.length === 0) return byNameOnly(subject, all)
  const [first] = own
  if (first === undefined) return { outcome: 'absent' }
  const name = legalNameOutcome(
    subject.legalName,
    own.flatMap(({ legalName, commercialName }) => [legalName, commercialName]),
  )
  if (name !== 'match')
    return {
      outcome: 'unclear',
      code: name === 'review' ? 'NAME_REVIEW' : 'NAME_DIFFERS',
      reference: referenceOf(first),
    }
  const judged = own.map((row) => ({ row, from: dayOf(row.from), until: dayOf(row.until) }))
  if (judged.some(({ from, until }) => from === 'unreadable' || until === 'unreadable'))
    return { outcome: 'unclear', code: 'DATE_UNREADABLE', reference: referenceOf(first) }
  const good = judged.find(({ from, until }) => hasBegun(from, now) && !hasEnded(until, now))
  if (good === undefined)
    return notNow(
      judged.every(({ until }) => hasEnded(until, now)),
      first,
    )
  const ends = good.until instanceof Date ? endOf(good.until) : believedUntil
  return {
    outcome: 'proven',
    reference: referenceOf(good.row),
    expiresAt: ends < believedUntil ? ends : believedUntil,
    domains: domainsIn(...own.flatMap(({ website, platform }) => [website, platform])),
  }
}

function notNow(allEnded: boolean, row: Row): DirectoryAnswer {
  const reference = referenceOf(row)
  return allEnded
    ? { outcome: 'refuted', code: 'LICENCE_ENDED', reference }
    : { outcome: 'unclear', code: 'LICENCE_NOT_BEGUN', reference }
}

/** Rows without an LEI are kept; a name alone is no proof, and tells a person where to look. */
function byNameOnly({ legalName }: DirectorySubject, all: readonly Row[]): DirectoryAnswer {
  const row = all.find(
    ({ lei, legalName: name }) => lei === '' && legalNameOutcome(legalName, [name]) === 'match',
  )
  return row === undefined
    ? { outcome: 'absent' }
    : { outcome: 'unclear', code: 'NAME_ONLY', reference: referenceOf(row) }
}

function referenceOf({ authority, memberState, from, sha256 }: Row): string {
  const who = [authority, memberState]
    .filter((part) => part !== '')
    .join(', ')
    .slice(0, 120)
  return `ESMA CASP register: ${who}; since ${from || 'unknown'}; row sha256 ${sha256.slice(0, 32)}`
}

type Day = Date | 'none' | 'unreadable'

/** `31/12/2026`, or as others write it, `2026-12-31`. */
function dayOf(text: string): Day {
  if (text === '') return 'none'
  const european = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$/.exec(text)
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text)
  const [year, month, day] = european
    ? [european[3], european[2], european[1]]
    : [iso?.[1], iso?.[2], iso?.[3]]
  const written = [year, month?.padStart(2, '0'), day?.padStart(2, '0')].join('-')
  const date = new Date(`${written}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== written ? 'unreadable' : date
}

function hasBegun(from: Day, now: Date): boolean {
  return !(from instanceof Date) || from <= now
}

/** The day of the end still counts. */
function hasEnded(until: Day, now: Date): boolean {
  return until instanceof Date && endOf(until) <= now
}

function endOf(day: Date): Date {
  return new Date(day.getTime() + 86_400_000)
}
