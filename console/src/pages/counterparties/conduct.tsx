/** Does it answer, how quickly, and what went wrong. */
import type { Schemas } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Ago, Section } from '../../ui/bits.tsx'

export function Conduct({ conduct }: { conduct: Schemas['Conduct'] }) {
  const { t, maybe } = useLanguage()
  const format = useFormat()
  const span = (ms: number | null) =>
    ms === null ? '–' : ms < 1000 ? t('unit.ms', { ms: Math.round(ms) }) : format.span(ms)
  const rate = conduct.sent === 0 ? '–' : format.percent(conduct.answered / conduct.sent)
  return (
    <Section title={t('conduct.title', { days: conduct.days })}>
      <dl className="stats">
        <Stat name={t('conduct.sent')} value={format.number(conduct.sent)} />
        <Stat name={t('conduct.received')} value={format.number(conduct.received)} />
        <Stat
          name={t('conduct.answered')}
          value={rate}
          note={t('conduct.answeredOf', { part: conduct.answered, whole: conduct.sent })}
        />
        <Stat
          name={t('conduct.answerTime')}
          value={span(conduct.answerP50Ms)}
          note={t('conduct.p95', { span: span(conduct.answerP95Ms) })}
        />
        <Stat
          name={t('conduct.receiptTime')}
          value={span(conduct.receiptP50Ms)}
          note={t('conduct.p95', { span: span(conduct.receiptP95Ms) })}
        />
        <div>
          <dt>{t('column.heard')}</dt>
          <dd>{conduct.lastHeardAt ? <Ago at={conduct.lastHeardAt} /> : t('counterparty.never')}</dd>
        </div>
      </dl>
      {conduct.failures.length === 0 ? (
        <p className="pad quiet">{t('conduct.noFailures')}</p>
      ) : (
        <table className="plain-table">
          <caption>{t('conduct.failures')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('conduct.kind')}</th>
              <th scope="col" className="end">
                {t('conduct.count')}
              </th>
              <th scope="col">{t('conduct.last')}</th>
            </tr>
          </thead>
          <tbody>
            {conduct.failures.map(({ kind, count, lastAt }) => (
              <tr key={kind}>
                <td>
                  {maybe(`failure.${kind.split(':')[0]}`, kind)}
                  {kind.includes(': ') && <code className="code">{kind.split(': ')[1]}</code>}
                </td>
                <td className="end">{format.number(count)}</td>
                <td>{lastAt ? <Ago at={lastAt} /> : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

function Stat({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <span className="quiet tiny block">{note}</span>}
      </dd>
    </div>
  )
}
