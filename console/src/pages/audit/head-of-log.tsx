/** The signed head of the log: kept elsewhere, it shows later that nothing before it was altered. */
import { useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Copyable } from '../../ui/bits.tsx'

export function HeadOfLog() {
  const t = useT()
  const format = useFormat()
  const { data } = useQuery({
    queryKey: ['checkpoint'],
    queryFn: () => answer(api.GET('/api/audit/checkpoint')),
  })
  if (data === undefined) return null
  return (
    <details className="head-of-log">
      <summary>{t('audit.head', { size: format.number(data.size) })}</summary>
      <p className="small">{t('audit.headText')}</p>
      <pre className="mono tiny">{data.note}</pre>
      <p className="small">
        <Copyable text={data.note} label={t('common.copy')} short />
      </p>
      <code className="command">bin/tamga audit verify --checkpoint FILE</code>
    </details>
  )
}
