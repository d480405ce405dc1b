/** What people must decide about this counterparty: above all, whether keys that nobody vouches for are its own. */
import { useState } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Chip, Countdown, Moment, Notice } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PersonName } from '../../ui/transfer-bits.tsx'
import { KeyChange } from './key-change.tsx'
import { type OpenTask, TaskForm } from './task-form.tsx'

type Detail = Schemas['CounterpartyDetail']
type Task = Schemas['CounterpartyTask']

export function Tasks({ detail }: { detail: Detail }) {
  const { t } = useLanguage()
  const [opened, setOpened] = useState<OpenTask>()
  if (detail.tasks.length === 0) return null
  return (
    <section aria-label={t('task.title')}>
      {detail.tasks.map((task) => (
        <TaskPanel key={task.id} task={task} onOpen={(act) => setOpened({ act, task, seen: detail.etag })} />
      ))}
      <TaskForm detail={detail} opened={opened} onClose={() => setOpened(undefined)} />
    </section>
  )
}

function TaskPanel({ task, onOpen }: { task: Task; onOpen: (act: OpenTask['act']) => void }) {
  const { t, maybe } = useLanguage()
  const may = (name: string) => task.actions.some(({ action, allowed }) => action === name && allowed)
  const denied = task.actions.filter(({ allowed }) => !allowed)
  return (
    <article className={task.overdue ? 'hold late' : 'hold'} aria-labelledby={`task-${task.id}`}>
      <header>
        <div>
          <h2 id={`task-${task.id}`}>
            <Icon name={task.kind === 'KEYS_CHANGED' ? 'key' : 'alert'} /> {t(`task.${task.kind}`)}{' '}
            {task.escalatedAt && (
              <Chip tone="accent" icon="flag">
                {t('hold.escalated')}
              </Chip>
            )}
          </h2>
          <p className="quiet">{t(`task.${task.kind}.text`)}</p>
        </div>
        <div className="hold-clock">
          <Countdown to={task.deadline} overdue={task.overdue} />
          <span className="quiet tiny">{t(task.escalatedAt ? 'task.withMlro' : 'task.thenMlro')}</span>
        </div>
      </header>
      {task.kind === 'KEYS_CHANGED' ? (
        task.keyChange ? (
          <KeyChange change={task.keyChange} />
        ) : (
          <p className="pad quiet">{t('keyChange.unreadable')}</p>
        )
      ) : (
        <dl className="hold-facts">
          {Object.entries(task.finding).map(([name, value]) => (
            <div key={name}>
              <dt>{maybe(`taskFinding.${name}`, name)}</dt>
              <dd>{name === 'since' ? <Moment at={String(value)} full /> : value}</dd>
            </div>
          ))}
        </dl>
      )}
      {task.decided && (
        <Notice tone="accent" icon="people">
          <p className="strong">
            <PersonName person={task.decided.by} />: {t(`taskDecision.${task.decided.decision}`)} ·{' '}
            {maybe(`taskReason.${task.decided.reason}`, task.decided.reason)}
          </p>
          {task.decided.reference && <p>{task.decided.reference}</p>}
          {task.proposalExpiresAt && (
            <p className="quiet small">
              {t('proposal.expires')} <Countdown to={task.proposalExpiresAt} />
            </p>
          )}
        </Notice>
      )}
      <footer className="hold-actions">
        <div className="buttons">
          {may('approve-task') && (
            <Button look="primary" icon="check" onPress={() => onOpen('approve')}>
              {t('action.approve-task')}
            </Button>
          )}
          {may('decide-task') && (
            <Button
              look={may('approve-task') ? 'plain' : 'primary'}
              icon="people"
              onPress={() => onOpen('decide')}
            >
              {t('action.decide-task')}
            </Button>
          )}
        </div>
        {denied.length > 0 && (
          <ul className="denied">
            {denied.map(({ action, why }) => (
              <li key={action}>
                <Icon name="policy" size={14} />
                {t('action.denied', {
                  action: maybe(`action.${action}`, action),
                  why:
                    why === 'PERSON_DENIED' && task.escalatedAt && action === 'decide-task'
                      ? t('task.mlroDecides')
                      : maybe(`problem.${why}`, why ?? ''),
                })}
              </li>
            ))}
          </ul>
        )}
      </footer>
    </article>
  )
}
