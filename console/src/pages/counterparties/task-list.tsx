/** What waits for a decision about any counterparty, above their list. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { counterpartyTasks } from '../../api/queries.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Chip, Countdown, Section } from '../../ui/bits.tsx'
import { CounterpartyName } from '../../ui/transfer-bits.tsx'

export function TaskList() {
  const t = useT()
  const items = useQuery(counterpartyTasks).data?.items ?? []
  if (items.length === 0) return null
  return (
    <Section title={t('task.waiting', { count: items.length })}>
      <ul className="task-list">
        {items.map((task) => (
          <li key={task.id}>
            <Countdown to={task.deadline} overdue={task.overdue} />
            <Link to="/counterparties/$id" params={{ id: task.counterparty.id }}>
              <CounterpartyName counterparty={task.counterparty} />
            </Link>
            <span>{t(`task.${task.kind}`)}</span>
            <span className="flags">
              {task.state === 'proposed' && (
                <Chip tone="accent" icon="people">
                  {t('flag.secondEye')}
                </Chip>
              )}
              {task.escalatedAt && (
                <Chip tone="accent" icon="flag">
                  {t('level.mlro')}
                </Chip>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
