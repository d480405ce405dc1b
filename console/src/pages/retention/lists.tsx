/** What is due to be shredded, and what was: two tables that become lists in a narrow window. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { retentionDue, retentionShredded } from '../../api/queries.ts'
import { useFormat } from '../../i18n/format.ts'
import { useLanguage, useT } from '../../i18n/i18n.tsx'
import { Chip, Moment, Section } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { Failed, Loading } from '../../ui/state.tsx'

const HORIZONS = ['0', '30', '90', '365', '1825'] as const

export function Due() {
  const t = useT()
  const format = useFormat()
  const [days, setDays] = useState<(typeof HORIZONS)[number]>('90')
  const due = useQuery(retentionDue(Number(days)))
  const { rules } = useRules()
  return (
    <Section
      title={t('retention.due')}
      aside={
        <Select
          label={t('retention.horizon')}
          compact
          value={days}
          choices={HORIZONS.map((value) => ({
            value,
            label: t('retention.within', { days: Number(value) }),
          }))}
          onChange={setDays}
        />
      }
    >
      {due.isPending && <Loading rows={3} />}
      {due.isError && <Failed error={due.error} onRetry={() => void due.refetch()} />}
      {due.data?.items.length === 0 && <p className="pad quiet">{t('retention.nothingDue')}</p>}
      {due.data && due.data.items.length > 0 && (
        <>
          <table className="plain-table folding">
            <thead>
              <tr>
                <th scope="col">{t('column.transfer')}</th>
                <th scope="col">{t('retention.ended')}</th>
                <th scope="col">{t('retention.until')}</th>
                <th scope="col">{t('retention.why')}</th>
              </tr>
            </thead>
            <tbody>
              {due.data.items.map((one) => (
                <tr key={one.transferId}>
                  <th scope="row">
                    <TransferLink id={one.transferId} />{' '}
                    {one.held && (
                      <Chip tone="accent" icon="policy">
                        {t('legalHold.is')}
                      </Chip>
                    )}
                  </th>
                  <td data-label={t('retention.ended')}>{format.date(new Date(one.endedAt))}</td>
                  <td data-label={t('retention.until')}>{format.date(new Date(one.keptUntil))}</td>
                  <td data-label={t('retention.why')}>
                    {t('policy.years', { count: one.years })}, {rules(one.rules)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {(due.data.total > due.data.items.length || !due.data.isAll) && (
            <p className="pad quiet small">
              {t(due.data.isAll ? 'retention.first' : 'retention.firstOfMany', {
                shown: due.data.items.length,
                total: due.data.total,
              })}
            </p>
          )}
        </>
      )}
    </Section>
  )
}

export function Shredded() {
  const t = useT()
  const list = useInfiniteQuery(retentionShredded)
  const { rules } = useRules()
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Section title={t('retention.shredded')}>
      {list.isPending && <Loading rows={3} />}
      {list.isError && <Failed error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <p className="pad quiet">{t('retention.nothingShredded')}</p>}
      {items.length > 0 && (
        <table className="plain-table folding">
          <thead>
            <tr>
              <th scope="col">{t('column.transfer')}</th>
              <th scope="col">{t('retention.shreddedAt')}</th>
              <th scope="col">{t('retention.by')}</th>
              <th scope="col">{t('retention.why')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <tr key={one.transferId}>
                <th scope="row">
                  <TransferLink id={one.transferId} />
                </th>
                <td data-label={t('retention.shreddedAt')}>
                  <Moment at={one.shreddedAt} full />
                </td>
                <td data-label={t('retention.by')}>
                  {one.by === 'clock' ? t('actor.clock') : <bdi>{one.by.replace(/^\w+:/, '')}</bdi>}
                </td>
                <td data-label={t('retention.why')}>
                  {one.early === null ? (
                    <>
                      {t('policy.years', { count: one.years })}, {rules(one.rules)}
                    </>
                  ) : (
                    <>
                      <Chip tone="warn">{t('retention.early')}</Chip>{' '}
                      <code className="code">{one.early}</code>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && (
        <p className="pad">
          <Button onPress={() => void list.fetchNextPage()} isDisabled={list.isFetchingNextPage}>
            {t('retention.more')}
          </Button>
        </p>
      )}
    </Section>
  )
}

export function TransferLink({ id }: { id: string }) {
  return (
    <Link to="/transfers/$id" params={{ id }} className="mono" title={id}>
      {id.slice(0, 8)}…{id.slice(-4)}
    </Link>
  )
}

/** Whose figure it is: rules by their names, the policy in words. */
export function useRules() {
  const { t } = useLanguage()
  return {
    rules: (names: readonly string[]) =>
      names.map((name) => (name === 'policy' ? t('proofSource.policy') : name)).join(', '),
  }
}
