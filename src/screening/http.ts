/**
 * Screening by a service over HTTP, in the vendor-neutral form of docs/screening.md: one POST per screening, answered at once or not at
 * all. Anything but a whole, well-formed answer counts as none.
 */
import { z } from 'zod'
import {
  type ScreeningAnswer,
  type ScreeningProvider,
  type ScreeningRequest,
  ScreeningUnavailable,
} from '../app/ports.ts'
import { parseAccountId } from '../domain/caip.ts'
import type { NameSet } from '../domain/names/index.ts'
import type { ScreeningSubject } from '../domain/screening/screening.ts'
import { entryId, listDate, version } from './text.ts'

export interface HttpSettings {
  readonly url: string
  /** Sent as `Authorization: Bearer`. */
  readonly token: string | undefined
}

const ANSWER_BYTES_MAX = 1_048_576

const Answer = z.object({
  status: z.enum(['complete', 'pending', 'error']),
  lists: z.array(z.object({ id: entryId, version, date: listDate })).max(100),
  results: z
    .array(
      z.object({
        ref: z.string().max(64),
        hits: z
          .array(
            z.object({
              about: z.enum(['sanctions', 'risk']),
              entry: entryId,
              certainty: z.enum(['potential', 'confirmed']),
              score: z.number().min(0).max(100),
            }),
          )
          .max(1_000),
      }),
    )
    .max(200),
})

export function httpProvider({ url, token }: HttpSettings): ScreeningProvider {
  return {
    async screen(request, signal) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(bodyOf(request)),
        signal,
        redirect: 'error',
      }).catch((error: unknown) => failed(signal, error))
      if (response.status !== 200)
        throw new ScreeningUnavailable('SCREENING_ERROR', `the service answered ${response.status}`)
      const text = await readBounded(response).catch((error: unknown) => failed(signal, error))
      return answerOf(text, request)
    },
  }
}

function failed(signal: AbortSignal, cause: unknown): never {
  if (cause instanceof ScreeningUnavailable) throw cause
  const failure = signal.aborted ? 'SCREENING_TIMEOUT' : 'SCREENING_ERROR'
  throw new ScreeningUnavailable(failure, 'the service could not be asked', { cause })
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > ANSWER_BYTES_MAX) throw new ScreeningUnavailable('SCREENING_ERROR', 'the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function answerOf(text: string, { subjects }: ScreeningRequest): ScreeningAnswer {
  const parsed = Answer.safeParse(jsonOf(text))
  if (!parsed.success)
    throw new ScreeningUnavailable('SCREENING_ERROR', 'the answer is not of the agreed form')
  const { status, lists, results } = parsed.data
  if (status === 'error') throw new ScreeningUnavailable('SCREENING_ERROR', 'the service says that it failed')
  const told = new Set(results.map(({ ref }) => ref))
  const isWhole = told.size === results.length && subjects.every(({ ref }) => told.has(ref))
  if (status !== 'complete' || lists.length === 0 || !isWhole || told.size !== subjects.length)
    throw new ScreeningUnavailable('SCREENING_INCOMPLETE', 'the service has not answered for every subject')
  return {
    lists,
    hits: results.flatMap(({ ref, hits }) => hits.map((hit) => ({ ref, ...hit }))),
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function bodyOf({ caseId, direction, asset, amount, fiat, subjects }: ScreeningRequest) {
  return {
    case_id: caseId,
    direction,
    asset,
    amount,
    ...(fiat && { fiat: { amount: fiat.amount, currency: fiat.currency } }),
    subjects: subjects.map(subjectOf),
  }
}

function subjectOf(subject: ScreeningSubject) {
  const { ref, kind } = subject
  if (kind === 'address') {
    const account = parseAccountId(subject.account)
    const chain = account && `${account.chain.namespace}:${account.chain.reference}`
    return { ref, kind, chain: chain ?? '', address: account?.address ?? subject.account }
  }
  const { dateOfBirth } = subject.names
  return {
    ref,
    kind: kind === 'natural' ? 'person' : 'entity',
    names: textsOf(subject.names),
    ...(dateOfBirth !== undefined && { birth_date: dateOfBirth }),
  }
}

/** Given names first, as lists have them. */
function textsOf({ names = [], legalNames = [], local = [], phonetic = [] }: NameSet): readonly string[] {
  const all = [...names, ...legalNames, ...local, ...phonetic]
  const texts = all.map((name) =>
    'name' in name ? name.name : `${name.secondary ?? ''} ${name.primary}`.trim(),
  )
  return [...new Set(texts)]
}
