/**
 * Asks registers and directories again before what they said lapses. Several replicas run this; each due check is one's. A source that
 * cannot be asked changes nothing: what it said before holds until its own expiry, and nothing is proven by silence.
 */
import { type Counterparty, type Proof, withProofs } from '../domain/counterparty/counterparty.ts'
import type { Parts } from './parts.ts'
import { type CheckResult, type DirectoryAnswer, type DueCheck, SourceUnavailable } from './ports.ts'
import { reconsider } from './reconsider.ts'

const BATCH = 20
const ROUNDS_MAX = 5
/** Longer than a source may take. */
const LEASE_SECONDS = 120
const SOURCE_MILLISECONDS = 20_000
/** Registers come out by the week; what is absent or unclear may be mended by the day. */
const REFRESH_SECONDS_MAX = 7 * 86_400
const AGAIN_SECONDS = 86_400
const BACKOFF_SECONDS_MIN = 60
const BACKOFF_SECONDS_MAX = 6 * 3_600

/** True when there may be more. */
export async function revalidate(parts: Parts): Promise<boolean> {
  const names = [...parts.directories.keys()]
  if (names.length === 0) return false
  const now = parts.clock.now()
  for (const vaspId of parts.vasps.keys()) await parts.checks.schedule(vaspId, names, now)
  const due = await parts.checks.claim(names, now, LEASE_SECONDS, BATCH)
  await Promise.all(due.filter(({ vaspId }) => parts.vasps.has(vaspId)).map((check) => run(parts, check)))
  return due.length === BATCH
}

async function run(parts: Parts, due: DueCheck): Promise<void> {
  const { vaspId, counterpartyId, source } = due
  const result = await ask(parts, due).catch((error: unknown): CheckResult => {
    const code = error instanceof SourceUnavailable ? error.code : 'SOURCE_FAILED'
    parts.log.warn('a register or directory could not be asked', { vaspId, counterpartyId, source, code })
    const failures = due.failures + 1
    return { outcome: 'failed', code, failures, nextAt: after(parts.clock.now(), backoffSeconds(failures)) }
  })
  await parts.checks.done(due, result, parts.clock.now())
}

/** 1, 2, 4, … minutes, up to 6 hours. */
export function backoffSeconds(failures: number): number {
  return Math.min(BACKOFF_SECONDS_MAX, BACKOFF_SECONDS_MIN * 2 ** Math.min(failures - 1, 20))
}

async function ask(parts: Parts, { vaspId, counterpartyId, source }: DueCheck): Promise<CheckResult> {
  const directory = parts.directories.get(source)
  const subject = await parts.counterparties.find(vaspId, counterpartyId)
  if (directory === undefined || subject === undefined) throw new SourceUnavailable('NOT_CONFIGURED')
  const now = parts.clock.now()
  const { id, legalName, country, lei } = subject
  const about = { vaspId: id, legalName, country, ...(lei !== undefined && { lei }) }
  const answer = await directory.check(about, now, AbortSignal.timeout(SOURCE_MILLISECONDS))
  const { outcome } = answer
  if (outcome === 'absent') return { outcome, failures: 0, nextAt: after(now, AGAIN_SECONDS) }
  const { reference } = answer
  if (outcome === 'unclear')
    return { outcome, code: answer.code, reference, failures: 0, nextAt: after(now, AGAIN_SECONDS) }
  await record(
    parts,
    vaspId,
    subject,
    directory.name,
    { ...proofOf(answer, now), kind: directory.proves },
    answer,
  )
  if (outcome === 'refuted')
    return { outcome, code: answer.code, reference, failures: 0, nextAt: after(now, AGAIN_SECONDS) }
  return { outcome, reference, failures: 0, nextAt: nextCheck(now, answer.expiresAt) }
}

/** When a third of the time is left, and at least once a week. */
export function nextCheck(now: Date, expiresAt: Date): Date {
  const left = (expiresAt.getTime() - now.getTime()) / 1000
  return after(now, Math.max(60, Math.min(REFRESH_SECONDS_MAX, (left * 2) / 3)))
}

type Statement = Extract<DirectoryAnswer, { outcome: 'proven' | 'refuted' }>

function proofOf(answer: Statement, now: Date): Omit<Proof, 'kind' | 'source'> {
  const { reference } = answer
  if (answer.outcome === 'refuted') return { reference, provenAt: now, expiresAt: now, refuted: answer.code }
  const { expiresAt, perimeter } = answer
  return { reference, provenAt: now, expiresAt, ...(perimeter !== undefined && { perimeter }) }
}

/** Writes the proof with what it came from, then looks at the transfers that it touches. */
async function record(
  parts: Parts,
  vaspId: string,
  asked: Counterparty,
  source: string,
  proof: Omit<Proof, 'source'>,
  answer: Statement,
): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const current = round === 0 ? asked : await parts.counterparties.find(vaspId, asked.id)
    // Another name or LEI than the one asked about: ask again.
    if (current === undefined || current.legalName !== asked.legalName || current.lei !== asked.lei)
      throw new SourceUnavailable('SUBJECT_CHANGED')
    const domains = answer.outcome === 'proven' ? (answer.domains ?? []) : []
    const outcome = await parts.counterparties.save({
      vaspId,
      previousVersion: current.version,
      next: { ...withProofs(current, [{ ...proof, source }]), version: current.version + 1 },
      domains: { source, reference: proof.reference, names: domains },
      outbox: [],
      audit: [
        {
          kind: `counterparty.${answer.outcome}`,
          actor: `directory:${source}`,
          subject: current.id,
          data: {
            proof: proof.kind,
            reference: proof.reference,
            ...(proof.refuted !== undefined && { code: proof.refuted }),
          },
        },
      ],
    })
    if (outcome === 'conflict') continue
    await reconsider(parts, vaspId, current.id)
    return
  }
  throw new SourceUnavailable('CONTENTION')
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
