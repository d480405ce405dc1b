/** The monthly report, for the MLRO to file. */
import { useState } from 'react'
import { type Format, useFormat } from '../../i18n/format.ts'
import { useT } from '../../i18n/i18n.tsx'
import { Section } from '../../ui/bits.tsx'
import { ButtonAnchor } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'

const MONTHS = 12

export function Reports() {
  const t = useT()
  const months = lastMonths(useFormat())
  const [month, setMonth] = useState(months[0]?.value ?? '')
  return (
    <Section title={t('reports.title')}>
      <div className="pad reports">
        <Select
          label={t('reports.month')}
          value={month}
          choices={months}
          onChange={setMonth}
          hint={t('reports.hint')}
        />
        <ButtonAnchor icon="download" href={`/api/reports/${month}/pdf`} download>
          PDF
        </ButtonAnchor>
        <ButtonAnchor icon="download" href={`/api/reports/${month}/csv`} download>
          CSV
        </ButtonAnchor>
      </div>
    </Section>
  )
}

function lastMonths(format: Format) {
  const now = new Date()
  return Array.from({ length: MONTHS }, (_, back) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))
    return { value: month.toISOString().slice(0, 7), label: format.month(month) }
  })
}
