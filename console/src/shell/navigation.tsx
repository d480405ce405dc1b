/** The work that waits, with live counts, then the house. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { queues as queuesQuery } from '../api/queries.ts'
import { useFormat } from '../i18n/format.ts'
import { useT } from '../i18n/i18n.tsx'
import { HOLD_QUEUES, TRANSFER_QUEUES } from '../pages/searches.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { useNow } from '../ui/now.ts'
import { SavedViewLinks } from './saved-views.tsx'
import { useMay } from './session.ts'

export function Navigation({ isOpen }: { isOpen: boolean }) {
  const t = useT()
  const mayAudit = useMay('read-audit')
  const mayReadRetention = useMay('read-retention')
  const mayReadPolicy = useMay('read-policy')
  return (
    <nav className={isOpen ? 'navigation open' : 'navigation'} aria-label={t('nav.title')}>
      <Group title={t('nav.holds')}>
        {HOLD_QUEUES.map((queue) => (
          <Link
            key={queue}
            to="/holds"
            search={{ queue }}
            activeOptions={{ exact: true }}
            className="nav-link"
          >
            <span className="clip">{t(`queue.${queue}`)}</span>
            <Count queue={queue} />
          </Link>
        ))}
        <Link to="/holds" search={{}} activeOptions={{ exact: true }} className="nav-link">
          <span className="clip">{t('queue.all-holds')}</span>
        </Link>
      </Group>
      <Group title={t('nav.transfers')}>
        {TRANSFER_QUEUES.map((queue) => (
          <Link
            key={queue}
            to="/transfers"
            search={{ queue }}
            activeOptions={{ exact: true }}
            className="nav-link"
          >
            <span className="clip">{t(`queue.${queue}`)}</span>
            <Count queue={queue} />
          </Link>
        ))}
        <Link to="/transfers" search={{}} activeOptions={{ exact: true }} className="nav-link">
          <span className="clip">{t('queue.all-transfers')}</span>
        </Link>
      </Group>
      <SavedViewLinks />
      <Group title={t('nav.house')}>
        <Place to="/counterparties" icon="building" text={t('nav.counterparties')} />
        <Place to="/dashboard" icon="chart" text={t('nav.dashboard')} />
        {mayReadPolicy && <Place to="/policy" icon="policy" text={t('nav.policy')} />}
        {mayReadRetention && <Place to="/retention" icon="clock" text={t('nav.retention')} />}
        {mayAudit && <Place to="/audit" icon="audit" text={t('nav.audit')} />}
      </Group>
    </nav>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="nav-group">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

function Place({
  to,
  icon,
  text,
}: {
  to: '/counterparties' | '/dashboard' | '/policy' | '/retention' | '/audit'
  icon: IconName
  text: string
}) {
  return (
    <Link to={to} className="nav-link">
      <Icon name={icon} />
      <span className="clip">{text}</span>
    </Link>
  )
}

const HOUR = 3_600_000

/** How much waits there. It is coloured when the next deadline is near or past, and says so in words too. */
function Count({ queue }: { queue: string }) {
  const t = useT()
  const format = useFormat()
  const now = useNow()
  const found = useQuery(queuesQuery).data?.items.find(({ id }) => id === queue)
  if (found === undefined || found.count === 0) return null
  const left = found.nextDeadline === null ? Number.POSITIVE_INFINITY : Date.parse(found.nextDeadline) - now
  const tone = left <= 0 ? 'stop' : left < HOUR ? 'warn' : 'calm'
  return (
    <span className={`nav-count ${tone}`} title={tone === 'calm' ? undefined : t(`nav.${tone}`)}>
      {format.number(found.count)}
      {tone !== 'calm' && <span className="visually-hidden">, {t(`nav.${tone}`)}</span>}
    </span>
  )
}
