import { Link } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Ago, Chip, Countdown } from '../../ui/bits.tsx'
import type { Column, features } from '../../ui/data-table.tsx'
import { Amount, CounterpartyName, DecisionChip, Direction, referenceOf } from '../../ui/transfer-bits.tsx'

type Item = Schemas['TransferItem']

const helper = createColumnHelper<typeof features, Item>()

export function useTransferColumns(): Column<Item>[] {
  const { t } = useLanguage()
  return useMemo(
    () =>
      helper.columns([
        helper.display({
          id: 'decision',
          header: t('column.decision'),
          cell: ({ row }) => <DecisionChip decision={row.original.decision} />,
        }),
        helper.display({
          id: 'what',
          header: t('column.transfer'),
          cell: ({ row }) => <What item={row.original} />,
        }),
        helper.display({
          id: 'amount',
          header: t('column.amount'),
          cell: ({ row }) => <Amount transfer={row.original} />,
        }),
        helper.display({
          id: 'state',
          header: t('column.state'),
          cell: ({ row }) => <State item={row.original} />,
        }),
        helper.display({
          id: 'clock',
          header: t('column.clock'),
          cell: ({ row }) => <Clock item={row.original} />,
        }),
        helper.display({
          id: 'updated',
          header: t('column.updated'),
          cell: ({ row }) => <Ago at={row.original.updatedAt} />,
        }),
      ]),
    [t],
  )
}

function What({ item }: { item: Item }) {
  const { t } = useLanguage()
  return (
    <>
      <Link to="/transfers/$id" params={{ id: item.id }} className="row-link clip">
        <Direction of={item.direction} />
        <CounterpartyName counterparty={item.counterparty} />
      </Link>
      <span className="quiet tiny clip">
        <span className="mono">{referenceOf(item)}</span>
        {item.matchedBy && ` · ${t('search.matchedBy', { field: t(`matchedBy.${item.matchedBy}`) })}`}
      </span>
    </>
  )
}

function State({ item }: { item: Item }) {
  const { t, word } = useLanguage()
  return (
    <>
      <span>{t(`state.${item.state}`)}</span>
      {item.openHolds.length > 0 && (
        <span className="quiet tiny clip">
          {item.openHolds.map((reason) => word('reason', reason)).join(', ')}
        </span>
      )}
      {item.openHolds.length === 0 && item.delivery === 'unreceipted' && (
        <Chip tone="warn">{t('delivery.unreceipted')}</Chip>
      )}
      {item.delivery === 'refused' && <Chip tone="stop">{t('delivery.refused')}</Chip>}
      {item.delivery === 'expired' && <Chip tone="stop">{t('delivery.expired')}</Chip>}
    </>
  )
}

function Clock({ item }: { item: Item }) {
  return item.nextClockAt === null ? <span className="quiet">–</span> : <Countdown to={item.nextClockAt} />
}
