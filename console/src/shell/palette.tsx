/** Everything by its name: pages, queues, what this page can do, and transfers as the gateway's search finds them. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { Autocomplete, Header, Input, Menu, MenuItem, MenuSection, SearchField } from 'react-aria-components'
import { paletteSearch } from '../api/queries.ts'
import { useT } from '../i18n/i18n.tsx'
import { HOLD_QUEUES, TRANSFER_QUEUES } from '../pages/searches.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Amount, CounterpartyName, referenceOf } from '../ui/transfer-bits.tsx'
import { usePageActions } from './page-actions.ts'
import { useMay } from './session.ts'

interface Entry {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  readonly run: () => void
}

/** Fewer letters find too much. */
const LETTERS_MIN = 2

export function Finder({ onClose }: { onClose: () => void }) {
  const t = useT()
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text.trim())
  const isSearch = wanted.length >= LETTERS_MIN
  const found = useQuery({
    ...paletteSearch(wanted),
    enabled: isSearch,
    placeholderData: keepPreviousData,
  })
  const transfers = isSearch ? (found.data?.items ?? []) : []
  const navigate = useNavigate()
  const places = usePlaces().filter(({ label }) => isIn(label, wanted))
  const offered = usePageActions().filter(({ label }) => isIn(label, wanted))
  const entries = new Map(
    [
      ...offered,
      ...places,
      ...transfers.map(({ id }) => ({
        id,
        run: () => void navigate({ to: '/transfers/$id', params: { id } }),
      })),
      {
        id: 'search',
        run: () => void navigate({ to: '/transfers', search: { q: wanted } }),
      },
    ].map((entry) => [entry.id, entry.run] as const),
  )
  return (
    <Autocomplete inputValue={text} onInputChange={setText}>
      <SearchField className="palette-search" aria-label={t('palette.search')} autoFocus>
        <Icon name="search" />
        <Input placeholder={t('palette.hint')} maxLength={200} spellCheck="false" />
      </SearchField>
      <Menu
        className="palette-list"
        aria-label={t('palette.results')}
        onAction={(id) => {
          onClose()
          entries.get(String(id))?.()
        }}
        renderEmptyState={() => <p className="quiet pad">{t('palette.nothing')}</p>}
      >
        {offered.length > 0 && (
          <MenuSection>
            <Header>{t('palette.here')}</Header>
            {offered.map(({ id, label }) => (
              <MenuItem key={id} id={id} textValue={label} className="palette-item">
                <Icon name="right" /> {label}
              </MenuItem>
            ))}
          </MenuSection>
        )}
        {transfers.length > 0 && (
          <MenuSection>
            <Header>{t('nav.transfers')}</Header>
            {transfers.map((transfer) => (
              <MenuItem
                key={transfer.id}
                id={transfer.id}
                textValue={referenceOf(transfer)}
                className="palette-item"
              >
                <Icon name="transfer" />
                <span className="mono">{referenceOf(transfer)}</span>
                <CounterpartyName counterparty={transfer.counterparty} />
                <Amount transfer={transfer} />
              </MenuItem>
            ))}
          </MenuSection>
        )}
        {places.length > 0 && (
          <MenuSection>
            <Header>{t('palette.places')}</Header>
            {places.map(({ id, label, icon }) => (
              <MenuItem key={id} id={id} textValue={label} className="palette-item">
                <Icon name={icon} /> {label}
              </MenuItem>
            ))}
          </MenuSection>
        )}
        {isSearch && (
          <MenuItem id="search" textValue={wanted} className="palette-item">
            <Icon name="search" /> {t('palette.all', { text: wanted })}
          </MenuItem>
        )}
      </Menu>
    </Autocomplete>
  )
}

function isIn(label: string, text: string): boolean {
  return label.toLocaleLowerCase().includes(text.toLocaleLowerCase())
}

function usePlaces(): readonly Entry[] {
  const t = useT()
  const navigate = useNavigate()
  const may = {
    policy: useMay('read-policy'),
    retention: useMay('read-retention'),
    audit: useMay('read-audit'),
  }
  const holds = (queue: (typeof HOLD_QUEUES)[number] | undefined): Entry => ({
    id: `holds/${queue ?? 'all'}`,
    label: t(`queue.${queue ?? 'all-holds'}`),
    icon: 'queue',
    run: () => void navigate({ to: '/holds', search: queue === undefined ? {} : { queue } }),
  })
  const transfers = (queue: (typeof TRANSFER_QUEUES)[number] | undefined): Entry => ({
    id: `transfers/${queue ?? 'all'}`,
    label: t(`queue.${queue ?? 'all-transfers'}`),
    icon: 'transfer',
    run: () => void navigate({ to: '/transfers', search: queue === undefined ? {} : { queue } }),
  })
  return [
    ...HOLD_QUEUES.map(holds),
    holds(undefined),
    ...TRANSFER_QUEUES.map(transfers),
    transfers(undefined),
    {
      id: 'counterparties',
      label: t('nav.counterparties'),
      icon: 'building',
      run: () => void navigate({ to: '/counterparties', search: {} }),
    },
    {
      id: 'dashboard',
      label: t('nav.dashboard'),
      icon: 'chart',
      run: () => void navigate({ to: '/dashboard', search: {} }),
    },
    ...(may.policy
      ? [
          {
            id: 'policy',
            label: t('nav.policy'),
            icon: 'policy' as const,
            run: () => void navigate({ to: '/policy', search: {} }),
          },
        ]
      : []),
    ...(may.retention
      ? [
          {
            id: 'retention',
            label: t('nav.retention'),
            icon: 'clock' as const,
            run: () => void navigate({ to: '/retention' }),
          },
        ]
      : []),
    ...(may.audit
      ? [
          {
            id: 'audit',
            label: t('nav.audit'),
            icon: 'audit' as const,
            run: () => void navigate({ to: '/audit', search: {} }),
          },
        ]
      : []),
    {
      id: 'account',
      label: t('person.sessions'),
      icon: 'person',
      run: () => void navigate({ to: '/account' }),
    },
  ]
}
