/** Repeated failure of a counterparty: found by its figures, held where policy says, and put before a person. */
import { type Figures, figuresOf, isRepeated } from '../domain/counterparty/failures.ts'
import type { CounterpartyTask } from '../domain/counterparty/task.ts'
import { localVasp, type Parts, servedVasps } from './parts.ts'

const PAGE = 200
const DAY_MILLISECONDS = 86_400_000
/** EBA/GL/2024/11: repeated failure is reported within three months of its finding. */
const REPORT_DAYS = 90

/** Several replicas may run this; a counterparty has one open task, by the database's own rule. */
export async function findFailing(parts: Parts): Promise<boolean> {
  for (const vaspId of servedVasps(parts)) {
    const { policy } = localVasp(parts, vaspId)
    if (policy.counterparties?.failures === undefined) continue
    let token: string | undefined
    do {
      const page = await parts.counterparties.list(vaspId, PAGE, token)
      for (const { id } of page.items) await judge(parts, vaspId, id)
      token = page.nextPageToken
    } while (token !== undefined)
  }
  return false
}

async function judge(parts: Parts, vaspId: string, id: string): Promise<void> {
  const failures = localVasp(parts, vaspId).policy.counterparties?.failures
  const kind = 'REPEATED_FAILURE'
  if (failures === undefined || (await parts.diligence.openTask(vaspId, id, kind)) !== undefined) return
  const now = parts.clock.now()
  // What a person has already judged is not held against it again.
  const since = Math.max(
    now.getTime() - failures.windowDays * DAY_MILLISECONDS,
    (await parts.diligence.lastDone(vaspId, id, kind))?.getTime() ?? 0,
  )
  const figures = figuresOf(await parts.diligence.figures(vaspId, id, new Date(since), now))
  if (isRepeated(figures, failures)) await open(parts, vaspId, id, figures, new Date(since))
}

/** Another writer is left the field: the next look finds what is still so. */
async function open(parts: Parts, vaspId: string, id: string, figures: Figures, since: Date): Promise<void> {
  const current = await parts.counterparties.find(vaspId, id)
  if (current === undefined) return
  const now = parts.clock.now()
  const { late, silent, missing, wrong, failures, failure_percent } = figures
  const finding = { since: since.toISOString(), late, silent, missing, wrong, failures, failure_percent }
  const task: CounterpartyTask = {
    id: parts.newId(),
    counterpartyId: id,
    kind: 'REPEATED_FAILURE',
    finding,
    state: 'open',
    openedAt: now,
    deadline: new Date(now.getTime() + REPORT_DAYS * DAY_MILLISECONDS),
  }
  const failing = { taskId: task.id, at: now }
  await parts.counterparties.save({
    vaspId,
    previousVersion: current.version,
    next: { ...current, diligence: { ...current.diligence, failing }, version: current.version + 1 },
    tasks: [task],
    outbox: [],
    audit: [
      { kind: 'counterparty.failing', actor: 'policy', subject: id, data: { task: task.id, ...finding } },
    ],
  })
}

/** Lets proofs that have just lapsed take effect where policy wants that for open transfers. */
export function lapses(
  parts: Parts,
  reconsider: (vaspId: string, id: string) => Promise<number>,
): () => Promise<boolean> {
  // What lapsed while no gateway ran is looked at once.
  let since = new Date(parts.clock.now().getTime() - DAY_MILLISECONDS)
  return async () => {
    const now = parts.clock.now()
    for (const vaspId of servedVasps(parts))
      for (const id of await parts.diligence.lapsed(vaspId, since, now)) await reconsider(vaspId, id)
    since = now
    return false
  }
}
