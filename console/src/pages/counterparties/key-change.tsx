/** What a card with other keys would change: keys pinned, keys revoked, and what else it says. People compare thumbprints. */
import type { Schemas } from '../../api/client.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Moment } from '../../ui/bits.tsx'

type Change = NonNullable<Schemas['CounterpartyTask']['keyChange']>

export function KeyChange({ change }: { change: Change }) {
  const t = useT()
  return (
    <table className="plain-table folding">
      <caption>{t('keyChange.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('keyChange.what')}</th>
          <th scope="col">{t('keys.use')}</th>
          <th scope="col">{t('keys.id')}</th>
          <th scope="col">{t('keys.to')}</th>
        </tr>
      </thead>
      <tbody>
        {change.added.map((key) => (
          <KeyRow key={key.kid} name={t('keyChange.added')} own={key} />
        ))}
        {change.revoked.map((key) => (
          <KeyRow key={key.kid} name={t('keyChange.revoked')} own={key} />
        ))}
        {change.said.map(({ about, before, after }) => (
          <tr key={about}>
            <th scope="row">{t(`keyChange.${about}`)}</th>
            <td colSpan={3} className="difference">
              <del>{before ?? t('policy.notSaid')}</del> → <ins>{after ?? t('policy.notSaid')}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function KeyRow({ name, own }: { name: string; own: Schemas['CounterpartyKey'] }) {
  const t = useT()
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={t('keys.use')}>{t(`keyUse.${own.use}`)}</td>
      <td data-label={t('keys.id')} className="mono wrap">
        {own.kid}
      </td>
      <td data-label={t('keys.to')}>
        <Moment at={own.notAfter} full />
      </td>
    </tr>
  )
}
