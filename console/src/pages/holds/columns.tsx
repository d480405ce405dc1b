/** A row says how long is left and what happens then, why it waits, what it is, and whose turn it is. */

import { Link } from '@tanstack/react-router'
import { createColumnHelper } from '@tanstack/react-table'
import { useMemo } from 'react'
import type { Schemas } from '../../api/client.ts'
import { useLanguage } from '../../i18n/i18n.tsx'
import { Ago, Chip, Countdown } from '../../ui/bits.tsx'
import type { Column, features } from '../../ui/data-table.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Amount, CounterpartyName, Direction, PersonName, referenceOf } from '../../ui/transfer-bits.tsx'

type Item = Schemas['HoldItem']

const helper = createColumnHelper<typeof features, Item>()

export function useHoldColumns(): Column<Item>[] {
  const { t } = useLanguage()
  return useMemo(
    () =>
      helper.columns([
        helper.display({
          id: 'left',
          header: t('column.left'),
          cell: ({ row }) => <TimeLeft hold={row.original} />,
        }),
        helper.display({
          id: 'why',
          header: t('column.why'),
          cell: ({ row }) => <Why hold={row.original} />,
        }),
        helper.display({
          id: 'what',
          header: t('column.transfer'),
          cell: ({ row }) => <What hold={row.original} />,
        }),
        helper.display({
          id: 'amount',
          header: t('column.amount'),
          cell: ({ row }) => <Amount transfer={row.original.transfer} />,
        }),
        helper.display({
          id: 'who',
          header: t('column.who'),
          cell: ({ row }) => <Who hold={row.original} />,
        }),
      ]),
    [t],
  )
}

function TimeLeft({ hold }: { hold: Item }) {
  const { t } = useLanguage()
  if (hold.state !== 'open')
    return (
      <>
        <Chip>{t(`holdState.${hold.state}`)}</Chip>
        {hold.endedAt && (
          <span className="quiet tiny">
            <Ago at={hold.endedAt} />
          </span>
        )}
      </>
    )
  return (
    <>
      <Countdown to={hold.deadline} overdue={hold.overdue} />
      <span className="quiet tiny">
        {t(hold.overdue ? 'outcome.overdue' : `outcome.${hold.outcomeAtDeadline}`)}
      </span>
    </>
  )
}

function Why({ hold }: { hold: Item }) {
  const { maybe, word } = useLanguage()
  return (
    <>
      <span className="strong clip">{word('reason', hold.reason)}</span>
      <span className="quiet tiny clip">{maybe(`finding.${hold.finding.code}`, hold.finding.message)}</span>
    </>
  )
}

function What({ hold }: { hold: Item }) {
  const { transfer } = hold
  return (
    <>
      <Link
        to="/transfers/$id"
        params={{ id: transfer.id }}
        search={{ hold: hold.id }}
        className="row-link clip"
        data-hold={hold.id}
        data-transfer={transfer.id}
      >
        <Direction of={transfer.direction} />
        <CounterpartyName counterparty={transfer.counterparty} />
      </Link>
      <span className="quiet tiny mono clip">{referenceOf(transfer)}</span>
    </>
  )
}

function Who({ hold }: { hold: Item }) {
  const { t } = useLanguage()
  return (
    <>
      {hold.assignee ? (
        <span className="person clip">
          <Icon name="person" size={14} />
          <PersonName person={hold.assignee} />
        </span>
      ) : (
        <span className="quiet">{t('assignee.none')}</span>
      )}
      <span className="flags">
        {hold.proposedBy && (
          <Chip tone="accent" icon="people">
            {t('flag.secondEye')}
          </Chip>
        )}
        {hold.level === 'mlro' && (
          <Chip tone="accent" icon="flag">
            {t('level.mlro')}
          </Chip>
        )}
      </span>
    </>
  )
}
