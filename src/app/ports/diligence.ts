/** What is known and decided about counterparties beside their cards: tasks, questionnaires, figures. */
import type { Questionnaire } from '../../domain/counterparty/diligence.ts'
import type { CountedFigures } from '../../domain/counterparty/failures.ts'
import type { CounterpartyTask, TaskKind, TaskState } from '../../domain/counterparty/task.ts'
import type { AuditEntry, Page } from './transfers.ts'

export interface TaskFilter {
  readonly counterpartyId?: string
  readonly states?: readonly TaskState[]
  readonly pageSize: number
  readonly pageToken?: string
}

export interface RecordedStep extends AuditEntry {
  readonly at: Date
}

export interface DiligenceReads {
  task(vaspId: string, id: string): Promise<CounterpartyTask | undefined>
  /** Nearest deadline first; those that are not done, unless `states` says otherwise. */
  tasks(vaspId: string, filter: TaskFilter): Promise<Page<CounterpartyTask>>
  openTask(vaspId: string, counterpartyId: string, kind: TaskKind): Promise<CounterpartyTask | undefined>
  /** When the last task of this kind was done. */
  lastDone(vaspId: string, counterpartyId: string, kind: TaskKind): Promise<Date | undefined>
  /** Newest first. */
  questionnaires(vaspId: string, counterpartyId: string): Promise<readonly Questionnaire[]>
  figures(vaspId: string, counterpartyId: string, from: Date, to: Date): Promise<CountedFigures>
  /** What was decided about a counterparty, from the audit log. */
  steps(vaspId: string, counterpartyId: string, from: Date, to: Date): Promise<readonly RecordedStep[]>
  /** Counterparties of which a proof lapsed within (since, until]. */
  lapsed(vaspId: string, since: Date, until: Date): Promise<readonly string[]>
}
