/** A call may be repeated: the first outcome counts, and other content under the same key is refused. */
import { Refusal } from '../domain/refusal.ts'
import type { Outcome, Request } from './gateway.ts'
import type { IdempotencyKey, TransferStore } from './ports.ts'

export function callerName({ caller }: Pick<Request, 'caller'>): string {
  return `caller:${caller.vaspId}/${caller.role}`
}

export function keyOf(request: Request): IdempotencyKey {
  const { method, requestId, fingerprint } = request
  return { caller: callerName(request), method, requestId, fingerprint }
}

/** The resource that an earlier call with this key made or changed. Throws Refusal REQUEST_ID_REUSED. */
async function earlierOutcome(
  store: Pick<TransferStore, 'outcome'>,
  request: Request,
): Promise<string | undefined> {
  const known = await store.outcome(request.caller.vaspId, keyOf(request))
  if (known === undefined) return undefined
  if (known.fingerprint !== request.fingerprint) throw new Refusal('REQUEST_ID_REUSED')
  return known.resourceId
}

export interface Done<T> {
  readonly outcome: string
  readonly resourceId: string
  /** The resource as the work left it, when it is at hand; else it is loaded. */
  readonly value?: T | undefined
}

/** Answers an earlier call's outcome, or does the work; `load` shows the resource as it is now. */
export async function once<T>(
  store: Pick<TransferStore, 'outcome'>,
  request: Request,
  work: (key: IdempotencyKey) => Promise<Done<T>>,
  load: (resourceId: string) => Promise<T>,
  { lookFirst = true } = {},
): Promise<Outcome<T>> {
  const before = lookFirst ? await earlierOutcome(store, request) : undefined
  if (before !== undefined) return { value: await load(before), replayed: true }
  const { outcome, resourceId, value } = await work(keyOf(request)).catch(async (error: unknown) => {
    // What has become impossible may be so because this very call was done, before or at the same time.
    const done = error instanceof Refusal ? await earlierOutcome(store, request) : undefined
    if (done === undefined) throw error
    return { outcome: 'request-known', resourceId: done, value: undefined }
  })
  // Where nothing changed, the same call may just have done it.
  const after = outcome === 'committed' ? undefined : await earlierOutcome(store, request)
  if (after !== undefined) return { value: await load(after), replayed: true }
  if (outcome === 'request-known') throw new Error('an outcome that is known can be read')
  return { value: value ?? (await load(resourceId)), replayed: false }
}
