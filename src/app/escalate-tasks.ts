/** Tasks about counterparties that nobody decided in time go to the MLRO: the clock decides nothing, it says whose turn it is now. */
import { escalated } from '../domain/counterparty/task.ts'
import { localVasp, type Parts } from './parts.ts'

const PAGE = 200

/** Several replicas may run this: the version of the counterparty lets one through. Tells how many it escalated. */
export async function escalateTasks(parts: Parts, vaspId: string): Promise<number> {
  const now = parts.clock.now()
  const { policy } = localVasp(parts, vaspId)
  // Nearest deadline first: those that are overdue stand at the beginning.
  const { items } = await parts.diligence.tasks(vaspId, { pageSize: PAGE })
  let count = 0
  for (const task of items.filter((one) => escalated(one, policy, now) !== undefined)) {
    const current = await parts.counterparties.find(vaspId, task.counterpartyId)
    // Read after the version that guards the write: another replica may just have done it.
    const known = await parts.diligence.task(vaspId, task.id)
    const next = known && escalated(known, policy, now)
    if (next === undefined || current === undefined) continue
    const outcome = await parts.counterparties.save({
      vaspId,
      previousVersion: current.version,
      next: { ...current, version: current.version + 1 },
      tasks: [next],
      outbox: [],
      audit: [
        {
          kind: 'counterparty.task-escalated',
          actor: 'clock',
          subject: task.counterpartyId,
          data: { task: task.id, task_kind: task.kind, deadline: task.deadline.toISOString() },
        },
      ],
    })
    if (outcome !== 'committed') continue
    parts.log.warn('a task about a counterparty is overdue', { vaspId, counterpartyId: task.counterpartyId })
    count++
  }
  return count
}
