/** What a page shows instead of its content: nothing there, still loading, failed, offline, not allowed. */
import { type ReactNode, useEffect, useState } from 'react'
import { isProblem } from '../api/problem.ts'
import { useT } from '../i18n/i18n.tsx'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

interface Props {
  readonly icon: IconName
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
  readonly tone?: 'calm' | 'stop'
}

export function StatePanel({ icon, title, children, action, tone = 'calm' }: Props) {
  return (
    <div className={`state-panel ${tone}`}>
      <span className="state-icon">
        <Icon name={icon} size={22} />
      </span>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/** Says nothing for a moment: most answers come before anybody could read it. */
export function Loading({ rows = 6 }: { rows?: number }) {
  const t = useT()
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 250)
    return () => clearTimeout(timer)
  }, [])
  if (!isSlow) return null
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">{t('state.loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  )
}

/** An answer that did not come, or came as a refusal, in words, with what to do. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT()
  const again = onRetry && <Button onPress={onRetry}>{t('state.again')}</Button>
  if (!isProblem(error))
    return (
      <StatePanel icon="wifiOff" title={t('state.offline.title')} action={again}>
        {t('state.offline.text')}
      </StatePanel>
    )
  if (error.status === 403)
    return (
      <StatePanel icon="policy" title={t('state.forbidden.title')}>
        {t('state.forbidden.text')}
      </StatePanel>
    )
  if (error.status === 404)
    return (
      <StatePanel icon="search" title={t('state.missing.title')}>
        {t('state.missing.text')}
      </StatePanel>
    )
  return (
    <StatePanel icon="alert" tone="stop" title={t('state.failed.title')} action={again}>
      {t('state.failed.text', { code: error.code })}
    </StatePanel>
  )
}
