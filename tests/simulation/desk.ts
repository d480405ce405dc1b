/** A caller that repeats a call until it has an answer, at whichever replica is up: same request, same request_id. */
import type { CallerRole, Gateway, Request } from '../../src/app/gateway.ts'
import type { Random } from '../../src/chaos/random.ts'
import { Refusal, type RefusalCode } from '../../src/domain/refusal.ts'
import { Lost, type Replica } from './replica.ts'
import type { Life, Scheduler } from './scheduler.ts'

/** Answers that ask for the call again. */
const AGAIN: ReadonlySet<RefusalCode> = new Set([
  'TRANSFER_CHANGED',
  'REQUEST_IN_FLIGHT',
  'STORE_UNAVAILABLE',
  'OVERLOADED',
])
const PATIENCE_MILLISECONDS = 5_000
/** Nobody begins anything so shortly before the desk closes. */
const LAST_CALL_MILLISECONDS = 300_000

export type Answer<T> = { readonly ok: T } | { readonly refused: RefusalCode }

export interface DeskParts {
  readonly scheduler: Scheduler
  readonly random: Random
  replicasOf(vaspId: string): readonly Replica[]
  complain(who: string, error: unknown): void
  /** No more calls are made from then on. */
  readonly closesAt: number
  /** A call that had no answer by then. */
  unanswered(vaspId: string, what: string): void
}

export interface Desk {
  readonly vaspId: string
  /** Changes something, once. Undefined when nobody ever answered. */
  ask<T>(
    method: string,
    requestId: string,
    call: (gateway: Gateway, request: Request) => Promise<T>,
    role?: CallerRole,
  ): Promise<Answer<T> | undefined>
  /** Looks at something, once; undefined without an answer. */
  look<T>(call: (gateway: Gateway) => Promise<T>): Promise<T | undefined>
  pause(milliseconds: number): Promise<void>
}

export function desk(name: string, vaspId: string, parts: DeskParts): Desk {
  const { scheduler, random } = parts
  const life: Life = { name, dead: false }
  const pause = (milliseconds: number) => scheduler.wait(life, 'looks up', milliseconds)

  async function attempt<T>(call: (gateway: Gateway) => Promise<T>): Promise<Answer<T> | undefined> {
    const up = parts.replicasOf(vaspId).filter(({ isUp }) => isUp)
    if (up.length === 0) return undefined
    // Out of impatience, now and then at two at once.
    if (random.chance(0.1)) void call(random.pick(up).gateway).catch((error: unknown) => expected(error))
    const patience = pause(random.about(PATIENCE_MILLISECONDS) + 1_000).then(() => undefined)
    const answer = call(random.pick(up).gateway).then(
      (ok): Answer<T> => ({ ok }),
      (error: unknown): Answer<T> | undefined =>
        error instanceof Refusal ? { refused: error.code } : expected(error),
    )
    return Promise.race([answer, patience])
  }

  function expected(error: unknown): undefined {
    if (!(error instanceof Refusal) && !(error instanceof Lost)) parts.complain(name, error)
  }

  return {
    vaspId,
    pause,
    async ask(method, requestId, call, role = 'integrator') {
      if (scheduler.now() > parts.closesAt - LAST_CALL_MILLISECONDS) return undefined
      const request: Request = { caller: { vaspId, role }, method, requestId, fingerprint: requestId }
      while (scheduler.now() < parts.closesAt) {
        const answer = await attempt((gateway) => call(gateway, request))
        const isAnswer = answer !== undefined && !('refused' in answer && AGAIN.has(answer.refused))
        if (isAnswer) {
          scheduler.note(name, `${method} ${requestId}: ${'refused' in answer ? answer.refused : 'ok'}`)
          return answer
        }
        await pause(random.about(500))
      }
      parts.unanswered(vaspId, `${method} ${requestId}`)
      return undefined
    },
    async look(call) {
      const answer = await attempt(call)
      return answer !== undefined && 'ok' in answer ? answer.ok : undefined
    },
  }
}
