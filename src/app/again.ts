/** Others write too: a pong, a card, another replica. Whoever only lost to one of them reads and decides again. */
import { Refusal } from '../domain/refusal.ts'
import type { CommitOutcome } from './ports.ts'

/** Each round loses only to a writer that got through, so few rounds mean many writers. */
const ROUNDS_MAX = 8

/** `attempt` reads, decides and writes. Throws Refusal TRANSFER_CHANGED, about `what`, when others were faster again and again. */
export async function untilWritten(
  what: string,
  attempt: () => Promise<CommitOutcome>,
): Promise<Exclude<CommitOutcome, 'conflict'>> {
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const outcome = await attempt()
    if (outcome !== 'conflict') return outcome
  }
  throw new Refusal('TRANSFER_CHANGED', what)
}
