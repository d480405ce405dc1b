/** What a version changes, line by line: as it is, and as it would be. */
import { useMemo } from 'react'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { changesBetween, policyIn, type Words } from './words.ts'

export function useWords(): Words {
  const language = useLanguage()
  const format = useFormat()
  return useMemo(() => ({ ...language, format }), [language, format])
}

export function Difference({ before, after }: { before: string; after: string }) {
  const words = useWords()
  const { t } = words
  const [old, next] = [policyIn(before), policyIn(after)]
  if (old === undefined || next === undefined) return <p className="pad quiet">{t('policy.unreadable')}</p>
  const changes = changesBetween(old, next, words)
  if (changes.length === 0) return <p className="pad quiet">{t('policy.noChange')}</p>
  return (
    <div className="scroll-x">
      <table className="plain-table difference">
        <caption>{t('policy.changes', { count: changes.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('policy.member')}</th>
            <th scope="col">{t('policy.now')}</th>
            <th scope="col">{t('policy.then')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ key, name, before: was, after: becomes }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td data-label={t('policy.now')}>
                {was === undefined ? <span className="quiet">{t('policy.notSaid')}</span> : <del>{was}</del>}
              </td>
              <td data-label={t('policy.then')}>
                {becomes === undefined ? (
                  <span className="quiet">{t('policy.left')}</span>
                ) : (
                  <ins>{becomes}</ins>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
