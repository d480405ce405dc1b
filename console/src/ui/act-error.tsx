/** Why an act came to nothing: something changed since it was shown, the gateway refused, or it is away. */
import { isProblem, isStale } from '../api/problem.ts'
import { useLanguage } from '../i18n/i18n.tsx'
import { Notice } from './bits.tsx'

/** `isChanged`: the page already knows of a change; nothing needs to be sent to find out. */
export function ActError({ error, isChanged = false }: { error: unknown; isChanged?: boolean }) {
  const { t, maybe } = useLanguage()
  if (isChanged || isStale(error))
    return (
      <div role="alert">
        <Notice tone="warn" icon="eye">
          <p className="strong">{t('changed.stale')}</p>
          <p>{t('changed.staleText')}</p>
        </Notice>
      </div>
    )
  if (error === null) return null
  return (
    <p className="field-error" role="alert">
      {isProblem(error)
        ? maybe(`problem.${error.code}`, t('state.failed.text', { code: error.code }))
        : t('state.offline.text')}
    </p>
  )
}
