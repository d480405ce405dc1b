/** Asks every provider that a VASP's policy names, each within its time; what is not answered is told as such, never as clean. */
import { canonicalAccountId } from '../domain/caip.ts'
import type { Counterparty } from '../domain/counterparty/counterparty.ts'
import type { LocalVasp } from '../domain/policy.ts'
import type { ProviderResult, Screening, ScreeningSubject } from '../domain/screening/screening.ts'
import { rescreened } from '../domain/transfer/holds.ts'
import { isFinal } from '../domain/transfer/states.ts'
import type { Fiat } from '../domain/transfer/transfer.ts'
import { applyStep } from './apply-step.ts'
import { readIdentity } from './checks.ts'
import { namesIn } from './names-in.ts'
import { localVasp, type Parts } from './parts.ts'
import { type ScreeningRequest, ScreeningUnavailable } from './ports.ts'
import { screeningOf } from './screening-record.ts'

/** A transfer of the local VASP's customer to somebody. Undefined, at once, where the policy asks for no screening. */
export async function screenOutbound(
  parts: Parts,
  about: Omit<Screened, 'caseId' | 'direction' | 'peer'> & {
    readonly vaspId: string
    readonly id: string
    readonly counterpartyId: string | undefined
  },
): Promise<Screening | undefined> {
  const { vaspId, id, counterpartyId } = about
  const vasp = localVasp(parts, vaspId)
  if (vasp.policy.screening === undefined) return undefined
  const peer =
    counterpartyId === undefined ? undefined : await parts.counterparties.recent(vaspId, counterpartyId)
  return screen(parts, vasp, { ...about, caseId: id, direction: 'outbound', peer })
}

/** Screens again what waits for a usable answer. Returns how many transfers changed. */
export async function rescreenHeld(parts: Parts, vaspId: string): Promise<number> {
  if (localVasp(parts, vaspId).policy.screening === undefined) return 0
  const reasons = ['SCREENING_UNAVAILABLE'] as const
  let changed = 0
  let pageToken: string | undefined
  do {
    const page = await parts.transfers.listHolds(vaspId, {
      reasons,
      pageSize: 200,
      ...(pageToken !== undefined && { pageToken }),
    })
    for (const { transferId } of page.items) if (await rescreen(parts, vaspId, transferId)) changed++
    pageToken = page.nextPageToken
  } while (pageToken !== undefined)
  return changed
}

/** Nothing is written while there still is no usable answer. */
async function rescreen(parts: Parts, vaspId: string, transferId: string): Promise<boolean> {
  const vasp = localVasp(parts, vaspId)
  let screening: Screening | undefined
  const applied = await applyStep(parts, {
    vaspId,
    transferId,
    actor: 'policy',
    screening: () => screening,
    async decide(current, ctx) {
      if (current === undefined || isFinal(current.state)) return undefined
      const { counterpartyId, role, secret } = current
      const direction = role === 'originator' ? 'outbound' : 'inbound'
      const peer =
        counterpartyId === undefined ? undefined : await parts.counterparties.recent(vaspId, counterpartyId)
      const { identity, destination } = secret
      const about = {
        ...current,
        caseId: current.id,
        direction,
        peer,
        identity,
        destination,
        fiat: current.fiat,
      } as const
      screening = await screen(parts, vasp, about)
      if (screening === undefined || screening.record.results.some(({ failure }) => failure !== undefined))
        return undefined
      return rescreened(current, screening, ctx)
    },
  })
  return applied.outcome === 'committed'
}

export interface Screened {
  readonly caseId: string
  readonly direction: 'outbound' | 'inbound'
  readonly asset: string
  readonly amount: string
  readonly fiat: Fiat | undefined
  /** IVMS101 JSON text; absent for a deposit without data. */
  readonly identity: string | undefined
  readonly peer: Counterparty | undefined
  readonly destination: string
  /** CAIP-10 accounts that the asset came from, where they are known. */
  readonly sources?: readonly string[]
}

/** Undefined, at once, where the policy asks for no screening. Never throws for a provider's sake. */
export async function screen(
  parts: Pick<Parts, 'clock' | 'screeners' | 'log'>,
  { policy }: LocalVasp,
  about: Screened,
): Promise<Screening | undefined> {
  if (policy.screening === undefined) return undefined
  const { providers, timeoutMilliseconds } = policy.screening
  const at = parts.clock.now()
  const request = requestOf(about, at)
  const results = await Promise.all(providers.map((name) => ask(parts, name, request, timeoutMilliseconds)))
  return screeningOf(at, request.subjects, results)
}

function requestOf(about: Screened, now: Date): ScreeningRequest {
  const { caseId, direction, asset, amount, fiat } = about
  return { caseId, direction, asset, amount, ...(fiat && { fiat }), subjects: subjectsOf(about, now) }
}

/** FATF 2021 Guidance 193-194: both parties by name, and the wallets; the counterparty VASP too. */
function subjectsOf(
  { identity, peer, destination, sources = [] }: Screened,
  now: Date,
): readonly ScreeningSubject[] {
  const payload = identity === undefined ? undefined : readIdentity(identity, now).payload
  const persons = (['originator', 'beneficiary'] as const).flatMap((role) =>
    namesIn(payload, role).map((named, index) => ({ ref: `${role}/${index}`, ...named })),
  )
  const names = { legalNames: [{ name: peer?.legalName ?? '', type: 'LEGL' }] } as const
  const vasp = peer === undefined ? [] : [{ ref: 'counterparty', kind: 'legal', names } as const]
  const accounts = [
    ['destination', destination] as const,
    ...sources.map((source, index) => [`source/${index}`, source] as const),
  ].map(
    ([ref, account]) => ({ ref, kind: 'address', account: canonicalAccountId(account) ?? account }) as const,
  )
  return [...persons, ...vasp, ...accounts]
}

async function ask(
  { screeners, clock, log }: Pick<Parts, 'screeners' | 'clock' | 'log'>,
  provider: string,
  request: ScreeningRequest,
  timeoutMilliseconds: number,
): Promise<ProviderResult> {
  const startedAt = performance.now()
  const taken = () => Math.round(performance.now() - startedAt)
  const { signal, expired, clear } = timeLimit(timeoutMilliseconds)
  try {
    const screener = screeners.get(provider)
    if (screener === undefined) throw new Error('no provider of this deployment has this name')
    const answer = await Promise.race([screener.screen(request, signal, clock.now()), expired])
    return { provider, ...answer, milliseconds: taken() }
  } catch (error) {
    const failure = error instanceof ScreeningUnavailable ? error.failure : 'SCREENING_ERROR'
    log.warn('screening unavailable', { provider, failure })
    return { provider, lists: [], hits: [], failure, milliseconds: taken() }
  } finally {
    clear()
  }
}

/** Whatever a provider does with the signal, nobody waits longer. Not `AbortSignal.timeout`: that one rings for every answer in time too. */
function timeLimit(milliseconds: number) {
  const controller = new AbortController()
  const { promise: expired, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new ScreeningUnavailable('SCREENING_TIMEOUT', 'no answer in time'))
    controller.abort()
  }, milliseconds)
  return { signal: controller.signal, expired, clear: () => clearTimeout(timer) }
}
